"""Walks a case of the demonstration through the real services, each step by the person whose step it is."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cases import services
from cases.models import AgendaItem, Case, Handover, InformDuty, Measure, Nomination, RaisedRiskMoment, TriageTable
from cases.services import Intake, Relation, Supplied
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.oversight.services.demo import care, names, tables, texts
from stelsel.oversight.services.demo.codes import Codes
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.people import Field
from stelsel.oversight.services.demo.plan import Clock, File, Story

PURPOSE = "Bescherming van het leven"
KIN = ("partner", "child", "child", "parent", "sibling", "friend")
CORE = frozenset({"partner", "child"})


@dataclass
class World:
    """What all stories share: the people, the names that are left, the codes."""

    field: Field
    names: Iterator[str]
    codes: Codes
    tables: dict[datetime, TriageTable]
    also_known: str = ""  # under which name a second report of somebody comes in
    resting: UUID | None = None  # the first case of somebody who is reported again
    heard: int = 0  # reports about somebody known that were passed on
    guarded: int = 0  # decided cases with person-directed protection


@dataclass
class Walk:
    """One case on its way."""

    world: World
    story: Story
    clock: Clock
    chance: random.Random
    nomination: Nomination = field(init=False)
    case: Case = field(init=False)
    item: AgendaItem | None = None

    # --- who ---

    def of(self, role: Role, organisation: str = "nctv") -> Actor:
        return self.world.field.of(role, organisation)

    @property
    def police(self) -> Actor:
        return self.of(Role.POLICE_RCCB, f"politie-{self.story.region}")

    @property
    def adviser(self) -> Actor:
        return self.of(Role.PROSECUTION_ADVISER, f"om-{self.story.region}")

    @property
    def chief(self) -> Actor:
        return self.of(Role.CHIEF_PROSECUTOR, f"om-{self.story.region}")

    @property
    def desk(self) -> Actor:
        return self.of(Role.DUTY_OFFICER)

    @property
    def manager(self) -> Actor:
        return self.world.field.actor(self.story.manager)

    @property
    def decider(self) -> Actor:
        return self.world.field.actor(self.story.decider)

    def code(self, actor: Actor) -> str:
        return self.world.codes.for_signature(actor)

    def say(self, choices: tuple[str, ...]) -> str:
        return self.chance.choice(choices)

    # --- intake and triage ---

    def intake(self, **changes: object) -> Intake:
        on = self.story.opened_at.date()
        name = next(self.world.names)
        serious = self.chance.random() < 0.8  # noqa: PLR2004  # a share
        told = {
            "name": name,
            "birth_date": names.birth_date(self.chance, on=on),
            "address": names.address(self.chance, self.story.region),
            "reach": names.reach(self.chance),
            "phenomenon": self.story.phenomenon,
            "what_happened": self.say(texts.HAPPENED[self.story.phenomenon]),
            "measures_now": self.say(texts.MEASURES_NOW),
            "office": self.world.field.organisations[f"om-{self.story.region}"].pk,
            "region": self.story.region,
            "purpose": PURPOSE,
            "serious": serious,
            "aimed_at_life": serious,
            "threatener_known": self.chance.random() < 0.6,  # noqa: PLR2004  # a share
            "relations": tuple(self._relations(name)),
        }
        return Intake(**{**told, **changes})  # type: ignore[arg-type]  # the fields of Intake, by name

    def _relations(self, name: str) -> Iterator[Relation]:
        family = name.split(" ", 1)[1]
        for kind in KIN[: self.chance.choice((0, 0, 0, 1, 1, 2, 4))]:
            given = next(self.world.names).split(" ", 1)[0]
            youngest, oldest = (2, 17) if kind == "child" else (24, 71)
            born = names.birth_date(self.chance, on=self.story.opened_at.date(), youngest=youngest, oldest=oldest)
            yield Relation(name=f"{given} {family}", kind=kind, birth_date=born, core_household=kind in CORE)

    def opened(self, **changes: object) -> None:
        self.nomination = services.open_intake(intake=self.intake(**changes), actor=self.police, at=self.clock.at)
        self.case = self.nomination.case

    def handed_in(self, **changes: object) -> None:
        self.opened(**changes)
        self._step(services.hand_in, self.police, hours=5)

    def sent_back(self) -> None:
        self.handed_in()
        self._step(services.send_back, self.adviser, hours=9)

    def completed(self) -> None:
        self.handed_in()
        self.assessed()
        self._step(services.complete_nomination, self.adviser, hours=9, assessment=self.say(texts.ASSESSMENTS))

    def assessed(self) -> None:
        """The adviser answers the framework as the intake tells; what leads elsewhere gets a reason for the table."""
        services.record_assessment(
            nomination_id=self.nomination.pk,
            answers=tables.answers(self.nomination, phenomenon=self.story.phenomenon, chance=self.chance),
            notes=[services.Note("serious", self.say(texts.NOTES))],
            deviation="" if self.nomination.serious else texts.DEVIATION,
            actor=self.adviser,
            at=self.clock.after(6),
        )
        with acting(self.adviser, at=self.clock.at):
            self.nomination = Nomination.objects.select_related("case__person").get(pk=self.nomination.pk)

    def signed(self) -> None:
        self.completed()
        self._step(services.sign_nomination, self.chief, hours=8, code=self.code(self.chief))

    def withdrawn(self) -> None:
        self.signed() if self.chance.random() < 0.5 else self.completed()  # noqa: PLR2004  # half of them
        self._step(services.withdraw_nomination, self.adviser, hours=40, reason=texts.WITHDRAWAL)

    def assigned(self) -> None:
        self.signed()
        tables.put(self)
        self.assign(hours=3)

    def assign(self, *, hours: float) -> None:
        services.assign_case(
            case_id=self.case.pk,
            case_manager=self.manager.user_id,
            decider=self.decider.user_id,
            actor=self.desk,
            at=self.clock.after(hours),
        )

    def prepared(self, *, reject: bool = False) -> None:
        self.assigned()
        self._step(
            services.prepare_judgement,
            self.manager,
            hours=40,
            proposal=self.say(texts.PROPOSALS_TO_REJECT if reject else texts.PROPOSALS),
            information_used=self.say(texts.INFORMATION),
        )
        with acting(self.manager, at=self.clock.at):
            self.nomination = Nomination.objects.select_related("case__person").get(pk=self.nomination.pk)

    def rejected(self) -> None:
        self.prepared(reject=True)
        care.answer(self, "rejection", self.nomination.pk)
        self._judge("reject", texts.REASONS_TO_REJECT)

    def designated(self) -> None:
        self.prepared()
        if self.chance.random() < 0.4:  # noqa: PLR2004  # a share
            self.guarded_locally()
        self._judge("accept", texts.REASONS)

    def guarded_locally(self) -> None:
        """Before designation the prosecutor's side orders a patrol; now and then it does not last."""
        services.order_urgent_measures(
            case_id=self.case.pk,
            caller=self.say(texts.CALLERS),
            note=self.say(texts.URGENT_NOTES),
            kinds=["patrol"],
            actor=self.adviser,
            at=self.clock.after(1),
        )
        with acting(self.police, at=self.clock.at):
            patrol = Measure.objects.get(case=self.case)
        steps = ("put_in_place", "fall_away") if self.chance.random() < 0.3 else ("put_in_place",)  # noqa: PLR2004
        for step in steps:
            note = self.say(texts.FALLEN_AWAY if step == "fall_away" else texts.IN_PLACE)
            services.report_measure(
                measure_id=patrol.pk, step=step, note=note, actor=self.police, at=self.clock.after(2)
            )

    def _judge(self, outcome: str, reasons: tuple[str, ...]) -> None:
        tables.discuss(self)
        self._step(
            services.judge,
            self.decider,
            hours=20,
            outcome=outcome,
            reasons=self.say(reasons),
            code=self.code(self.decider),
        )
        work_off(at=self.clock.at)

    def _step(self, service: Callable[..., object], actor: Actor, *, hours: float, **given: object) -> None:
        result = service(
            nomination_id=self.nomination.pk,
            version=self.nomination.version,
            actor=actor,
            at=self.clock.after(hours),
            **given,
        )
        if isinstance(result, Nomination):
            self.nomination = result

    # --- after designation ---

    def tell(self) -> None:
        """The case manager fulfils the duties to inform that are open."""
        at = self.clock.after(20)
        with acting(self.manager, at=at):
            open_now = list(InformDuty.objects.filter(case=self.case, settled_at=None).order_by("opened_at", "pk"))
        for duty in open_now:
            withheld = self.chance.random() < 0.1  # noqa: PLR2004  # a share
            services.settle_duty(
                duty_id=duty.pk,
                channel="" if withheld else self.say(("face_to_face", "face_to_face", "video", "telephone")),
                told="" if withheld else self.say(texts.TOLD),
                withheld_ground="unreachable" if withheld else "",
                actor=self.manager,
                at=at,
            )

    def hand_over(self) -> None:
        """The handover file, as far as the story takes it."""
        with acting(self.manager, at=self.clock.at):
            handover = Handover.objects.get(case=self.case)
        whole = self.story.file is not File.INCOMPLETE
        items = [
            Supplied(code=code, text=text, not_applicable=False)
            for nth, (code, text) in enumerate(texts.HANDOVER.items())
            if whole or nth < self.chance.randint(2, 5)
        ]
        handover = services.supply(
            handover_id=handover.pk, items=items, version=handover.version, actor=self.adviser, at=self.clock.after(30)
        )
        for holds, premises, holder, reach in self.chance.sample(texts.KEY_HOLDERS, self.chance.randint(1, 2)):
            services.record_key_holder(
                handover_id=handover.pk,
                holds=holds,
                unknown=not whole,
                premises=premises,
                holder=holder if whole else "",
                reach=reach if whole else "",
                version=handover.version,
                actor=self.adviser,
                at=self.clock.after(1),
            )
            with acting(self.manager, at=self.clock.at):
                handover = Handover.objects.get(case=self.case)
        if not whole:
            return
        self._answer_file(
            services.offer(
                handover_id=handover.pk,
                version=handover.version,
                code=self.code(self.chief),
                actor=self.chief,
                at=self.clock.after(20),
            )
        )

    def _answer_file(self, handover: Handover) -> None:
        if self.story.file is File.RETURNED:
            services.return_file(
                handover_id=handover.pk,
                reason=texts.RETURNED_FILE,
                version=handover.version,
                actor=self.manager,
                at=self.clock.after(20),
            )
        if self.story.file is File.ACCEPTED:
            services.accept_file(
                handover_id=handover.pk,
                version=handover.version,
                code=self.code(self.manager),
                continuity_note=texts.CONTINUITY if self._guarded() else "",
                actor=self.manager,
                at=self.clock.after(20),
            )

    def _guarded(self) -> bool:
        with acting(self.manager, at=self.clock.at):
            return Measure.objects.filter(case=self.case).exists()

    def keep_contact(self, times: int) -> None:
        """Talk with the person; now and then a signal for threat analysis comes out of it."""
        for _ in range(times):
            is_signal = self.chance.random() < 0.35  # noqa: PLR2004  # a share
            services.log_contact(
                case_id=self.case.pk,
                person_id=self.case.person_id,
                text=self.say(texts.SIGNALS if is_signal else texts.CONTACTS),
                is_signal=is_signal,
                actor=self.manager,
                at=self.clock.after(60),
            )
        work_off(at=self.clock.at)

    def risk_moment(self) -> RaisedRiskMoment:
        """A moment of raised risk in the days to come; a prosecutor decides on what becomes public of the case."""
        starts = self.clock.end + timedelta(days=self.chance.randint(1, 12), hours=self.chance.randint(0, 10))
        kind = self.say(("appearance", "publication", "hearing", "indictment", "travel"))
        owned = kind in ("publication", "hearing", "indictment")
        return services.report_risk_moment(
            case_id=self.case.pk,
            kind=kind,
            starts_at=starts,
            ends_at=starts + timedelta(hours=self.chance.randint(2, 9)),
            region=self.story.region,
            description=self.say(texts.MOMENTS),
            owner_id=self.adviser.user_id if owned else None,
            actor=self.manager,
            at=self.clock.after(10),
        )
