"""Files: opened by the designation for each person of the household, their phases, what is known before a talk."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import CaseGroupGrant
from cases.services import give_access
from resilience import services
from resilience.models import PhaseChange, ResilienceFile
from resilience.services import About, begin
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.jobs import run, system_actor
from stelsel.kernel.models import OutboxMessage, WorkItem
from tests.resilience.walk import Support, designated_for_good, on_the_worker
from tests.services import Services
from tests.world import World


@pytest.mark.usefixtures("fresh_db")
def test_r025_designation_opens_a_file_for_the_person_and_each_member_of_the_household(
    world: World, services: Services
) -> None:
    designated_for_good(world)
    message = OutboxMessage.objects.get(task="resilience.begin")

    with on_the_worker(services):
        assert run(message.pk)

    message.refresh_from_db()
    assert message.finished_at is not None
    with acting(world.actor(Role.RESILIENCE_EXPERT), at=message.finished_at):
        files = ResilienceFile.objects.select_related("relation").order_by("person__pseudonym")
        kinds = [file.relation.kind if file.relation else "person" for file in files]
        waiting = WorkItem.objects.filter(kind="resilience.plan", closed_at=None)
        assert kinds == ["person", "partner"]  # the friend is not of the core household
        assert {file.phase for file in files} == {"impact"}
        assert {item.subject_id for item in waiting} == {file.pk for file in files}


@pytest.mark.usefixtures("fresh_db")
def test_beginning_twice_changes_nothing(world: World, services: Services) -> None:
    walk, designation = designated_for_good(world)
    with on_the_worker(services):
        first = begin(designation_id=designation.pk, actor=system_actor(), at=walk.tick())

        second = begin(designation_id=designation.pk, actor=system_actor(), at=walk.tick())

        with acting(system_actor(), at=walk.at):
            grants = CaseGroupGrant.objects.filter(role=Role.RESILIENCE_EXPERT)
            assert (len(first), len(second)) == (2, 0)
            assert (ResilienceFile.objects.count(), PhaseChange.objects.count(), grants.count()) == (2, 2, 1)
            assert WorkItem.objects.filter(kind="resilience.plan").count() == 2


def test_nobody_but_the_system_begins_support(support: Support) -> None:
    expert = support.expert

    with pytest.raises(Forbidden):
        begin(designation_id=support.designation.pk, actor=expert, at=support.walk.tick())


def test_r028_phases_go_back_and_forth_and_the_history_stays(support: Support) -> None:
    support.move_to("end")
    support.move_to("impact", reason="A new threat.")

    file = support.move_to("consolidation")

    whole = services.open_file(file_id=file.pk, actor=support.expert, at=support.at)
    assert [row.change.phase for row in whole.phases] == ["consolidation", "impact", "end", "impact"]
    assert [row.reason for row in whole.phases][1:3] == ["A new threat.", "A rhythm was found."]


def test_r028_the_phase_of_a_relation_differs(support: Support) -> None:
    support.move_to("consolidation", file=support.partner)

    assert (support.file.phase, support.partner.phase) == ("impact", "consolidation")


def test_r028_a_phase_without_a_reason_is_refused(support: Support) -> None:
    with pytest.raises(Invalid):
        support.move_to("end", reason=" ")

    assert support.file.phase == "impact"


@pytest.mark.parametrize("phase", ["impact", "recovery", ""])
def test_a_phase_that_is_none_or_holds_already_is_refused(support: Support, phase: str) -> None:
    with pytest.raises(IllegalMove):
        support.move_to(phase)


def test_the_database_keeps_a_past_phase(support: Support) -> None:
    support.move_to("end")

    with acting(support.expert, at=support.at), pytest.raises(Exception, match="permission denied"):
        PhaseChange.objects.update(phase="impact")


ABOUT = About(age_band="16_17", consent="given", awareness="partly", needs="Wants to stay at school.")


def test_r025_consent_needs_and_age_are_recorded_under_the_persons_own_key(support: Support) -> None:
    file = support.partner

    services.write_about(file_id=file.pk, about=ABOUT, version=file.version, actor=support.expert, at=support.at)

    kept = support.partner
    assert (kept.age_band, kept.consent, kept.awareness) == ("16_17", "given", "partly")
    assert vault.box(kept.person.key_id).open(kept, "needs") == "Wants to stay at school."
    with pytest.raises(vault.Unreadable):
        vault.box(support.file.person.key_id).open(kept, "needs")


def test_writing_over_what_a_colleague_wrote_is_refused_with_theirs_beside(support: Support) -> None:
    file = support.file
    services.write_about(file_id=file.pk, about=ABOUT, version=file.version, actor=support.expert, at=support.at)
    colleague = support.world.actor(Role.RESILIENCE_EXPERT, nth=2)

    with pytest.raises(Stale) as refused:
        services.write_about(file_id=file.pk, about=ABOUT, version=file.version, actor=colleague, at=support.at)

    assert refused.value.theirs["needs"] == "Wants to stay at school."


@pytest.mark.parametrize("field", ["age_band", "consent", "awareness"])
def test_a_value_outside_the_list_is_refused(support: Support, field: str) -> None:
    told: dict[str, Any] = {"age_band": "adult", "consent": "given", "awareness": "knows", field: "other"}
    file = support.file

    with pytest.raises(Invalid) as refused:
        services.write_about(
            file_id=file.pk, about=About(**told), version=file.version, actor=support.expert, at=support.at
        )

    assert [fault.field for fault in refused.value.faults] == [field]


def test_r029_a_text_that_looks_clinical_warns_and_is_saved_only_after_confirming(support: Support) -> None:
    told: dict[str, Any] = {"file_id": support.file.pk, "version": 1, "actor": support.expert, "at": support.at}
    about = About(age_band="adult", consent="given", awareness="knows", needs="Uses oxazepam.")

    with pytest.raises(Invalid) as warned:
        services.write_about(about=about, **told)

    assert (warned.value.code, [fault.field for fault in warned.value.faults]) == ("looks_clinical", ["needs"])
    assert bytes(support.file.needs) == b""
    services.write_about(about=about, clinical_confirmed=True, **told)
    assert bytes(support.file.needs)


def test_a_buddy_coordinator_reads_and_does_not_write(support: Support) -> None:
    coordinator = support.world.actor(Role.BUDDY_COORDINATOR)
    _let_see(support, coordinator)
    whole = services.open_file(file_id=support.file.pk, actor=coordinator, at=support.at)

    with pytest.raises(Forbidden):
        services.change_phase(
            file_id=whole.file.pk, phase="end", reason="x", version=1, actor=coordinator, at=support.at
        )


def _let_see(support: Support, actor: Any) -> None:
    give_access(
        case_id=support.designation.case_id,
        role=actor.role,
        user_id=actor.user_id,
        reason="asked for a buddy",
        ground="access.give",
        actor=support.walk.actor(Role.CASE_MANAGER),
        at=support.walk.tick(),
    )


def test_nobody_keeps_the_file_of_themselves(support: Support) -> None:
    with acting(support.expert, at=support.at):
        person = support.partner.person
        person.user_id = support.expert.user_id
        person.save(update_fields=["user_id"])

    with pytest.raises(Forbidden):
        support.move_to("end", file=support.partner)


def test_a_row_of_another_case_does_not_enter_a_file(support: Support) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(
            "INSERT INTO resilience_phasechange (id, case_id, file_id, phase, since, reason)"
            " VALUES (gen_random_uuid(), %s, %s, 'end', now(), '')",
            [uuid4(), support.files[0].pk],
        )
