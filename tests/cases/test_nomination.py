"""Nomination and triage: who may take which step, and what a refusal leaves as it was (R004, R038-R040, R050)."""

from typing import Any

import pytest

from cases import services
from cases.models import Case, Judgement, Nomination
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import OrganisationKind
from tests.cases.walk import Walk, an_intake
from tests.world import World, code_for


def step(walk: Walk, role: Role) -> dict[str, Any]:
    return {
        "nomination_id": walk.nomination.pk,
        "version": walk.nomination.version,
        "actor": walk.actor(role),
        "at": walk.tick(),
    }


def test_r004_a_case_states_its_purpose(world: World) -> None:
    walk = Walk(world)

    with pytest.raises(Invalid) as refusal:
        walk.opened(purpose="  ")

    assert [fault.field for fault in refusal.value.faults] == ["purpose"]
    assert not Case.objects.exists()


def test_only_the_police_open_an_intake(world: World) -> None:
    with pytest.raises(Forbidden):
        services.open_intake(intake=an_intake(world), actor=world.actor(Role.CASE_MANAGER), at=Walk(world).tick())


def test_r050_the_same_person_is_not_entered_twice(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with pytest.raises(Conflict) as refusal:
        services.open_intake(
            intake=an_intake(world, name="FENNA  VAN DER WOLD"),
            actor=world.actor(Role.POLICE_RCCB, nth=2),
            at=walk.tick(),
        )

    assert refusal.value.code == "duplicate"


def test_the_direct_line_needs_all_criteria(world: World) -> None:
    assert Walk(world).opened().line == "direct"
    assert Walk(world).opened(name="Ander Mens", birth_date="", threatener_known=False).line == "indirect"


def test_what_names_the_person_is_not_in_the_open(world: World) -> None:
    walk = Walk(world)
    nomination = walk.opened()

    with acting(walk.actor(Role.POLICE_RCCB), at=walk.at):
        row = Nomination.objects.filter(pk=nomination.pk).values().get()
        person = walk.case.person
        box = vault.box(person.key_id)
        assert b"explosive" not in bytes(row["what_happened"])
        assert b"Fenna" not in bytes(person.name)
        assert box.open(person, "name") == "Fenna van der Wold"


def test_a_colleague_of_another_office_does_not_see_the_nomination(world: World) -> None:
    walk = Walk(world)
    walk.handed_in()
    stranger = world.actor(Role.PROSECUTION_ADVISER, of="om-zuid")

    with pytest.raises(Nomination.DoesNotExist):
        services.complete_nomination(
            nomination_id=walk.nomination.pk,
            version=walk.nomination.version,
            assessment="x",
            actor=stranger,
            at=walk.tick(),
        )


def test_before_handing_in_the_office_sees_nothing(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with pytest.raises(Nomination.DoesNotExist):
        services.complete_nomination(assessment="x", **step(walk, Role.PROSECUTION_ADVISER))


def test_a_stale_version_is_refused_with_the_text_of_the_other(world: World) -> None:
    walk = Walk(world)
    walk.handed_in()
    stale = walk.nomination.version - 1

    with pytest.raises(Stale) as refusal:
        services.complete_nomination(
            nomination_id=walk.nomination.pk,
            version=stale,
            assessment="x",
            actor=walk.actor(Role.PROSECUTION_ADVISER),
            at=walk.tick(),
        )

    assert refusal.value.theirs["what_happened"].startswith("An explosive")


def test_a_step_that_was_taken_is_not_taken_again(world: World) -> None:
    walk = Walk(world)
    walk.completed()

    with pytest.raises(IllegalMove):
        services.complete_nomination(assessment="again", **step(walk, Role.PROSECUTION_ADVISER))


def test_signing_needs_the_right_code(world: World) -> None:
    walk = Walk(world)
    walk.completed()
    code_for(walk.actor(Role.CHIEF_PROSECUTOR))

    with pytest.raises(Forbidden) as refusal:
        services.sign_nomination(code="000000", **step(walk, Role.CHIEF_PROSECUTOR))

    assert refusal.value.code == "wrong_code"
    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        assert Nomination.objects.get().state == "completed"


def test_r002_a_person_under_witness_protection_is_not_nominated(world: World) -> None:
    walk = Walk(world)
    walk.completed()
    police = next(one.pk for one in world.organisations.values() if one.kind == OrganisationKind.POLICE_REGION)
    row = services.demarcate(
        case_id=walk.nomination.case_id,
        elsewhere=services.Elsewhere("witness_protection", police),
        actor=walk.actor(Role.CHIEF_PROSECUTOR),
        at=walk.tick(),
    )
    services.take_over(demarcation_id=row.pk, reference="", actor=walk.actor(Role.PROSECUTION_ADVISER), at=walk.tick())

    with pytest.raises(Forbidden) as refusal:
        services.sign_nomination(code=code_for(walk.actor(Role.CHIEF_PROSECUTOR)), **step(walk, Role.CHIEF_PROSECUTOR))

    assert refusal.value.code == "other_regime"


def test_only_named_colleagues_of_the_nctv_see_the_case_after_triage(world: World) -> None:
    walk = Walk(world)
    walk.assigned()

    assert seen_by(world.actor(Role.CASE_MANAGER), walk) == 1
    assert seen_by(world.actor(Role.CASE_MANAGER, nth=2), walk) == 0
    assert seen_by(world.actor(Role.THREAT_ANALYST), walk) == 0


def seen_by(actor: Actor, walk: Walk) -> int:
    with acting(actor, at=walk.at):
        return Case.objects.count()  # without visible_to: row-level security alone


def test_case_manager_and_decider_are_two_people(world: World) -> None:
    walk = Walk(world)
    walk.signed()
    manager = world.actor(Role.CASE_MANAGER)

    with pytest.raises(Invalid) as refusal:
        services.assign_case(
            case_id=walk.nomination.case_id,
            case_manager=manager.user_id,
            decider=manager.user_id,
            actor=walk.actor(Role.DUTY_OFFICER),
            at=walk.tick(),
        )

    assert "four_eyes" in {fault.code for fault in refusal.value.faults}


def test_r038_only_the_named_decider_judges(world: World) -> None:
    walk = Walk(world)
    walk.prepared()
    other = world.actor(Role.DECIDER, nth=2)
    services.give_access(
        case_id=walk.nomination.case_id,
        role=Role.DECIDER,
        user_id=other.user_id,
        reason="looks along",
        ground="access.give",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    with pytest.raises(Forbidden) as refusal:
        services.judge(
            nomination_id=walk.nomination.pk,
            version=walk.nomination.version,
            outcome="accept",
            reasons="x",
            code=code_for(other),
            actor=other,
            at=walk.tick(),
        )

    assert refusal.value.code == "not_named"


def test_r038_nobody_decides_about_themselves(world: World) -> None:
    walk = Walk(world)
    walk.prepared()
    decider = walk.actor(Role.DECIDER)
    with acting(decider, at=walk.at):
        person = walk.case.person
        person.user_id = decider.user_id
        person.save(update_fields=["user_id"])

    with pytest.raises(Forbidden) as refusal:
        services.judge(outcome="accept", reasons="x", code=code_for(decider), **step(walk, Role.DECIDER))

    assert refusal.value.code == "about_oneself"


def test_r050_rejection_gives_the_case_back_with_reasons(world: World) -> None:
    walk = Walk(world)
    walk.prepared()
    walk.answered("rejection", walk.nomination.pk)

    services.judge(
        outcome="reject",
        reasons="Not aimed at life.",
        code=code_for(walk.actor(Role.DECIDER)),
        **step(walk, Role.DECIDER),
    )

    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        assert walk.case.state == "local"
        judgement = Judgement.objects.get()
        assert vault.box(walk.case.person.key_id).open(judgement, "reasons") == "Not aimed at life."


def test_r050_a_withdrawn_nomination_ends_its_work_and_leaves_the_authority(world: World) -> None:
    walk = Walk(world)
    walk.prepared()

    services.withdraw_nomination(reason="New facts.", **step(walk, Role.CHIEF_PROSECUTOR))

    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        assert walk.case.state == "local"
