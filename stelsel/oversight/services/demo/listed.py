"""The demonstration's limitative list: entries of each kind, one over its end, one whose purpose changed mid-event."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from cases import services
from cases.models import EntryMeasure, ListEntry
from cases.services import Entry
from stelsel.kernel.authorisation import Role
from stelsel.oversight.services.demo.walk import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REASONS = "De motivering is toereikend en de grond is juist."
FUNCTIONS = (
    Entry(
        "person",
        "Minister van Waterkering",
        "1",
        "Functie die op de lijst hoort, ook zonder dreiging.",
        holder="Hendrika Sluisman",
        birth_date="1968-03-09",
    ),
    Entry(
        "person",
        "Voorzitter van de Kamer der Polders",
        "2",
        "Op grond van dreiging en risico.",
        holder="Tobias Veldhuijzen",
        birth_date="1959-11-21",
    ),
    Entry(
        "person",
        "Lid van het Koninklijk Huis",
        "1",
        "Van rechtswege.",
        status="royal",
        holder="Leonoor van Wadden",
        birth_date="1992-06-02",
    ),
)
THINGS = (
    Entry(
        "object",
        "Ambassade van Ruritanië",
        "2",
        "Gespannen betrekkingen sinds de stemming.",
        foreign_relations=True,
        address="Kade 1",
    ),
    Entry(
        "object",
        "Paleis Noorderveen",
        "1",
        "Paleis dat de Koninklijke Marechaussee bewaakt.",
        state_safety=True,
        kmar_object=True,
        address="Laan 1",
    ),
    Entry(
        "object",
        "Gerechtsgebouw De Schans",
        "2",
        "Zittingen in een zaak van georganiseerde misdaad.",
        society=True,
        address="Schans 12",
    ),
    Entry(
        "service",
        "Nachttrein Noord-West",
        "2",
        "Vitaal vervoer door vier gemeenten.",
        society=True,
        several_municipalities=True,
    ),
)


class Listing:
    """The entries, each by the people whose step it is."""

    def __init__(self, world: World, *, at: datetime) -> None:
        self.world, self.end = world, at
        self.manager = world.field.of(Role.CASE_MANAGER, "nctv")
        self.decider = world.field.of(Role.DECIDER, "nctv")
        self.coordinator = world.field.of(Role.LCC_COORDINATOR, "lcc")
        self.mayor = world.field.of(Role.MAYORS_CONTACT, "gemeente-noorderveen")
        self.chief = world.field.of(Role.CHIEF_PROSECUTOR, "om-noord")

    def make(self) -> None:
        minister, *_others = [self._placed(entry, days=60) for entry in FUNCTIONS]
        self._new_holder(minister)
        places = self.world.field.organisations
        town, office = places["gemeente-noorderveen"].pk, places["om-noord"].pk
        embassy, palace, court, train = (replace(thing, municipality=town, office=office) for thing in THINGS)
        self._event(self._placed(embassy, days=40))
        self._guarded(self._placed(palace, days=90))
        over = (self.end - 2 * DAY).date()
        self._placed(replace(court, ends_on=over), days=30)
        self._placed(train, days=25)
        services.propose_entry(
            entry=replace(court, title="Studio van omroep De Vuurtoren", address="Kanaal 7"),
            actor=self.manager,
            at=self.end - DAY,
        )

    def _placed(self, entry: Entry, *, days: int) -> ListEntry:
        at = self.end - days * DAY
        row = services.propose_entry(entry=entry, actor=self.manager, at=at)
        return services.decide_entry(
            entry_id=row.pk,
            outcome="designate",
            reasons=REASONS,
            version=row.version,
            code=self.world.codes.for_signature(self.decider),
            actor=self.decider,
            at=at + 5 * HOUR,
        )

    def _new_holder(self, entry: ListEntry) -> None:
        services.change_holder(
            entry_id=entry.pk,
            name="Gijsbert Dijkgraaf",
            birth_date="1974-08-30",
            version=entry.version,
            actor=self.manager,
            at=self.end - 10 * DAY,
        )

    def _event(self, entry: ListEntry) -> None:
        """A demonstration at the embassy: public order, until a concrete threat makes it criminal enforcement."""
        at = self.end - 3 * DAY
        advice = services.give_entry_advice(
            entry_id=entry.pk,
            severity=4,
            likelihood=3,
            advice="Combitoezicht tijdens de betoging; permanent toezicht zodra er een concrete dreiging is.",
            actor=self.decider,
            at=at - DAY,
        )
        services.settle_entry_advice(
            advice_id=advice.pk,
            followed="partly",
            reason="Combitoezicht alleen op de dag zelf, in overleg met de driehoek.",
            actor=self.mayor,
            at=at - 12 * HOUR,
        )
        measure = services.order_entry_measure(
            entry_id=entry.pk, kind="combined", review_due=(self.end + 30 * DAY).date(), actor=self.mayor, at=at
        )
        self._report(measure, at=at)
        services.change_purpose(
            entry_id=entry.pk,
            purpose="criminal_enforcement",
            version=entry.version + 2,
            actor=self.chief,
            at=at + 5 * HOUR,
        )
        services.order_entry_measure(
            entry_id=entry.pk,
            kind="static_a",
            review_due=(self.end + 14 * DAY).date(),
            actor=self.chief,
            at=at + 6 * HOUR,
        )

    def _guarded(self, entry: ListEntry) -> None:
        at = self.end - 80 * DAY
        measure = services.order_entry_measure(
            entry_id=entry.pk, kind="static_b", review_due=(self.end + 60 * DAY).date(), actor=self.decider, at=at
        )
        self._report(measure, at=at)

    def _report(self, measure: EntryMeasure, *, at: datetime) -> None:
        measure_id: UUID = measure.pk
        for hours, step in enumerate(("accept", "put_in_place", "verify"), start=1):
            services.report_entry_measure(
                measure_id=measure_id,
                step=step,
                note="Gezien ter plaatse.",
                actor=self.coordinator,
                at=at + hours * HOUR,
            )
