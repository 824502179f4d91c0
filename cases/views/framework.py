"""The assessment framework: answering it about a nomination, and its versions side by side."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cases import services
from cases.forms.framework import FrameworkForm
from cases.policies import AT_THE_TABLE, may_assess
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.web import Request, page, show


@page(purpose="triage")
def framework(request: Request, nomination_id: UUID) -> HttpResponse:
    """Answer the framework; what was answered before stands beside it."""
    opened = reading.read_nomination(nomination_id=nomination_id, actor=request.actor, at=request.at)
    version, questions = reading.questions_now(at=request.at)
    form = FrameworkForm(
        request.POST if request.method == "POST" else None,
        questions=questions,
        evidence=reading.evidence_in(opened),
    )
    if done(
        request,
        form,
        lambda: services.record_assessment(
            nomination_id=opened.row.pk, **form.given(), actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:nomination", opened.row.pk)
    context = {
        "act_name": _("Assessment framework"),
        "nomination": opened.row,
        "version": version,
        "made": reading.assessments_on(opened),
        "may_assess": may_assess(request.actor, state=opened.row.state),
    }
    return case_page(request, "cases/framework.html", opened.case, context, form=form)


@page(purpose="triage", roles=AT_THE_TABLE)
def frameworks(request: Request) -> HttpResponse:
    """The published versions side by side: what is asked, and where each answer leads."""
    return show(request, "cases/frameworks.html", {"versions": reading.framework_versions()})
