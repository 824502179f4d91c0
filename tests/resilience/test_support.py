"""Support: offered from the palette that holds on the day, suited to age, answered freely."""

from datetime import date
from typing import Any

import pytest

from resilience import services
from resilience.models import SupportItem, SupportOffer
from resilience.services import About
from resilience.services.reading import palette_for
from stelsel.kernel.access import acting
from stelsel.kernel.errors import IllegalMove, Invalid, Stale
from tests.resilience.walk import Support


def offered(support: Support, code: str = "what-to-expect") -> SupportOffer:
    return services.offer_support(
        file_id=support.files[0].pk, item_id=support.item(code).pk, actor=support.expert, at=support.walk.tick()
    )


def answered(support: Support, offer: SupportOffer, step: str, **given: Any) -> SupportOffer:
    return services.answer_offer(
        offer_id=offer.pk,
        step=step,
        version=offer.version,
        actor=support.expert,
        at=support.walk.tick(),
        **given,
    )


def test_r030_an_offer_and_its_answer_are_kept_with_why(support: Support) -> None:
    offer = offered(support)

    answered(support, offer, "decline", why="Too early.")

    whole = services.open_file(file_id=support.file.pk, actor=support.expert, at=support.at)
    assert [(row.offer.state, row.offer.phase, row.why) for row in whole.offers] == [
        ("declined", "impact", "Too early.")
    ]


def test_r030_declining_says_why(support: Support) -> None:
    with pytest.raises(Invalid):
        answered(support, offered(support), "decline")


def test_r030_who_declined_may_still_accept(support: Support) -> None:
    declined = answered(support, offered(support), "decline", why="Too early.")

    assert answered(support, declined, "accept").state == "accepted"


@pytest.mark.parametrize("day", [None, date(2026, 3, 1)])
def test_later_says_when_one_asks_again(support: Support, day: date | None) -> None:
    with pytest.raises(Invalid) as refused:
        answered(support, offered(support), "later", ask_again_on=day)

    assert [fault.field for fault in refused.value.faults] == ["ask_again_on"]


def test_an_answer_that_stands_is_not_given_again(support: Support) -> None:
    accepted = answered(support, offered(support), "accept")

    with pytest.raises(IllegalMove):
        answered(support, accepted, "accept")


def test_an_answer_to_an_offer_that_changed_is_refused(support: Support) -> None:
    offer = offered(support)
    answered(support, offer, "later", ask_again_on=date(2026, 6, 1))

    with pytest.raises(Stale):
        answered(support, offer, "accept")


def test_r030_an_item_that_was_discontinued_is_not_offered(support: Support) -> None:
    SupportItem.objects.filter(code="what-to-expect").update(in_force=(date(2026, 1, 1), date(2026, 2, 1)))

    with pytest.raises(Invalid) as refused:
        offered(support)

    assert [fault.code for fault in refused.value.faults] == ["unavailable"]


def test_r030_an_item_for_adults_is_not_offered_to_a_child(support: Support) -> None:
    file = support.file
    about = About(age_band="0_11", consent="given", awareness="partly")
    services.write_about(file_id=file.pk, about=about, version=1, actor=support.expert, at=support.at)

    with pytest.raises(Invalid) as refused:
        offered(support, "stress-course")

    assert [fault.code for fault in refused.value.faults] == ["age"]
    codes = {item.code for item in palette_for(support.file, on=support.at.date())}
    assert "children-box" in codes
    assert "stress-course" not in codes


def test_the_same_support_is_not_offered_twice_while_open(support: Support) -> None:
    offered(support)

    with pytest.raises(Invalid) as refused:
        offered(support)

    assert [fault.code for fault in refused.value.faults] == ["twice"]
    with acting(support.expert, at=support.at):
        assert SupportOffer.objects.count() == 1
