"""The duty of care in the demonstration: article 2 ECHR, responsibility, agreements kept and not kept."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cases import services
from cases.models import Breach, Measure, Package
from cases.services import Answers
from cases.services.care.life import occasion_of
from stelsel.kernel.access import acting

if TYPE_CHECKING:
    from stelsel.oversight.services.demo.walk import Walk

KNOWN = (
    "De melding van de politie, het dreigingsbeeld en wat betrokkene in het contact vertelde. Geen nieuwe signalen.",
    "Een concrete opdracht, genoemd in twee producten; de woning is bekend bij de dreiger.",
)
RISK = (
    "De dreiging richt zich op betrokkene bij naam; voorbereidingen zijn gezien. Zelfstandig en volledig beoordeeld.",
    "Er is dreiging, maar geen aanwijzing dat die nu wordt uitgevoerd. Elke week opnieuw bekeken.",
)
AVAILABLE = (
    "Toezicht, techniek in en om de woning, afspraken met de werkgever; persoonsbeveiliging is overwogen.",
    "Tijdelijk elders verblijven, begeleiding bij reizen, alarm met directe lijn.",
)
CHOICE = (
    "Wat nodig is om het risico te beheersen wordt genomen. Wat verder gaat belast betrokkene meer dan het oplevert.",
    "De lichtere maatregel volstaat nu; bij een nieuw signaal wordt opnieuw beslist.",
)
AGREEMENTS = (
    "Reizen buiten de regio worden twee dagen vooraf gemeld aan de casemanager.",
    "Foto's van de woning en van vaste plekken komen niet op sociale media.",
    "Bezoek dat niet bekend is wordt eerst gemeld; de deur blijft dicht.",
)
NOT_KEPT = (
    ("not_kept", "Een reis naar het buitenland werd pas bij vertrek gemeld."),
    ("moment_not_told", "Een optreden stond in de krant en was niet gemeld."),
    ("measure_refused", "Betrokkene wil geen begeleiding meer bij het wegbrengen van de kinderen."),
)
SAID = "Betrokkene vindt de regels zwaar voor het gezin en vergat het in de drukte. Wil meedenken over iets dat werkt."
CONSEQUENCES = "Blijft een melding uit, dan kan worden besloten tot andere maatregelen. Deze brief verandert niets."
ALTERNATIVES = "Een vast moment per week om de agenda door te nemen; melden via een besloten kanaal."
RESIDUAL = "Een verplaatsing waarvan niemand weet. Dat risico blijft, ook met de afspraak."
WISHES = (
    ("appearance", "work", "public", "Een lezing geven voor een zaal met publiek."),
    ("family", "private", "closed", "Een familiefeest bij kennissen, alleen genodigden."),
    ("travel", "private", "abroad", "Een korte vakantie met het gezin."),
    ("leisure", "private", "open_air", "Langs het veld staan bij de wedstrijd van een kind."),
)
WHY = (
    "De plek is vooraf te bekijken en besloten; het risico blijft beheersbaar.",
    "Deze vorm vraagt minder van de beveiliging en doet recht aan de wens.",
)
GROUNDS = (
    "Dubbele woonlasten sinds het gezin elders verblijft.",
    "Reiskosten naar het tijdelijke adres en de school van de kinderen.",
)
COMPLAINTS = (
    "Een week lang belde niemand terug.",
    "De uitleg over de maatregelen kwam te laat en was onduidelijk.",
)
DECIDED = "De dreiging is niet veranderd. De maatregelen blijven; de afspraak wordt aangepast."


def answer(walk: "Walk", occasion: str, subject_id: UUID) -> None:
    """The case manager answers the four questions at a decision; the decider signs."""
    row = services.write_answers(
        case_id=walk.case.pk,
        occasion=occasion,
        subject_id=subject_id,
        answers=Answers(
            known=walk.say(KNOWN),
            risk=walk.say(("yes", "yes", "no", "unclear")),
            risk_reasons=walk.say(RISK),
            available=walk.say(AVAILABLE),
            choice=walk.say(CHOICE),
        ),
        actor=walk.manager,
        at=walk.clock.after(2),
    )
    services.sign_answers(
        answers_id=row.pk,
        version=row.version,
        code=walk.code(walk.decider),
        actor=walk.decider,
        at=walk.clock.after(2),
    )


def answer_package(walk: "Walk", package: Package) -> None:
    """Before a package that is less than before or cannot be carried out whole."""
    with acting(walk.decider, at=walk.clock.at):
        occasion, needed = occasion_of(package)
    if needed:
        answer(walk, occasion, package.pk)


EXPECTED = (
    ("person", "", "U meldt reizen en publieke optredens ten minste een dag van tevoren."),
    ("employer", "Havenbedrijf Lindemeer BV", "De werkgever laat bezoek alleen op afspraak binnen."),
    (
        "government",
        "",
        "De overheid vertelt u wat er over uw veiligheid bekend is, tenzij dat iemand in gevaar brengt.",
    ),
)
ANSWERS = (
    ("acknowledged", ""),
    ("acknowledged", ""),
    ("refused", "Een dag van tevoren lukt met mijn werk niet altijd."),
)
QUESTION = "Mag mijn zoon alleen naar school fietsen?"
REPLY = "Ja, langs de andere weg; de wijkagent kent zijn tijden."
EMPLOYER_DOES = "De portier vraagt iedere bezoeker naar een legitimatiebewijs."
GONE = "Het bedrijf is failliet verklaard."


def cared_for(walk: "Walk") -> None:
    """Who is responsible for most measures; what was agreed; and for some, what was not kept."""
    _settle(walk)
    for text in walk.chance.sample(AGREEMENTS, walk.chance.randint(0, 2)):
        at = walk.clock.after(20)
        services.make_agreement(
            case_id=walk.case.pk, person_id=walk.case.person_id, text=text, actor=walk.manager, at=at
        )
    _expected(walk)
    _asked(walk)
    if walk.chance.random() < 0.4:  # noqa: PLR2004  # a share
        _not_kept(walk, steps=walk.chance.randint(0, 4))


def _expected(walk: "Walk") -> None:
    """What may be expected of each side, most of it acknowledged; a question; a measure of the employer."""
    by: dict[str, Any] = {"case_id": walk.case.pk, "actor": walk.manager}
    for side, name, text in EXPECTED:
        row = services.write_expectation(side=side, name=name, text=text, replaces=None, at=walk.clock.after(2), **by)
        if walk.chance.random() < 0.7:  # noqa: PLR2004  # a share
            at = walk.clock.after(20)
            answer, said = walk.chance.choice(ANSWERS)
            services.answer_expectation(
                expectation_id=row.pk, answer=answer, answered_on=at.date(), said=said, at=at, **by
            )
    at = walk.clock.after(10)
    question = services.ask_question(side="person", question=QUESTION, asked_on=at.date(), at=at, **by)
    if walk.chance.random() < 0.6:  # noqa: PLR2004  # a share
        services.answer_question(question_id=question.pk, answer=REPLY, at=walk.clock.after(20), **by)
    at = walk.clock.after(5)
    measure = services.agree_employer_measure(
        employer=EXPECTED[1][1],
        what=EMPLOYER_DOES,
        cost_bearer="employer",
        deadline=(at + timedelta(days=walk.chance.randint(1, 20))).date(),
        at=at,
        **by,
    )
    if walk.chance.random() < 0.6:  # noqa: PLR2004  # a share
        at = walk.clock.after(30)
        there = walk.chance.random() < 0.8  # noqa: PLR2004  # a share
        services.look_at_employer_measure(
            measure_id=measure.pk, there=there, looked_on=at.date(), note="" if there else GONE, at=at, **by
        )


def _asked(walk: "Walk") -> None:
    """What some persons asked: an activity, compensation; and a complaint."""
    if walk.chance.random() < 0.6:  # noqa: PLR2004  # a share
        _activity(walk)
    if walk.chance.random() < 0.25:  # noqa: PLR2004  # a share
        at = walk.clock.after(20)
        services.receive_compensation(
            case_id=walk.case.pk,
            person_id=walk.case.person_id,
            ground=walk.say(GROUNDS),
            received_on=at.date(),
            actor=walk.manager,
            at=at,
        )
    if walk.chance.random() < 0.2:  # noqa: PLR2004  # a share
        at = walk.clock.after(20)
        services.record_complaint(
            case_id=walk.case.pk,
            person_id=walk.case.person_id,
            text=walk.say(COMPLAINTS),
            received_on=at.date(),
            committee=False,
            signal="",
            actor=walk.manager,
            at=at,
        )


def _activity(walk: "Walk") -> None:
    at = walk.clock.after(20)
    kind, sphere, place, wish = walk.chance.choice(WISHES)
    first = (at + timedelta(days=walk.chance.randint(2, 20))).date()
    row = services.ask_activity(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        sphere=sphere,
        kind=kind,
        place=place,
        first_day=first,
        last_day=first,
        wish=wish,
        actor=walk.manager,
        at=at,
    )
    outcome = walk.say(("facilitated", "facilitated", "adapted", "not", ""))
    if outcome:
        services.decide_activity(
            activity_id=row.pk,
            outcome=outcome,
            reasons=walk.say(WHY),
            version=row.version,
            actor=walk.decider if outcome == "not" else walk.manager,
            at=walk.clock.after(20),
        )


def _settle(walk: "Walk") -> None:
    at = walk.clock.after(20)
    with acting(walk.manager, at=at):
        measures = list(Measure.objects.filter(case=walk.case).in_force().order_by("kind", "pk"))
    for measure in measures:
        if walk.chance.random() < 0.7:  # noqa: PLR2004  # most of them
            technical = measure.kind in ("camera", "alarm")
            party = walk.say(("employer", "local", "nctv")) if technical else walk.say(("nctv", "nctv", "local"))
            services.settle_responsibility(
                measure_id=measure.pk,
                party=party,
                cost_bearer=party,
                reason="Kosten volgen de verantwoordelijkheid.",
                actor=walk.manager,
                at=walk.clock.after(1),
            )


def _not_kept(walk: "Walk", *, steps: int) -> None:
    """As far as the story goes: recorded, talked about, warned, laid before the decider, decided."""
    kind, facts = walk.chance.choice(NOT_KEPT)
    at = walk.clock.after(40)
    breach = services.record_breach(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        agreement_id=None,
        kind=kind,
        occurred_on=at.date(),
        facts=facts,
        actor=walk.manager,
        at=at,
    )
    for step in (_talk, _warn, _submit, _decide)[:steps]:
        breach = step(walk, breach)


def _talk(walk: "Walk", breach: Breach) -> Breach:
    at = walk.clock.after(30)
    return services.talk_about(
        breach_id=breach.pk,
        talked_on=at.date(),
        said=SAID,
        interpreter=walk.say(("none", "none", "present")),
        version=breach.version,
        actor=walk.manager,
        at=at,
    )


def _warn(walk: "Walk", breach: Breach) -> Breach:
    at = walk.clock.after(30)
    return services.warn(
        breach_id=breach.pk,
        letter_on=at.date(),
        consequences=CONSEQUENCES,
        version=breach.version,
        actor=walk.manager,
        at=at,
    )


def _submit(walk: "Walk", breach: Breach) -> Breach:
    return services.submit_breach(
        breach_id=breach.pk,
        alternatives=ALTERNATIVES,
        residual_risk=RESIDUAL,
        version=breach.version,
        actor=walk.manager,
        at=walk.clock.after(20),
    )


def _decide(walk: "Walk", breach: Breach) -> Breach:
    return services.decide_breach(
        breach_id=breach.pk,
        outcome="unchanged",
        reasons=DECIDED,
        version=breach.version,
        code=walk.code(walk.decider),
        actor=walk.decider,
        at=walk.clock.after(20),
    )
