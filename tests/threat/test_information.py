"""Asking suppliers, what they deliver, refuse and keep back."""

from datetime import timedelta

import pytest

from cases.models import Case, CaseUserGrant
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import AuditEntry, WorkItem
from stelsel.legal.models import Sharing
from tests.threat.scene import TODAY, Scene, delivery, later
from tests.world import NOON
from threat.models import InformationRequest, Product, ProductContent
from threat.services import (
    Order,
    Refusal,
    ask_again,
    commission_information,
    deliver_product,
    note_refusal,
    refuse_request,
    register_product,
    withdraw_product,
)


def test_r010_a_product_is_commissioned_with_question_factors_and_due(scene: Scene) -> None:
    request = scene.ask(factors=("F3", "F1"))

    with acting(scene.supplier, at=NOON):
        seen = InformationRequest.objects.visible_to(scene.supplier, at=NOON).get()
        assert vault.box(seen.key_id).open(seen, "question") == "Is there preparation?"
        assert (seen.pk, seen.state, seen.factors) == (request.pk, "asked", ["F1", "F3"])
        assert WorkItem.objects.get(kind="threat.request").label == request.number


def test_r010_an_order_without_question_factor_or_time_is_refused_with_every_fault(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.ask(question=" ", factors=(), days=-1)

    assert {fault.field for fault in refusal.value.faults} == {"question", "factors", "due_at"}


def test_an_organisation_that_supplies_nothing_cannot_be_asked(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.ask(supplier_id=scene.world.organisations["lcc"].pk)

    assert refusal.value.faults[0].field == "supplier_id"


def test_commissioning_gives_the_named_analysts_sight_of_the_case(scene: Scene) -> None:
    scene.ask(analysts=(scene.stranger.user_id,))

    with acting(scene.stranger, at=NOON):
        assert Case.objects.visible_to(scene.stranger, at=NOON).get() == scene.case
        grant = CaseUserGrant.objects.get(user_id=scene.stranger.user_id)
        assert (grant.ground, grant.role) == ("threat.commission", Role.THREAT_ANALYST)


def test_commissioning_gives_the_supplier_no_sight_of_the_case(scene: Scene) -> None:
    scene.ask()

    with acting(scene.supplier, at=NOON):
        assert not Case.objects.exists()
        assert not CaseUserGrant.objects.filter(user_id=scene.supplier.user_id).exists()


def test_only_an_analyst_can_be_named(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.ask(analysts=(scene.decider.user_id,))

    assert refusal.value.faults[0].field == "analysts"


def test_a_stranger_cannot_commission_and_does_not_learn_that_the_case_exists(scene: Scene) -> None:
    order = Order(scene.supplier_id, "estimate", "?", ("F1",), NOON + timedelta(days=1))

    with pytest.raises(Case.DoesNotExist):
        commission_information(case_id=scene.case.pk, order=order, actor=scene.stranger, at=NOON)


def test_a_decider_cannot_commission(scene: Scene) -> None:
    order = Order(scene.supplier_id, "estimate", "?", ("F1",), NOON + timedelta(days=1))

    with pytest.raises(Forbidden):
        commission_information(case_id=scene.case.pk, order=order, actor=scene.decider, at=NOON)


def test_r066_a_product_keeps_supplier_number_date_marking_caveat_validity_and_ground(scene: Scene) -> None:
    product = scene.deliver(scene.ask(), caveat="third_party_rule", valid_to=later(60))

    with acting(scene.analyst, at=NOON):
        kept = Product.objects.get(pk=product.pk)
        assert (kept.number, kept.dated, kept.marking) == ("LX-1", TODAY, "DEP_V")
        assert (kept.caveat, kept.valid_to, kept.ground_id) == ("third_party_rule", later(60), "wpg-16-bpg-4-4")
        content = ProductContent.objects.get(product=kept)
        assert vault.box(kept.key_id).open(content, "text") == "Two men looked at the house."
        assert Sharing.objects.get(subject_id=product.pk).provider == "police_lx"


def test_a_delivery_answers_the_request_and_closes_the_suppliers_work(scene: Scene) -> None:
    request = scene.ask()
    scene.deliver(request)

    with acting(scene.supplier, at=NOON):
        assert InformationRequest.objects.get(pk=request.pk).state == "answered"
        assert WorkItem.objects.get(kind="threat.request").closed_verb == "product.deliver"
    with acting(scene.analyst, at=NOON):
        assert WorkItem.objects.get(kind="threat.product").owner_role == Role.THREAT_ANALYST


def test_r066_content_above_the_ceiling_is_refused(scene: Scene) -> None:
    request = scene.ask()
    with pytest.raises(Invalid) as refusal:
        scene.deliver(request, marking="STG_G")

    assert refusal.value.faults[0].code == "above_ceiling"
    with acting(scene.analyst, at=NOON):
        assert not Product.objects.exists()


def test_r066_above_the_ceiling_a_reference_without_content_is_kept(scene: Scene) -> None:
    product = scene.deliver(scene.ask(), marking="STG_G", text="")

    with acting(scene.analyst, at=NOON):
        assert Product.objects.get(pk=product.pk).reference_only
        assert not ProductContent.objects.exists()


def test_r066_the_same_product_twice_is_refused(scene: Scene) -> None:
    request = scene.ask()
    scene.deliver(request)

    with pytest.raises(Conflict):
        scene.deliver(request)


def test_r066_a_newer_product_replaces_an_older_one_once(scene: Scene) -> None:
    request = scene.ask()
    first = scene.deliver(request)
    second = scene.deliver(request, "LX-2", replaces_id=first.pk)

    with acting(scene.analyst, at=NOON):
        assert Product.objects.get(pk=first.pk).replaced_by == second
    with pytest.raises(Invalid):
        scene.deliver(request, "LX-3", replaces_id=first.pk)


def test_r066_a_withdrawn_product_stays_and_is_marked(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    withdraw_product(product_id=product.pk, reason="Sent by mistake.", actor=scene.supplier, at=NOON)

    with acting(scene.analyst, at=NOON):
        assert Product.objects.get(pk=product.pk).withdrawn_at == NOON
        assert WorkItem.objects.filter(kind="threat.product_withdrawn", closed_at=None).exists()
    with pytest.raises(Conflict):
        withdraw_product(product_id=product.pk, reason="Again.", actor=scene.supplier, at=NOON)


def test_a_bad_delivery_is_refused_with_every_fault(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.deliver(
            scene.ask(), number="", reliability="Z", credibility=9, dated=later(1), valid_to=later(-1), kind="rumour"
        )

    assert {fault.field for fault in refusal.value.faults} == {
        "number",
        "reliability",
        "credibility",
        "dated",
        "valid_to",
        "kind",
    }


def test_without_a_legal_ground_in_force_nothing_is_shared(scene: Scene) -> None:
    employer = scene.world.organisations["gemeente-noord"]
    clerk = scene.world.actor(Role.PRODUCT_SUPPLIER, of="gemeente-noord")
    request = scene.ask(supplier_id=employer.pk)

    with pytest.raises(Forbidden) as refusal:
        deliver_product(request_id=request.pk, delivery=delivery(), actor=clerk, at=NOON)
    assert refusal.value.code == "no_provision"


def test_another_supplier_gets_the_answer_of_a_request_that_does_not_exist(scene: Scene) -> None:
    request = scene.ask()

    with pytest.raises(InformationRequest.DoesNotExist):
        deliver_product(request_id=request.pk, delivery=delivery(), actor=scene.rival, at=NOON)


def test_a_delivery_on_an_old_version_of_the_request_is_refused(scene: Scene) -> None:
    request = scene.ask()
    scene.refuse(request)

    with pytest.raises(Stale):
        deliver_product(request_id=request.pk, delivery=delivery(), version=1, actor=scene.supplier, at=NOON)


def test_r053_a_refusal_has_a_ground_and_a_review_date_and_shows_on_the_case(scene: Scene) -> None:
    request = scene.refuse(scene.ask())

    with acting(scene.manager, at=NOON):
        seen = InformationRequest.objects.visible_to(scene.manager, at=NOON).get(pk=request.pk)
        assert (seen.state, seen.refusal_ground, seen.review_due) == ("refused", "investigation", later(30))
        entry = AuditEntry.objects.get(verb="information.refuse")
        assert entry.reason == "investigation"


def test_r053_what_exists_and_is_kept_back_shows_as_withheld(scene: Scene) -> None:
    assert scene.refuse(scene.ask(), exists=True).state == "withheld"


def test_r053_a_refusal_without_ground_note_or_later_review_is_refused(scene: Scene) -> None:
    request = scene.ask()

    with pytest.raises(Invalid) as refusal:
        refuse_request(request_id=request.pk, refusal=Refusal("because", "", TODAY), actor=scene.supplier, at=NOON)
    assert {fault.field for fault in refusal.value.faults} == {"ground", "note", "review_due"}


def test_r053_a_case_manager_cannot_refuse_for_a_supplier(scene: Scene) -> None:
    request = scene.ask()

    with pytest.raises(Forbidden):
        refuse_request(
            request_id=request.pk, refusal=Refusal("investigation", "x", later(9)), actor=scene.manager, at=NOON
        )


def test_a_refused_request_can_be_asked_again_and_answered(scene: Scene) -> None:
    request = scene.refuse(scene.ask())

    again = ask_again(request_id=request.pk, due_at=NOON + timedelta(days=3), actor=scene.manager, at=NOON)
    assert (again.state, again.due_at) == ("asked", NOON + timedelta(days=3))
    scene.deliver(request)
    with acting(scene.supplier, at=NOON):
        assert InformationRequest.objects.get(pk=request.pk).state == "answered"


def test_an_answered_request_cannot_be_refused_or_asked_again(scene: Scene) -> None:
    request = scene.ask()
    scene.deliver(request)

    with pytest.raises(IllegalMove):
        scene.refuse(request)
    with pytest.raises(IllegalMove):
        ask_again(request_id=request.pk, due_at=NOON + timedelta(days=3), actor=scene.manager, at=NOON)


def test_only_the_case_manager_takes_note_of_a_refusal(scene: Scene) -> None:
    request = scene.refuse(scene.ask())

    note_refusal(request_id=request.pk, actor=scene.manager, at=NOON)
    with pytest.raises(Forbidden):
        note_refusal(request_id=request.pk, actor=scene.analyst, at=NOON)


def test_an_analyst_registers_a_product_that_came_on_paper(scene: Scene) -> None:
    lx = scene.world.organisations["lx"].pk

    product = register_product(case_id=scene.case.pk, supplier_id=lx, delivery=delivery(), actor=scene.analyst, at=NOON)
    assert product.request is None
    with pytest.raises(Forbidden):
        register_product(case_id=scene.case.pk, supplier_id=lx, delivery=delivery("2"), actor=scene.manager, at=NOON)
