"""Triage: name who handles the case, prepare the judgement, judge, ratify what was decided by telephone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cases import services
from cases.forms.triage import AssignForm, JudgeForm, PrepareForm, RatifyForm
from cases.models import Judgement
from cases.models.care.life import Occasion
from cases.policies import may_assign_case, may_judge, may_prepare_judgement, may_ratify
from cases.services import reading
from cases.services.reading import care
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.errors import IllegalMove, gettext_noop
from stelsel.kernel.web import Request, page


@page(purpose="triage")
def assign(request: Request, case_id: UUID) -> HttpResponse:
    """The desk names the case manager and the decider."""
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    require(may_assign_case(request.actor))
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial={"case_manager": str(case.case_manager_id or ""), "decider": str(case.decider_id or "")},
        case_managers=reading.colleagues(Role.CASE_MANAGER, at=request.at),
        deciders=reading.colleagues(Role.DECIDER, at=request.at),
    )
    if done(
        request,
        form,
        lambda: services.assign_case(case_id=case.pk, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", case.pk)
    return case_page(request, "cases/assign.html", case, {"act_name": _("Name case manager and decider")}, form=form)


@page(purpose="triage")
def prepare(request: Request, nomination_id: UUID) -> HttpResponse:
    """The case manager prepares the judgement beside the nomination."""
    opened = reading.read_nomination(nomination_id=nomination_id, actor=request.actor, at=request.at)
    require(may_prepare_judgement(request.actor, case_manager=opened.case.case_manager_id))
    initial = {"version": opened.row.version}
    form = PrepareForm(request.POST) if request.method == "POST" else PrepareForm(initial=initial)
    if done(
        request,
        form,
        lambda: services.prepare_judgement(
            nomination_id=opened.row.pk, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:case", opened.row.case_id)
    context = {
        "act_name": _("Prepare the judgement"),
        "nomination": opened.row,
        "texts": opened.texts,
        "made": reading.assessments_on(opened),
        "discussed": reading.discussed(opened),
        "waits": opened.row.state == "signed",
    }
    return case_page(request, "cases/prepare.html", opened.case, context, form=form, subject=opened.row)


@page(purpose="triage")
def judge(request: Request, nomination_id: UUID) -> HttpResponse:
    """The proposal on the left, the decision on the right."""
    opened = reading.read_nomination(nomination_id=nomination_id, actor=request.actor, at=request.at)
    try:
        judgement = reading.read_judgement(nomination_id=nomination_id, actor=request.actor, at=request.at)
    except Judgement.DoesNotExist:
        raise IllegalMove("not_prepared", gettext_noop("There is no judgement that waits.")) from None
    require(
        may_judge(
            request.actor,
            prepared_by=judgement.row.prepared_by_id,
            decider=opened.case.decider_id,
            person_user=opened.case.person.user_id,
        )
    )
    initial = {"version": opened.row.version}
    form = JudgeForm(request.POST) if request.method == "POST" else JudgeForm(initial=initial)
    if done(
        request,
        form,
        lambda: services.judge(nomination_id=nomination_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", opened.row.case_id)
    context = {
        "act_name": _("Judge the nomination"),
        "nomination": opened.row,
        "texts": opened.texts,
        "made": reading.assessments_on(opened),
        "discussed": reading.discussed(opened),
        "judgement": judgement.row,
        "proposal": judgement.texts,
        "waits": opened.row.state == "prepared",
        "duty": care.duty_at(opened.case, Occasion.REJECTION, opened.row.pk),
    }
    return case_page(request, "cases/judge.html", opened.case, context, form=form, subject=opened.row)


@page(purpose="triage")
def ratify(request: Request, designation_id: UUID) -> HttpResponse:
    """Confirm an urgent designation: the telephone note, who decided, until when, and a signature."""
    opened = reading.read_designation(designation_id=designation_id, actor=request.actor, at=request.at)
    require(may_ratify(request.actor, decided_by=opened.row.decided_by_id))
    form = RatifyForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.ratify_designation(
            designation_id=designation_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:case", opened.row.case_id)
    context = {
        "act_name": _("Ratify the designation"),
        "designation": opened.row,
        "texts": opened.texts,
        "waits": opened.row.ratify_due is not None and opened.row.ratified_at is None,
    }
    return case_page(request, "cases/ratify.html", opened.case, context, form=form)
