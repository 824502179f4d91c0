"""The decision desk: the frozen picture left; level, resistance and departure right. And the advice of the LCC."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.level import AdviceForm, LevelForm
from cases.models.care.life import Occasion
from cases.policies import may_advise, may_set_level
from cases.services import reading
from cases.services.reading import care, decisions
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="decision")
def level(request: Request, picture_id: UUID) -> HttpResponse:
    """Set the threat level and the required resistance on a frozen picture."""
    opened = reading.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    case, picture = opened.case, opened.row
    require(
        may_set_level(
            request.actor,
            decider=case.decider_id,
            adopted_by=picture.adopted_by_id,
            person_user=case.person.user_id,
        )
    )
    basis = decisions.basis_of(picture, at=request.at)
    form = LevelForm(
        request.POST if request.method == "POST" else None,
        initial={"severity": picture.severity, "likelihood": picture.likelihood},
        urgent=bool(basis.flaw),
    )
    if done(
        request,
        form,
        lambda: services.decide_level(picture_id=picture.pk, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", case.pk)
    earlier = reading.newest_level(case)
    context = {
        "act_name": _("Set level and resistance"),
        "picture": picture,
        "texts": opened.texts,
        "hash": bytes(picture.content_hash).hex(),
        "basis": basis,
        "newest": reading.newest_picture(case),
        "earlier": earlier,
        "review": decisions.open_review(Q(level=earlier)) if earlier else None,
        "duty": care.duty_at(case, Occasion.LEVEL, picture.pk),
    }
    return case_page(request, "cases/level.html", case, context, form=form)


@page(purpose="advice")
def advice(request: Request, level_id: UUID) -> HttpResponse:
    """The LCC adviser sees level, resistance and handling advice, never the analysis."""
    opened = reading.read_level(level_id=level_id, actor=request.actor, at=request.at)
    require(may_advise(request.actor))
    given = reading.advice_on(opened.row)
    form = AdviceForm(request.POST if request.method == "POST" else None, kinds=reading.kinds(on=request.at.date()))
    if done(
        request,
        form,
        lambda: services.give_advice(level_id=level_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", opened.row.case_id)
    context = {
        "act_name": _("Advise on measures"),
        "level": opened.row,
        "handling_advice": reading.handling_advice(opened),
        "given": given,
    }
    return case_page(request, "cases/advice.html", opened.case, context, form=form)
