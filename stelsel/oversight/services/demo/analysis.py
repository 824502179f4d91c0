"""The demonstration's threat pictures: products asked for and delivered, evidence, the real score, two analysts."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cases.models import AdoptedPicture
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import DomainError
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.people import Field
from stelsel.oversight.services.demo.walk import Walk
from threat import services
from threat.models import Coding, InformationRequest, Picture, Product, Signal
from threat.scoring.local import must_consult
from threat.services import Delivery, Finding, LineOf, Order, Proposal, Refusal, Registration
from threat.services.double import earlier_levels

ANALYSTS = ("rosanne", "idris", "maud")
PHENOMENON = {"organised_crime": 1, "terrorism": 2, "state_actors": 3, "fixated_loners": 4, "other": 4}
SUPPLIERS = {  # who is asked, by phenomenon: organisation and kind of product
    "organised_crime": (("lx", "analysis"), ("politie-noord", "threat_report")),
    "terrorism": (("aivd", "estimate"), ("kmar", "signal_report")),
    "state_actors": (("aivd", "analysis"), ("mivd", "estimate")),
    "fixated_loners": (("politie-noord", "threat_report"), ("lx", "risk_analysis")),
    "other": (("politie-noord", "initial_report"), ("lx", "estimate")),
}
ASKED = (("F1", "F2", "F5"), ("F3", "F4"))
LOCAL_LEVELS = (
    ("police_estimate", "Hoog"),
    ("police_estimate", "Gemiddeld"),
    ("police_estimate", "Zeer laag"),
    ("office_level", "Niveau 2"),
)
REVIEW_AFTER = timedelta(days=90)
PROVISIONAL_REVIEW_AFTER = timedelta(days=10)


@dataclass(frozen=True)
class Analysis:
    """Who makes a picture and who adopts it; how strong what they find is (0 weak to 3 strong)."""

    author: Actor
    second: Actor
    strength: int


def adopted(walk: Walk) -> AdoptedPicture:
    """Walk one picture from the question to its adoption by a second analyst."""
    second, proposal = proposed(walk)
    _beside(walk, second, proposal)
    services.adopt(picture_id=proposal.pk, actor=second, at=walk.clock.after(12))
    with acting(second, at=walk.clock.at):
        return AdoptedPicture.objects.get(picture_id=proposal.pk)


def proposed(walk: Walk) -> tuple[Actor, Picture]:
    """A picture that waits for its second analyst, and who that is."""
    first, second = walk.chance.sample(ANALYSTS, 2)
    field = walk.world.field
    analysis = Analysis(field.actor(first), field.actor(second), walk.chance.choices((0, 1, 2, 3), (1, 2, 4, 3))[0])
    products = _products(walk, analysis)
    made = _evidence(walk, analysis, products)
    made = _scored(walk, analysis, made)
    return analysis.second, _proposed(walk, analysis, made)


def _products(walk: Walk, analysis: Analysis) -> list[Product]:
    asked = []
    for nth, (supplier, kind) in enumerate(SUPPLIERS[walk.story.phenomenon]):
        at = walk.clock.after(1)
        order = Order(
            supplier_id=walk.world.field.organisations[supplier].pk,
            kind=kind,
            question=walk.say(texts.QUESTIONS),
            factors=ASKED[nth],
            due_at=at + timedelta(days=4),
            analysts=(analysis.author.user_id, analysis.second.user_id) if nth == 0 else (),
        )
        request = services.commission_information(case_id=walk.case.pk, order=order, actor=walk.manager, at=at)
        asked.append((request, supplier, kind))
    return [
        product
        for nth, (request, supplier, kind) in enumerate(asked)
        if (product := _answer(walk, request.pk, supplier, kind, refuse=nth > 0 and walk.chance.random() < 0.12))  # noqa: PLR2004
    ]


def _answer(walk: Walk, request_id: UUID, supplier: str, kind: str, *, refuse: bool) -> Product | None:
    actor = walk.of(Role.PRODUCT_SUPPLIER, supplier)
    at = walk.clock.after(20)
    product = None
    if refuse:
        refusal = Refusal("source_protection", walk.say(texts.REFUSED), (at + timedelta(days=30)).date(), exists=True)
        services.refuse_request(request_id=request_id, refusal=refusal, actor=actor, at=at)
    else:
        delivery = _delivery(walk, kind, at=at)
        product = services.deliver_product(request_id=request_id, delivery=delivery, actor=actor, at=at)
    work_off(at=at)
    return product


def _delivery(walk: Walk, kind: str, *, at: datetime) -> Delivery:
    return Delivery(
        kind=kind,
        number=f"{kind[:2].upper()}-{walk.chance.randrange(10**7):07d}",
        dated=at.date(),
        reliability=walk.say(("A", "B", "B", "C")),
        credibility=walk.chance.choice((2, 2, 3)),
        valid_from=at.date(),
        valid_to=(at + timedelta(days=180)).date(),
        text=walk.say(texts.PRODUCTS),
    )


def _evidence(walk: Walk, analysis: Analysis, products: list[Product]) -> Picture:
    author = analysis.author
    for product in products:
        services.acknowledge_product(product_id=product.pk, actor=author, at=walk.clock.after(3))
    made = services.start_picture(
        case_id=walk.case.pk, question=walk.say(texts.QUESTIONS), actor=author, at=walk.clock.after(2)
    )
    line = LineOf(
        phenomenon=PHENOMENON[walk.story.phenomenon],
        target_id=walk.case.person_id,
        actor=walk.say(texts.ACTORS),
        modus=walk.say(texts.MODI),
    )
    row = services.add_line(picture_id=made.pk, line=line, actor=author, at=walk.clock.after(1))
    for finding in _findings(walk, analysis, products):
        services.add_evidence(line_id=row.pk, finding=finding, actor=author, at=walk.clock.after(0.3))
    severity = walk.chance.choice((3, 4, 4, 5))
    services.set_severity(
        picture_id=made.pk,
        severity=severity,
        reason=walk.say(texts.SEVERITY_REASONS),
        actor=author,
        at=walk.clock.after(1),
    )
    _reasoned(walk, author, made)
    return made


def _reasoned(walk: Walk, author: Actor, made: Picture) -> None:
    """Every second picture has an assumption with a day, and another explanation that was set aside."""
    nth, at = int(walk.case.number[-2:]), walk.clock.at
    if nth % 2:
        return
    services.add_assumption(
        picture_id=made.pk,
        text=texts.ASSUMPTIONS[nth % len(texts.ASSUMPTIONS)],
        owner_id=author.user_id,
        check_by=(at + timedelta(days=200)).date(),
        actor=author,
        at=at,
    )
    text, weighing, reason = texts.OTHER_EXPLANATIONS[nth % len(texts.OTHER_EXPLANATIONS)]
    services.add_hypothesis(picture_id=made.pk, text=text, weighing=weighing, reason=reason, actor=author, at=at)


def _findings(walk: Walk, analysis: Analysis, products: list[Product]) -> list[Finding]:
    """What each product says of its factors, and one thing the analysts know themselves."""
    found = []
    factors = walk.chance.sample(("F2", "F3", "F4", "F5", "F1"), walk.chance.choice((2, 3, 4)))
    for nth, factor in enumerate(("F1", *factors)):
        product = products[nth % len(products)]
        value = max(1, min(4, analysis.strength + 1 + walk.chance.choice((-1, 0, 0, 1))))
        concrete = factor in {"F3", "F4"} or walk.chance.random() < 0.5  # noqa: PLR2004  # half of them
        found.append(
            Finding(
                factor=factor,
                value=value,
                kind="concrete" if concrete else "context",
                reliability=product.reliability,
                credibility=product.credibility,
                valid_as_of=product.dated - timedelta(days=walk.chance.randint(0, 20)),
                text=walk.say(texts.FINDINGS[factor]),
                product_id=product.pk,
            )
        )
    known = Finding(
        factor="F6",
        value=walk.chance.choice((1, 1, 2)),
        kind="context",
        reliability="B",
        credibility=3,
        valid_as_of=products[0].dated,
        text=walk.say(texts.FINDINGS["F6"]),
        group="open bronnen",
        provenance="Open bronnen",
    )
    return [*found, known]


def _scored(walk: Walk, analysis: Analysis, made: Picture) -> Picture:
    """Score; where a low level rests on something withheld, insist on the answer and score again."""
    scored = _score(walk, analysis, made)
    with acting(analysis.author, at=walk.clock.at):
        blocked = services.blockers(scored, _person(scored)["level"])
        open_requests = list(InformationRequest.objects.filter(case=walk.case).unanswered().select_related("supplier"))
    if not blocked:
        return scored
    for request in open_requests:
        _answer(walk, request.pk, request.supplier.code, request.kind, refuse=False)
    return _score(walk, analysis, made)


def _score(walk: Walk, analysis: Analysis, made: Picture) -> Picture:
    at = walk.clock.after(0.5)
    services.request_score(picture_id=made.pk, actor=analysis.author, at=at)
    work_off(at=at)
    with acting(analysis.author, at=at):
        return Picture.objects.select_related("score").get(pk=made.pk)


def _person(scored: Picture) -> dict[str, Any]:
    if scored.score is None or scored.score.result is None:
        raise RuntimeError("the score was stored a moment ago")
    return dict(scored.score.result["person"])


def _proposed(walk: Walk, analysis: Analysis, scored: Picture) -> Picture:
    """Follow the score; now and then the analysts set the level one higher, with the reason."""
    person = _person(scored)
    at = walk.clock.after(5)
    higher = walk.case.number.endswith("7") and person["level"] in range(1, 5)
    proposal = Proposal(
        likelihood=person["level"] + 1 if higher else person["level"],
        departure="trigger_event" if higher else "",
        departure_reason=texts.DEPARTED if higher else "",
        summary=walk.say(texts.SUMMARIES),
        review_due=(at + (PROVISIONAL_REVIEW_AFTER if person["reviewBy"] else REVIEW_AFTER)).date(),
        handling_advice=walk.say(texts.HANDLING),
        cumulation=walk.say(texts.CUMULATION) if person["cumulationStatementNeeded"] else "",
    )
    made = services.propose_adoption(picture_id=scored.pk, proposal=proposal, actor=analysis.author, at=at)
    if person["askUrgent"]:
        services.answer_urgent_question(
            case_id=walk.case.pk, answer="not_needed", actor=walk.manager, at=walk.clock.after(1)
        )
    return made


def dispose_signals(walk: Walk) -> None:
    """An analyst says of some of the signals that came in whether they are used."""
    analyst = walk.world.field.actor(ANALYSTS[0])
    at = walk.clock.after(8)
    with acting(analyst, at=at):
        waiting = list(Signal.objects.filter(case=walk.case, disposition="").order_by("received_at", "pk"))
    for signal in waiting:
        if walk.chance.random() < 0.5:  # noqa: PLR2004  # half of them
            services.dispose_signal(
                signal_id=signal.pk,
                disposition=walk.say(("used", "not_used")),
                reason=walk.say(texts.DISPOSED),
                actor=analyst,
                at=at,
            )


def looked(field: Field, *, at: datetime) -> None:
    """The police suppliers looked along shielded investigations; late for every fifth person. Part of loading."""
    for code in ("lx", "politie-noord", "kmar"):
        actor = field.of(Role.PRODUCT_SUPPLIER, code)
        with acting(actor, at=at):
            asked = {
                one.case_id: one for one in InformationRequest.objects.visible_to(actor, at=at).order_by("asked_at")
            }
        for nth, request in enumerate(asked.values()):
            looked_at = at - timedelta(days=nth % 12, hours=2)
            if nth % 5 and request.asked_at < looked_at:
                with suppress(DomainError):  # another regime looks after the person
                    services.record_check(
                        request_id=request.pk,
                        outcome=("nothing", "nothing", "shares", "cannot_share")[nth % 4],
                        checked_on=looked_at.date(),
                        actor=actor,
                        at=looked_at,
                    )


def compared(field: Field, *, at: datetime) -> None:
    """Two adopted pictures coded blind by who did not make them: one settled in a meeting, one still with its coder."""
    head, asked_at = field.of(Role.HEAD_OF_ANALYSIS, "nctv"), at - timedelta(days=3)
    with acting(head, at=asked_at):
        adopted_then = Picture.objects.visible_to(head, at=asked_at).filter(adopted_at__lt=asked_at)
        found = list(adopted_then.order_by("-adopted_at", "pk")[:20])
    asked = 0
    for picture in found:
        if asked == 2:  # noqa: PLR2004  # one of each
            return
        coder = _blind(field, head, picture, at=asked_at)
        if coder is None:
            continue
        asked += 1
        if asked == 1:
            _met(head, coder, at=at)


def made_elsewhere(field: Field, *, at: datetime) -> None:
    """A service made a picture above our marking; the head registered what may be known, a second one is awaited."""
    head, registered_at = field.of(Role.HEAD_OF_ANALYSIS, "nctv"), at - timedelta(hours=5)
    with acting(head, at=registered_at):
        newest = Picture.objects.visible_to(head, at=registered_at).filter(state="adopted")
        case_id = newest.order_by("-adopted_at", "pk")[0].case_id
    services.register_elsewhere(
        case_id=case_id,
        told=Registration(
            maker="Dienst van een bondgenoot",
            number="B-311/26",
            made_on=(registered_at - timedelta(days=1)).date(),
            own_marking="STG_G",
            kept_at="In de kluis van de dienst; in te zien op afspraak met het hoofd dreigingsanalyse.",
            severity=5,
            likelihood=4,
            summary="Een statelijke opdrachtgever zoekt uitvoerders in Nederland. Meer mag hier niet worden verteld.",
            handling_advice="Alleen voor de beslisser. Navraag loopt via het hoofd dreigingsanalyse.",
            review_due=(registered_at + timedelta(days=60)).date(),
        ),
        actor=head,
        at=registered_at,
    )


def _blind(field: Field, head: Actor, picture: Picture, *, at: datetime) -> Actor | None:
    """Ask the first analyst who is blind to this picture; None where all see the case."""
    for username in ANALYSTS:
        coder = field.actor(username)
        with suppress(DomainError):
            services.ask_comparison(picture_id=picture.pk, coders=[coder.user_id], actor=head, at=at)
            return coder
    return None


def _met(head: Actor, coder: Actor, *, at: datetime) -> None:
    with acting(coder, at=at):
        coding = Coding.objects.own(coder).get()
    items = services.read_coding(coding_id=coding.pk, actor=coder, at=at).items
    codes = {one["id"]: services.Code(max(1, 3 - nth % 3), "C", 3) for nth, one in enumerate(items)}
    services.hand_in(coding_id=coding.pk, codes=codes, actor=coder, at=at - timedelta(days=1))
    services.settle_comparison(
        comparison_id=coding.comparison_id,
        met_on=(at - timedelta(hours=4)).date(),
        agreed_level=3,
        consensus=texts.CONSENSUS,
        actor=head,
        at=at - timedelta(hours=2),
    )


def _beside(walk: Walk, second: Actor, picture: Picture) -> None:
    """What earlier products said on their own scale, some of it unmapped; where far off, with a consultation."""
    at = walk.clock.at
    with acting(second, at=at):
        products = list(Product.objects.filter(case_id=picture.case_id, kind="threat_report").order_by("pk"))
    for product in products:
        scale, original = LOCAL_LEVELS[int(product.number[-1]) % len(LOCAL_LEVELS)]
        services.record_local_level(product_id=product.pk, scale=scale, original=original, actor=second, at=at)
    with acting(second, at=at):
        earlier = earlier_levels(picture.case_id, at=at)
    for each in earlier:
        if each.mapped and must_consult(each.mapped.level, picture.likelihood):
            services.record_consultation(
                picture_id=picture.pk,
                level_id=each.row.pk,
                partner="De informatiecoordinator van de eenheid.",
                outcome="De inschatting is van voor de laatste meldingen; de eenheid deelt het beeld.",
                held_on=at.date(),
                actor=second,
                at=at,
            )
