"""How somebody wants a list: rows per page, columns and kept searches, per user on the server."""

from collections.abc import Sequence
from datetime import datetime

from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.models import ListPreference

MOST = 20
"""So many searches one keeps of one list."""


def of(list_name: str, *, actor: Actor) -> ListPreference:
    """What this user wants of this list; nothing chosen yet: the page's own."""
    kept = ListPreference.objects.filter(user_id=actor.user_id, list_name=list_name).first()
    return kept or ListPreference(user_id=actor.user_id, list_name=list_name)


@act
def keep_view(*, list_name: str, size: int, columns: Sequence[str], actor: Actor, at: datetime) -> ListPreference:  # noqa: ARG001  # an act has an instant
    """Rows per page and columns, until one chooses otherwise."""
    kept = _locked(list_name, actor=actor)
    kept.size, kept.columns = size, list(columns)
    kept.save(update_fields=["size", "columns"])
    return kept


@act
def keep_search(*, list_name: str, query: str, actor: Actor, at: datetime) -> ListPreference:  # noqa: ARG001  # as above
    """Keep a search; the same again changes nothing.

    Raises:
        Conflict: one keeps as many as one can.
    """
    kept = _locked(list_name, actor=actor)
    if query not in kept.searches:
        if len(kept.searches) >= MOST:
            raise Conflict("too_many", gettext_noop("You keep 20 searches of this list already. Remove one first."))
        kept.searches.append(query)
        kept.save(update_fields=["searches"])
    return kept


@act
def drop_search(*, list_name: str, query: str, actor: Actor, at: datetime) -> ListPreference:  # noqa: ARG001  # as above
    """Keep a search no longer; one that is not kept changes nothing."""
    kept = _locked(list_name, actor=actor)
    kept.searches = [one for one in kept.searches if one != query]
    kept.save(update_fields=["searches"])
    return kept


def _locked(list_name: str, *, actor: Actor) -> ListPreference:
    kept, _ = ListPreference.objects.select_for_update().get_or_create(user_id=actor.user_id, list_name=list_name)
    return kept
