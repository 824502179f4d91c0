"""Triage: the framework in versions, the table of the indirect line, withdrawal (R039, R040, R050)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from cases import services
from cases.models import AgendaItem, Assessment, AssessmentNote, Case, Framework, Nomination, TriageTable
from cases.services import Note
from stelsel.kernel import vault
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import DomainError, IllegalMove, Invalid, Stale
from stelsel.kernel.models import WorkItem
from stelsel.legal.models import Provision, Sharing
from tests.cases.walk import DIRECT, Walk
from tests.world import NOON, World, code_for

ANONYMOUS = {"threatener": "anonymous"}
CHIEF, ADVISER, MEMBER = Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER, Role.TABLE_MEMBER


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code


def a_table(walk: Walk, **changes: Any) -> TriageTable:
    return services.convene_table(**(walk.meeting() | changes), actor=walk.actor(CHIEF), at=walk.tick())


def put(walk: Walk, table: TriageTable, *, actor: Actor | None = None) -> AgendaItem:
    return services.put_on_table(
        table_id=table.pk,
        nomination_id=walk.nomination.pk,
        reason="The threatener is unknown.",
        actor=actor or walk.actor(CHIEF),
        at=walk.tick(),
    )


def on_table(world: World, *, prepared: bool = False) -> tuple[Walk, AgendaItem]:
    walk = Walk(world)
    walk.prepared(ANONYMOUS) if prepared else walk.signed(ANONYMOUS)
    return walk, put(walk, a_table(walk))


def say(walk: Walk, item: AgendaItem, actor: Actor, *, party: UUID | None = None) -> object:
    return services.record_view(
        item_id=item.pk,
        party=party or actor.organisation_id or UUID(int=0),
        finds="scheme",
        text="It belongs in the scheme.",
        actor=actor,
        at=walk.tick(),
    )


def minute(walk: Walk, item: AgendaItem) -> AgendaItem:
    walk.at = max(walk.at, item.table.meets_at)
    return services.write_minutes(
        item_id=item.pk, minutes="Discussed.", version=item.version, actor=walk.actor(ADVISER), at=walk.tick()
    )


def judge(walk: Walk, outcome: str) -> object:
    decider = walk.actor(Role.DECIDER)
    return services.judge(
        nomination_id=walk.nomination.pk,
        outcome=outcome,
        reasons="Weighed.",
        version=walk.nomination.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


# --- the framework ---


def test_r039_answers_are_kept_with_their_version_notes_and_what_they_rest_on(world: World) -> None:
    walk = Walk(world)
    walk.handed_in()
    adviser = walk.actor(ADVISER)

    made = services.record_assessment(
        nomination_id=walk.nomination.pk,
        answers={**DIRECT, "aimed": "kin"},
        notes=[Note("aimed", "His sister was told what happens to him.", product="LX-12")],
        actor=adviser,
        at=walk.tick(),
    )

    with acting(adviser, at=walk.at):
        note = AssessmentNote.objects.select_related("case__person").get()
        assert (made.framework.number, made.outcome, note.product) == (1, "direct", "LX-12")
        assert b"sister" not in bytes(note.text)
        assert "sister" in vault.box(note.case.person.key_id).open(note, "text")


def test_r039_nobody_completes_before_the_framework_was_answered(world: World) -> None:
    walk = Walk(world)
    walk.handed_in()

    with refused("not_assessed"):
        walk._step(services.complete_nomination, ADVISER, assessment="Serious.")


def test_r040_where_the_framework_leads_elsewhere_the_table_needs_a_reason(world: World) -> None:
    walk = Walk(world)
    with refused("not_for_the_scheme"):
        walk.completed({"serious": "no"})

    walk.assessed({"serious": "no"}, deviation="The pattern fits earlier attacks.")
    walk._step(services.complete_nomination, ADVISER, assessment="Serious.")

    assert walk.nomination.line == "indirect"


def test_r039_evidence_of_another_case_is_refused(world: World) -> None:
    walk = Walk(world)
    walk.handed_in()

    with pytest.raises(Invalid):
        services.record_assessment(
            nomination_id=walk.nomination.pk,
            answers=DIRECT,
            notes=[Note("serious", attachment=UUID(int=7))],
            actor=walk.actor(ADVISER),
            at=walk.tick(),
        )


def test_r040_only_the_prosecution_sets_the_line(world: World) -> None:
    walk = Walk(world)
    walk.assigned()

    walk.assessed(ANONYMOUS, role=Role.CASE_MANAGER)

    assert walk.nomination.line == "direct"
    with refused("wrong_role"):
        walk.assessed(role=ADVISER)


def a_version(world: World, *, from_date: date) -> Framework:
    admin = world.actor(Role.ADMINISTRATOR)
    return Framework.objects.create(
        number=2,
        title="Next",
        source="C27",
        document=[
            {
                "code": "serious",
                "text": "Is it serious?",
                "answers": [
                    {"code": "yes", "text": "Yes", "leads": "table"},
                    {"code": "no", "text": "No", "leads": "local"},
                ],
            }
        ],
        from_date=from_date,
        proposed_by_id=admin.user_id,
        proposed_at=NOON,
    )


def publish(framework: Framework, by: Actor) -> Framework:
    with acting(by, at=NOON):
        return services.publish_framework(framework, by=by.user_id, at=NOON)


def test_r039_a_new_version_holds_from_its_day_and_changes_no_case_of_before(world: World) -> None:
    walk = Walk(world)
    walk.handed_in()
    before = walk.assessed()
    publish(a_version(world, from_date=NOON.date() + timedelta(days=1)), world.actor(Role.ADMINISTRATOR, nth=2))

    walk.at += timedelta(days=1)
    after = walk.assessed()

    assert (after.framework.number, after.outcome) == (2, "table")
    with acting(walk.actor(ADVISER), at=walk.at):
        kept = Assessment.objects.get(pk=before.pk)
        assert (kept.framework.number, kept.outcome, kept.answers) == (1, "direct", DIRECT)


def test_r039_who_proposed_a_version_does_not_publish_it(world: World) -> None:
    framework = a_version(world, from_date=NOON.date())

    with refused("four_eyes"):
        publish(framework, world.actor(Role.ADMINISTRATOR))
    with pytest.raises(IntegrityError), transaction.atomic():
        Framework.objects.filter(pk=framework.pk).update(published_by=framework.proposed_by)


def test_r039_a_published_version_is_final(world: World) -> None:
    with pytest.raises(IntegrityError, match="final"), transaction.atomic():
        Framework.objects.filter(number=1).update(title="Other")


# --- the table ---


def test_r050_only_who_holds_authority_puts_a_case_on_the_table(world: World) -> None:
    walk = Walk(world)
    walk.signed(ANONYMOUS)
    parties = [one.pk for code, one in world.organisations.items() if code in ("nctv", "om-noord", "om-zuid")]
    table = a_table(walk, parties=parties)
    other = world.actor(CHIEF, of="om-zuid")
    with acting(walk.actor(CHIEF), at=walk.at):
        give(walk.case, to=Principal(role=CHIEF, user_id=other.user_id), reason="helps", ground="access.give")

    with refused("other_office"):
        put(walk, table, actor=other)
    with refused("wrong_role"):
        put(walk, table, actor=walk.actor(Role.DUTY_OFFICER))
    assert put(walk, table).outcome == ""


def test_r050_a_party_sees_a_case_by_the_agenda_and_no_longer_than_the_table(world: World) -> None:
    walk, item = on_table(world)
    member = walk.actor(MEMBER)
    assert seen_by(member, walk) == 1
    services.hold_over(item_id=item.pk, reason="An estimate is expected.", actor=walk.actor(ADVISER), at=walk.tick())

    services.close_table(table_id=item.table_id, actor=walk.actor(ADVISER), at=walk.tick())

    assert seen_by(member, walk) == 0
    assert seen_by(walk.actor(Role.POLICE_RCCB), walk) == 1  # by the intake, not by the table


def test_r050_a_secretariat_that_loses_sight_itself_ends_that_of_all(world: World) -> None:
    walk = Walk(world)
    walk.signed(ANONYMOUS)
    keeper = world.actor(CHIEF, of="om-zuid")
    parties = [world.organisations[code].pk for code in ("nctv", "om-noord", "kmar")]
    table = services.convene_table(
        meets_at=walk.at + timedelta(hours=3), chair=keeper.user_id, parties=parties, actor=keeper, at=walk.tick()
    )
    item = put(walk, table)
    services.hold_over(item_id=item.pk, reason="An estimate is expected.", actor=keeper, at=walk.tick())

    services.close_table(table_id=table.pk, actor=keeper, at=walk.tick())

    assert [seen_by(one, walk) for one in (keeper, walk.actor(MEMBER), walk.actor(CHIEF))] == [0, 0, 1]


def seen_by(actor: Actor, walk: Walk) -> int:
    with acting(actor, at=walk.at):
        return Case.objects.count()  # without visible_to: row-level security alone


def test_r050_what_goes_to_a_party_passes_the_gate(world: World) -> None:
    walk, item = on_table(world)
    with acting(walk.actor(CHIEF), at=walk.at):
        shared = Sharing.objects.filter(subject_id=item.pk).order_by("receiver").values_list("receiver", flat=True)
        assert list(shared) == ["kmar", "nctv", "police_region", "prosecution"]
    Provision.objects.filter(information="triage_file", receiver="kmar").delete()
    services.hold_over(item_id=item.pk, reason="Once more.", actor=walk.actor(ADVISER), at=walk.tick())

    with refused("no_provision"):
        put(walk, a_table(walk))


def test_r050_a_view_is_recorded_by_the_party_or_by_the_secretariat(world: World) -> None:
    walk, item = on_table(world)
    kmar = world.organisations["kmar"].pk

    say(walk, item, walk.actor(MEMBER))
    say(walk, item, walk.actor(ADVISER), party=kmar)
    with refused("not_secretariat"):
        say(walk, item, walk.actor(Role.POLICE_RCCB), party=kmar)
    with refused("not_invited"):
        say(walk, item, walk.actor(ADVISER), party=world.organisations["lx"].pk)

    with acting(walk.actor(ADVISER), at=walk.at):
        assert item.views.count() == 2


def test_r050_the_secretariat_minutes_once_the_table_met_and_stale_minutes_are_refused(world: World) -> None:
    walk, item = on_table(world)
    keeper = walk.actor(ADVISER)
    with refused("not_met"):
        services.write_minutes(
            item_id=item.pk, minutes="x", version=1, actor=keeper, at=item.table.meets_at - timedelta(minutes=5)
        )

    minute(walk, item)

    with pytest.raises(Stale) as stale:
        services.write_minutes(item_id=item.pk, minutes="other", version=1, actor=keeper, at=walk.tick())
    assert stale.value.theirs["minutes"] == "Discussed."


def test_r050_the_indirect_line_is_judged_once_a_table_discussed_it(world: World) -> None:
    walk, item = on_table(world, prepared=True)
    with refused("not_discussed"):
        judge(walk, "accept")
    minute(walk, item)

    judge(walk, "accept")

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert AgendaItem.objects.get().outcome == "accepted"


def test_r050_a_table_does_not_close_with_an_item_without_outcome(world: World) -> None:
    walk, item = on_table(world)

    with refused("open_items"):
        services.close_table(table_id=item.table_id, actor=walk.actor(ADVISER), at=walk.tick())
    with acting(walk.actor(ADVISER), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        TriageTable.objects.update(closed_at=walk.at)


def test_r050_who_put_a_case_on_the_table_takes_it_off_with_a_reason(world: World) -> None:
    walk, item = on_table(world)
    with pytest.raises(Invalid):
        services.take_off_table(item_id=item.pk, reason=" ", actor=walk.actor(CHIEF), at=walk.tick())

    services.take_off_table(item_id=item.pk, reason="Direct line after all.", actor=walk.actor(CHIEF), at=walk.tick())

    with refused("off_the_agenda"):
        say(walk, item, walk.actor(MEMBER))
    assert put(walk, a_table(walk)).outcome == ""


def test_r050_a_nomination_lies_on_one_table_at_a_time(world: World) -> None:
    walk, item = on_table(world)

    with refused("on_a_table"):
        put(walk, a_table(walk))
    with acting(walk.actor(CHIEF), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.create(
            table_id=item.table_id,
            case_id=item.case_id,
            nomination_id=item.nomination_id,
            put_by_id=item.put_by_id,
            put_at=walk.at,
        )


def test_r050_an_urgent_designation_overtakes_the_table(world: World) -> None:
    walk, _item = on_table(world)

    services.order_urgent_measures(
        case_id=walk.nomination.case_id,
        caller="duty prosecutor",
        note="shots fired",
        kinds=["escort"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )

    with acting(walk.actor(Role.DUTY_OFFICER), at=walk.at):
        assert AgendaItem.objects.get().outcome == "overtaken"


def test_r050_a_table_has_a_chair_of_its_own_office_and_the_nctv(world: World) -> None:
    walk = Walk(world)
    chair = world.actor(CHIEF, of="om-zuid").user_id

    with pytest.raises(Invalid) as refusal:
        a_table(walk, chair=chair, parties=[world.organisations["kmar"].pk], meets_at=walk.at)

    assert {fault.field for fault in refusal.value.faults} == {"chair", "parties", "meets_at"}


def test_r050_each_party_is_asked_for_its_view_until_it_gave_it(world: World) -> None:
    walk, item = on_table(world)
    member = walk.actor(MEMBER)
    with acting(member, at=walk.at):
        assert WorkItem.objects.filter(kind="table.view", owner_role=MEMBER, closed_at=None).count() == 1

    say(walk, item, member)

    with acting(member, at=walk.at):
        assert not WorkItem.objects.filter(kind="table.view", owner_role=MEMBER, closed_at=None).exists()


# --- withdrawal ---


def test_r050_the_office_withdraws_with_a_reason_and_it_leaves_the_table(world: World) -> None:
    walk, _item = on_table(world)
    told: dict[str, Any] = {
        "nomination_id": walk.nomination.pk,
        "version": walk.nomination.version,
        "actor": walk.actor(CHIEF),
    }
    with pytest.raises(Invalid):
        services.withdraw_nomination(**told, reason="", at=walk.tick())

    services.withdraw_nomination(**told, reason="The suspect was arrested.", at=walk.tick())

    with acting(walk.actor(CHIEF), at=walk.at):
        nomination = Nomination.objects.select_related("case__person").get()
        assert vault.box(nomination.case.person.key_id).open(nomination, "withdrawal") == "The suspect was arrested."
        assert AgendaItem.objects.get().outcome == "withdrawn"


def test_r050_a_judged_nomination_is_not_withdrawn(world: World) -> None:
    walk = Walk(world)
    walk.designated()

    with pytest.raises(IllegalMove):
        services.withdraw_nomination(
            nomination_id=walk.nomination.pk,
            version=walk._reload(Role.CASE_MANAGER).version,
            reason="Too late.",
            actor=walk.actor(CHIEF),
            at=walk.tick(),
        )
