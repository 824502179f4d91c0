"""What may be done on an entry of the limitative list, in one place: a way on, or the reason why not now."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import policies
from cases.services.reading import EntryFile
from cases.views.acts import Offer
from stelsel.kernel.authorisation import YES, Actor, Role, Verdict, all_of, no
from stelsel.kernel.errors import gettext_noop

ORDERING = frozenset({Role.DECIDER, Role.CHIEF_PROSECUTOR, Role.MAYORS_CONTACT})


@dataclass(frozen=True)
class EntryAct:
    """An act that belongs to some roles."""

    label: str | Promise
    page: str
    icon: str
    roles: frozenset[Role]
    verdict: Callable[[EntryFile, Actor], Verdict]


def acts_on_entry(file: EntryFile, *, actor: Actor) -> list[Offer]:
    """The acts of the actor's role, those that can be done now first; the first of them stands out."""
    found = [(act, act.verdict(file, actor)) for act in ACTS if actor.role in act.roles]
    return [
        Offer(
            label=str(act.label),
            url=reverse(f"cases:{act.page}", args=[file.entry.pk]) if verdict else "",
            icon=act.icon,
            why_not="" if verdict else _(verdict.reason),
            variant="primary" if nth == 0 and verdict else "secondary",
        )
        for nth, (act, verdict) in enumerate(sorted(found, key=lambda pair: not pair[1]))
    ]


def _listed(file: EntryFile) -> Verdict:
    if file.entry.state == "designated":
        return YES
    return no("not_now", gettext_noop("This entry does not stand on the list."))


def _thing(file: EntryFile) -> Verdict:
    if file.entry.kind == "person":
        return no("not_now", gettext_noop("This is for objects and services."))
    return _listed(file)


def _decide(file: EntryFile, actor: Actor) -> Verdict:
    if file.entry.state != "proposed":
        return no("not_now", gettext_noop("There is no decision that waits."))
    return policies.may_decide_entry(actor, prepared_by=file.entry.prepared_by_id)


def _holder(file: EntryFile, actor: Actor) -> Verdict:
    if file.entry.kind != "person" or file.entry.state not in ("proposed", "designated"):
        return no("not_now", gettext_noop("Only a function on the list has a holder."))
    return policies.may_change_holder(actor)


def _purpose(file: EntryFile, actor: Actor) -> Verdict:
    entry = file.entry
    return all_of(
        _thing(file),
        policies.may_change_purpose(actor, office=entry.office_id, municipality=entry.municipality_id),
    )


def _order(file: EntryFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of an act
    if _thing(file) and not file.may_order:
        return no("other_authority", gettext_noop("Another authority orders here: see who has authority now."))
    return _thing(file)


def _advise(file: EntryFile, actor: Actor) -> Verdict:
    return all_of(_thing(file), policies.may_advise_on_entry(actor))


def _end(file: EntryFile, actor: Actor) -> Verdict:
    return all_of(_listed(file), policies.may_end_entry(actor))


t = gettext_lazy
ACTS = (
    EntryAct(t("Decide on the entry"), "entry_decide", "gavel", frozenset({Role.DECIDER}), _decide),
    EntryAct(t("Order supervision"), "entry_order", "shield", ORDERING, _order),
    EntryAct(t("Change the purpose"), "entry_purpose", "shuffle", ORDERING, _purpose),
    EntryAct(
        t("Give threat level and advice"),
        "entry_advise",
        "message-square-text",
        frozenset({Role.DECIDER}),
        _advise,
    ),
    EntryAct(t("Change the holder"), "entry_holder", "user-round", frozenset({Role.CASE_MANAGER}), _holder),
    EntryAct(t("Take off the list"), "entry_end", "archive", frozenset({Role.DECIDER}), _end),
)
