"""The pages: each opens for its role, does its act, and shows a refusal with everything typed; others get 404."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from resilience.models import ResilienceFile, Talk
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import User
from tests.resilience.test_walls import with_sight
from tests.resilience.walk import Support


def as_(actor: Actor) -> Client:
    """Logged in as this person, in their language: English, so that the words are those of the code."""
    client = Client(headers={"accept-language": "en"})
    username = User.objects.get(pk=actor.user_id).username
    client.post(reverse("demo_login"), {"username": username})
    return client


@pytest.fixture
def talk(support: Support) -> Talk:
    """A planned talk, ahead of the real clock that pages read."""
    support.walk.at = timezone.now() - timedelta(hours=2)
    return support.plan(in_days=2, preparation="Ask about the school.")


def ahead() -> str:
    return f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}"


def just_now() -> str:
    return f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%dT%H:%M}"


def addresses(support: Support, talk: Talk) -> dict[str, str]:
    of_file = ("file", "about", "phase", "plan", "offer")
    of_talk = ("talk", "move", "hold", "miss", "refuse", "cancel")
    keys = dict.fromkeys(of_file, support.files[0].pk) | dict.fromkeys(of_talk, talk.pk)
    return {name: reverse(f"resilience:{name}", args=[key]) for name, key in keys.items()}


def test_every_page_of_a_file_opens_for_an_expert(support: Support, talk: Talk) -> None:
    client = as_(support.expert)

    answers = {name: client.get(url) for name, url in addresses(support, talk).items()}

    assert {name: page.status_code for name, page in answers.items()} == dict.fromkeys(answers, 200)
    assert all(page.text.count("<h1") == 1 for page in answers.values())
    assert "Ask about the school." in answers["hold"].text


@pytest.mark.parametrize("show", ["due", "planned", "held", "missed", "files"])
def test_every_list_opens_for_an_expert(support: Support, talk: Talk, show: str) -> None:
    page = as_(support.expert).get(reverse("resilience:worklist"), {"show": show})

    assert page.status_code == 200
    assert (talk.file.person.pseudonym in page.text) == (show in {"due", "planned", "files"})


def test_r026_every_page_of_a_file_is_not_there_for_other_roles(support: Support, talk: Talk) -> None:
    for role in (Role.CASE_MANAGER, Role.DECIDER, Role.THREAT_ANALYST, Role.LCC_COORDINATOR):
        client = as_(with_sight(support, role))

        answers = {name: client.get(url).status_code for name, url in addresses(support, talk).items()}

        assert answers == dict.fromkeys(answers, 404)
        assert client.get(reverse("resilience:worklist")).status_code == 403


def test_a_file_of_a_stranger_and_one_that_is_none_answer_alike(support: Support) -> None:
    client = as_(support.world.actor(Role.RESILIENCE_EXPERT, of="om-zuid"))

    pages = [client.get(reverse("resilience:file", args=[key])) for key in (support.files[0].pk, uuid4())]

    assert [page.status_code for page in pages] == [404, 404]


def test_r027_a_talk_is_planned_and_held_on_its_pages(support: Support) -> None:
    client = as_(support.expert)
    file = support.files[1]
    told = {"version": 1, "planned_for": ahead(), "place": "home", "expert": str(support.expert.user_id)}
    client.post(reverse("resilience:plan", args=[file.pk]), told)
    with acting(support.expert, at=timezone.now()):
        talk = Talk.objects.get()

    page = client.post(
        reverse("resilience:hold", args=[talk.pk]),
        {
            "version": talk.version,
            "held_at": just_now(),
            "minutes": "45",
            "topics": ["stress", "telling"],
            "participants": [str(support.files[0].pk)],
            "offers": [str(support.item().pk)],
            "summary": "Knows whom to call.",
        },
    )

    assert page.status_code == 302
    shown = client.get(reverse("resilience:talk", args=[talk.pk])).text
    assert "Knows whom to call." in shown
    assert support.files[0].person.pseudonym in shown


def test_r029_the_page_warns_and_saves_once_confirmed(support: Support, talk: Talk) -> None:
    client = as_(support.expert)
    url = reverse("resilience:hold", args=[talk.pk])
    told = {
        "version": talk.version,
        "held_at": just_now(),
        "minutes": "45",
        "topics": ["stress"],
        "summary": "Uses oxazepam.",
    }

    warned = client.post(url, told)

    assert warned.status_code == 422
    assert "oxazepam" in warned.text
    assert 'type="checkbox" name="clinical_confirmed"' in warned.text
    assert client.post(url, {**told, "clinical_confirmed": "on"}).status_code == 302


def test_r028_a_phase_is_changed_on_its_page(support: Support) -> None:
    url = reverse("resilience:phase", args=[support.files[0].pk])

    page = as_(support.expert).post(url, {"version": 1, "phase": "consolidation", "reason": "A rhythm was found."})

    assert page.status_code == 302
    assert support.file.phase == "consolidation"


def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(support: Support) -> None:
    client = as_(support.expert)
    url = reverse("resilience:about", args=[support.files[0].pk])
    told = {"version": 1, "age_band": "adult", "consent": "given", "awareness": "knows"}
    client.post(url, {**told, "needs": "Saved first."})

    page = client.post(url, {**told, "needs": "Typed meanwhile."})

    assert page.status_code == 412
    assert "Saved first." in page.text
    assert "Typed meanwhile." in page.text
    assert client.post(url, {**told, "version": 2, "needs": "Both."}).status_code == 302


def test_support_is_offered_and_answered_on_its_pages(support: Support) -> None:
    client = as_(support.expert)
    client.post(reverse("resilience:offer", args=[support.files[0].pk]), {"item": str(support.item().pk)})
    with acting(support.expert, at=timezone.now()):
        offer = ResilienceFile.objects.get(pk=support.files[0].pk).offers.get()

    page = client.post(
        reverse("resilience:answer", args=[offer.pk]), {"version": 1, "answer": "decline", "why": "Too early."}
    )

    assert page.status_code == 302
    assert "Too early." in client.get(reverse("resilience:file", args=[support.files[0].pk])).text


@pytest.mark.parametrize("step", ["miss", "refuse", "cancel"])
def test_a_talk_that_did_not_take_place_is_recorded_on_its_page(support: Support, talk: Talk, step: str) -> None:
    client = as_(support.expert)
    url = reverse(f"resilience:{step}", args=[talk.pk])

    empty, told = client.post(url, {"version": 1, "why": ""}), client.post(url, {"version": 1, "why": "Ill."})

    assert (empty.status_code, told.status_code) == (422, 302)


def test_a_follow_up_is_ticked_off_by_its_act(support: Support, talk: Talk) -> None:
    day: datetime = timezone.now() + timedelta(days=5)
    held = support.hold(talk, follow_up="Call the school.", follow_up_due=day.date())
    client = as_(support.expert)

    page = client.post(reverse("resilience:follow_up", args=[held.pk]))

    assert page.status_code == 302
    with acting(support.expert, at=timezone.now()):
        assert Talk.objects.get(pk=held.pk).follow_up_done_at is not None
