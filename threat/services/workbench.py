"""What the workbench of a picture shows: lines, evidence, the score that explains them, and what stands in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.models import Case, Person
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault
from stelsel.kernel.models import OutboxMessage
from threat.methodology import Methodology
from threat.models import (
    AgedReading,
    Assumption,
    EvidenceItem,
    Picture,
    PictureScore,
    PictureTemplate,
    Product,
    Signal,
    ThreatLine,
)
from threat.policies import may_see_analysis
from threat.scoring import Change, what_would_change
from threat.services.adoption import blockers, departure_of, hash_of
from threat.services.ageing import latest
from threat.services.case import people_of, visible_case
from threat.services.double import apart, earlier_levels
from threat.services.evidence import proposed_merges
from threat.services.local import LevelView
from threat.services.methods import published
from threat.services.reasoning import AssumptionView, HypothesisView, reasoning_of
from threat.services.scores import lines_of, lines_with_evidence, withheld_factors
from threat.services.templates import template_of

TEXTS = (
    "question",
    "severity_reason",
    "departure_reason",
    "cumulation",
    "summary",
    "handling_advice",
    "return_reason",
)


@dataclass(frozen=True)
class Item:
    """An item of evidence in clear."""

    row: EvidenceItem
    text: str
    searched: str
    lapse_reason: str


@dataclass(frozen=True)
class LineView:
    """A line in clear, with what the last score says of it (None: not scored)."""

    row: ThreatLine
    actor: str
    modus: str
    items: Sequence[Item]
    result: Mapping[str, Any] | None


@dataclass(frozen=True)
class Workbench:
    """A picture with everything analysts work on. `scoring` is the score that is being computed now."""

    picture: Picture
    texts: Mapping[str, str]
    lines: Sequence[LineView]
    person: Mapping[str, Any] | None
    scoring: PictureScore | None
    scoring_failed: bool
    stale: bool
    blockers: Sequence[Fault]
    merges: Sequence[tuple[EvidenceItem, EvidenceItem]]
    withheld: frozenset[str]
    hash: str
    second_needed: bool
    earlier: Sequence[LevelView]  # of earlier products, until the switch date
    template: PictureTemplate | None  # the version it was started from
    method: Methodology
    assumptions: Sequence[AssumptionView]
    hypotheses: Sequence[HypothesisView]
    aged: AgedReading | None  # what it would score now, where that is another level or outcome


@act
def read_picture(*, picture_id: UUID, actor: Actor, at: datetime) -> Workbench:
    """A picture, for analysts alone.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
    """
    picture = (
        Picture.objects.visible_to(actor, at=at)
        .select_related("case__person", "score", "author", "proposed_by", "seconded_by", "adopted_by", "follows")
        .get(pk=picture_id)
    )
    require(may_see_analysis(actor))
    box = vault.box(picture.case.person.key_id)
    rows = lines_with_evidence(picture)
    result = picture.score.result if picture.score is not None else None
    scoring, failed = _running(picture)
    audit.saw({(line.target_id, picture.case_id) for line, _ in rows} | {(picture.case.person_id, picture.case_id)})
    assumptions, hypotheses = reasoning_of(picture, box)
    final = picture.state in {"adopted", "abandoned"}
    return Workbench(
        picture=picture,
        texts={name: box.open(picture, name) for name in TEXTS},
        lines=[_line(line, items, box, result) for line, items in rows],
        person=result["person"] if result else None,
        scoring=scoring,
        scoring_failed=failed,
        stale=picture.score is None or picture.score.revision != picture.revision,
        blockers=[] if final else blockers(picture, picture.likelihood) + apart(picture, picture.likelihood, at=at),
        earlier=[] if final else earlier_levels(picture.case_id, at=at),
        merges=proposed_merges([item for _, items in rows for item in items]),
        withheld=frozenset(factor.value for factor in withheld_factors(picture.case_id)),
        hash=hash_of(picture).hex(),
        template=template_of(picture),
        assumptions=assumptions,
        hypotheses=hypotheses,
        method=published()[picture.method_version],
        aged=latest([picture.pk]).get(picture.pk),
        second_needed=bool(result) and departure_of(picture, picture.likelihood).second_analyst_required,
    )


def _line(
    line: ThreatLine, items: Sequence[EvidenceItem], box: vault.Box, result: Mapping[str, Any] | None
) -> LineView:
    scored = next((each for each in result["lines"] if each["key"] == str(line.pk)), None) if result else None
    return LineView(
        row=line,
        actor=box.open(line, "actor"),
        modus=box.open(line, "modus"),
        items=[
            Item(item, box.open(item, "text"), box.open(item, "searched"), box.open(item, "lapse_reason"))
            for item in items
        ],
        result=scored,
    )


def changes_of(bench: Workbench) -> dict[str, Sequence[Change]]:
    """By line what would change the reading of it by itself, from the frozen input of the score that was read."""
    if bench.picture.score is None or bench.person is None:
        return {}
    lines = lines_of(bench.picture.score.input, methods={bench.method.version: bench.method})
    return {line.key: what_would_change(line.evidence) for line in lines}


def _running(picture: Picture) -> tuple[PictureScore | None, bool]:
    """The newest score while it has no result, and whether its job was given up."""
    newest = PictureScore.objects.filter(picture=picture).order_by("-requested_at", "-pk").first()
    if newest is None or newest.result is not None or newest.revision != picture.revision:
        return None, False
    job = OutboxMessage.objects.filter(key=newest.job_key).first()
    return newest, job is not None and job.state == "dead"


@dataclass(frozen=True)
class Choices:
    """What the forms of a case can choose from."""

    case: Case
    people: Sequence[Person]
    products: Sequence[Product]
    signals: Sequence[Signal]


@act
def read_choices(*, case_id: UUID, actor: Actor, at: datetime) -> Choices:
    """People, products and signals of a case, for the forms of analysts and of the case manager."""
    case = visible_case(case_id, actor=actor, at=at)
    products = Product.objects.visible_to(actor, at=at).filter(case=case, withdrawn_at=None)
    signals = Signal.objects.visible_to(actor, at=at).filter(case=case)
    people = people_of(case)
    audit.saw([(person.pk, case.pk) for person in people])
    return Choices(
        case,
        people,
        list(products.select_related("supplier").order_by("-delivered_at", "pk")),
        list(signals.order_by("-received_at", "pk")),
    )


@dataclass(frozen=True)
class OpenedItem:
    """An item with its texts, to be edited."""

    item: Item
    line: ThreatLine


@act
def read_line(*, line_id: UUID, actor: Actor, at: datetime) -> ThreatLine:
    """A line, to add evidence to.

    Raises:
        ThreatLine.DoesNotExist: unknown, taken out, or not visible to `actor`.
    """
    rows = ThreatLine.objects.visible_to(actor, at=at).kept().select_related("picture", "case__person", "target")
    return rows.get(pk=line_id)


@act
def read_evidence(*, evidence_id: UUID, actor: Actor, at: datetime) -> OpenedItem:
    """An item with its texts.

    Raises:
        EvidenceItem.DoesNotExist: unknown, taken out, or not visible to `actor`.
    """
    rows = EvidenceItem.objects.visible_to(actor, at=at).kept()
    row = rows.select_related("line__picture", "line__target", "case__person").get(pk=evidence_id)
    box = vault.box(row.case.person.key_id)
    audit.saw([(row.line.target_id, row.case_id)])
    item = Item(row, box.open(row, "text"), box.open(row, "searched"), box.open(row, "lapse_reason"))
    return OpenedItem(item, row.line)


@act
def read_assumption(*, assumption_id: UUID, actor: Actor, at: datetime) -> tuple[Assumption, str]:
    """An assumption with its text, to be checked.

    Raises:
        Assumption.DoesNotExist: unknown, taken out, or not visible to `actor`.
    """
    rows = Assumption.objects.visible_to(actor, at=at).kept()
    row = rows.select_related("picture__case", "case__person", "owner").get(pk=assumption_id)
    audit.saw([(row.case.person_id, row.case_id)])
    return row, vault.box(row.case.person.key_id).open(row, "text")
