"""Bulk cases obey every constraint and trigger, and are seen by grant alone."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from cases.lifecycle import CaseState
from cases.models import AuthorityPeriod, Case, CaseUserGrant
from stelsel.kernel import access
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict
from stelsel.kernel.jobs import system_actor
from stelsel.oversight.services import demo
from stelsel.oversight.services.demo.people import Field, make_field

TODAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
SINCE = datetime(2025, 9, 1, tzinfo=UTC)
MANY = 120


@pytest.fixture(scope="module")
def field(worker_database: Callable[[], None]) -> Field:  # asked for its effect
    with pytest.raises(Conflict):
        demo.multiply(1, seed=1, at=TODAY)
    with acting(system_actor(), at=TODAY):
        made = make_field(password="only for tests", since=SINCE)
    demo.multiply(MANY, seed=1, at=TODAY)
    return made


def test_bulk_cases_are_in_every_state_but_triage_and_under_one_authority(field: Field) -> None:
    with acting(system_actor(), at=TODAY):
        states = Counter(Case.objects.order_by("pk").values_list("state", flat=True))
        assert set(states) == set(CaseState) - {CaseState.TRIAGE}
        assert states.total() == MANY
        assert AuthorityPeriod.objects.filter(authority="nctv").count() == states[CaseState.SCHEME]
        assert AuthorityPeriod.objects.filter(period__upper_inf=False).count() == states[CaseState.CLOSED]
    assert field.organisations


def test_the_desk_sees_all_of_them_and_one_case_manager_three(field: Field) -> None:
    desk, few = field.of(Role.DUTY_OFFICER, "nctv"), field.actor("selma")
    with acting(desk, at=TODAY):
        assert Case.objects.visible_to(desk, at=TODAY).count() == MANY
    with acting(few, at=TODAY):
        page = access.page(Case, to=few, at=TODAY)
        assert len(page.ids) == 3
        assert CaseUserGrant.objects.filter(user_id=few.user_id).count() == 3
        assert Case.objects.count() == 3  # row-level security alone


def test_a_bulk_load_leaves_the_planner_with_true_counts(field: Field) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'cases_casegroupgrant'")
        assert cursor.fetchone() == (MANY,)
    assert field.organisations
