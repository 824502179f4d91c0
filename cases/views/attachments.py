"""The attachments of a case: the list with its form, and a file that goes out."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.attachment import AttachForm
from cases.policies import may_attach
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="attachments")
def attachments(request: Request, case_id: UUID) -> HttpResponse:
    """What is attached to the case, and the form to attach a file."""
    case, rows = services.list_attachments(case_id=case_id, actor=request.actor, at=request.at)
    posted = request.method == "POST"
    if posted:
        require(may_attach(request.actor))
    form = AttachForm(request.POST, request.FILES) if posted else AttachForm()
    if done(request, form, lambda: _attach(form, case_id, request)):
        return redirect("cases:attachments", case_id)
    context = {
        "act_name": _("Attachments"),
        "attachments": rows,
        "may_attach": bool(may_attach(request.actor)),
    }
    return case_page(request, "cases/attachments.html", case, context, form=form)


def _attach(form: AttachForm, case_id: UUID, request: Request) -> object:
    given = form.cleaned_data
    return services.attach(
        case_id=case_id,
        content=given["file"].read(),
        name=given["file"].name,
        marking=given["marking"],
        part=given["part"],
        actor=request.actor,
        at=request.at,
    )


@page(purpose="attachments")
def attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """A file, to keep and never to show in the browser: it runs nothing, is guessed to be nothing and is not kept."""
    file = services.open_attachment(attachment_id=attachment_id, actor=request.actor, at=request.at)
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
