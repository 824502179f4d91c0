"""The start page turns its pages and narrows them, most urgent first, whoever owns the work."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from stelsel.kernel import views, work
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import NotVisible
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.world import World

KINDS = ("triage.assign", "inform.person")


@pytest.fixture
def adviser(world: World) -> Actor:
    return world.actor(Role.DUTY_OFFICER)


@pytest.fixture
def items(adviser: Actor) -> list[WorkItem]:
    """Eleven items without a case: mine, my organisation's and anybody's in turn; two due at one instant, two never."""
    at = timezone.now()
    dues = [at + timedelta(hours=hours) for hours in (-30, -2, 1, 1, 5, 20, 30, 60, 90)] + [None, None]
    with acting(adviser, at=at):
        return [item(adviser, nth, due=due, at=at) for nth, due in enumerate(dues)]


def item(actor: Actor, nth: int, *, due: datetime | None, at: datetime) -> WorkItem:
    owners: tuple[dict[str, object], ...] = (
        {"owner_id": actor.user_id},
        {"owner_organisation_id": actor.organisation_id},
        {},
    )
    return WorkItem.objects.create(
        kind=KINDS[nth % 2],
        owner_role=actor.role,
        subject="cases.case",
        subject_id=uuid4(),
        label=f"2026-{nth}",
        opened_at=at,
        due_at=due,
        **owners[nth % 3],
    )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 20])
def test_each_item_comes_once_in_one_order_forth_and_back(adviser: Actor, items: list[WorkItem], size: int) -> None:
    with acting(adviser, at=timezone.now()):
        expected = [one.pk for one in work.waiting(adviser)]
        part = work.page(adviser, size=size)
        found = [one.pk for one in part.items]
        while part.following:
            part = work.page(adviser, size=size, after=part.following)
            found += [one.pk for one in part.items]
        back = [one.pk for one in part.items]
        while part.preceding:
            part = work.page(adviser, size=size, before=part.preceding)
            back = [one.pk for one in part.items] + back

    assert found == back == expected
    assert len(found) == len(items)


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("due=past", ["2026-0", "2026-1"]),
        ("due=day&kind=triage.assign", ["2026-2", "2026-4"]),
        ("due=later", ["2026-6", "2026-7", "2026-8"]),
        ("due=none&kind=inform.person", ["2026-9"]),
        ("kind=no.such.kind", [f"2026-{nth}" for nth in range(11)]),
    ],
)
@pytest.mark.usefixtures("items")
def test_the_start_page_narrows_by_kind_and_due(adviser: Actor, query: str, labels: list[str]) -> None:
    page = as_client(adviser).get(f"/?{query}")

    assert page.status_code == 200
    assert sorted(row["item"].label for row in page.context["rows"]) == sorted(labels)


@pytest.mark.usefixtures("items")
def test_the_start_page_turns_its_pages(adviser: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SHOWN", 4)
    client = as_client(adviser)
    first = client.get("/")
    second = client.get("/", {"after": first.context["found"].following})

    assert {row["item"].label for row in first.context["rows"]} == {f"2026-{nth}" for nth in range(4)}
    assert {row["item"].label for row in second.context["rows"]} == {f"2026-{nth}" for nth in range(4, 8)}
    assert 'rel="prev"' in second.text


@pytest.mark.parametrize("cursor", ["x", "~~", "2026-01-01~2026-01-01~no"])
@pytest.mark.django_db
def test_a_place_that_is_none_is_not_found(adviser: Actor, cursor: str) -> None:
    with pytest.raises(NotVisible):
        work.page(adviser, size=1, after=cursor)

    assert as_client(adviser).get("/", {"after": cursor}).status_code == 404
