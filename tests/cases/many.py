"""Many designated persons whose complete handover file waits: rows in bulk, true to every constraint."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Permission

from cases.lifecycle import HANDOVER_CHECKLIST
from cases.models import AuthorityPeriod, Case, CaseGroupGrant, CaseUserGrant, Handover, HandoverItem, Person
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from tests.world import World

OFFICE = (Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR)


def many_files(world: World, count: int, *, manager: Actor, decider: Actor, at: datetime) -> list[Handover]:
    """Files of the office om-noord, seen by the office and by the case manager who is named on the cases."""
    with acting(manager, at=at):
        return _make(world, count, manager=manager, decider=decider, opened=at - timedelta(days=3))


def _make(world: World, count: int, *, manager: Actor, decider: Actor, opened: datetime) -> list[Handover]:
    office, nctv = world.organisations["om-noord"], world.organisations["nctv"]
    key = vault.make_key(at=opened)
    box = vault.box(key.pk)
    persons = [
        Person(pseudonym=f"P-{nth:04d}", key=key, name_index=vault.blind_index(f"Person {nth}"), created_at=opened)
        for nth in range(count)
    ]
    for nth, person in enumerate(persons):
        box.seal(person, "name", f"Person {nth}", key=key.pk)
    cases = [
        Case(
            number=f"2026-9{nth:04d}",
            person=person,
            state="scheme",
            phenomenon="organised_crime",
            purpose="Protection of life",
            ground_id="politiewet-1-2",
            office=office,
            region="noord",
            case_manager_id=manager.user_id,
            decider_id=decider.user_id,
            opened_at=opened,
            sort_at=opened,
        )
        for nth, person in enumerate(persons)
    ]
    files = [
        Handover(case=case, state="draft", due_at=opened + timedelta(days=14), created_at=opened) for case in cases
    ]
    Person.objects.bulk_create(persons)
    Case.objects.bulk_create(cases)
    AuthorityPeriod.objects.bulk_create(
        AuthorityPeriod(
            case=case,
            person_id=case.person_id,
            scope="person_directed",
            authority="nctv",
            holder=nctv,
            period=(opened, None),
            ground="designation.decide",
        )
        for case in cases
    )
    Handover.objects.bulk_create(files)
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=file, case=file.case, code=code, not_applicable=True)
        for file in files
        for code in HANDOVER_CHECKLIST
    )
    _give(cases, office_groups={role: office.group_for(role).pk for role in OFFICE}, manager=manager, opened=opened)
    return files


def _give(cases: list[Case], *, office_groups: dict[Role, int], manager: Actor, opened: datetime) -> None:
    told = {
        "permission_id": Permission.objects.get(codename="view_case").pk,
        "reason": "test",
        "ground": "test",
        "period": (opened, None),
        "sort_at": opened,
    }
    CaseUserGrant.objects.bulk_create(
        CaseUserGrant(content_object=case, user_id=manager.user_id, role=manager.role, **told) for case in cases
    )
    CaseGroupGrant.objects.bulk_create(
        CaseGroupGrant(content_object=case, group_id=group, role=role, **told)
        for case in cases
        for role, group in office_groups.items()
    )
