"""The letters of a case: the list, one letter with its steps, and what goes out on paper."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.letter import OFFICE, CopyForm, LetterForm, RemarkForm, SignLetterForm, StartLetterForm
from cases.forms.versions import Versioned
from cases.models import Case, Letter
from cases.models.letter import LetterKind
from cases.policies import may_sign_letter, may_write_letter
from cases.services import reading
from cases.services.letters import TEXTS, Decided, Shown
from cases.services.reading import Choice
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.errors import IllegalMove, gettext_noop
from stelsel.kernel.templatetags.stelsel import moment
from stelsel.kernel.web import Request, attempt, page, paper

FORMS: dict[str, type[Versioned]] = {
    "write": LetterForm,
    "submit": LetterForm,
    "sign": SignLetterForm,
    "return": RemarkForm,
    "withdraw": RemarkForm,
    "copy": CopyForm,
}


@page(purpose="letters")
def letters(request: Request, case_id: UUID) -> HttpResponse:
    """The letters of the case, and the form to begin one."""
    case, rows, decided = services.list_letters(case_id=case_id, actor=request.actor, at=request.at)
    may_write = bool(may_write_letter(request.actor, case_manager=case.case_manager_id))
    form = None
    if may_write and decided:
        form = StartLetterForm(
            request.POST if request.method == "POST" else None, about=_about(decided), to=_addressees(case)
        )
    elif request.method == "POST":
        require(may_write_letter(request.actor, case_manager=case.case_manager_id))
    if form is not None and request.method == "POST" and form.is_valid():
        begun = attempt(request, form, lambda: _start(form, case, request))
        if begun is not None:
            return redirect("cases:letter", begun.pk)
    context = {"act_name": _("Letters"), "letters": rows, "may_write": may_write, "decided": decided}
    return case_page(request, "cases/letters.html", case, context, form=form)


def _start(form: StartLetterForm, case: Case, request: Request) -> Letter:
    return services.start_letter(case_id=case.pk, **form.started(), actor=request.actor, at=request.at)


def _about(decided: list[Decided]) -> list[Choice]:
    return [
        Choice(f"{one.kind}:{one.subject_id}", f"{LetterKind(one.kind).label}, {moment(one.at)}") for one in decided
    ]


def _addressees(case: Case) -> list[Choice]:
    people = [
        Choice(str(person.pk), f"{person.pseudonym} {relation}".strip())
        for person, relation in reading.people_to_choose(case)
    ]
    return [*people, Choice(OFFICE, case.office.name)]


@page(purpose="letters")
def letter(request: Request, letter_id: UUID) -> HttpResponse:
    """A letter as it reads, its text, the step that is this actor's, and its copies."""
    opened = services.read_letter(letter_id=letter_id, actor=request.actor, at=request.at)
    row, actor = opened.row, request.actor
    act = request.POST.get("act", "")
    forms = {name: _bound(name, opened, request, sent=name == act) for name in FORMS}
    sent = forms.get(act, forms["write"])
    if request.method == "POST" and done(request, sent, lambda: _take(act, sent, opened, request)):
        return redirect("cases:letter", row.pk)
    may_write = bool(may_write_letter(actor, case_manager=opened.case.case_manager_id))
    may_sign = may_sign_letter(actor, prepared_by=row.prepared_by_id, decider=opened.case.decider_id)
    return case_page(
        request,
        "cases/letter.html",
        opened.case,
        {
            "act_name": _("Letter %(number)s") % {"number": row.number},
            "letter": row,
            "shown": opened.pages,
            "copies": opened.copies,
            "remark": opened.texts["remark"],
            "may_write": may_write and row.state == "draft",
            "may_withdraw": may_write and row.state in ("draft", "submitted"),
            "may_sign": bool(may_sign) and row.state == "submitted",
            "may_copy": may_write and row.state == "final",
            "write": forms["submit"] if act == "submit" else forms["write"],
            "sign": forms["sign"],
            "return_form": forms["return"],
            "withdraw": forms["withdraw"],
            "copy": forms["copy"],
        },
        form=sent,
        subject=row,
    )


def _bound(name: str, opened: Shown, request: Request, *, sent: bool) -> Versioned:
    kind, row = FORMS[name], opened.row
    auto_id = "id_%s" if kind is LetterForm else f"{name}_%s"
    if sent:
        return kind(request.POST, auto_id=auto_id)
    initial: dict[str, object] = {"version": row.version}
    if kind is LetterForm:
        initial |= {text: opened.texts[text] for text in TEXTS}
        initial |= {"marking": row.marking, "marked_until": row.marked_until}
    return kind(initial=initial, auto_id=auto_id)


def _take(act: str, form: Versioned, opened: Shown, request: Request) -> object:
    if act not in ACTS:
        raise IllegalMove("unknown_act", gettext_noop("There is no step to take now."))
    return ACTS[act](form, opened.row, request)


def _write(form: Versioned, row: Letter, request: Request) -> Letter:
    writing = form.writing() if isinstance(form, LetterForm) else None
    if writing is None:
        raise TypeError("a letter is written by its form")
    return services.write_letter(
        letter_id=row.pk,
        writing=writing,
        version=form.cleaned_data["version"],
        actor=request.actor,
        at=request.at,
    )


def _submit(form: Versioned, row: Letter, request: Request) -> Letter:
    """What stands on the page is saved and laid before the decider: both, or neither."""
    saved = _write(form, row, request)
    return services.submit_letter(letter_id=row.pk, version=saved.version, actor=request.actor, at=request.at)


def _plainly(service: Callable[..., object]) -> Callable[[Versioned, Letter, Request], object]:
    return lambda form, row, request: service(letter_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


ACTS: dict[str, Callable[[Versioned, Letter, Request], object]] = {
    "write": _write,
    "submit": _submit,
    "sign": _plainly(services.sign_letter),
    "return": _plainly(services.return_letter),
    "withdraw": _plainly(services.withdraw_letter),
    "copy": _plainly(services.issue_copy),
}


@page(purpose="letters")
def preview(request: Request, letter_id: UUID) -> HttpResponse:
    """The draft on paper."""
    found = services.preview(letter_id=letter_id, actor=request.actor, at=request.at)
    return paper(found.name, found.content)


@page(purpose="letters")
def copy(request: Request, copy_id: UUID) -> HttpResponse:
    """A numbered copy, to print or to hand over."""
    found = services.open_copy(copy_id=copy_id, actor=request.actor, at=request.at)
    return paper(found.name, found.content)
