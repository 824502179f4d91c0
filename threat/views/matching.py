"""Matching: entities of a product or signal, matches between cases, and blind matches with their suppliers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import Role
from stelsel.kernel.web import Request, attempt, page, show, status_of
from threat import services
from threat.forms.entity import AnswerForm, AskForm, EntityForm, SettleForm
from threat.lifecycle import MatchAnswer
from threat.services.entities import OFF, EntitiesOf
from threat.views.answers import Crumbs, case_crumbs, form_page, marking_of, supplier_crumbs, trail

HEAD = frozenset({Role.HEAD_OF_ANALYSIS})
PURPOSE = "matching over cases"


@page(purpose=PURPOSE)
def of_product(request: Request, product_id: UUID) -> HttpResponse:
    """What was taken down from a product, and one more."""
    found = services.read_entities(product_id=product_id, actor=request.actor, at=request.at)
    way = (str(found.row), reverse("threat:product", args=[product_id]))
    return _entities(request, found, here=way, product_id=product_id)


@page(purpose=PURPOSE)
def of_signal(request: Request, signal_id: UUID) -> HttpResponse:
    """What was taken down from a signal, and one more."""
    found = services.read_entities(signal_id=signal_id, actor=request.actor, at=request.at)
    return _entities(
        request, found, here=(_("Signal"), reverse("threat:signal", args=[signal_id])), signal_id=signal_id
    )


def _entities(request: Request, found: EntitiesOf, *, here: tuple[object, str], **of: UUID) -> HttpResponse:
    form = EntityForm(request.POST or None, kinds=found.kinds)
    if request.method == "POST" and not found.kinds:
        form.is_valid()
        form.add_error(None, _(OFF))
    elif request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: services.take_down_entity(**of, named=form.named(), actor=request.actor, at=request.at),
        )
        if done is not None:
            return redirect(request.path)
    context = {
        "found": found,
        "form": form,
        "off": "" if found.kinds else _(OFF),
        "back": here[1],
        "trail": trail([*case_crumbs(found.case), here], _("Entities")),
        "marking": marking_of(found.row),
    }
    return show(request, "threat/entities.html", context, status=status_of(form))


@require_POST
@page(purpose=PURPOSE)
def remove(request: Request, entity_id: UUID) -> HttpResponse:
    """Take an entity out."""
    row = services.remove_entity(entity_id=entity_id, actor=request.actor, at=request.at)
    if row.product_id is not None:
        return redirect("threat:product_entities", row.product_id)
    return redirect("threat:signal_entities", row.signal_id)


@page(purpose=PURPOSE)
def hit(request: Request, hit_id: UUID) -> HttpResponse:
    """One match, for who may see both cases."""
    found = services.read_hit(hit_id=hit_id, actor=request.actor, at=request.at)
    context = {
        "found": found,
        "row": found.row,
        "sides": [found.mine, found.other],
        "trail": trail(case_crumbs(found.mine.case), _("Match")),
        "marking": marking_of(found.row),
    }
    return show(request, "threat/hit.html", context)


@require_POST
@page(purpose=PURPOSE)
def take(request: Request, hit_id: UUID) -> HttpResponse:
    """An analyst has looked at the match."""
    found = services.take_hit(hit_id=hit_id, actor=request.actor, at=request.at)
    return redirect("threat:information", found.mine.case.pk)


@page(purpose=PURPOSE, roles=HEAD)
def matches(request: Request) -> HttpResponse:
    """Blind matches, for the head of threat analysis."""
    found = services.read_matches(actor=request.actor, at=request.at)
    return show(request, "threat/matches.html", {"found": found})


def _matches_crumbs() -> Crumbs:
    return [(_("Blind matches"), reverse("threat:matches"))]


@page(purpose=PURPOSE, roles=HEAD)
def ask(request: Request, blind_id: UUID) -> HttpResponse:
    """Ask a supplier about its own product."""
    found = services.read_blind(blind_id=blind_id, actor=request.actor, at=request.at)
    form = AskForm(request.POST or None, sides=found.to_ask)
    return form_page(
        request,
        form,
        lambda: services.ask_about_match(
            blind_id=blind_id, side=form.cleaned_data["side"], actor=request.actor, at=request.at
        ),
        title=_("Ask a supplier about a match"),
        submit=_("Ask"),
        leads_to="threat:matches",
        crumbs=_matches_crumbs(),
        intro=_("The supplier sees its own product and what kind of thing matched; nothing of the other side."),
    )


@page(purpose=PURPOSE, roles=HEAD)
def settle(request: Request, blind_id: UUID) -> HttpResponse:
    """Dismiss a blind match or follow it up."""
    services.read_blind(blind_id=blind_id, actor=request.actor, at=request.at)
    form = SettleForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.settle_match(
            blind_id=blind_id, reason=form.cleaned_data["reason"], actor=request.actor, at=request.at
        ),
        title=_("Settle a blind match"),
        submit=_("Settle"),
        leads_to="threat:matches",
        crumbs=_matches_crumbs(),
        intro=_("A match shows itself to an analyst who is named on both cases; settling it opens nothing."),
    )


@page(purpose="supplying information")
def question(request: Request, question_id: UUID) -> HttpResponse:
    """Answer what was asked about one's own product."""
    found = services.read_match_question(question_id=question_id, actor=request.actor, at=request.at)
    row, product = found.question, found.product
    form = AnswerForm(request.POST or None)
    asked = [(_("What matched"), row.get_kind_display())]
    if product is not None:
        asked.append((_("Your product"), f"{product.number}, {product.dated:%d-%m-%Y}"))
    if row.answer != MatchAnswer.ASKED:
        asked.append((_("Answer"), row.get_answer_display()))
    return form_page(
        request,
        form,
        lambda: services.answer_match_question(
            question_id=question_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        title=_("May this be shared?"),
        submit=_("Answer"),
        leads_to=reverse("threat:match_question", args=[question_id]),
        crumbs=supplier_crumbs(),
        intro=_(
            "Your product and information in another case name the same thing. Say whether the analysts of that case "
            "may learn what your product says; nothing is shared by your answer itself."
        ),
        texts=asked,
        marking=marking_of(product) if product is not None else "",
    )
