"""The file stands apart (R026): by the services, by the pages, and by the database with the services out of the way."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from resilience import services
from resilience.models import PhaseChange, ResilienceFile, SupportOffer, Talk, TalkParticipant
from resilience.services.reading import status_panel
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.composition import LINKS, PANELS, TIMELINE
from stelsel.kernel.errors import Forbidden
from stelsel.kernel.models import AuditEntry, ReadEntry
from tests.resilience.walk import Support

FILE_ROLES = {Role.RESILIENCE_EXPERT, Role.BUDDY_COORDINATOR}
OTHERS = sorted(set(Role) - FILE_ROLES - {Role.SYSTEM})
NO_STATUS = sorted(set(OTHERS) - {Role.CASE_MANAGER})
TABLES = (ResilienceFile, PhaseChange, Talk, TalkParticipant, SupportOffer)


def with_sight(support: Support, role: Role) -> Actor:
    """Somebody in this role who may see the case."""
    actor = support.world.actor(role)
    with acting(support.walk.actor(Role.DECIDER), at=support.at):
        give(
            support.designation.case,
            to=Principal(role=role, user_id=actor.user_id),
            reason="sees the case",
            ground="access.give",
        )
    return actor


def filled(support: Support) -> None:
    support.hold(support.plan(), participants=[support.partner.pk], offers=[support.item().pk])
    support.plan(in_days=5)


def test_r026_no_other_role_opens_a_file_even_with_sight_of_the_case(support: Support) -> None:
    for role in OTHERS:
        actor = with_sight(support, role)

        with pytest.raises(ResilienceFile.DoesNotExist):
            services.open_file(file_id=support.files[0].pk, actor=actor, at=support.at)


def test_r026_the_database_shows_no_row_to_another_role_with_sight_of_the_case(support: Support) -> None:
    filled(support)
    shown = {}
    for role in OTHERS:
        with acting(with_sight(support, role), at=support.at):
            shown[role] = sum(model._default_manager.count() for model in TABLES)

    assert {role for role, rows in shown.items() if rows} == set()


def test_r026_the_experts_see_every_table(support: Support) -> None:
    filled(support)

    with acting(support.expert, at=support.at):
        assert all(model._default_manager.exists() for model in TABLES)


@pytest.mark.parametrize("role", sorted(FILE_ROLES))
def test_a_stranger_in_the_right_role_finds_nothing(support: Support, role: Role) -> None:
    stranger = support.world.actor(role, of="om-zuid")

    with pytest.raises(ResilienceFile.DoesNotExist):
        services.open_file(file_id=support.files[0].pk, actor=stranger, at=support.at)
    with acting(stranger, at=support.at):
        assert not any(model._default_manager.exists() for model in TABLES)


def test_r026_the_case_manager_sees_the_status_alone(support: Support) -> None:
    talk = support.plan(in_days=3)
    manager = support.walk.actor(Role.CASE_MANAGER)

    rows = services.status_of_case(case_id=support.designation.case_id, actor=manager, at=support.at)

    assert [(row.pseudonym, row.contact_current, row.next_talk, row.url) for row in rows] == [
        (support.files[0].person.pseudonym, True, talk.planned_for.date(), ""),
        (support.files[1].person.pseudonym, True, None, ""),
    ]


def test_contact_is_out_of_date_once_the_talk_is_overdue(support: Support) -> None:
    manager = support.walk.actor(Role.CASE_MANAGER)
    after = support.file.talk_due_at.replace(microsecond=1)

    rows = services.status_of_case(case_id=support.designation.case_id, actor=manager, at=after)

    assert [row.contact_current for row in rows] == [False, False]


def test_the_status_function_gives_four_columns(support: Support) -> None:
    with acting(support.walk.actor(Role.CASE_MANAGER), at=support.at), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM resilience_status(%s)", [support.designation.case_id])

        assert [column.name for column in cursor.description] == ["person_id", "phase", "contact_current", "next_talk"]
        assert len(cursor.fetchall()) == 2


def test_r026_the_status_is_for_no_other_role(support: Support) -> None:
    case_id = support.designation.case_id
    for role in NO_STATUS:
        actor = with_sight(support, role)

        with pytest.raises(Forbidden):
            services.status_of_case(case_id=case_id, actor=actor, at=support.at)
        with acting(actor, at=support.at), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM resilience_status(%s)", [case_id])
            assert cursor.fetchall() == []


def test_a_case_manager_of_another_case_gets_no_status(support: Support) -> None:
    other = support.world.actor(Role.CASE_MANAGER, nth=2)
    case_id = support.designation.case_id

    with pytest.raises(Exception, match="does not exist"):
        services.status_of_case(case_id=case_id, actor=other, at=support.at)
    with acting(other, at=support.at), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM resilience_status(%s)", [case_id])
        assert cursor.fetchall() == []


ACTS: dict[str, Callable[[Support, Talk, Actor], object]] = {
    "plan": lambda s, t, a: services.plan_talk(
        file_id=s.files[0].pk,
        plan=services.Plan(planned_for=t.planned_for, place="home", expert_id=s.expert.user_id),
        actor=a,
        at=s.at,
    ),
    "end": lambda s, t, a: services.end_talk(talk_id=t.pk, step="cancel", why="x", version=t.version, actor=a, at=s.at),
    "phase": lambda s, _, a: services.change_phase(
        file_id=s.files[0].pk, phase="end", reason="x", version=1, actor=a, at=s.at
    ),
    "about": lambda s, _, a: services.write_about(
        file_id=s.files[0].pk,
        about=services.About(age_band="adult", consent="given", awareness="knows"),
        version=1,
        actor=a,
        at=s.at,
    ),
    "offer": lambda s, _, a: services.offer_support(file_id=s.files[0].pk, item_id=s.item().pk, actor=a, at=s.at),
    "follow_up": lambda s, t, a: services.settle_follow_up(talk_id=t.pk, actor=a, at=s.at),
}


def test_r026_no_other_role_acts_on_a_file(support: Support) -> None:
    talk = support.plan()
    for role in (Role.CASE_MANAGER, Role.DECIDER, Role.THREAT_ANALYST, Role.LCC_COORDINATOR):
        actor = with_sight(support, role)
        for act in ACTS.values():
            with pytest.raises((ResilienceFile.DoesNotExist, Talk.DoesNotExist)):
                act(support, talk, actor)


def test_the_panel_the_timeline_and_the_link_are_not_for_other_roles() -> None:
    panel = next(panel for panel in PANELS if panel.name == "resilience")
    source = next(source for source in TIMELINE if source.kind == "resilience")
    links = [link for link in LINKS if link.url_name.startswith("resilience")]

    for role in NO_STATUS:
        actor = Actor(user_id=uuid4(), name="Somebody", role=role)
        assert not panel.policy(actor)
        assert not source.policy(actor)
        assert not any(role in link.roles for link in links)


def test_the_panel_of_the_case_manager_is_the_status(support: Support) -> None:
    manager = support.walk.actor(Role.CASE_MANAGER)

    context = status_panel(support.designation.case_id, manager, support.at)

    assert context is not None
    assert not services.timeline(support.designation.case_id, manager, support.at)


def test_the_timeline_of_the_experts_holds_no_text_of_a_talk(support: Support) -> None:
    support.hold(support.plan(), summary="A quiet word.")

    with acting(support.expert, at=support.at):
        events = services.timeline(support.designation.case_id, support.expert, support.at)

    assert {event.kind for event in events} == {"resilience"}
    assert len(events) == 3
    assert not any("quiet" in event.text for event in events)


def test_acts_on_a_file_are_not_among_the_acts_on_the_case_that_others_read(support: Support) -> None:
    filled(support)
    analyst = with_sight(support, Role.THREAT_ANALYST)

    with acting(analyst, at=support.at):
        assert AuditEntry.objects.filter(verb="designation.decide").exists()
        assert not AuditEntry.objects.filter(verb__startswith="resilience").exists()
    with acting(support.expert, at=support.at):
        assert AuditEntry.objects.filter(verb="resilience.hold").exists()


def reads(support: Support, actor: Actor) -> set[Any]:
    with acting(support.world.actor(Role.CONTROLLER), at=support.at):
        rows = ReadEntry.objects.filter(actor_id=actor.user_id).values_list("subject_id", "kind")
        return set(rows)


def test_opening_a_file_is_logged_for_each_person_it_names(support: Support) -> None:
    services.open_file(file_id=support.files[1].pk, actor=support.expert, at=support.at)

    assert reads(support, support.expert) == {(file.person_id, "view") for file in support.files}  # it names them all


def test_listing_is_logged_for_each_person_listed(support: Support) -> None:
    services.list_files(actor=support.expert, at=support.at)

    assert reads(support, support.expert) == {(file.person_id, "list") for file in support.files}
