"""Pages of requests, products and signals."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.models import Case
from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.fields import ReasonForm
from threat.forms.information import (
    AgainForm,
    CommissionForm,
    DeliveryForm,
    DisposalForm,
    RefusalForm,
    RegisterForm,
    UrgentForm,
)
from threat.policies import (
    may_answer_urgent_question,
    may_commission,
    may_name_analysts,
    may_register_product,
    may_supply,
    may_take_down,
    may_withdraw_product,
)
from threat.querysets import ANALYSTS
from threat.services import reading, workbench
from threat.services.needs import needs_in_force
from threat.services.reviews import why_no_review
from threat.services.shielded import WATCHES
from threat.views.answers import Crumbs, case_crumbs, crumbs_for, form_page, marking_of, trail
from threat.views.needs import by_factor

SUPPLIERS = frozenset({Role.PRODUCT_SUPPLIER})


@page(purpose="threat analysis")
def information(request: Request, case_id: UUID) -> HttpResponse:
    """What was asked and came in for a case."""
    found = reading.read_information(case_id=case_id, actor=request.actor, at=request.at)
    context = {
        "found": found,
        "case": found.case,
        "marking": marking_of(found.case),
        "manager": bool(may_name_analysts(request.actor)),
        "takes_down": bool(may_take_down(request.actor)),
        "hits": services.read_hits(case_id=case_id, actor=request.actor, at=request.at)
        if may_take_down(request.actor)
        else [],
    }
    return show(request, "threat/information.html", context)


@page(purpose="threat analysis")
def commission(request: Request, case_id: UUID) -> HttpResponse:
    """Ask a supplier for a product."""
    choices = workbench.read_choices(case_id=case_id, actor=request.actor, at=request.at)
    require(may_commission(request.actor))
    form = CommissionForm(
        request.POST or None,
        suppliers=services.suppliers(at=request.at),
        choices=choices,
        analysts=services.analysts(at=request.at) if may_name_analysts(request.actor) else [],
    )
    return form_page(
        request,
        form,
        lambda: services.commission_information(
            case_id=case_id, order=form.order(), actor=request.actor, at=request.at
        ),
        title=_("Ask for information"),
        submit=_("Ask"),
        leads_to=reverse("threat:information", args=[case_id]),
        crumbs=case_crumbs(choices.case),
        marking=marking_of(choices.case),
        factors=by_factor(needs_in_force(at=request.at)),
    )


@page(purpose="threat analysis")
def register(request: Request, case_id: UUID) -> HttpResponse:
    """Register a product that came by another way."""
    choices = workbench.read_choices(case_id=case_id, actor=request.actor, at=request.at)
    require(may_register_product(request.actor))
    form = RegisterForm(
        request.POST or None, earlier=list(choices.products), suppliers=services.suppliers(at=request.at)
    )
    return form_page(
        request,
        form,
        lambda: services.register_product(
            case_id=case_id,
            supplier_id=UUID(form.cleaned_data["supplier_id"]),
            delivery=form.delivery(),
            actor=request.actor,
            at=request.at,
        ),
        title=_("Register a product"),
        submit=_("Register"),
        leads_to=lambda product: reverse("threat:product", args=[product.pk]),
        crumbs=case_crumbs(choices.case),
        marking=marking_of(choices.case),
    )


@page(purpose="threat analysis")
def urgent(request: Request, case_id: UUID) -> HttpResponse:
    """Answer the question of the analysis whether urgent measures are needed."""
    case = reading.read_information(case_id=case_id, actor=request.actor, at=request.at).case
    require(may_answer_urgent_question(request.actor))
    form = UrgentForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.answer_urgent_question(
            case_id=case_id, answer=form.cleaned_data["answer"], actor=request.actor, at=request.at
        ),
        title=_("Are urgent measures needed?"),
        submit=_("Answer"),
        leads_to=reverse("threat:information", args=[case_id]),
        crumbs=case_crumbs(case),
        intro=_("The evidence leaves room for a severe threat. Measures are ordered on the case itself, not here."),
        marking=marking_of(case),
    )


@page(purpose="supplying information", roles=SUPPLIERS)
def requests(request: Request) -> HttpResponse:
    """What was asked of one's own organisation."""
    rows = reading.read_own_requests(actor=request.actor, at=request.at)
    return show(request, "threat/requests.html", {"rows": rows})


@page(purpose="threat analysis")
def asked(request: Request, request_id: UUID) -> HttpResponse:
    """One request: for its supplier, for the analysts and for the case manager."""
    found = reading.read_request(request_id=request_id, actor=request.actor, at=request.at)
    own = request.actor.role is Role.PRODUCT_SUPPLIER
    context = {
        "found": found,
        "asked": found.asked,
        "row": found.asked.request,
        "own": own,
        "watches": found.asked.request.supplier.kind in WATCHES,
        "asker": bool(may_commission(request.actor)),
        "manager": bool(may_name_analysts(request.actor)),
        "trail": trail(crumbs_for(request.actor, lambda: found.asked.request.case), found.asked.request.number),
        "marking": marking_of(found.asked.request),
    }
    return show(request, "threat/request.html", context)


@page(purpose="supplying information")
def deliver(request: Request, request_id: UUID) -> HttpResponse:
    """Deliver a product for a request."""
    found = reading.read_request(request_id=request_id, actor=request.actor, at=request.at)
    require(may_supply(request.actor, supplier=found.asked.request.supplier_id))
    kinds = services.kinds_of(found.asked.request.supplier.kind, at=request.at)
    form = DeliveryForm(
        request.POST or None, earlier=[each for each in found.products if not each.withdrawn_at], kinds=kinds
    )
    return form_page(
        request,
        form,
        lambda: services.deliver_product(
            request_id=request_id, delivery=form.delivery(), actor=request.actor, at=request.at
        ),
        title=_("Deliver a product"),
        intro="" if kinds else _("Matching over cases is off: no legal ground in force. So no entities are asked."),
        submit=_("Deliver"),
        leads_to=reverse("threat:request", args=[request_id]),
        crumbs=_way_to(request, found.asked),
        texts=[(_("Question"), found.asked.question)],
        marking=marking_of(found.asked.request),
    )


@page(purpose="supplying information")
def refuse(request: Request, request_id: UUID) -> HttpResponse:
    """Refuse a request, or say that what there is is withheld."""
    found = reading.read_request(request_id=request_id, actor=request.actor, at=request.at)
    require(may_supply(request.actor, supplier=found.asked.request.supplier_id))
    form = RefusalForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.refuse_request(
            request_id=request_id, refusal=form.answer(), actor=request.actor, at=request.at
        ),
        title=_("Refuse or withhold"),
        submit=_("Send"),
        leads_to=reverse("threat:request", args=[request_id]),
        crumbs=_way_to(request, found.asked),
        texts=[(_("Question"), found.asked.question)],
        marking=marking_of(found.asked.request),
    )


@page(purpose="threat analysis")
def again(request: Request, request_id: UUID) -> HttpResponse:
    """Ask once more after a refusal or silence."""
    found = reading.read_request(request_id=request_id, actor=request.actor, at=request.at)
    require(may_commission(request.actor))
    form = AgainForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.ask_again(
            request_id=request_id, due_at=form.cleaned_data["due_at"], actor=request.actor, at=request.at
        ),
        title=_("Ask again"),
        submit=_("Ask again"),
        leads_to=reverse("threat:request", args=[request_id]),
        intro=_("Protecting this person ranks equally with detection and prosecution (Circulaire 2026, 3.2)."),
        crumbs=_way_to(request, found.asked),
        texts=[(_("Question"), found.asked.question)],
        marking=marking_of(found.asked.request),
    )


def _way_to(request: Request, asked: reading.Asked) -> Crumbs:
    row = asked.request
    return [
        *crumbs_for(request.actor, lambda: row.case),
        (row.number, reverse("threat:request", args=[row.pk])),
    ]


@require_POST
@page(purpose="threat analysis")
def note(request: Request, request_id: UUID) -> HttpResponse:
    """Take note of a refusal."""
    services.note_refusal(request_id=request_id, actor=request.actor, at=request.at)
    return redirect("threat:request", request_id)


@page(purpose="threat analysis")
def product(request: Request, product_id: UUID) -> HttpResponse:
    """One product: its facts, and for analysts and its supplier its text."""
    found = reading.read_product(product_id=product_id, actor=request.actor, at=request.at)
    row = found.product
    reviews = services.reviews_of_product(row, actor=request.actor, at=request.at)
    context = {
        "found": found,
        "row": row,
        "may_withdraw": bool(may_withdraw_product(request.actor, supplier=row.supplier_id)) and not row.withdrawn_at,
        "analyst": request.actor.role in ANALYSTS,
        "entities": (
            services.read_entities(product_id=product_id, actor=request.actor, at=request.at)
            if may_take_down(request.actor)
            else None
        ),
        "reviews": reviews,
        "no_review": why_no_review(row, reviews, actor=request.actor),
        "level": services.level_of_product(row, actor=request.actor, at=request.at),
        "trail": trail(crumbs_for(request.actor, lambda: row.case), row.number),
        "marking": marking_of(row),
    }
    return show(request, "threat/product.html", context)


@page(purpose="threat analysis")
def withdraw(request: Request, product_id: UUID) -> HttpResponse:
    """Take a product back."""
    row = reading.read_product(product_id=product_id, actor=request.actor, at=request.at).product
    require(may_withdraw_product(request.actor, supplier=row.supplier_id))
    form = ReasonForm(request.POST or None)
    crumbs = crumbs_for(request.actor, lambda: row.case)
    return form_page(
        request,
        form,
        lambda: services.withdraw_product(
            product_id=product_id, reason=form.cleaned_data["reason"], actor=request.actor, at=request.at
        ),
        title=_("Withdraw product %(number)s") % {"number": row.number},
        submit=_("Withdraw"),
        leads_to=reverse("threat:product", args=[product_id]),
        crumbs=[*crumbs, (row.number, reverse("threat:product", args=[product_id]))],
        intro=_("It stays, marked as withdrawn. The analysts look again at what rests on it."),
        marking=marking_of(row),
    )


@require_POST
@page(purpose="threat analysis")
def acknowledge(request: Request, product_id: UUID) -> HttpResponse:
    """An analyst has looked at the product."""
    row = services.acknowledge_product(product_id=product_id, actor=request.actor, at=request.at)
    return redirect("threat:information", row.case_id)


@page(purpose="threat analysis")
def signal(request: Request, signal_id: UUID) -> HttpResponse:
    """One signal, with its disposition."""
    found = reading.read_signal(signal_id=signal_id, actor=request.actor, at=request.at)
    row = found.signal
    case: Case = row.case
    told = {"disposition": row.disposition, "reason": found.reason} if row.disposition else None
    form = DisposalForm(request.POST or None, initial=told)
    return form_page(
        request,
        form,
        lambda: services.dispose_signal(signal_id=signal_id, **form.cleaned_data, actor=request.actor, at=request.at),
        title=_("Signal"),
        submit=_("Save"),
        leads_to=reverse("threat:information", args=[case.pk]),
        crumbs=case_crumbs(case),
        intro=_("Told by: %(who)s. The person learns that it was received and used, never that it was not used.")
        % {"who": row.get_informant_display()},
        texts=[(f"{row.received_at:%d-%m-%Y}", found.text)],
        marking=marking_of(row),
    )
