"""The register of agreements between organisations: read by the field, kept by the legal officer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import BaseForm, BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.models import Organisation
from stelsel.kernel.web import Request, attempt, page, show, status_of
from stelsel.legal import services
from stelsel.legal.forms import (
    AgreementForm,
    EndForm,
    LentForm,
    LentRows,
    ReviewForm,
    SettleForm,
    SignedForm,
    VersionForm,
)
from stelsel.legal.models import AgreementVersion, InteragencyAgreement
from stelsel.legal.policies import READS_AGREEMENTS, may_keep_agreements

KEEPS = frozenset({Role.LEGAL_OFFICER})


@page(purpose="agreements", roles=READS_AGREEMENTS)
def agreements(request: Request) -> HttpResponse:
    """All agreements: what holds, what waits for signatures, and where two conflict."""
    rows = services.list_agreements(actor=request.actor, at=request.at)
    return show(request, "legal/agreements.html", {"rows": rows, "keeps": bool(may_keep_agreements(request.actor))})


@page(purpose="agreements", roles=KEEPS)
def new_agreement(request: Request) -> HttpResponse:
    """Write an agreement down with its first version."""
    parties = _choices(Organisation.objects.order_by("name"))
    sent = request.POST if request.method == "POST" else None
    form = AgreementForm(sent, parties=parties)
    lines: BaseFormSet[LentForm] = LentRows(sent, prefix="lent", form_kwargs={"parties": parties})

    def write() -> object:
        told = form.cleaned_data
        return services.draft_agreement(
            title=told["title"],
            kind=told["kind"],
            subject=told["subject"],
            parties=[UUID(one) for one in told["parties"]],
            terms=form.terms(_lent(lines)),
            actor=request.actor,
            at=request.at,
        )

    row = _done(request, form, write, whole=sent is None or lines.is_valid())
    if isinstance(row, InteragencyAgreement):
        return redirect("legal:agreement", row.pk)
    context = {"form": form, "lines": lines}
    return show(request, "legal/agreement_new.html", context, status=_status(form, lines, request))


@page(purpose="agreements", roles=READS_AGREEMENTS)
def agreement(request: Request, agreement_id: UUID) -> HttpResponse:
    """One agreement with its versions and conflicts, and what its keeper can do about it now."""
    row = services.read_agreement(agreement_id=agreement_id, actor=request.actor, at=request.at)
    conflicts = services.conflicts_of(row)
    newest = next(iter(row.versions.all()))
    newest.agreement = row
    acts = _acts(request, row, newest) if may_keep_agreements(request.actor) else {}
    sent = acts.get(request.POST.get("act", "")) if request.method == "POST" else None
    if request.method == "POST":
        require(may_keep_agreements(request.actor))
    if sent is not None and _done(request, sent[0], sent[1]) is not None:
        return redirect("legal:agreement", agreement_id)
    context = {
        "row": row,
        "versions": [(one, one.pk == newest.pk) for one in row.versions.all()],
        "holds": {one.pk for one in services.own(row) if one.holds(timezone.localdate(request.at))},
        "conflicts": conflicts,
        "acts": {name: form for name, (form, _service) in acts.items()},
    }
    return show(request, "legal/agreement.html", context, status=status_of(sent[0]) if sent else 200)


@page(purpose="agreements", roles=KEEPS)
def new_version(request: Request, agreement_id: UUID) -> HttpResponse:
    """Write the next version of an agreement."""
    row = services.read_agreement(agreement_id=agreement_id, actor=request.actor, at=request.at)
    newest = next(iter(row.versions.all()))
    parties = _choices(row.parties.all())
    sent = request.POST if request.method == "POST" else None
    form = VersionForm(sent, initial={"version": row.version, "text": newest.text, "effect": newest.effect})
    lines: BaseFormSet[LentForm] = LentRows(
        sent,
        prefix="lent",
        form_kwargs={"parties": parties},
        initial=[
            {"lender": str(one.lender_id), "borrower": str(one.borrower_id), "teams": one.teams, "purpose": one.purpose}
            for one in newest.lent.all()
        ],
    )

    def write() -> object:
        return services.write_version(
            agreement_id=agreement_id,
            terms=form.terms(_lent(lines)),
            version=form.cleaned_data["version"],
            actor=request.actor,
            at=request.at,
        )

    if _done(request, form, write, whole=sent is None or lines.is_valid()) is not None:
        return redirect("legal:agreement", agreement_id)
    context = {"form": form, "lines": lines, "row": row}
    return show(request, "legal/agreement_new.html", context, status=_status(form, lines, request))


@page(purpose="agreements", roles=KEEPS)
def settle(request: Request, conflict_id: UUID) -> HttpResponse:
    """Say which of two agreements prevails."""
    row = services.read_conflict(conflict_id=conflict_id, actor=request.actor, at=request.at)
    both = [(str(one.agreement_id), str(one.agreement)) for one in (row.first, row.second)]
    form = SettleForm(request.POST if request.method == "POST" else None, both=both)
    done = _done(
        request,
        form,
        lambda: services.settle_conflict(
            conflict_id=conflict_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    )
    if done is not None:
        return redirect("legal:agreement", row.second.agreement_id)
    return show(request, "legal/conflict.html", {"row": row, "form": form}, status=status_of(form))


Acts = dict[str, tuple[BaseForm, Callable[[], object]]]


def _acts(request: Request, row: InteragencyAgreement, newest: AgreementVersion) -> Acts:
    """What can be done about the agreement now, each with its form."""
    by: dict[str, Any] = {"actor": request.actor, "at": request.at}
    sent = request.POST.get("act") if request.method == "POST" else None

    def data(name: str) -> QueryDict | None:
        return request.POST if sent == name else None

    acts: Acts = {}
    if newest.agreed_at is None:
        signed = {one.organisation_id for one in newest.signatures.all()}
        sign = SignedForm(
            data("sign"), parties=[one for one in row.parties.all() if one.pk not in signed], auto_id="sign_%s"
        )
        acts["sign"] = sign, lambda: services.sign_version(version_id=newest.pk, **sign.cleaned_data, **by)
    holding = next((one for one in services.own(row) if one.holds(timezone.localdate(request.at))), None)
    if holding is not None:
        review = ReviewForm(data("review"), auto_id="review_%s")
        acts["review"] = review, lambda: services.review_agreement(version_id=holding.pk, **review.cleaned_data, **by)
    if row.ended_on is None:
        end = EndForm(data("end"), initial={"version": row.version}, auto_id="end_%s")
        acts["end"] = end, lambda: services.end_agreement(agreement_id=row.pk, **end.cleaned_data, **by)
    return acts


def _done(request: Request, form: BaseForm, service: Callable[[], object], *, whole: bool = True) -> object:
    """What the act gave, when the form was sent and is whole; None otherwise."""
    valid = request.method == "POST" and form.is_valid() and whole
    return attempt(request, form, service) if valid else None


def _status(form: BaseForm, lines: BaseFormSet[LentForm], request: Request) -> int:
    status = status_of(form)
    return 422 if status == 200 and request.method == "POST" and not lines.is_valid() else status  # noqa: PLR2004  # OK


def _lent(lines: BaseFormSet[LentForm]) -> list[services.Lent]:
    return [one for one in (line.lent() for line in lines) if one is not None]


def _choices(organisations: object) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in organisations]  # type: ignore[attr-defined]  # rows of organisations
