"""A measure: what was ordered, what was reported, the report and the end."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from cases import services
from cases.forms.measures import EndForm, ReportForm
from cases.models import Measure
from cases.models.care.life import Occasion
from cases.policies import may_end_measure, may_report_measure
from cases.services import reading
from cases.services.reading import care
from cases.views.answers import case_page, done
from stelsel.kernel.web import Request, page


@page(purpose="measures")
def measure(request: Request, measure_id: UUID) -> HttpResponse:
    """Read a measure with its reports; report on it, or end it, each for its own roles."""
    opened = reading.read_measure(measure_id=measure_id, actor=request.actor, at=request.at)
    row = opened.row
    ends = request.POST.get("act") == "end"
    version = {"version": row.version}
    end = EndForm(request.POST if ends else None, initial=version, auto_id="end_%s")
    report = ReportForm(
        request.POST if request.method == "POST" and not ends else None, initial=version, state=row.state
    )
    if ends and done(request, end, lambda: _end(end, row, request)):
        return redirect("cases:case", row.case_id)
    if not ends and done(request, report, lambda: _report(report, row, request)):
        return redirect("cases:case", row.case_id)
    authority = reading.authority_over(row.person_id, at=request.at)
    context = {
        "act_name": row.get_kind_display(),
        "measure": row,
        "texts": opened.texts,
        "reports": reading.reports_on(opened),
        "report": report,
        "end": end,
        "may_report": bool(row.state != "ended" and may_report_measure(request.actor)),
        "duty": care.duty_at(opened.case, Occasion.ENDING, row.pk, needed=True),
        "may_end": bool(row.state != "ended" and may_end_measure(request.actor, authority=authority)),
    }
    return case_page(request, "cases/measure.html", opened.case, context, form=end if ends else report, subject=row)


def _report(form: ReportForm, row: Measure, request: Request) -> object:
    return services.report_measure(measure_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


def _end(form: EndForm, row: Measure, request: Request) -> object:
    return services.end_measure(measure_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)
