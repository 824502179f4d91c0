"""Authority over the people of a case: at an instant and by rule; the post of the person; the return of authority."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.authority import BEFORE, Direction, Place, Purpose, colleges_are_told
from cases.authority import Post as PostHeld
from cases.forms.authority import ConfirmForm, MeasureForm, PostForm, ReturnForm, WhenForm, instant
from cases.policies import may_confirm_return, may_record_post, may_return_authority
from cases.services import reading
from cases.services.reading import care
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.errors import DomainError
from stelsel.kernel.web import Request, page, sentence


@page(purpose="case work")
def authority(request: Request, case_id: UUID) -> HttpResponse:
    """Who had authority on which instant, and who has it over a measure by rule."""
    asked = WhenForm({"at": request.GET["at"]} if request.GET.get("at") else {})
    when = instant(asked, now=request.at)
    case, held = reading.authority_at(case_id=case_id, when=when, actor=request.actor, at=request.at)
    measure = MeasureForm(request.GET if "direction" in request.GET else None)
    answer = None
    if measure.is_valid() and when.date() >= BEFORE:
        told = measure.cleaned_data
        answer = reading.by_rule(
            case,
            when=when,
            direction=Direction(told["direction"]),
            place=Place(told["place"]),
            purpose=Purpose(told["purpose"]),
        )
    context = {
        "act_name": _("Who has authority"),
        "asked": asked,
        "when": when,
        "held": held,
        "history": reading.authority_history(case_id=case_id, actor=request.actor, at=request.at),
        "measure": measure,
        "answer": answer,
        "college": bool(
            colleges_are_told(PostHeld(case.post)) and may_record_post(request.actor, office=case.office_id)
        ),
    }
    return case_page(request, "cases/authority.html", case, context)


@page(purpose="case work")
def post(request: Request, case_id: UUID) -> HttpResponse:
    """Record the post that the person holds; the rule says which office has authority then."""
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    require(may_record_post(request.actor, office=case.office_id))
    form = PostForm(
        request.POST if request.method == "POST" else None,
        initial={"post": case.post, "in_district": case.post_in_district},
        offices=[office for office in reading.offices() if office.value != str(case.office_id)],
    )
    if done(
        request,
        form,
        lambda: services.record_post(case_id=case_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        moved = form.cleaned_data["other_office"] is not None
        if moved:
            messages.success(request, _("Authority is with the other office; this office sees the case no longer."))
        return redirect("cases:list") if moved else redirect("cases:case", case_id)
    context = {"act_name": _("Post of the person"), "submit": _("Record the post")}
    return case_page(request, "cases/form.html", case, context, form=form)


@page(purpose="case work")
def college(request: Request, case_id: UUID) -> HttpResponse:
    """The College of Procurators General was told."""
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    require(may_record_post(request.actor, office=case.office_id))
    if request.method == "POST":
        services.tell_college(case_id=case_id, actor=request.actor, at=request.at)
    return redirect("cases:authority", case_id)


@page(purpose="decision")
def give_back(request: Request, case_id: UUID) -> HttpResponse:
    """The decider returns authority: what becomes of each measure, the reasons, a signature."""
    case = reading.open_case_file(case_id=case_id, part="judgement", actor=request.actor, at=request.at)
    require(may_return_authority(request.actor, decider=case.decider_id, person_user=case.person.user_id))
    measures = reading.measures_in_force(case)
    form = ReturnForm(
        request.POST if request.method == "POST" else None, initial={"version": case.version}, measures=measures
    )
    if done(
        request,
        form,
        lambda: services.return_authority(case_id=case_id, **form.given(), actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", case_id)
    context = {
        "act_name": _("Return authority"),
        "measures": measures,
        "held": reading.authority_at(case_id=case_id, when=request.at, actor=request.actor, at=request.at)[1],
        "hindrance": _hindrance(case_id, request) if case.state == "scheme" else "",
        "in_scheme": case.state == "scheme",
        "duty": care.duty_of_return(case),
    }
    return case_page(request, "cases/return.html", case, context, form=form, subject=case)


def _hindrance(case_id: UUID, request: Request) -> str:
    """Why authority cannot go back yet, whatever is said of the measures."""
    try:
        services.check_returnable(case_id=case_id, actor=request.actor, at=request.at)
    except DomainError as refusal:
        return sentence(refusal)
    return ""


@page(purpose="decision")
def returned(request: Request, return_id: UUID) -> HttpResponse:
    """A return of authority, measure by measure; the chief prosecutor confirms it with a signature."""
    opened = reading.read_return(return_id=return_id, actor=request.actor, at=request.at)
    row = opened.row
    may_confirm = may_confirm_return(request.actor, office=opened.case.office_id, decided_by=row.decided_by_id)
    if request.method == "POST":
        require(may_confirm)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.confirm_return(return_id=return_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", row.case_id)
    context = {
        "act_name": _("Return of authority"),
        "returned": row,
        "texts": opened.texts,
        "lines": reading.lines_of(row),
        "may_confirm": bool(may_confirm) and row.state == "waiting",
    }
    return case_page(request, "cases/returned.html", opened.case, context, form=form)
