"""A picture on paper: every page marked, every copy numbered, and at each citation how the product may be handled."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from stelsel.kernel import audit, documents
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.documents import Letter, Paper, Part
from stelsel.kernel.scales import LIKELIHOOD_WORDING, Likelihood
from stelsel.legal.models import Marked
from threat.lifecycle import Caveat, PictureState
from threat.models import PicturePrint
from threat.policies import may_make_picture
from threat.services.pictures import locked_picture
from threat.services.workbench import Item, LineView, Workbench, read_picture


@act
def print_picture(*, picture_id: UUID, actor: Actor, at: datetime) -> Paper:
    """The next numbered copy of a picture; a version that is not adopted says "draft" across every page.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
    """
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    bench = read_picture(picture_id=picture_id, actor=actor, at=at)
    last = PicturePrint.objects.filter(picture=picture).aggregate(last=Max("number"))["last"] or 0
    copy = PicturePrint(
        picture=picture, case_id=picture.case_id, number=last + 1, printed_by_id=actor.user_id, printed_at=at
    )
    copy.save(force_insert=True)
    audit.saw([(picture.case.person_id, picture.case_id)], kind="print")
    audit.record("picture.print", copy, scope=picture.case_id, detail={"copy": copy.number})
    number = f"{picture.case.number}-B{picture.version}"
    return Paper(
        name=f"{number}-{copy.number}.pdf",
        content=documents.pdf(_pages(bench, number, copy=copy.number, actor=actor, at=at), at=at),
    )


def _pages(bench: Workbench, number: str, *, copy: int, actor: Actor, at: datetime) -> Letter:
    row = bench.picture
    return Letter(
        language=translation.get_language() or "nl",
        subject=_("Threat picture, version %(n)s") % {"n": row.version},
        sender=_("National Coordinator for Counterterrorism and Security (NCTV)"),
        marking=_marking(row),
        reference=number,
        recipient=_("Printed by %(name)s, %(moment)s")
        % {"name": actor.name, "moment": formats.date_format(timezone.localtime(at), "j F Y H:i")},
        address=(),
        facts=_facts(bench),
        parts=list(_parts(bench)),
        closing=(),
        words={
            "page": _("Page"),
            "of": _("of"),
            "copy": _("Copy %(number)s") % {"number": copy},
            "draft": _("DRAFT"),
        },
        draft=row.state != PictureState.ADOPTED,
    )


def _marking(row: Marked) -> str:
    if row.marking == "NONE":
        return ""
    marking = str(row.get_marking_display())
    if row.marked_until is None:
        return marking
    return _("%(marking)s until %(day)s") % {"marking": marking, "day": _day(row.marked_until)}


def _facts(bench: Workbench) -> list[tuple[str, str]]:
    row, person = bench.picture, bench.person
    facts = [
        (_("Person"), row.case.person.pseudonym),
        (_("State"), str(row.get_state_display())),
        (_("Method"), row.method_version),
        (_("Severity"), f"E{row.severity}" if row.severity else _("not chosen yet")),
        (_("Likelihood"), _level(row.likelihood if row.proposed_at else person["level"] if person else None)),
    ]
    if person:
        interval = _("%(low)s to %(high)s") % {"low": _number(person["low"]), "high": _number(person["high"])}
        facts += [
            (_("Index of evidential support (0-100, no probability)"), _number(person["index"])),
            (_("Interval"), interval),
            (_("Coverage (0-1)"), _number(person["coverage"], 2)),
        ]
    if row.adopted_at and row.adopted_by and row.content_hash:
        facts += [
            (_("Adopted"), f"{_day(timezone.localdate(row.adopted_at))}, {row.adopted_by.get_full_name()}"),
            (_("Hash"), bytes(row.content_hash).hex()),
        ]
    if row.review_due:
        facts.append((_("Review due"), _day(row.review_due)))
    return facts


def _level(level: int | None) -> str:
    if level is None:
        return _("Insufficient information")
    words = LIKELIHOOD_WORDING[Likelihood(level)]
    dutch = (translation.get_language() or "nl").startswith("nl")
    return f"W{level} {words.name_nl if dutch else words.name_en}"


def _parts(bench: Workbench) -> Iterator[Part]:
    texts = (
        (_("Question"), "question"),
        (_("Summary for the decider"), "summary"),
        (_("Reason of the severity"), "severity_reason"),
        (_("Reason of the departure"), "departure_reason"),
        (_("Do several threats add up?"), "cumulation"),
        (_("How this may be handled"), "handling_advice"),
    )
    yield from (Part(heading, _paragraphs(bench.texts[name])) for heading, name in texts if bench.texts[name].strip())
    for line in bench.lines:
        yield Part(_heading(line), _paragraphs(line.modus), [_citation(item) for item in line.items])
    if bench.assumptions:
        yield Part(
            _("Assumptions"),
            (),
            [
                f"{each.text} ({each.row.owner.get_full_name()}, {_day(each.due) if each.due else _('Does not hold')})"
                for each in bench.assumptions
            ],
        )
    if bench.hypotheses:
        yield Part(
            _("Other explanations"),
            (),
            [f"{each.text} ({each.row.get_weighing_display()}: {each.reason})" for each in bench.hypotheses],
        )


def _heading(line: LineView) -> str:
    actor = line.actor or _("unknown actor")
    return f"{_('Line %(n)s') % {'n': line.row.number}}: {actor}, {line.row.target.pseudonym}"


def _citation(item: Item) -> str:
    """An item with its grade, day and source; beside a product its marking and how it may be handled."""
    row = item.row
    bound = _("at least") if row.bound == "AT_LEAST" else _("at most")
    told = [f"{row.factor} {bound} {row.value}", f"{row.reliability}{row.credibility}", _day(row.valid_as_of)]
    if row.product is not None:
        told += [f"{row.product.supplier.name} {row.product.number}"]
        told += [str(row.product.get_marking_display())] if row.product.marking != "NONE" else []
        told += [str(row.product.get_caveat_display())] if row.product.caveat != Caveat.NONE else []
    elif row.signal is not None:
        told.append(f"{row.get_kind_display()}: {row.signal.get_informant_display()}")
    else:
        told.append(f"{row.get_kind_display()}: {row.provenance}")
    told += [_("Lapsed")] if row.lapsed else []
    return f"{' · '.join(told)}. {item.text}"


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _day(day: date) -> str:
    return formats.date_format(day, "j F Y")


def _number(value: float, digits: int = 1) -> str:
    return formats.number_format(value, decimal_pos=digits)
