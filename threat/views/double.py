"""The double run: the difference report, and the consultation of a supplier."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.double import ConsultationForm
from threat.services import workbench
from threat.views.answers import case_crumbs, form_page, marking_of
from threat.views.gaps import ANALYSTS


@page(purpose="threat analysis", roles=ANALYSTS)
def report(request: Request) -> HttpResponse:
    """How earlier products and adopted pictures differ."""
    return show(request, "threat/double.html", {"found": services.read_double_run(actor=request.actor, at=request.at)})


@page(purpose="threat analysis")
def consult(request: Request, picture_id: UUID) -> HttpResponse:
    """Record that a supplier was consulted about a level that lies far from the picture's."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    case = bench.picture.case
    form = ConsultationForm(request.POST or None, levels=bench.earlier)
    return form_page(
        request,
        form,
        lambda: services.record_consultation(picture_id=picture_id, **form.told(), actor=request.actor, at=request.at),
        title=_("Consultation of a supplier"),
        submit=_("Record"),
        leads_to=reverse("threat:picture", args=[picture_id]),
        crumbs=[*case_crumbs(case), (_("Threat picture"), reverse("threat:picture", args=[picture_id]))],
        intro=_("Of a picture that lies two or more levels from an earlier product, its supplier is consulted first."),
        marking=marking_of(bench.picture),
    )
