"""Quality of products: reviewed by analysts, told to the supplier without a name, and counted per supplier."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from stelsel.kernel.models.trail import AuditEntry
from tests.browsing import as_client
from tests.threat.scene import Scene, delivery
from tests.world import NOON
from threat import services
from threat.lifecycle import REVIEWS_SHOWN_FROM, ReviewCriterion
from threat.models import Product, ProductReview, ReviewAnswer
from threat.services.reviews import WORK

COMMENT = "The grades of two sources are missing."
GOOD = dict.fromkeys(ReviewCriterion, 3)


def product_of(scene: Scene, number: str = "LX-1", **fields: Any) -> Product:
    return scene.deliver(scene.ask(), number, **fields)


def reviewed(scene: Scene, product: Product, *, by: Actor | None = None, **changes: Any) -> ProductReview:
    told = {"scores": GOOD, "comment": COMMENT, **changes}
    return services.review_product(product_id=product.pk, **told, actor=by or scene.analyst, at=NOON)


def answered(scene: Scene, review: ProductReview, answer: str = "", *, by: Actor | None = None) -> ReviewAnswer:
    return services.answer_review(review_id=review.pk, answer=answer, actor=by or scene.supplier, at=NOON)


def test_r093_a_supplier_reads_scores_and_comment_and_not_who_reviewed(scene: Scene) -> None:
    review = reviewed(scene, product_of(scene))

    found = services.read_review(review_id=review.pk, actor=scene.supplier, at=NOON)
    assert (found.comment, found.reviewer, len(found.scores)) == (COMMENT, "", 6)
    with acting(scene.supplier, at=NOON):
        assert not ProductReview.objects.exists()
        with pytest.raises(ProductReview.DoesNotExist):
            _ = found.review.reviewer_id


def test_r093_the_review_is_work_of_the_supplier_without_the_case_until_it_is_acknowledged(scene: Scene) -> None:
    review = reviewed(scene, product_of(scene))
    with acting(scene.supplier, at=NOON):
        item = WorkItem.objects.get(kind=WORK, closed_at=None)
    assert (item.owner_organisation_id, item.scope_id) == (scene.supplier_id, None)
    assert item.label.startswith("IV")

    assert bytes(answered(scene, review).answer) == b""
    with acting(scene.supplier, at=NOON):
        assert not WorkItem.objects.filter(kind=WORK, closed_at=None).exists()
    with pytest.raises(Conflict):
        answered(scene, review)


def test_r093_the_analysts_of_the_case_read_the_answer(scene: Scene) -> None:
    product = product_of(scene)
    answered(scene, reviewed(scene, product), "They follow.")

    with acting(scene.second, at=NOON):
        (found,) = services.reviews_of_product(product, actor=scene.second, at=NOON)
    assert (found.answer_text, found.comment) == ("They follow.", COMMENT)
    assert found.reviewer


def test_r093_only_an_analyst_of_the_case_reviews_and_only_its_supplier_answers(scene: Scene) -> None:
    product = product_of(scene)
    for actor in (scene.manager, scene.supplier, scene.stranger, scene.decider):
        with pytest.raises((Forbidden, Product.DoesNotExist)):
            reviewed(scene, product, by=actor)
    review = reviewed(scene, product)
    for actor in (scene.rival, scene.manager, scene.analyst, scene.stranger):
        with pytest.raises((Forbidden, ProductReview.DoesNotExist)):
            answered(scene, review, by=actor)
        with pytest.raises((Forbidden, ProductReview.DoesNotExist)):
            services.read_review(review_id=review.pk, actor=actor, at=NOON)


def test_r093_who_registered_a_product_does_not_review_it(scene: Scene) -> None:
    product = services.register_product(
        case_id=scene.case.pk, supplier_id=scene.supplier_id, delivery=delivery(), actor=scene.analyst, at=NOON
    )

    with pytest.raises(Forbidden):
        reviewed(scene, product)
    with acting(scene.analyst, at=NOON), pytest.raises(DatabaseError), transaction.atomic():
        _row(product, by=scene.analyst).save(force_insert=True)
    reviewed(scene, product, by=scene.second)


def _row(product: Product, *, by: Actor, **changes: Any) -> ProductReview:
    fields: dict[str, Any] = {
        "case_id": product.case_id,
        "product_id": product.pk,
        "supplier_id": product.supplier_id,
        "scores": GOOD,
        "comment": b"x",
        "reviewer_id": by.user_id,
        "reviewed_at": NOON,
    }
    return ProductReview(**{**fields, **changes})


def test_r093_the_database_refuses_a_second_review_a_missing_score_and_a_foreign_reviewer(scene: Scene) -> None:
    product = product_of(scene)
    reviewed(scene, product)
    refused = (
        _row(product, by=scene.analyst),
        _row(product, by=scene.second, scores={"timely": 3}),
        _row(product, by=scene.second, scores={**GOOD, "timely": 5}),
        _row(product, by=scene.third),
    )
    for row in refused:
        actor = scene.analyst if row.reviewer_id == scene.analyst.user_id else scene.second
        with acting(actor, at=NOON), pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_r093_once_per_reviewer_and_a_second_analyst_may(scene: Scene) -> None:
    product = product_of(scene)
    reviewed(scene, product)
    with pytest.raises(Conflict):
        reviewed(scene, product)

    reviewed(scene, product, by=scene.second)


@pytest.mark.parametrize(
    "changes",
    [
        {"scores": {**GOOD, "timely": 0}},
        {"scores": {"timely": 3}},
        {"scores": {**GOOD, "style": 3}},
        {"comment": " "},
    ],
)
def test_r093_each_criterion_has_a_score_and_there_is_a_comment(scene: Scene, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        reviewed(scene, product_of(scene), **changes)


def test_r093_a_reference_has_no_text_to_review_and_a_withdrawn_product_has(scene: Scene) -> None:
    with pytest.raises(Conflict):
        reviewed(scene, product_of(scene, "LX-2", text=""))
    product = product_of(scene)
    services.withdraw_product(product_id=product.pk, reason="An error.", actor=scene.supplier, at=NOON)

    reviewed(scene, product)


def test_r093_what_was_reviewed_and_answered_stands(scene: Scene) -> None:
    answered(scene, reviewed(scene, product_of(scene)))
    for actor, statement in (
        (scene.analyst, "UPDATE threat_productreview SET scores = '{}'"),
        (scene.supplier, "DELETE FROM threat_reviewanswer"),
    ):
        with (
            acting(actor, at=NOON),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
        ):
            cursor.execute(statement)


def test_r093_the_case_manager_sees_neither_review_nor_answer_nor_that_there_is_one(scene: Scene) -> None:
    product = product_of(scene)
    answered(scene, reviewed(scene, product))

    with acting(scene.manager, at=NOON):
        assert services.reviews_of_product(product, actor=scene.manager, at=NOON) == []
        assert not ProductReview.objects.exists()
        assert not ReviewAnswer.objects.exists()
        assert not AuditEntry.objects.filter(verb__startswith="product.review").exists()
    assert COMMENT not in as_client(scene.manager).get(reverse("threat:product", args=[product.pk])).content.decode()


def test_r093_figures_begin_at_five_reviews_and_hold_counts_and_means_alone(scene: Scene) -> None:
    quality = scene.world.actor(Role.QUALITY_MANAGER)
    for nth in range(REVIEWS_SHOWN_FROM):
        assert services.review_figures(actor=quality, at=NOON) == []
        reviewed(scene, product_of(scene, f"LX-{nth}"), scores={**GOOD, "timely": 1 + nth % 2})

    (row,) = services.review_figures(actor=quality, at=NOON)
    assert (row.reviews, [float(each) for each in row.means]) == (5, [3, 3, 3, 1.4, 3, 3])
    for actor in (scene.manager, scene.supplier, scene.decider):
        with pytest.raises(Forbidden):
            services.review_figures(actor=actor, at=NOON)
        with acting(actor, at=NOON), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM threat_review_figures()")
            assert cursor.fetchone() == (0,)


def test_r093_the_pages_go_the_whole_way(scene: Scene) -> None:
    product = product_of(scene)
    analyst, supplier = as_client(scene.analyst), as_client(scene.supplier)
    address, page = (reverse(f"threat:{name}", args=[product.pk]) for name in ("review", "product"))
    assert analyst.get(address).status_code == 200
    assert analyst.post(address, {"comment": COMMENT}).status_code == 422
    assert analyst.post(address, {**{code.value: "3" for code in GOOD}, "comment": COMMENT}).status_code == 302
    assert scene.analyst.name in analyst.get(page).content.decode()
    told = supplier.get(page).content.decode()
    assert COMMENT in told
    assert scene.analyst.name not in told
    with acting(scene.analyst, at=NOON):
        review = ProductReview.objects.get()
    answer = reverse("threat:review_answer", args=[review.pk])
    assert COMMENT in supplier.get(answer).content.decode()
    assert supplier.post(answer, {"answer": "They follow."}).status_code == 302
    assert "They follow." in analyst.get(page).content.decode()
    assert supplier.get(answer).status_code == 302
    assert as_client(scene.world.actor(Role.QUALITY_MANAGER)).get(reverse("threat:reviews")).status_code == 200


def test_r093_the_page_of_a_product_costs_the_same_with_more_reviews(scene: Scene) -> None:
    product = product_of(scene)
    client = as_client(scene.head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("threat:product", args=[product.pk])).status_code == 200
        return len(queries)

    reviewed(scene, product)
    cost()
    few = cost()
    for actor in (scene.second, scene.third):
        answered(scene, reviewed(scene, product, by=actor))
    assert cost() == few
