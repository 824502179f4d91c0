"""Relatives outside the core household are designated and ended one by one, by four eyes (R038; C26 par. 2.3)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import IntegrityError, connections, transaction

from cases import services
from cases.lifecycle import Scope
from cases.models import AuthorityPeriod, CloseRelation, InformDuty, Measure, RelativeDesignation
from cases.services.closing import what_keeps_open
from cases.services.reading import people_of
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden
from stelsel.kernel.models import User, WorkItem
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.stations import a_relative
from tests.cases.walk import Walk
from tests.world import World, code_for


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def designated(walk: Walk, row: RelativeDesignation) -> RelativeDesignation:
    decider = walk.actor(Role.DECIDER)
    return services.designate_relative(
        relative_id=row.pk,
        reasons="The threat is about this relative.",
        version=row.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


def end_proposed(walk: Walk, row: RelativeDesignation) -> RelativeDesignation:
    return services.propose_end(
        relative_id=row.pk,
        grounds="The threat has gone.",
        version=row.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def ended(walk: Walk, row: RelativeDesignation) -> RelativeDesignation:
    decider = walk.actor(Role.DECIDER)
    return services.end_relative(
        relative_id=row.pk,
        reasons="No risk is left.",
        version=row.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


def authority(walk: Walk, row: RelativeDesignation) -> list[tuple[str, object, object]]:
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        found = AuthorityPeriod.objects.filter(person=row.person_id, scope=Scope.PERSON_DIRECTED)
        return [(one.authority, one.period.lower, one.period.upper) for one in found.order_by("period")]


def test_r038_a_relative_is_proposed_and_authority_stays_until_the_decision(walk: Walk) -> None:
    row = a_relative(walk)

    assert (row.state, authority(walk, row)) == ("proposed", [])
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert WorkItem.objects.filter(kind="relative.decide", subject_id=row.pk, closed_at=None).exists()


def test_r038_a_relative_has_a_start_an_authority_and_a_duty_to_inform_of_their_own(walk: Walk) -> None:
    row = designated(walk, a_relative(walk))

    assert row.starts_at == walk.at
    assert authority(walk, row) == [("nctv", walk.at, None)]
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert InformDuty.objects.get(person=row.person_id).subject_id == row.pk
        assert row.person_id in {person.pk for person, _relation in people_of(walk.case, core_only=True)}


def test_r038_the_designation_of_a_relative_ends_by_itself_alone(walk: Walk) -> None:
    row = designated(walk, a_relative(walk))
    began = walk.at

    row = ended(walk, end_proposed(walk, row))

    assert authority(walk, row) == [("nctv", began, walk.at), ("chief_prosecutor", walk.at, None)]
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert walk.case.state == "scheme"
    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(Role.DECIDER), at=walk.at):
        RelativeDesignation.objects.filter(pk=row.pk).update(state="designated")


def test_r038_after_an_end_the_same_relative_can_be_designated_again_without_a_gap(walk: Walk) -> None:
    row = ended(walk, end_proposed(walk, designated(walk, a_relative(walk))))
    again = services.propose_relative(
        case_id=row.case_id,
        person_id=row.person_id,
        grounds="A new threat.",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    designated(walk, again)

    periods = authority(walk, again)
    assert [one[0] for one in periods] == ["nctv", "chief_prosecutor", "nctv"]
    assert all(before[2] == after[1] for before, after in pairwise(periods))


def test_r038_an_end_that_is_not_decided_leaves_it_as_it_was(walk: Walk) -> None:
    row = end_proposed(walk, designated(walk, a_relative(walk)))

    kept = services.keep_relative(
        relative_id=row.pk,
        reasons="The threat is what it was.",
        version=row.version,
        actor=walk.actor(Role.DECIDER),
        at=walk.tick(),
    )

    assert (kept.state, kept.ends_at) == ("designated", None)


def test_r038_measures_of_the_scheme_end_before_the_designation_does(walk: Walk) -> None:
    row = end_proposed(walk, designated(walk, a_relative(walk)))
    request = services.order_urgent_measures(
        case_id=row.case_id,
        caller="Colonel Vermeer",
        note="Shots fired.",
        kinds=["attention"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        Measure.objects.filter(urgent_request=request).update(person=row.person_id)

    with pytest.raises(Conflict) as refusal:
        ended(walk, row)

    assert refusal.value.code == "measures_in_force"


def test_r038_a_relative_in_the_scheme_keeps_the_case_open(walk: Walk) -> None:
    designated(walk, a_relative(walk))

    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        reasons = what_keeps_open(walk.case)

    assert any("relative is in the scheme" in reason for reason in reasons)


def test_r038_the_household_is_not_designated_one_by_one(walk: Walk) -> None:
    walk.designated()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        partner = CloseRelation.objects.get(case=walk.case, core_household=True)

    with pytest.raises(CloseRelation.DoesNotExist):
        services.propose_relative(
            case_id=walk.case.pk,
            person_id=partner.person_id,
            grounds="x",
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )


def test_r038_who_proposed_does_not_decide_by_any_route(walk: Walk) -> None:
    row = a_relative(walk)
    manager = walk.actor(Role.CASE_MANAGER)
    also_decider = walk.world.appoint(User.objects.get(pk=manager.user_id), Role.DECIDER, of="nctv")
    services.give_access(
        case_id=row.case_id,
        user_id=manager.user_id,
        role=Role.DECIDER,
        reason="test",
        ground="access.give",
        actor=manager,
        at=walk.tick(),
    )

    with pytest.raises(Forbidden):
        services.designate_relative(
            relative_id=row.pk,
            reasons="x",
            version=row.version,
            code=code_for(also_decider),
            actor=also_decider,
            at=walk.tick(),
        )
    with pytest.raises(IntegrityError), transaction.atomic(), acting(manager, at=walk.at):
        RelativeDesignation.objects.filter(pk=row.pk).update(decided_by=manager.user_id)


def test_r038_a_relative_reads_the_decision_in_a_letter_of_their_own(walk: Walk) -> None:
    row = designated(walk, a_relative(walk))
    manager = walk.actor(Role.CASE_MANAGER)
    letter = services.start_letter(
        case_id=row.case_id,
        kind="relative",
        subject_id=row.pk,
        person_id=row.person_id,
        language="nl",
        actor=manager,
        at=walk.tick(),
    )

    shown = services.read_letter(letter_id=letter.pk, actor=manager, at=walk.at)

    assert shown.pages.parts[0].items == ("Jelle Brandsma",)


def test_r038_a_relative_is_proposed_and_designated_on_the_pages(walk: Walk) -> None:
    walk.designated()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        friend = CloseRelation.objects.get(case=walk.case, core_household=False)
    told = {"act": "propose", "person_id": str(friend.person_id), "grounds": TYPED}

    proposed = send(walk, Role.CASE_MANAGER, "relatives", walk.case.pk, told)
    again = send(walk, Role.CASE_MANAGER, "relatives", walk.case.pk, told)
    row = RelativeDesignation.objects.get()
    decision = {"act": "designate", "version": row.version, "reasons": TYPED}
    decider = walk.actor(Role.DECIDER)
    wrong = send(walk, Role.DECIDER, "relative", row.pk, {**decision, "code": "000000"})
    right = send(walk, Role.DECIDER, "relative", row.pk, {**decision, "code": code_for(decider)})

    assert proposed.status_code == 302
    assert again.status_code == 422
    assert refused_with_what_was_typed(wrong, 403)
    assert right.status_code == 302


@pytest.mark.usefixtures("fresh_db")
@pytest.mark.django_db(transaction=True)
def test_r038_two_who_decide_at_the_same_instant_designate_once(world: World) -> None:
    walk = Walk(world)
    with transaction.atomic():  # what the last actor sees stays in sight for the walk
        row = a_relative(walk)
    decider = walk.actor(Role.DECIDER)
    code, at = code_for(decider), walk.tick()

    def decide(_nth: int) -> str:
        try:
            services.designate_relative(
                relative_id=row.pk, reasons="Clear.", version=row.version, code=code, actor=decider, at=at
            )
        except DomainError as refusal:
            return refusal.code
        else:
            return "designated"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(decide, range(2)))

    assert outcomes[0] == "designated"
    assert len(outcomes) == 2
    assert outcomes[1] != "designated"
    assert authority(walk, row) == [("nctv", at, None)]
