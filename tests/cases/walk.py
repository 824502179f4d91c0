"""Walks a case through the services to a state: every test begins where its own step begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cases import services
from cases.models import (
    AdoptedPicture,
    Assessment,
    Case,
    Designation,
    DutyAnswers,
    LevelDecision,
    MeasureAdvice,
    Nomination,
    Package,
)
from cases.services import Answers, Intake, Planned, Relation
from cases.services.package import TEXTS
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from tests.world import NOON, World, code_for

DIRECT = {"serious": "yes", "aimed": "direct", "origin": "phenomenon", "threatener": "known"}
HOUR = timedelta(hours=1)
IN_DATE = date(2100, 1, 1)  # pages act in the present: a picture of these tests is not past its review date
AN_ANSWER = Answers(
    known="An order was given; the house is known.",
    risk="yes",
    risk_reasons="The order names the person.",
    available="Close protection, a safe house.",
    choice="Close protection is taken; a safe house was refused.",
)


def an_intake(world: World, **changes: object) -> Intake:
    told = {
        "name": "Fenna van der Wold",
        "birth_date": "1981-04-12",
        "address": "Lindelaan 3, Noorderveen",
        "reach": "+31 6 0000 0001",
        "phenomenon": "organised_crime",
        "what_happened": "An explosive was found at the front door.",
        "measures_now": "Patrol by the regional unit.",
        "office": world.organisations["om-noord"].pk,
        "region": "noord",
        "purpose": "Protection of life",
        "serious": True,
        "aimed_at_life": True,
        "threatener_known": True,
        "relations": (
            Relation(name="Sietse van der Wold", kind="partner", core_household=True),
            Relation(name="Jelle Brandsma", kind="friend"),
        ),
    }
    return Intake(**{**told, **changes})  # type: ignore[arg-type]  # a test passes fields of Intake


@dataclass
class Walk:
    """One case on its way; each step is taken by the person whose step it is, an hour after the step before."""

    world: World
    at: datetime = NOON
    reasons: str = "Considered and written down."  # the same writer needs others in a second case

    def actor(self, role: Role) -> Actor:
        return self.world.actor(role)

    def tick(self) -> datetime:
        self.at += HOUR
        return self.at

    # --- steps ---

    def opened(self, **changes: object) -> Nomination:
        self.nomination = services.open_intake(
            intake=an_intake(self.world, **changes), actor=self.actor(Role.POLICE_RCCB), at=self.tick()
        )
        return self.nomination

    def handed_in(self) -> Nomination:
        if not hasattr(self, "nomination"):
            self.opened()
        self._step(services.hand_in, Role.POLICE_RCCB)
        return self.nomination

    def assessed(
        self,
        answers: dict[str, str] | None = None,
        *,
        role: Role = Role.PROSECUTION_ADVISER,
        deviation: str = "",
    ) -> Assessment:
        """The framework answered by the party whose turn it is; by default it leads to the direct line."""
        made = services.record_assessment(
            nomination_id=self.nomination.pk,
            answers=DIRECT | (answers or {}),
            deviation=deviation,
            actor=self.actor(role),
            at=self.tick(),
        )
        self._reload(role)
        return made

    def completed(self, answers: dict[str, str] | None = None, *, deviation: str = "") -> Nomination:
        self.handed_in()
        self.assessed(answers, deviation=deviation)
        self._step(services.complete_nomination, Role.PROSECUTION_ADVISER, assessment="Serious and concrete.")
        return self.nomination

    def meeting(self) -> dict[str, Any]:
        """When the next table meets, who chairs it and who is invited."""
        codes = ("nctv", "om-noord", "politie-noord", "kmar")
        return {
            "meets_at": self.at + 3 * HOUR,
            "chair": self.actor(Role.CHIEF_PROSECUTOR).user_id,
            "parties": [self.world.organisations[code].pk for code in codes],
        }

    def signed(self, answers: dict[str, str] | None = None, *, deviation: str = "") -> Nomination:
        self.completed(answers, deviation=deviation)
        chief = self.actor(Role.CHIEF_PROSECUTOR)
        self._step(services.sign_nomination, Role.CHIEF_PROSECUTOR, code=code_for(chief))
        return self.nomination

    def assigned(self, answers: dict[str, str] | None = None) -> Case:
        self.signed(answers)
        return services.assign_case(
            case_id=self.nomination.case_id,
            case_manager=self.actor(Role.CASE_MANAGER).user_id,
            decider=self.actor(Role.DECIDER).user_id,
            actor=self.actor(Role.DUTY_OFFICER),
            at=self.tick(),
        )

    def prepared(self, answers: dict[str, str] | None = None) -> Nomination:
        self.assigned(answers)
        self._step(
            services.prepare_judgement,
            Role.CASE_MANAGER,
            proposal="Accept: the criteria are met.",
            information_used="Intake of the police; report of the adviser.",
        )
        return self._reload(Role.CASE_MANAGER)

    def designated(self) -> Designation:
        self.prepared()
        decider = self.actor(Role.DECIDER)
        self._step(services.judge, Role.DECIDER, outcome="accept", reasons="Order known.", code=code_for(decider))
        return Designation.objects.get(case_id=self.nomination.case_id)

    def pictured(self) -> AdoptedPicture:
        """Frozen facts of a picture as threat analysis would hand them over."""
        self.designated()
        return self.adopt_picture()

    def adopt_picture(
        self, *, version: int = 1, severity: int = 4, likelihood: int = 4, review_due: date = IN_DATE
    ) -> AdoptedPicture:
        analyst = self.actor(Role.THREAT_ANALYST)
        case = self.case
        with acting(self.actor(Role.CASE_MANAGER), at=self.at):
            give(
                case,
                to=Principal(role=Role.THREAT_ANALYST, user_id=analyst.user_id),
                reason="commissioned",
                ground="threat.commission",
            )
        return services.adopt_picture(
            case_id=case.pk,
            picture_id=uuid4(),
            picture_version=version,
            method_version="GDB-1.0",
            content_hash=b"0" * 32,
            outcome="LEVEL",
            severity=severity,
            likelihood=likelihood,
            index=66.1,
            low=38.5,
            high=92.8,
            coverage=0.85,
            marking="DEP_V",
            summary="A concrete order, preparations seen.",
            handling_advice="",
            review_due=review_due,
            actor=analyst,
            at=self.tick(),
        )

    def levelled(self) -> LevelDecision:
        picture = self.pictured()
        return services.decide_level(
            picture_id=picture.pk,
            severity=4,
            likelihood=4,
            resistance=4,
            departure="",
            reasons="The picture is clear.",
            actor=self.actor(Role.DECIDER),
            at=self.tick(),
        )

    def advised(self) -> MeasureAdvice:
        level = self.levelled()
        return services.give_advice(
            level_id=level.pk,
            feasible="yes",
            advice="Close protection outdoors, supervision at home.",
            guard_safety="Two teams at night.",
            actor=self.actor(Role.LCC_ADVISER),
            at=self.tick(),
        )

    def drafted(self) -> Package:
        advice = self.advised()
        manager = self.actor(Role.CASE_MANAGER)
        package = services.start_package(
            level_id=advice.level_id, tier=2, review_due=date(2026, 4, 1), actor=manager, at=self.tick()
        )
        return services.write_package(
            package_id=package.pk,
            texts=dict.fromkeys(TEXTS, self.reasons),
            planned=[
                Planned(
                    person_id=self.case.person_id,
                    kind="close_protection",
                    starts_on=date(2026, 3, 4),
                    region="noord",
                    required=2,
                ),
                Planned(person_id=self.case.person_id, kind="camera", starts_on=date(2026, 3, 4), region="noord"),
            ],
            terms=[services.Condition("The neighbours know whom to call.", date(2026, 3, 20))],
            tier=2,
            review_due=date(2026, 4, 1),
            version=package.version,
            actor=manager,
            at=self.tick(),
        )

    def submitted(self) -> Package:
        package = self.drafted()
        return services.submit_package(
            package_id=package.pk, version=package.version, actor=self.actor(Role.CASE_MANAGER), at=self.tick()
        )

    def decided(self) -> Package:
        package = self.submitted()
        decider = self.actor(Role.DECIDER)
        return services.decide_package(
            package_id=package.pk,
            reasons="Proportionate to the level.",
            version=package.version,
            code=code_for(decider),
            actor=decider,
            at=self.tick(),
        )

    def answered(self, occasion: str, subject_id: UUID, *, case_id: UUID | None = None) -> DutyAnswers:
        """The four answers of article 2 ECHR: the case manager writes them, the decider signs."""
        manager, decider = self.actor(Role.CASE_MANAGER), self.actor(Role.DECIDER)
        row = services.write_answers(
            case_id=case_id or self.case.pk,
            occasion=occasion,
            subject_id=subject_id,
            answers=AN_ANSWER,
            actor=manager,
            at=self.tick(),
        )
        return services.sign_answers(
            answers_id=row.pk, version=row.version, code=code_for(decider), actor=decider, at=self.tick()
        )

    # --- how ---

    @property
    def case(self) -> Case:
        with acting(self.actor(Role.POLICE_RCCB), at=self.at):
            return Case.objects.get(pk=self.nomination.case_id)

    def _step(self, service: Callable[..., Any], role: Role, **given: object) -> Any:
        result = service(
            nomination_id=self.nomination.pk,
            version=self.nomination.version,
            actor=self.actor(role),
            at=self.tick(),
            **given,
        )
        if isinstance(result, Nomination):
            self.nomination = result
        return result

    def _reload(self, role: Role) -> Nomination:
        with acting(self.actor(role), at=self.at):
            self.nomination = Nomination.objects.get(pk=self.nomination.pk)
        return self.nomination
