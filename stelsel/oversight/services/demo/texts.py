"""What is written in the demonstration's cases: invented, in Dutch as its readers write it."""

import random

HAPPENED = {
    "organised_crime": (
        "Bij de voordeur is een explosief gevonden dat niet afging. Betrokkene getuigde vorige maand in een strafzaak.",
        "Uit ontsleutelde berichten: foto's van woning en kenteken zijn verspreid, met een bedrag erbij.",
        "Drie keer in een week is dezelfde auto in de straat gezien. De bestuurder is bekend uit een onderzoek.",
        "Op kantoor is een rouwkaart bezorgd met de naam van betrokkene en een datum. Er is een verdachte in beeld.",
        "De woning is beschoten terwijl het gezin sliep. Niemand raakte gewond. De vluchtauto is uitgebrand.",
    ),
    "terrorism": (
        "In een besloten groep wordt opgeroepen betrokkene aan te vallen; met een plattegrond van de werkplek.",
        "Na een optreden in de media noemt een prediker betrokkene bij naam. Twee volgers zijn bij de woning gezien.",
        "Een aangehouden verdachte had een lijst met namen bij zich. Betrokkene staat bovenaan, met adres.",
    ),
    "state_actors": (
        "Betrokkene publiceert over een ander land. Familie daar is verhoord en onbekenden volgen betrokkene hier.",
        "Een tussenpersoon heeft geprobeerd het verblijfadres te kopen bij een bezorgdienst.",
    ),
    "fixated_loners": (
        "Een man stuurt al een jaar berichten, nu dagelijks, en stond twee keer met een tas voor de deur.",
        "Brieven met toenemende dreiging; de schrijver is bekend, staakte zijn behandeling en kocht een mes.",
        "Tijdens een bijeenkomst drong iemand door tot het podium. Thuis zijn dagboeken over betrokkene gevonden.",
    ),
    "other": (
        "Na een conflict over grond zijn bedreigingen geuit en is een schuur in brand gestoken.",
        "Een anonieme beller noemt de school van de kinderen en de tijd waarop zij naar huis fietsen.",
    ),
}
LETTER_REASONS = (
    "U wordt ernstig bedreigd. De dreiging is gericht tegen uw leven en komt uit de georganiseerde criminaliteit.",
    "Er zijn aanwijzingen dat iemand u iets wil aandoen. Daarom is beveiliging door het Rijk nodig.",
)
LETTER_MEANING = (
    "U krijgt een vaste casemanager. Samen bespreekt u wat de maatregelen voor u en uw gezin betekenen.\n"
    "Maatregelen die er al waren, blijven tot er iets anders is besloten."
)
LETTER_REACH = "Uw casemanager, op het nummer dat u persoonlijk heeft gekregen. Dag en nacht: de meldkamer."
MEASURES_NOW = (
    "Verscherpt rijdend toezicht door de eenheid; contactpersoon bij het basisteam.",
    "Camera aan de voorzijde en een alarm met directe lijn.",
    "Afspraak op locatie; de wijkagent bezoekt dagelijks.",
    "Nog geen maatregelen.",
)
ASSESSMENTS = (
    "Ernstig en concreet. De dreiger is bekend en heeft de middelen. Opname in het stelsel is aangewezen.",
    "Voorstelbaar; onderbouwing uit het onderzoek volgt. Lokale maatregelen schieten op termijn tekort.",
    "De dreiging is gericht op het leven. Het gezin staat open voor beveiliging.",
    "Indirecte lijn: bespreking aan de triagetafel gevraagd, dreiger nog onbekend.",
)
NOTES = (
    "Concreet voornemen, bevestigd uit twee bronnen.",
    "De dreigementen lopen op in aard en aantal; aangifte is gedaan.",
    "Voorverkenning bij de woning is waargenomen.",
)
DEVIATION = (
    "De criteria worden niet gehaald, maar politie en parket zien aanleiding: het patroon past bij eerdere aanslagen."
)
WITHDRAWAL = "De dreiger is aangehouden en de politie verwacht geen navolging. Lokale maatregelen volstaan."
WHY_ON_THE_TABLE = (
    "De dreiger is nog niet bekend; de ernst vraagt om bespreking.",
    "De herkomst van de dreiging is nog niet te herleiden.",
    "Professioneel inzicht van politie en parket: het lokale domein kan dit niet alleen dragen.",
)
MINUTES = (
    "Besproken. Politie licht de herkomst toe. De partijen zien samenhang met een lopend onderzoek; de NCTV oordeelt.",
    "Besproken. Verschil van inzicht over de ernst; de standpunten staan hierboven. De NCTV oordeelt.",
    "Kort besproken: nieuwe informatie bevestigt het beeld. De hoofdofficier houdt de spoedmaatregelen in stand.",
)
VIEWS = {
    "scheme": (
        "Hoort in het stelsel: de middelen die nodig zijn heeft het lokale domein niet.",
        "Opname is aangewezen zolang de dreiger niet in beeld is.",
    ),
    "local": (
        "Lokaal te dragen, met objectmaatregelen en een vaste contactpersoon.",
        "Geen aanwijzing dat het leven in gevaar is; lokaal volstaat.",
    ),
    "open": ("Nog niet te zeggen: een inschatting van de politie wordt deze week verwacht.",),
}
PROPOSALS = (
    "Aanwijzen: aan alle criteria is voldaan en lokale maatregelen volstaan niet.",
    "Aanwijzen voor zes maanden, met het kerngezin; daarna opnieuw wegen.",
    "Voorleggen met voorstel tot aanwijzing; kanttekening bij de houdbaarheid van de informatie.",
)
PROPOSALS_TO_REJECT = (
    "Afwijzen: de dreiging is niet op het leven gericht; lokaal beveiligen volstaat.",
    "Afwijzen: de dreiger is aangehouden en het netwerk kent het adres niet.",
)
INFORMATION = (
    "Intake van de politie; beoordeling van de adviseur BB&C; telefonische toelichting van de eenheid.",
    "Intake, twee meldingen van de eenheid en het verslag van de triagetafel.",
)
REASONS = (
    "De opdracht is bekend, de voorbereiding is gezien. Uitstel is niet verantwoord.",
    "Ernst en waarschijnlijkheid zijn hoog en de persoon kan zelf niet wijken.",
    "De onderbouwing is toereikend; de leemte over de opdrachtgever weegt mee in de hertoets.",
)
REASONS_TO_REJECT = (
    "De informatie wijst niet op een dreiging tegen het leven. De hoofdofficier kan lokaal beveiligen.",
    "De genoemde dreiger zit vast en er is geen aanwijzing dat anderen de opdracht overnemen.",
)
SUMMARIES = (
    "Een concrete opdracht uit de georganiseerde misdaad, verkenningen gezien, uitvoerders deels bekend.",
    "Aanhoudende fixatie met toenemende nabijheid; middelen aanwezig, plan onduidelijk.",
    "Dreiging vanuit een netwerk dat eerder uitvoerde; laatste signaal drie weken oud.",
    "Voorstelbare dreiging; intentie sterk, vermogen beperkt, veel nog onbekend.",
)
HANDLING = (
    "Niet voorspelbaar reizen. Openbare optredens melden. Geen berichten over verblijf.",
    "Aandacht voor school en sport van de kinderen. Vaste contactpersoon houden.",
)
LEVEL_REASONS = (
    "Het beeld is helder en wordt gevolgd.",
    "Gevolgd; de bandbreedte vraagt een vroege hertoets.",
    "Nadere informatie van na het beeld vraagt een hoger niveau.",
)
ADVICE = (
    "Persoonsbeveiliging buitenshuis, toezicht bij de woning; reizen een dag vooraf melden.",
    "Vervoer door een team, camera en alarm bij de woning, verscherpt toezicht in de nacht.",
    "Objectbeveiliging bij de werkplek en begeleiding bij openbare optredens.",
)
GUARD_SAFETY = (
    "'s Nachts twee teams; vluchtroute aan de achterzijde vrijhouden.",
    "Ballistische bescherming verplicht; rijden in koppels.",
    "Geen bijzonderheden; aflossing buiten het zicht van de straat.",
)
PACKAGE = {
    "alternatives": (
        "Tijdelijk elders verblijven is besproken en door het gezin afgewezen.",
        "Alleen techniek is overwogen; reactietijd van de eenheid is daarvoor te lang.",
    ),
    "household_effect": (
        "De kinderen gaan met begeleiding naar school; de partner werkt drie dagen thuis.",
        "Het gezin geeft spontane bezoeken op; buren zijn niet ingelicht.",
    ),
    "necessity": (
        "Zonder deze maatregelen blijft betrokkene bereikbaar op vaste tijden.",
        "De verkenningen richten zich op de route; daar is nu geen bescherming.",
    ),
    "proportionality": (
        "De ingreep past bij ernst en waarschijnlijkheid en is in tijd begrensd.",
        "Zwaarder dan het huidige pakket, lichter dan volledige beveiliging; het gezin stemt in.",
    ),
    "subsidiarity": (
        "Lichtere maatregelen zijn beproefd en bleken ontoereikend.",
        "De werkgever draagt bij; wat de persoon zelf kan, doet hij.",
    ),
    "residual_risk": (
        "Onverwachte bezoeken overdag blijven een risico; betrokkene weet dat.",
        "Buiten de vaste route is er geen toezicht; dat is besproken.",
    ),
    "review_trigger": (
        "Aanhouding van de opdrachtgever, een nieuw signaal of een verhuizing.",
        "Uitspraak in de strafzaak of een gezien verkenningsmoment.",
    ),
    "exit_criteria": (
        "Zes maanden geen signaal en een verlaagd beeld.",
        "De dreiger is behandeld en het beeld is twee keer lager vastgesteld.",
    ),
}
CONDITIONS = (
    ("De buren weten wie zij bellen als zij iets zien.", 21),
    ("De werkgever heeft de bezoekersregistratie ingevoerd.", 14),
    ("De sleutelhouders zijn bekend bij het basisteam.", 10),
)
FOUND = "Nagevraagd bij het basisteam: nog niet alle sleutelhouders zijn bekend."
WORKED_FOR = "Werkte tot vorig jaar als beleidsmedewerker onder betrokkene."
ESCALATE = (
    "De eenheid ziet nieuwe verkenningen; de afwijzing weegt die niet mee.",
    "De dreiger is bekend en kent het adres. Lokale maatregelen volstaan niet.",
)
OVERTURNED = (
    "De informatie van de eenheid van na de afwijzing vraagt een nieuw oordeel.",
    "De weging van het adres ontbrak; anderen beoordelen de voordracht opnieuw.",
)
LESS = "De camera vervalt: de woning is verkocht. De overige maatregelen lopen door."
DECISION_REASONS = (
    "Evenredig aan het niveau; het gezin is gehoord.",
    "De maatregelen sluiten aan op het advies en zijn uitvoerbaar.",
)
RETURN_REASONS = (
    "Het effect op de kinderen is niet uitgewerkt; vul aan en leg opnieuw voor.",
    "De afweging over de woning ontbreekt.",
)
URGENT_NOTES = (
    "Piket van de politie belt: schoten bij de woning, gezin binnen. Direct beveiligen, verslag volgt.",
    "Verkenning gezien op de oprit, kenteken gestolen. Vannacht bescherming nodig.",
    "Melding van een opdracht met een datum van morgen. Nog geen intake.",
)
CALLERS = ("Dienstdoende officier, eenheid Noord", "Piket RCCB", "Hoofdagent basisteam Duinmeer")
RATIFY = (
    "Terecht en zonder alternatief; de intake volgt binnen twee dagen.",
    "De inschatting van het piket wordt gevolgd.",
)
TOLD = (
    "Verteld dat de aanwijzing geldt en wie de vaste contactpersoon is. Vragen over school beantwoord.",
    "De keuze toegelicht en wat dit voor het gezin betekent. Betrokkene vond het zwaar maar begrijpelijk.",
    "Uitgelegd welk gevolg het besluit heeft voor thuis en werk. Afspraak over het volgende gesprek gemaakt.",
)
CONTACTS = (
    "Belde over een onbekende auto in de straat; kenteken doorgegeven.",
    "Wil weten of de vakantie door kan gaan. Overlegd en uitgesteld.",
    "Vertelde dat de oudste slecht slaapt. Gewezen op ondersteuning.",
    "Kreeg een bericht van een onbekend nummer met de tekst 'we zien je'. Schermafdruk volgt.",
    "Is tevreden over het vaste team; vraagt om minder wisselingen.",
)
NOT_REACHED = "Gebeld en niet bereikt; later opnieuw proberen."
ESCALATION = (
    "1. Na een half uur opnieuw bellen.\n2. De partner bellen op het vaste nummer.\n"
    "3. Na twee uur de eenheid laten kijken en de piketfunctionaris inlichten."
)
MAY_BE_TOLD = (
    "De partner weet alles. De kinderen weten dat er mensen meegaan, niet waarom.",
    "De partner weet van de maatregelen, niet van de bron. De werkgever alleen dat er bezoekers worden gecontroleerd.",
    "De ouders weten van niets: zeg dat het werk drukte geeft.",
)
WITHHELD = (
    "Wie de opdracht gaf; dat zou het lopende onderzoek schaden.",
    "Waar de informatie vandaan komt; dat brengt een ander in gevaar.",
)
PROMISES = (
    "Uitleg aan de school over de nieuwe haalregeling.",
    "Een vast nummer dat ook 's nachts wordt opgenomen.",
    "Antwoord op de vraag of de vakantie door kan gaan.",
)
NOT_IN_PLACE = "Het tweede team is die avond niet vrij."
NOT_READY = "Zonder het tweede team is de woning van de partner niet gedekt."
CONSEQUENCES = (
    "Zichtbare surveillance in een stille straat; vragen van buren en pers zijn denkbaar.",
    "Bij een aanslag zijn omwonenden betrokken; afzetting van de straat is denkbaar.",
)
NO_CONSEQUENCES = "Alleen technische maatregelen binnenshuis; op straat is niets te zien."
AGREED = (
    ("De surveillance blijft buiten beeld van de school.", "police"),
    ("Het parket meldt een zitting een week vooraf aan de NCTV.", "prosecutor"),
)
SIGNALS = (
    "Onbekende vroeg bij de sportclub naar de trainingstijden van de zoon.",
    "Bericht op sociale media met een foto van de achterdeur.",
    "Twee keer dezelfde scooter achter de auto op weg naar het werk.",
)
MOMENTS = (
    "Lezing in een volle zaal, aangekondigd in de krant.",
    "Uitspraak in de strafzaak; media aanwezig.",
    "Verschijning van een boek met interview.",
    "Reis naar familie, drie dagen.",
)
FALLEN_AWAY = ("Het team is elders ingezet na een spoedmelding; vervanging is nog niet gevonden.",)
IN_PLACE = (
    "Staat; overdracht aan de ploeg gedaan.",
    "Ingevuld met het vaste team.",
    "Camera werkt, beeld gecontroleerd.",
)
HANDOVER = {
    "identity_and_household": "Identiteit vastgesteld; partner en kinderen benoemd.",
    "threat_information": "Processen-verbaal en meldingen tot vandaag bijgevoegd.",
    "measures_in_force": "Overzicht van lopende maatregelen met ingangsdatum.",
    "locations_and_keys": "Woning, werkplek en school; sleutelhouder bekend.",
    "agreements_with_person": "Afspraken over reizen, post en sociale media.",
    "contacts": "Contactpersonen van eenheid, parket en gemeente.",
    "employer_measures": "Toegang en parkeren geregeld door de werkgever.",
    "open_promises": "Toegezegd: gesprek met de school voor de zomer.",
}
KEY_HOLDERS = (
    ("keys", "Woning", "Buurvrouw op nummer 12", "+31 6 0000 0101"),
    ("alarm", "Bedrijfspand", "Bedrijfsleider", "+31 6 0000 0102"),
    ("contact", "School van de kinderen", "Conciërge", "+31 6 0000 0103"),
)
CONTINUITY = "De eenheid zet het toezicht vannacht weer in; het LCC neemt het maandag over."
REVIEWED = "Het toezicht blijft nodig naast de maatregelen van het pakket."
CHASED = ("Het gezin vraagt ernaar; wanneer staat dit er?", "De norm is voorbij. Graag een datum.")
SUPPLIERS = ("Oogwacht Techniek", "Merlijn Beveiligingssystemen")
CORRECTED = "Uitgelegd dat de camera er nog niet hangt en wanneer hij wel komt."
INCIDENTS = (
    ("followed", "Een auto reed een uur lang mee; het kenteken is doorgegeven."),
    ("near_miss", "De achterdeur stond open bij aankomst; niemand binnen."),
    ("equipment", "De verbinding viel twintig minuten uit tijdens de rit."),
)
INCIDENT_ANSWERS = ("De route is gewijzigd en het team is vervangen.",)
RETURNED_FILE = "De afspraken met de werkgever en de sleutelhouder kloppen niet meer. Graag aanvullen."
ENDED = ("De dreiger is veroordeeld en het beeld is verlaagd.", "Zes maanden zonder signaal; het gezin stemt in.")


SAME_BECAUSE = "De aanleiding en de gewoonten van de persoon lijken op die in het eerdere dossier; apart gewogen."


def package_texts(chance: random.Random) -> dict[str, str]:
    return {name: chance.choice(choices) for name, choices in PACKAGE.items()}


# Threat analysis: what is asked, delivered and found.
QUESTIONS = (
    "Wie geeft de opdracht, wie voert uit, en hoe concreet is de voorbereiding?",
    "Welke middelen en contacten heeft de dreiger, en wat is er de laatste weken veranderd?",
    "Is er aanleiding om plaats en tijd te verwachten?",
)
PRODUCTS = (
    "Informant met goede staat van dienst meldt een bedrag en twee namen. Een van beiden is gezien bij de woning.",
    "Analyse van het netwerk: drie eerdere uitvoeringen, gebruik van gestolen auto's, verkenning een week vooraf.",
    "Telecomgegevens plaatsen de verkenner op drie avonden binnen tweehonderd meter van de woning.",
    "Beeld van de uitlatingen: toenemend persoonlijk, met kennis van de dagindeling.",
    "Signalen van de grens: twee reisbewegingen die passen bij eerdere uitvoerders.",
)
REFUSED = ("Bronbescherming; over een maand opnieuw te vragen.", "Er loopt een onderzoek dat geen uitstel verdraagt.")
ACTORS = ("Netwerk De Kade", "Netwerk Noordkant", "Een eenling, bekend bij de eenheid", "Onbekende opdrachtgever")
MODI = (
    "Explosief aan de woning, daarna een schutter op een vaste route.",
    "Benadering bij een openbaar optreden.",
    "Brandstichting in de nacht; verkenning per scooter.",
)
SEVERITY_REASONS = (
    "Gericht op het leven, gezin in de woning.",
    "Letsel waarschijnlijk; brede weerklank te verwachten.",
)
FINDINGS = {
    "F1": ("Uitgesproken wens om betrokkene te treffen, herhaald tegenover anderen.", "Opdracht genoemd met bedrag."),
    "F2": ("Uitvoerders en vuurwapens beschikbaar binnen het netwerk.", "Ervaring met brandstichting, geen wapens."),
    "F3": ("Verkenning bij de woning op drie avonden.", "Aanschaf van een gestolen auto met valse platen."),
    "F4": ("Genoemd: voor het einde van de maand, bij de woning.", "Adres en kenteken zijn bekend bij de dreiger."),
    "F5": ("De zitting van volgende maand verhoogt de druk.", "Media-aandacht neemt toe."),
    "F6": ("De eenheid is zichtbaar aanwezig; een tussenpersoon houdt afstand.", "Een deel van het netwerk zit vast."),
}
CUMULATION = ("De lijnen versterken elkaar: dezelfde plaats, verschillende dreigers.",)
DISPOSED = ("Past bij een bekende verkenning en is als bewijs opgenomen.", "Nagegaan: bezorger van de buren.")

# Resilience: never a word of health.
TALK_PLANS = (
    "Eerste gesprek; partner schuift aan.",
    "Vragen over school en werk meenemen.",
    "Rustige plek, geen haast.",
)
TALK_SUMMARIES = (
    "Vertelde hoe de eerste weken verliepen en wat het meest knelt: spontaan ergens heen gaan kan niet.",
    "De kinderen wennen; sport op een andere club helpt. Vaste gezichten worden gewaardeerd.",
    "Wil graag weer lesgeven. Afgesproken de werkgever te betrekken.",
)
FOLLOW_UPS = ("School bellen over de begeleiding.", "Uitzoeken of de sportclub kan verhuizen.")
PHASE_REASONS = ("De eerste weken zijn voorbij, het gezin heeft een ritme gevonden.",)
NEEDS = ("Wil overleg in de avond, zonder de kinderen erbij.", "Vaste contactpersoon, liefst telefonisch vooraf.")

# Displacement.
FLOOR_STATEMENT = "In twee nachten staat er één team minder dan de ondergrens; de straat wordt extra gereden."
ASSISTANCE = "Bijstand gevraagd aan de Koninklijke Marechaussee en twee eenheden; niet beschikbaar voor deze nachten."
DUTY_OF_CARE = "Het leven van een ander weegt hier zwaarder door een hoger niveau; het gezin is gehoord (art. 2 EVRM)."
DISPLACED = "De inzet gaat naar personen met een hoger niveau. Voor deze persoon blijft toezicht bij de woning."
ALTERNATIVES = "Verplaatsen van afspraken en tijdelijk thuis werken; met betrokkene besproken."
RESIDUAL = "Reizen zonder team op twee dagdelen; het risico is aanvaard voor de duur van dit plan."
ENDED = (
    "Sinds drie maanden geen dreiging meer; bij de laatste toets is niets nieuws gezien.",
    "De dreiging is weggevallen na de veroordeling van de opdrachtgever.",
)
RETURNED = (
    "Alle persoonsgerichte maatregelen zijn beëindigd. Wat rest is lokale zorg van de hoofdofficier.",
    "Het dreigingsbeeld is gedaald en het bewakingsdoel is bereikt; het kerngezin gaat mee terug.",
)
CLOSED = (
    "Al een half jaar geen melding; persoon en politie zien geen reden voor maatregelen.",
    "De dreiging bleek niet te kloppen en er gelden geen maatregelen meer.",
)
ELSEWHERE = (
    "De dreiging is te hanteren met de gewone zorg van de politie.",
    "Het basisteam kent de dreiger en houdt toezicht.",
)
HANDED_BACK = (
    "De dreiging is ernstiger geworden dan het basisteam kan dragen.",
    "De dreiger is weer gezien bij de woning.",
)
REOPENED = ("Nieuwe melding van de politie: opnieuw een bericht met een bedreiging.",)
ONE_PERSON = "Zelfde adres en telefoonnummer; de wijkagent herkent in beide meldingen dezelfde persoon."
HEARD = (
    "Een buurman zag twee avonden achter elkaar dezelfde scooter bij de achterdeur staan.",
    "Op een in beslag genomen telefoon staat een foto van de voordeur van de persoon.",
)
TAKEN_UP = "Dank voor de melding; zij ligt bij de analisten. Bel bij nieuwe waarnemingen de piketfunctionaris."
CONSENSUS = (
    "De waarneming komt van een bron die het van horen zeggen heeft; de voorbereiding is niet gezien maar vermoed."
)

DEPARTED = "Over drie weken begint de zitting waarin de betrokkene getuigt; rond eerdere zittingen nam de dreiging toe."
ASSUMPTIONS = (
    "Het huidige verblijfadres is bij de dreiger niet bekend.",
    "De opdrachtgever blijft gedetineerd.",
    "De betrokkene houdt zich aan de afspraken over sociale media.",
)
OTHER_EXPLANATIONS = (
    ("Een conflict in de privésfeer, los van het netwerk.", "unlikely", "Er is geen aanwijzing buiten het netwerk."),
    ("Het voertuig hoort bij een aannemer in de straat.", "less_likely", "Het kenteken bleek vals."),
    (
        "De berichten zijn bedoeld om indruk te maken, niet om uit te voeren.",
        "as_likely",
        "Er is nog niets voorbereid.",
    ),
)
