"""Phases, talks, offers and clocks: the pure rules."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.lifecycle import (
    ENDED_TALKS,
    OFFER_LIFECYCLE,
    PHASE_LIFECYCLE,
    TALK_LIFECYCLE,
    Norm,
    OfferState,
    Phase,
    TalkState,
    offer_due,
    talk_due,
)
from stelsel.kernel.errors import IllegalMove

NORM = Norm(first_talk=timedelta(days=7), next_talk=timedelta(days=14), first_offer=timedelta(days=14))
SINCE = datetime(2026, 3, 2, tzinfo=UTC)
moments = st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), max_size=8)


@pytest.mark.parametrize(("before", "after"), list(permutations(Phase, 2)))
def test_r028_every_phase_is_reached_from_every_other(before: Phase, after: Phase) -> None:
    assert PHASE_LIFECYCLE.apply(f"to_{after}", state=before) is after


@pytest.mark.parametrize("phase", list(Phase))
def test_a_phase_is_not_changed_into_itself(phase: Phase) -> None:
    with pytest.raises(IllegalMove):
        PHASE_LIFECYCLE.apply(f"to_{phase}", state=phase)


@pytest.mark.parametrize("state", sorted(ENDED_TALKS))
def test_a_recorded_talk_has_no_next_step(state: TalkState) -> None:
    assert TALK_LIFECYCLE.final(state)


def test_who_declined_may_accept_and_who_accepted_may_stop() -> None:
    assert OFFER_LIFECYCLE.apply("accept", state=OfferState.DECLINED) is OfferState.ACCEPTED
    assert OFFER_LIFECYCLE.apply("decline", state=OfferState.ACCEPTED) is OfferState.DECLINED


@given(contacts=moments)
def test_a_talk_is_due_in_every_phase_and_only_contact_in_it_puts_it_off(contacts: list[datetime]) -> None:
    due = talk_due(NORM, phase_since=SINCE, contacts=contacts)

    inside = [at for at in contacts if at >= SINCE]
    assert due == (max(inside) + NORM.next_talk if inside else SINCE + NORM.first_talk)


@given(offered=moments)
def test_r028_each_phase_asks_for_an_offer_of_its_own(offered: list[datetime]) -> None:
    due = offer_due(NORM, phase_since=SINCE, offered=offered)

    assert (due is None) == any(at >= SINCE for at in offered)
