"""Handover in bulk: the batches, a new one, and one batch with its progress, its signatures and what did not go."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from cases import services
from cases.forms.batches import BatchForForm, BatchMoveForm, BatchOfferForm, BatchStartForm, FilesForm
from cases.forms.versions import Versioned
from cases.models import HandoverBatch
from cases.policies import BATCH_ROLES, RECEIVES, may_offer_handover, may_prepare_batch, may_start_batch
from cases.services import reading
from cases.services.reading import Batch
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import IllegalMove, gettext_noop
from stelsel.kernel.web import Request, attempt, page, show, status_of


@page(purpose="handover", roles=BATCH_ROLES)
def batches(request: Request) -> HttpResponse:
    """The batches of one's office, or that one receives."""
    rows = reading.list_batches(actor=request.actor, at=request.at)
    return show(request, "cases/batches.html", {"rows": rows})


@page(purpose="handover", roles=BATCH_ROLES)
def batch_new(request: Request) -> HttpResponse:
    """Choose the receiver and the office, then the files."""
    actor, at = request.actor, request.at
    offices = [one for one in reading.offices() if actor.role in RECEIVES or one.value == str(actor.organisation_id)]
    given = {"offices": offices, "receivers": reading.receivers(actor=actor, at=at)}
    chosen = BatchForForm(request.GET or None, **given)
    context: dict[str, object] = {"chosen": chosen, "files": None}
    if not (chosen.is_bound and chosen.is_valid()):
        return show(request, "cases/batch_new.html", context)
    told = {"office_id": UUID(chosen.cleaned_data["office"]), "membership_id": UUID(chosen.cleaned_data["membership"])}
    found = reading.batch_candidates(**told, actor=actor, at=at)
    form = FilesForm(request.POST if request.method == "POST" else None, files=found)
    if request.method == "POST" and form.is_valid():
        ids = [UUID(one) for one in form.cleaned_data["cases"]]
        made = attempt(request, form, lambda: services.prepare_batch(**told, case_ids=ids, actor=actor, at=at))
        if made is not None:
            return redirect("cases:batch", made.pk)
    return show(request, "cases/batch_new.html", {**context, "files": found, "form": form}, status=status_of(form))


@page(purpose="handover")
def batch(request: Request, batch_id: UUID) -> HttpResponse:
    """One batch: sign it, start it, stop it, look at what became of each file."""
    found = reading.read_batch(batch_id=batch_id, actor=request.actor, at=request.at)
    act = request.GET.get("act", "") or request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, found, sent=act)
    sent = forms.get(act, forms["move"])
    if (
        request.method == "POST"
        and sent.is_valid()
        and attempt(request, sent, lambda: _take(act, sent, found.row, request)) is not None
    ):
        return redirect("cases:batch", batch_id)
    context = {
        "batch": found.row,
        "found": found,
        "offer": forms["offer"],
        "start": forms["start"],
        "move": sent if sent.is_bound and act not in ("offer", "start") else forms["move"],
        **_may(found, request.actor),
    }
    return show(request, "cases/batch.html", context, status=status_of(sent))


def _forms(request: Request, found: Batch, *, sent: str) -> dict[str, Versioned]:
    version = {"version": found.row.version}
    kinds: dict[str, type[Versioned]] = {"offer": BatchOfferForm, "start": BatchStartForm}
    kinds |= dict.fromkeys(("move", "stop", "continue", "withdraw"), BatchMoveForm)
    return {
        name: kind(request.POST if sent == name else None, initial=version, auto_id=f"{name}_%s")
        for name, kind in kinds.items()
    }


def _may(found: Batch, actor: Actor) -> dict[str, bool]:
    row = found.row
    receives = bool(may_start_batch(actor, receiver=row.receiver_id))
    open_ones = row.size - found.progress.done - found.progress.skipped
    return {
        "may_offer": bool(row.state == "draft" and may_offer_handover(actor, office=row.office_id)),
        "may_start": row.state == "offered" and receives,
        "may_stop": found.runs and receives,
        "may_continue": receives and open_ones > 0 and (row.state == "stopped" or found.finished),
        "may_withdraw": row.state in ("draft", "offered", "stopped")
        and bool(may_prepare_batch(actor, office=row.office_id, receiver=row.receiver_id)),
    }


ACTS: dict[str, Callable[..., object]] = {
    "offer": services.offer_batch,
    "start": services.start_batch,
    "stop": services.stop_batch,
    "continue": services.continue_batch,
    "withdraw": services.withdraw_batch,
}


def _take(act: str, form: Versioned, row: HandoverBatch, request: Request) -> object:
    if act not in ACTS:
        raise IllegalMove("unknown_act", gettext_noop("There is no step to take now."))
    return ACTS[act](batch_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)
