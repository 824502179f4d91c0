"""The demonstration can be loaded at any hour: a story that goes on after its triage table has room to do so."""

from datetime import UTC, datetime, timedelta

import pytest

from stelsel.oversight.services.demo.tables import meeting

WEDNESDAY = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


def test_a_nomination_waits_for_the_table_of_its_week() -> None:
    assert meeting(WEDNESDAY, before=None) == datetime(2026, 11, 26, 13, tzinfo=UTC)
    assert meeting(WEDNESDAY + timedelta(hours=20), before=None) == datetime(2026, 12, 3, 13, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(30, 24 * 9, 5))
def test_a_table_leaves_a_story_a_day_or_two_thirds_of_its_time(hours: int) -> None:
    for start in range(0, 168, 7):
        after = WEDNESDAY + timedelta(hours=start)
        before = after + timedelta(hours=hours)

        meets = meeting(after, before=before)

        assert after < meets
        assert before - meets >= min(timedelta(days=1), (before - after) * 2 / 3)
