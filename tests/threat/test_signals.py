"""Signals come in from the contact log and end with a disposition."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.services import log_contact
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.errors import Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.threat.scene import Scene, contact_id, contact_of, proposal, run_job
from tests.world import NOON
from threat.models import Signal
from threat.services import dispose_signal, propose_adoption, take_signal


def test_r054_a_signal_of_the_person_reaches_the_analysis_under_the_persons_key(scene: Scene) -> None:
    signal = scene.signal("Somebody asked the neighbours about me.")

    with acting(scene.analyst, at=NOON):
        assert signal.informant == "person"
        assert b"neighbours" not in bytes(signal.text)
        text = vault.box(scene.case.person.key_id).open(signal, "text")
        assert text == "Somebody asked the neighbours about me."
        assert WorkItem.objects.filter(kind="threat.signal", closed_at=None).exists()
    assert contact_of(signal, actor=scene.manager).signal_state == "received"


def test_r054_logging_a_signal_has_the_worker_take_it_in(scene: Scene) -> None:
    entry = log_contact(
        case_id=scene.case.pk,
        person_id=scene.case.person_id,
        text="A car stood in the street.",
        is_signal=True,
        actor=scene.manager,
        at=NOON,
    )

    assert run_job("threat.take_signal", str(entry.pk))
    assert not run_job("threat.take_signal", str(entry.pk))
    with acting(scene.analyst, at=NOON):
        assert Signal.objects.get(contact_id=entry.pk).disposition == ""


def test_r054_a_signal_is_taken_in_once(scene: Scene) -> None:
    signal = scene.signal()

    with pytest.raises(IntegrityError), transaction.atomic():
        take_signal(contact_id=contact_id(signal), actor=scene.manager, at=NOON)


def test_r054_a_used_signal_is_reported_as_used_and_no_more(scene: Scene) -> None:
    signal = scene.signal()
    dispose_signal(signal_id=signal.pk, disposition="used", reason="It fits.", actor=scene.analyst, at=NOON)

    assert contact_of(signal, actor=scene.manager).signal_state == "used"
    with acting(scene.analyst, at=NOON):
        assert not WorkItem.objects.filter(kind="threat.signal", closed_at=None).exists()


def test_r054_a_signal_that_is_not_used_is_not_reported_back(scene: Scene) -> None:
    signal = scene.signal()
    dispose_signal(signal_id=signal.pk, disposition="not_used", reason="The post.", actor=scene.analyst, at=NOON)

    assert contact_of(signal, actor=scene.manager).signal_state == "received"


def test_r054_a_disposition_needs_a_reason_and_a_known_outcome(scene: Scene) -> None:
    signal = scene.signal()

    with pytest.raises(Invalid) as refusal:
        dispose_signal(signal_id=signal.pk, disposition="later", reason=" ", actor=scene.analyst, at=NOON)
    assert {fault.field for fault in refusal.value.faults} == {"reason", "disposition"}


def test_r054_no_picture_is_put_up_for_adoption_while_a_signal_lies_undisposed(scene: Scene) -> None:
    picture = scene.scored()
    signal = scene.signal()

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    assert [fault.code for fault in refusal.value.faults] == ["undisposed"]

    dispose_signal(signal_id=signal.pk, disposition="not_used", reason="The post.", actor=scene.analyst, at=NOON)
    propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)


def test_r054_to_the_decider_there_is_no_signal_and_nothing_of_who_gave_it(scene: Scene) -> None:
    scene.signal()
    case = reverse("cases:case", args=[scene.case.pk])

    with acting(scene.decider, at=NOON):
        assert not Signal.objects.exists()
    assert "Signal taken in" in as_client(scene.analyst).get(case).content.decode()
    assert "Signal taken in" not in as_client(scene.decider).get(case).content.decode()


def test_a_case_manager_cannot_dispose_of_a_signal_or_see_it(scene: Scene) -> None:
    signal = scene.signal()

    with pytest.raises(Signal.DoesNotExist):
        dispose_signal(signal_id=signal.pk, disposition="used", reason="x", actor=scene.manager, at=NOON)


def test_an_analyst_does_not_take_a_signal_in_for_somebody_else(scene: Scene) -> None:
    signal = scene.signal()

    with pytest.raises(Forbidden):
        take_signal(contact_id=contact_id(signal), actor=scene.analyst, at=NOON)
