"""One case walked as far as it goes, one decided by telephone, and another one; everybody on them, and strangers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from capacity import services as capacity
from capacity import tasks as _capacity_jobs  # noqa: F401  # registers the jobs
from capacity.models import Assignment, Displacement
from cases import services as cases
from cases.models import (
    AdoptedPicture,
    Case,
    ContactPlan,
    DecisionCondition,
    DecisionReview,
    Designation,
    Handover,
    InformDuty,
    Measure,
    MomentOwner,
    Ratification,
    Readiness,
)
from cases.models.review import ReviewCause
from cases.services import review
from cases.services.case import nctv
from resilience import services as resilience
from resilience.services.files import open_files
from stelsel.kernel import jobs
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import Organisation, OutboxMessage
from stelsel.legal import services as legal
from stelsel.legal.models import AgreementConflict
from tests.access.table import PEOPLE, Row
from tests.browsing import as_client
from tests.capacity.supply import a_team
from tests.cases.caring import a_breach, a_compensation, a_complaint, an_activity
from tests.cases.listing import Listing, an_object
from tests.cases.test_letters import a_copy, a_letter, signed
from tests.cases.walk import Walk, an_intake
from tests.resilience.walk import Support
from tests.threat.matching import allow
from tests.threat.scene import Scene
from tests.world import NOON, ORGANISATIONS, World, code_for
from threat.lifecycle import ReviewCriterion
from threat.models import (
    BlindMatch,
    Coding,
    EvidenceItem,
    Hit,
    MethodVersion,
    Picture,
    Product,
    Signal,
    ThreatLine,
)
from threat.services import (
    Named,
    Registration,
    Wanted,
    add_assumption,
    add_hypothesis,
    ask_about_match,
    ask_comparison,
    propose_mapping,
    propose_need,
    propose_template,
    propose_use,
    register_elsewhere,
    review_product,
    start_new_version,
    start_shadow_run,
    take_down_entity,
)

ELSEWHERE = "om-zuid"  # whose people have nothing to do with the cases walked here
CLIENT = 5  # the place of service users among the people of a role
RANDOM = UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class WholeWalk(Walk):
    """The walk of a case with the real threat picture in it."""

    scene: Scene = field(init=False)

    def adopt_picture(self, **_changes: Any) -> AdoptedPicture:
        """The analysis takes place at noon; the walk began the day before and goes on after it."""
        self.scene = scene = Scene(self.world, self.case)
        for actor in (scene.analyst, scene.second, scene.third, scene.head):
            scene.see(actor)
        assert scene.supplier != scene.rival  # both are there from now on: only who has suppliers can be asked
        scene.adopted()
        self.at = NOON + timedelta(hours=1)
        with acting(self.actor(Role.DECIDER), at=self.at):
            return AdoptedPicture.objects.get(case=self.case)


@dataclass
class Stage:
    """`ids`: the records by the names that the table uses. `marks`: what would betray the walked cases on any page.

    `people`: case numbers and pseudonyms of the walked cases, each with the person it names.
    """

    world: World
    at: datetime = NOON
    ids: dict[str, UUID] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    people: dict[str, UUID] = field(default_factory=dict)
    clients: dict[tuple[Role, bool], Client] = field(default_factory=dict)

    def actor(self, role: Role, *, own: bool = True, nth: int = 1) -> Actor:
        return self.world.actor(role, nth=nth) if own else self.world.actor(role, of=ELSEWHERE, nth=nth)

    def client(self, role: Role, *, own: bool) -> Client:
        """A browser of somebody in this role: with a grant on the walked cases, or on the other one alone."""
        return self.clients[role, own]

    def know(self, case: Case) -> None:
        self.people |= {case.number: case.person_id, case.person.pseudonym: case.person_id}
        near = case.relations.select_related("person")
        self.people |= {each.person.pseudonym: each.person_id for each in near}

    def address(self, row: Row, *, absent: bool = False) -> str:
        address = reverse(row.route, args=[RANDOM if absent else self.ids[row.record]] if row.record else [])
        return f"{address}?{row.query}" if row.query else address


@contextmanager
def set_stage() -> Iterator[Stage]:
    """Build everything in the transaction that is open, and stop the clock's calendar at the end of the walk."""
    world = World(
        {
            code: Organisation.objects.create(code=code, name=name, kind=kind, region="noord")
            for code, name, kind in ORGANISATIONS
        }
    )
    with time_machine.travel(NOON + timedelta(hours=10), tick=True):
        with transaction.atomic():
            stage = _built(world)
        yield stage


def _built(world: World) -> Stage:
    stage = Stage(world)
    walk = _walked(stage)
    _analysed(stage, walk.scene)
    _planned(stage, walk)
    _supported(stage, walk)
    _discussed(stage)
    _by_telephone(stage)
    _returned(stage)
    _listed(stage)
    _others(stage)
    _governed(stage)
    _agreed(stage)
    stage.at = NOON + timedelta(hours=10)
    _people(stage)
    return stage


def _walked(stage: Stage) -> WholeWalk:
    walk = WholeWalk(stage.world, at=NOON - timedelta(days=1))
    package = walk.decided()
    case = walk.case
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        stage.ids |= {
            "case": case.pk,
            "nomination": walk.nomination.pk,
            "handover": Handover.objects.get(case=case).pk,
            "adopted_picture": AdoptedPicture.objects.get(case=case).pk,
            "level": package.level_id,
            "package": package.pk,
            "condition": DecisionCondition.objects.get(case=case).pk,
            "measure": Measure.objects.get(case=case, kind="camera").pk,
            "duty": InformDuty.objects.filter(case=case).order_by("opened_at")[0].pk,
        }
        stage.know(case)
    attached = cases.attach(
        case_id=case.pk,
        content=b"What the neighbours saw.",
        name="neighbours.txt",
        marking="DEP_V",
        part="handover",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.at,
    )
    stage.ids["attachment"] = attached.pk
    _written(stage, walk)
    _cared_for(stage, walk)
    _handed_over(stage, walk)
    _kept_in_contact(stage, walk)
    _told_outside(stage, walk)
    _open_on_decisions(stage, walk)
    return walk


def _written(stage: Stage, walk: WholeWalk) -> None:
    """A signed letter with a copy, and one that is still a draft."""
    letter = signed(walk)
    copy = a_copy(walk, letter)
    stage.ids |= {"letter": letter.pk, "letter_copy": copy.pk, "draft_letter": a_letter(walk).pk}


def _cared_for(stage: Stage, walk: WholeWalk) -> None:
    """The questions of article 2 ECHR answered; an agreement that was not kept."""
    answered = walk.answered("other", walk.case.pk)
    breach = a_breach(walk)
    stage.ids |= {
        "answers": answered.pk,
        "breach": breach.pk,
        "activity": an_activity(walk).pk,
        "compensation": a_compensation(walk).pk,
        "complaint": a_complaint(walk).pk,
    }


def _handed_over(stage: Stage, walk: Walk) -> None:
    """A key holder, a batch with the file in it, and an incident on a measure of the case."""
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        file = Handover.objects.get(case=walk.case)
    holder = cases.record_key_holder(
        handover_id=file.pk,
        holds="keys",
        unknown=False,
        premises="The house",
        holder="A neighbour",
        reach="",
        version=file.version,
        actor=walk.actor(Role.PROSECUTION_ADVISER),
        at=walk.at,
    )
    membership = walk.actor(Role.CASE_MANAGER).membership_id
    assert membership is not None
    batch = cases.prepare_batch(
        office_id=walk.case.office_id,
        membership_id=membership,
        case_ids=[walk.case.pk],
        actor=walk.actor(Role.PROSECUTION_ADVISER),
        at=walk.at,
    )
    incident = cases.report_incident(
        measure_id=stage.ids["measure"],
        kind="followed",
        happened_at=walk.at,
        stopped=False,
        text="A car stayed behind them.",
        actor=walk.actor(Role.LCC_COORDINATOR),
        at=walk.at,
    )
    stage.ids |= {"key_holder": holder.pk, "batch": batch.pk, "incident": incident.pk}


def _discussed(stage: Stage) -> None:
    """A case that goes by the triage table, with its item on the agenda."""
    walk = Walk(stage.world, at=NOON + timedelta(hours=2))
    walk.opened(name="Marit Zijlstra", birth_date="1969-05-06", relations=())
    walk.signed({"threatener": "anonymous"})
    table = cases.convene_table(**walk.meeting(), actor=walk.actor(Role.CHIEF_PROSECUTOR), at=walk.tick())
    item = cases.put_on_table(
        table_id=table.pk,
        nomination_id=walk.nomination.pk,
        reason="The threatener is unknown.",
        actor=walk.actor(Role.CHIEF_PROSECUTOR),
        at=walk.tick(),
    )
    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        seat = table.parties.get(organisation__code="nctv")
        stage.ids |= {"table": table.pk, "seat": seat.pk, "agenda_item": item.pk, "table_case": walk.case.pk}
        stage.know(walk.case)


def _told_outside(stage: Stage, walk: WholeWalk) -> None:
    """A notice that the mayor was told, and a meeting with an agreement."""
    case, manager = walk.case, walk.actor(Role.CASE_MANAGER)
    who: dict[str, Any] = {"case_id": case.pk, "person_id": case.person_id, "actor": manager, "at": walk.at}
    cases.set_residence(municipality_ids=[stage.world.organisations["gemeente-noord"].pk], **who)
    notice = cases.Notice(scenario="admission", consequences="Cars in the street.", elements=("resident",))
    (row,) = cases.propose_notice(notice=notice, **who)
    cases.decide_notice(notice_id=row.pk, send=True, actor=walk.actor(Role.DECIDER), at=walk.at)
    meeting = cases.write_meeting(
        case_id=case.pk,
        held_at=walk.at,
        participants=["nctv", "prosecutor"],
        agreed=[cases.Agreed("The office tells first.", "prosecutor", (walk.at + timedelta(days=3)).date())],
        actor=manager,
        at=walk.at,
    )
    report = cases.pass_report(intake=an_intake(stage.world), actor=walk.actor(Role.POLICE_RCCB), at=walk.at)
    cases.forward_report(report_id=report.pk, actor=walk.actor(Role.PROSECUTION_ADVISER), at=walk.at)
    with acting(manager, at=walk.at):
        stage.ids |= {
            "mayor_notice": row.pk,
            "meeting_agreement": meeting.agreements.get().pk,
            "passed_report": report.pk,
        }


def _kept_in_contact(stage: Stage, walk: WholeWalk) -> None:
    """A promise, something told, and a moment of raised risk that the chief prosecutor decides on."""
    case, manager = walk.case, walk.actor(Role.CASE_MANAGER)
    who: dict[str, Any] = {"case_id": case.pk, "person_id": case.person_id, "actor": manager, "at": walk.at}
    promise = cases.make_promise(text="A call on Friday.", due_on=(walk.at + timedelta(days=3)).date(), **who)
    telling = cases.tell(said=cases.Said(topic="process", channel="telephone", told="What comes next."), **who)
    moment = cases.report_risk_moment(
        case_id=case.pk,
        kind="publication",
        starts_at=walk.at + timedelta(days=9),
        ends_at=walk.at + timedelta(days=9, hours=2),
        region="noord",
        description="The agreement is made known.",
        owner_id=walk.actor(Role.CHIEF_PROSECUTOR).user_id,
        actor=manager,
        at=walk.at,
    )
    with acting(manager, at=walk.at):
        stage.ids |= {
            "plan": ContactPlan.objects.get(case=case, person=case.person).pk,
            "promise": promise.pk,
            "telling": telling.pk,
            "moment": moment.pk,
            "readiness": Readiness.objects.filter(moment=moment, person=case.person)[0].pk,
            "event": MomentOwner.objects.get(moment=moment).pk,
        }


def _open_on_decisions(stage: Stage, walk: WholeWalk) -> None:
    """Measures ordered by telephone that wait for ratification, a level for review, a relative who was proposed."""
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        friend = walk.case.relations.get(core_household=False)
    stage.ids["relative"] = cases.propose_relative(
        case_id=walk.case.pk,
        person_id=friend.person_id,
        grounds="Was named in the threat.",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    ).pk
    order = cases.order_urgent_measures(
        case_id=walk.case.pk,
        caller="Colonel Vermeer",
        note="Shots fired at the house.",
        kinds=["attention"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        review.mark(walk.case, ReviewCause.WITHDRAWN, caused_at=walk.at, at=walk.at)
        stage.ids |= {
            "review": DecisionReview.objects.get(level__isnull=False).pk,
            "ratification": Ratification.objects.get(urgent_request=order).pk,
        }


def _adopted(scene: Scene) -> UUID:
    with acting(scene.head, at=NOON):
        return Picture.objects.get(state="adopted").pk


def _analysed(stage: Stage, scene: Scene) -> None:
    """A signal, a refused request, and the next version of the picture as a draft."""
    at = NOON + timedelta(minutes=30)
    comparison = ask_comparison(
        picture_id=_adopted(scene),
        coders=[stage.actor(Role.THREAT_ANALYST, nth=19).user_id],
        actor=scene.head,
        at=at,
    )
    with acting(stage.actor(Role.THREAT_ANALYST, nth=19), at=at):
        stage.ids |= {"comparison": comparison.pk, "coding": Coding.objects.get().pk}
    refused = scene.refuse(scene.ask(question="Who gave the order?"))
    asked = scene.ask(question="Where do they meet?")
    signal = scene.signal()
    with acting(scene.analyst, at=at):
        item = EvidenceItem.objects.filter(case=scene.case, product__isnull=False)[0]
        adopted, product = item.picture_id, item.product
    assert product is not None
    review = review_product(
        product_id=product.pk, scores=dict.fromkeys(ReviewCriterion, 3), comment="Clear.", actor=scene.second, at=at
    )
    stage.ids["product_review"] = review.pk
    draft = start_new_version(picture_id=adopted, question="Is it still so?", actor=scene.analyst, at=at)
    assumption = add_assumption(
        picture_id=draft.pk,
        text="Nobody knows the new address.",
        owner_id=scene.analyst.user_id,
        check_by=(at + timedelta(days=30)).date(),
        actor=scene.analyst,
        at=at,
    )
    elsewhere = register_elsewhere(
        case_id=scene.case.pk,
        told=Registration(
            "The service",
            "S-1",
            at.date(),
            "STG_G",
            "In their safe.",
            4,
            4,
            "A concrete threat.",
            (at + timedelta(days=30)).date(),
        ),
        actor=scene.analyst,
        at=at,
    )
    hypothesis = add_hypothesis(
        picture_id=draft.pk,
        text="A quarrel between neighbours.",
        weighing="unlikely",
        reason="They moved away.",
        actor=scene.analyst,
        at=at,
    )
    with acting(scene.analyst, at=at):
        line = ThreatLine.objects.filter(picture=draft)[0]
        stage.ids |= {
            "request": refused.pk,
            "open_request": asked.pk,
            "signal": signal.pk,
            "product": product.pk,
            "picture": draft.pk,
            "assumption": assumption.pk,
            "hypothesis": hypothesis.pk,
            "elsewhere": elsewhere.pk,
            "line": line.pk,
            "evidence": EvidenceItem.objects.filter(line=line)[0].pk,
        }
    stage.marks |= {refused.number, asked.number}
    _matched(stage, scene, product, signal, at=at)


def _matched(stage: Stage, scene: Scene, product: Product, signal: Signal, *, at: datetime) -> None:
    """The same vehicle in the product and in the signal, as the worker would have found it; and a question about it."""
    for provider in ("police_lx", "nctv"):
        allow(provider=provider)
    named = Named("vehicle", "AB-123-C")
    of_product = take_down_entity(product_id=product.pk, named=named, actor=scene.analyst, at=at)
    of_signal = take_down_entity(signal_id=signal.pk, named=named, actor=scene.analyst, at=at)
    first, second = sorted((of_product, of_signal), key=lambda each: each.pk)
    with acting(scene.analyst, at=at):
        hit = Hit(
            number="M26-00001",
            kind="vehicle",
            first=first,
            second=second,
            first_case=scene.case,
            second_case=scene.case,
            found_at=at,
        )
        hit.save(force_insert=True)
    with acting(scene.head, at=at):
        blind = BlindMatch(
            number="M26-00001",
            hit=hit,
            kind="vehicle",
            first_supplier_id=first.supplier_id,
            second_supplier_id=second.supplier_id,
            found_on=at.date(),
            state="open",
        )
        blind.save(force_insert=True)
    question = ask_about_match(blind_id=blind.pk, side=1 if first.product_id else 2, actor=scene.head, at=at)
    stage.ids |= {"entity": of_product.pk, "hit": hit.pk, "blind_match": blind.pk, "match_question": question.pk}


def _planned(stage: Stage, walk: WholeWalk) -> None:
    """Demand, one team where two are needed, and a run that says whom it displaces."""
    decider, coordinator = walk.actor(Role.DECIDER), walk.actor(Role.LCC_COORDINATOR)
    planner = walk.actor(Role.UNIT_PLANNER)
    capacity.raise_demand(package_id=stage.ids["package"], actor=decider, at=walk.tick())
    team = a_team(stage.world, "LX-1", at=walk.at)
    group = capacity.announce_group(
        code="LX-6",
        kind="LX",
        size=12,
        competence="close_protection",
        region="noord",
        starts_on=NOON.date(),
        expected_on=NOON.date() + timedelta(days=90),
        actor=planner,
        at=walk.tick(),
    )
    run = capacity.request_run(days=2, actor=coordinator, at=walk.tick())
    assert jobs.run(OutboxMessage.objects.get(key=f"capacity.solve_run:{run.pk}").pk)
    with acting(decider, at=walk.at):
        stage.ids |= {
            "team": team.pk,
            "group": group.pk,
            "run": run.pk,
            "displacement": Displacement.objects.get(run=run).pk,
            "assignment": Assignment.objects.filter(case=walk.case)[0].pk,
        }


def _supported(stage: Stage, walk: WholeWalk) -> None:
    """The file of the person with a talk and an offer."""
    with acting(walk.actor(Role.DECIDER), at=walk.tick()):
        designation = Designation.objects.get(case=walk.case)
        group = nctv().group_for(Role.RESILIENCE_EXPERT)
        to = Principal(role=Role.RESILIENCE_EXPERT, group_id=group.pk)
        give(designation.case, to=to, reason="support of the person", ground="resilience.begin")
        files = open_files(designation, at=walk.at)
    support = Support(walk, designation, files)
    talk = support.plan(preparation="The children.")
    offer = resilience.offer_support(
        file_id=files[0].pk, item_id=support.item().pk, actor=support.expert, at=walk.tick()
    )
    stage.ids |= {"file": files[0].pk, "talk": talk.pk, "offer": offer.pk}


def _by_telephone(stage: Stage) -> None:
    """A person without a case, designated by telephone: the decider has to ratify."""
    officer, at = stage.actor(Role.DUTY_OFFICER), NOON + timedelta(hours=9)
    intake = an_intake(stage.world, name="Ilse Groenveld", birth_date="1990-01-02", relations=())
    urgent = cases.open_urgent_case(intake=intake, actor=officer, at=at)
    cases.order_urgent_measures(
        case_id=urgent.pk,
        caller="Colonel Vermeer",
        note="Shots fired at the house.",
        kinds=["close_protection"],
        actor=officer,
        at=at + timedelta(minutes=5),
    )
    with acting(officer, at=at + timedelta(minutes=5)):
        stage.ids |= {"urgent_case": urgent.pk, "urgent_designation": Designation.objects.get(case=urgent).pk}
        stage.know(urgent)
    stage.marks |= {str(stage.ids[name]) for name in stage.ids if name not in {"team", "group", "run", "blind_match"}}
    stage.marks |= set(stage.people)


def _returned(stage: Stage) -> None:
    """A case whose authority went back, and waits for the confirmation."""
    walk = Walk(stage.world, at=NOON - timedelta(hours=9))
    walk.opened(name="Tjeerd Brouwers", birth_date="1969-05-05", relations=())
    walk.designated()
    decider, case = walk.actor(Role.DECIDER), walk.case
    with acting(decider, at=walk.at):
        designation = Designation.objects.get(case=case)
    walk.answered("return", designation.pk)
    returned = cases.return_authority(
        case_id=case.pk,
        reasons="The threat has gone.",
        outcomes={},
        version=case.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )
    stage.ids |= {"returned": returned.pk, "returned_case": case.pk}
    stage.know(case)
    stage.marks |= {str(returned.pk), str(case.pk), case.number, case.person.pseudonym}


def _listed(stage: Stage) -> None:
    """An object on the limitative list with supervision and an advice that waits."""
    listing = Listing(stage.world, at=NOON + timedelta(hours=1))
    listing.placed(an_object(stage.world))
    measure = listing.ordered()
    decider = stage.actor(Role.DECIDER)
    advice = cases.give_entry_advice(
        entry_id=listing.entry_id, severity=4, likelihood=3, advice="Patrol.", actor=decider, at=listing.tick()
    )
    stage.ids |= {"entry": listing.entry_id, "entry_measure": measure.pk, "entry_advice": advice.pk}
    stage.marks |= {listing.entry.number, str(listing.entry_id), "Embassy of Ruritania"}
    with acting(decider, at=listing.tick()):
        for role in PEOPLE:
            for nth in (1, CLIENT):
                to = Principal(role=role, user_id=stage.actor(role, nth=nth).user_id)
                give(listing.entry, to=to, reason="on the list", ground="test")


def _others(stage: Stage) -> None:
    """A case of the strangers: they see something, so that finding nothing of the walked cases says something."""
    other = Walk(stage.world, at=NOON + timedelta(hours=1))
    other.opened(name="Wiebe Hoekstra", birth_date="1972-08-30", relations=())
    stage.ids["other_case"] = other.nomination.case_id
    officer = replace(stage.actor(Role.DUTY_OFFICER, nth=3), confirmed_at=other.at + timedelta(hours=1))
    opened = cases.break_glass(number=other.case.number, reason="Shots heard.", actor=officer, at=other.tick())
    stage.ids["emergency"] = opened.pk


def _governed(stage: Stage) -> None:
    """A member of the method board, who opens no page here, proposes to withdraw the version in force."""
    version = MethodVersion.objects.get()
    change = propose_use(
        version_id=version.pk,
        usable=False,
        starts_at=stage.at + timedelta(days=30),
        reason="A better one is on its way.",
        actor=stage.actor(Role.METHOD_BOARD, nth=9),
        at=stage.at,
    )
    mapping = propose_mapping(
        scale="police_estimate",
        table="hoog = W4",
        starts_at=stage.at + timedelta(days=30),
        reason="Agreed with the police.",
        actor=stage.actor(Role.METHOD_BOARD, nth=9),
        at=stage.at,
    )
    template = propose_template(
        text="Which threat, from whom, and how likely.",
        starts_at=stage.at + timedelta(days=30),
        reason="Agreed with the deciders.",
        actor=stage.actor(Role.METHOD_BOARD, nth=9),
        at=stage.at,
    )
    run = start_shadow_run(
        version_id=version.pk, reason="To look.", actor=stage.actor(Role.METHOD_BOARD, nth=9), at=stage.at
    )
    need = propose_need(
        wanted=Wanted("F1", 1, "Wie?", "Who?"),
        starts_at=stage.at + timedelta(days=30),
        reason="Asked often.",
        actor=stage.actor(Role.METHOD_BOARD, nth=9),
        at=stage.at,
    )
    stage.ids |= {"need": need.pk, "template": template.pk, "shadow_run": run.pk}
    stage.ids |= {"method_version": version.pk, "method_use": change.pk, "mapping": mapping.pk}


def _agreed(stage: Stage) -> None:
    """Two agreements between the same organisations that conflict."""
    officer: dict[str, Any] = {"actor": stage.actor(Role.LEGAL_OFFICER, nth=9), "at": stage.at}
    parties = [stage.world.organisations[code].pk for code in ("lx", "kmar")]
    for title in ("Persons", "Persons again"):
        row = legal.draft_agreement(
            title=title,
            kind="tasks",
            subject="persons",
            parties=parties,
            terms=legal.Terms("Who guards whom.", "Seen in the assignments.", stage.at.date()),
            **officer,
        )
        for party in parties:
            legal.sign_version(
                version_id=row.versions.get().pk,
                organisation_id=party,
                signatory="A. Hoofd",
                signed_on=stage.at.date(),
                **officer,
            )
        stage.ids["agreement"] = row.pk
    stage.ids["agreement_conflict"] = AgreementConflict.objects.get().pk


def _people(stage: Stage) -> None:
    """Everybody in every role: on the walked cases, and on the other one."""
    eyes = {
        "case": Role.POLICE_RCCB,
        "table_case": Role.POLICE_RCCB,
        "urgent_case": Role.DUTY_OFFICER,
        "returned_case": Role.POLICE_RCCB,
        "other_case": Role.POLICE_RCCB,
    }
    at = NOON + timedelta(hours=9, minutes=10)
    for name, role in eyes.items():
        with acting(stage.actor(role), at=at):
            case = Case.objects.get(pk=stage.ids[name])
            for each in PEOPLE:
                for nth in (1, CLIENT):
                    holder = stage.actor(each, own=name != "other_case", nth=nth)
                    to = Principal(role=each, user_id=holder.user_id)
                    give(case, to=to, reason="on the case", ground="test")
    for each in PEOPLE:
        for own in (True, False):
            client = stage.clients[each, own] = as_client(stage.actor(each, own=own))
            client.get(reverse("home"))  # the session is written by the first request, not again by each that follows
