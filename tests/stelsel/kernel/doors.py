"""Pages and an API of the tests' own, and people who are logged in to them."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

from cases.models import Case
from stelsel import urls
from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, Role, has_role, require
from stelsel.kernel.models import Organisation, User
from stelsel.kernel.web import Request, page, show


@page(purpose="test")
def write(request: Request) -> HttpResponse:
    """Writes one row and answers."""
    Organisation.objects.create(code=request.GET["code"], name="written", kind="team")
    audit.record("test.write", Organisation.objects.get(code=request.GET["code"]))
    return HttpResponse("written")


@page(purpose="test")
def write_and_break(request: Request) -> HttpResponse:
    write(request)
    raise ValueError("after the write")


@page(purpose="test")
def write_and_refuse(request: Request) -> HttpResponse:
    write(request)
    require(has_role(request.actor, Role.SYSTEM))
    return HttpResponse("never")


@page(purpose="test")
def break_at_commit(request: Request) -> HttpResponse:
    """A deferred constraint speaks when the answer is already rendered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_organisation (id, code, name, kind, region, parent_id)"
            " VALUES (gen_random_uuid(), %s, 'child', 'team', '', gen_random_uuid())",
            [request.GET["code"]],
        )
    return HttpResponse("said too early")


@page(purpose="care")
def look(request: Request, case_id: UUID) -> HttpResponse:
    """Shows a case to whoever may see it, and says who was seen."""
    case = Case.objects.visible_to(request.actor, at=request.at).get(pk=case_id)
    audit.saw([(case.person_id, case.pk)])
    return HttpResponse(case.number)


@page(purpose="care")
def look_without_filter(request: Request) -> HttpResponse:
    """The list whose filter was forgotten."""
    return HttpResponse(",".join(Case.objects.order_by("number").values_list("number", flat=True)))


class Note(forms.Form):
    """Of every kind a field, some of them never kept."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("", ""), ("a", "A"), ("b", "B")])
    on = forms.DateField(required=False)
    tick = forms.BooleanField(required=False)
    file = forms.FileField(required=False)
    code = forms.CharField(required=False)


class Back(forms.Form):
    """Beside it on the same page, with fields of the same names."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.Textarea)


class Line(forms.Form):
    what = forms.CharField(required=False)


Lines = forms.formset_factory(Line, extra=1, max_num=9)


@page(purpose="test")
def note(request: Request) -> HttpResponse:
    """Forms side by side and rows below them; whatever is sent is written at once."""
    if request.method == "POST":
        Organisation.objects.create(code="a-team", name="written", kind="team")
    form = Note(initial={"version": 7, "tick": True})
    context = {"form": form, "back": Back(initial={"version": 7}, auto_id="back_%s"), "rows": Lines(prefix="line")}
    return show(request, "note.html", context)


@require_POST
@page(purpose="test")
def note_down(request: Request) -> HttpResponse:
    """Only sent to; it has no page of its own."""
    return note(request)


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(getattr(request.user, "username", "")))


urlpatterns = [
    path("plain", plain),
    path("write", write, name="write"),
    path("write-and-break", write_and_break),
    path("write-and-refuse", write_and_refuse, name="write_and_refuse"),
    path("break-at-commit", break_at_commit),
    path("look/<uuid:case_id>", look, name="look"),
    path("list", look_without_filter),
    path("note", note, name="note"),
    path("note/down", note_down, name="note_down"),
    *urls.urlpatterns,
]


def logged_in(actor: Actor, *, confirmed: bool = True) -> Client:
    """A browser in which `actor` has logged in; `confirmed` with the second factor, just now."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=actor.user_id), "allauth.account.auth_backends.AuthenticationBackend")
    request = HttpRequest()
    request.session = client.session
    if confirmed:
        record_authentication(request, User.objects.get(pk=actor.user_id), "mfa", type="totp")
    request.session["membership"] = str(actor.membership_id)
    request.session.save()
    return client
