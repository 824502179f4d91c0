"""What changed between a version of a picture and the one it follows."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import NotVisible
from threat.models import Picture
from threat.scoring.change import Pairing, Piece, paired, words
from threat.services.workbench import Item, LineView, Workbench, read_picture

TEXTS = ("question", "summary", "severity_reason", "departure_reason", "cumulation", "handling_advice")
CODES = ("value", "bound", "reliability", "credibility", "group", "lapsed", "window_end", "valid_as_of")


@dataclass(frozen=True)
class ChangedItem:
    """An item that both versions have: what is coded otherwise (name, was, is), and the words of its text."""

    item: Item
    codes: Sequence[tuple[str, Any, Any]]
    text: Sequence[Piece]


@dataclass(frozen=True)
class ChangedLine:
    """A line that both versions have, with what changed on it."""

    line: LineView
    modus: Sequence[Piece]
    changed: Sequence[ChangedItem]
    removed: Sequence[Item]
    added: Sequence[Item]


@dataclass(frozen=True)
class Changes:
    """Two versions side by side; `texts` holds the words of every text that changed."""

    old: Workbench
    new: Workbench
    texts: Mapping[str, Sequence[Piece]]
    lines: Sequence[ChangedLine]
    removed: Sequence[LineView]
    added: Sequence[LineView]


@act
def read_changes(*, picture_id: UUID, actor: Actor, at: datetime) -> Changes:
    """A version beside the one it follows, for analysts alone.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        NotVisible: it follows no version.
    """
    picture = Picture.objects.visible_to(actor, at=at).get(pk=picture_id)
    if picture.follows_id is None:
        raise NotVisible
    old = read_picture(picture_id=picture.follows_id, actor=actor, at=at)
    new = read_picture(picture_id=picture_id, actor=actor, at=at)
    lines = paired(old.lines, new.lines, key=_line)
    return Changes(
        old=old,
        new=new,
        texts={name: words(old.texts[name], new.texts[name]) for name in TEXTS if old.texts[name] != new.texts[name]},
        lines=[each for each in map(_changed, lines.both) if _says_something(each)],
        removed=lines.removed,
        added=lines.added,
    )


def _line(view: LineView) -> Hashable:
    return view.actor, view.row.phenomenon, view.row.target_id


def _item(item: Item) -> Hashable:
    """What an item is about and where it comes from: its copy in the next version has another id."""
    row = item.row
    return row.factor, row.kind, row.product_id, row.signal_id, row.provenance


def _changed(pair: tuple[LineView, LineView]) -> ChangedLine:
    old, new = pair
    items: Pairing[Item] = paired(old.items, new.items, key=_item)
    changed = [
        ChangedItem(
            item=now,
            codes=[
                (name, getattr(was.row, name), getattr(now.row, name))
                for name in CODES
                if getattr(was.row, name) != getattr(now.row, name)
            ],
            text=words(was.text, now.text) if was.text != now.text else [],
        )
        for was, now in items.both
    ]
    return ChangedLine(
        line=new,
        modus=words(old.modus, new.modus) if old.modus != new.modus else [],
        changed=[each for each in changed if each.codes or each.text],
        removed=items.removed,
        added=items.added,
    )


def _says_something(line: ChangedLine) -> bool:
    return bool(line.modus or line.changed or line.removed or line.added)
