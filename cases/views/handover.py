"""The handover file: the checklist with its texts, what is missing, the clock, both signatures."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import services
from cases.forms.handover import AcceptForm, KeyHolderForm, OfferForm, ReturnForm, SupplyForm, absent
from cases.forms.versions import Versioned
from cases.models import Handover
from cases.models.handover import HANDOVER_ITEMS
from cases.policies import may_accept_handover, may_offer_handover, may_supply_handover
from cases.services import Supplied, reading
from cases.services.handover import key_holders, missing
from cases.views.answers import case_page, done
from stelsel.kernel.errors import IllegalMove, gettext_noop
from stelsel.kernel.web import Request, page

OPEN = ("draft", "returned")
FORMS: dict[str, type[Versioned]] = {
    "supply": SupplyForm,
    "offer": OfferForm,
    "return": ReturnForm,
    "key_holder": KeyHolderForm,
}


@page(purpose="handover")
def handover(request: Request, handover_id: UUID) -> HttpResponse:
    """Read the file, and take the step that is this actor's."""
    opened = reading.read_handover(handover_id=handover_id, actor=request.actor, at=request.at)
    row, items = opened.row, reading.read_checklist(opened)
    act = request.GET.get("act", "") or request.POST.get("act", "")
    forms = {name: _bound(kind, row, items, request, sent=name == act) for name, kind in FORMS.items()}
    report = reading.opened_continuity(opened, at=request.at)
    red = sum(line.red for one in report for line in one.lines)
    forms["accept"] = _accept_form(request, row, red=bool(red), sent=act == "accept")
    sent = forms.get(act, forms["supply"])
    if request.method == "POST" and done(request, sent, lambda: _take(act, sent, row, request)):
        return redirect("cases:handover", row.pk)
    actor, case = request.actor, opened.case
    labels = dict(HANDOVER_ITEMS)
    may_supply = bool(row.state in OPEN and may_supply_handover(actor))
    return case_page(
        request,
        "cases/handover.html",
        case,
        {
            "act_name": _("Handover file"),
            "handover": row,
            "texts": opened.texts,
            "items": _listed(items, linked=may_supply),
            "contents": [(labels[item.code], item) for item in items],
            "missing": len(missing(row)),
            "key_holders": key_holders(row),
            "report": report,
            "red": red,
            "may_supply": may_supply,
            "may_offer": bool(row.state in OPEN and may_offer_handover(actor, office=case.office_id)),
            "may_accept": bool(
                row.state == "proposed" and may_accept_handover(actor, case_manager=case.case_manager_id)
            ),
            "supply": forms["supply"],
            "offer": forms["offer"],
            "accept": forms["accept"],
            "return_form": forms["return"],
            "key_form": forms["key_holder"],
        },
        form=sent,
        subject=row,
    )


@page(purpose="handover")
def measures(request: Request, handover_id: UUID) -> HttpResponse:
    """Handover, measure by measure: before and after per person, red where one would fall, both signatures."""
    opened = reading.read_handover(handover_id=handover_id, actor=request.actor, at=request.at)
    report = reading.opened_continuity(opened, at=request.at)
    context = {
        "act_name": _("Handover, measure by measure"),
        "handover": opened.row,
        "texts": opened.texts,
        "report": report,
        "red": sum(line.red for one in report for line in one.lines),
    }
    return case_page(request, "cases/continuity.html", opened.case, context)


@require_POST
@page(purpose="handover")
def withdraw_key_holder(request: Request, key_holder_id: UUID) -> HttpResponse:
    """A key holder who is none any more is not part of the file."""
    row = services.withdraw_key_holder(key_holder_id=key_holder_id, actor=request.actor, at=request.at)
    return redirect("cases:handover", Handover.objects.get(case=row.case_id).pk)


def _accept_form(request: Request, row: Handover, *, red: bool, sent: bool) -> AcceptForm:
    data = request.POST if sent and request.method == "POST" else None
    return AcceptForm(data, initial={"version": row.version}, red=red, auto_id="acceptform_%s")


def _listed(items: list[Supplied], *, linked: bool) -> list[dict[str, object]]:
    """The checklist; each item leads to its field where it can be filled in."""
    labels = dict(HANDOVER_ITEMS)
    return [
        {"label": labels[item.code], "done": item.there, "text": "", "url": f"#id_{item.code}" if linked else ""}
        for item in items
    ]


def _bound(kind: type[Versioned], row: Handover, items: list[Supplied], request: Request, *, sent: bool) -> Versioned:
    if sent and request.method == "POST":
        return kind(request.POST, auto_id=_auto_id(kind))
    texts: dict[str, object] = {item.code: item.text for item in items}
    ticks: dict[str, object] = {absent(item.code): item.not_applicable for item in items}
    return kind(initial={**texts, **ticks, "version": row.version}, auto_id=_auto_id(kind))


def _auto_id(kind: type[Versioned]) -> str:
    """Four forms stand on one page: each has ids of its own."""
    return "id_%s" if kind is SupplyForm else f"{kind.__name__.lower()}_%s"


def _take(act: str, form: Versioned, row: Handover, request: Request) -> object:
    if act not in ACTS:
        raise IllegalMove("unknown_act", gettext_noop("There is no step to take now."))
    return ACTS[act](form, row, request)


def _supply(form: Versioned, row: Handover, request: Request) -> Handover:
    items = form.items() if isinstance(form, SupplyForm) else []
    version = form.cleaned_data["version"]
    return services.supply(handover_id=row.pk, items=items, version=version, actor=request.actor, at=request.at)


def _offer(form: Versioned, row: Handover, request: Request) -> Handover:
    return services.offer(handover_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


def _accept(form: Versioned, row: Handover, request: Request) -> Handover:
    return services.accept_file(handover_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


def _return(form: Versioned, row: Handover, request: Request) -> Handover:
    return services.return_file(handover_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


def _key_holder(form: Versioned, row: Handover, request: Request) -> object:
    return services.record_key_holder(handover_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


ACTS: dict[str, Callable[[Versioned, Handover, Request], object]] = {
    "key_holder": _key_holder,
    "supply": _supply,
    "offer": _offer,
    "accept": _accept,
    "return": _return,
}
