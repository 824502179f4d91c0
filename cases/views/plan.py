"""The contact plan of a case: who keeps contact with whom, promises, and what was told and withheld."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.plan import AgendaForm, ContactPersonForm, PlanForm, PromiseForm, SettlePromiseForm
from cases.forms.telling import ReceivedForm, TellForm
from cases.models import Person
from cases.models.plan import ADVICES
from cases.policies import may_keep_contact, may_plan_contact
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="contact")
def contact_plan(request: Request, case_id: UUID) -> HttpResponse:
    """How contact is kept with the person and the household, what was promised, told and withheld."""
    file = reading.read_contact(case_id=case_id, actor=request.actor, at=request.at)
    plans = [
        {
            "kept": kept,
            "texts": texts,
            "advices": [{"label": label, "done": code in kept.plan.advices} for code, label in ADVICES],
        }
        for kept, texts in file.kept
    ]
    context = {
        "act_name": _("Contact plan"),
        "file": file,
        "plans": plans,
        "may_keep": bool(may_keep_contact(request.actor)),
    }
    return case_page(request, "cases/contact_plan.html", file.case, context)


@page(purpose="contact")
def plan(request: Request, plan_id: UUID) -> HttpResponse:
    """Write the plan for one person, or name who keeps contact."""
    opened = reading.read_plan(plan_id=plan_id, actor=request.actor, at=request.at)
    row = opened.row
    require(may_plan_contact(request.actor))
    names = request.POST.get("act") == "name"
    sent = request.POST if request.method == "POST" else None
    form = PlanForm(None if names else sent, initial=PlanForm.of(row, opened.texts))
    colleagues = reading.possible_contacts(at=request.at)
    naming = ContactPersonForm(sent if names else None, auto_id="name_%s", colleagues=colleagues)
    if names and done(request, naming, lambda: _name(naming, plan_id, request)):
        return redirect("cases:plan", plan_id)
    if not names and done(request, form, lambda: _write(form, plan_id, request)):
        return redirect("cases:contact_plan", row.case_id)
    context = {
        "act_name": _("Contact plan"),
        "row": row,
        "plan": form,
        "naming": naming,
        "contacts": reading.contact_people(row),
    }
    return case_page(request, "cases/plan.html", opened.case, context, form=naming if names else form, subject=row)


def _name(form: ContactPersonForm, plan_id: UUID, request: Request) -> object:
    chosen = form.cleaned_data
    return services.name_contact(
        plan_id=plan_id, user_id=chosen["user"], until=chosen["until"], actor=request.actor, at=request.at
    )


def _write(form: PlanForm, plan_id: UUID, request: Request) -> object:
    version = form.cleaned_data["version"]
    return services.write_plan(plan_id=plan_id, plan=form.plan(), version=version, actor=request.actor, at=request.at)


@page(purpose="contact")
def promise(request: Request, case_id: UUID) -> HttpResponse:
    """Write down what was promised."""
    case = reading.open_case_file(case_id=case_id, part="contact", actor=request.actor, at=request.at)
    require(may_keep_contact(request.actor))
    form = PromiseForm(request.POST if request.method == "POST" else None, people=reading.people_to_choose(case))
    if done(request, form, lambda: _promise(form, case_id, request)):
        return redirect("cases:contact_plan", case_id)
    context = {"act_name": _("Write down a promise"), "submit": _("Save")}
    return case_page(request, "cases/form.html", case, context, form=form)


def _promise(form: PromiseForm, case_id: UUID, request: Request) -> object:
    typed = form.cleaned_data
    return services.make_promise(
        case_id=case_id,
        person_id=typed["person"],
        text=typed["text"],
        due_on=typed["due_on"],
        actor=request.actor,
        at=request.at,
    )


@page(purpose="contact")
def settle_promise(request: Request, promise_id: UUID) -> HttpResponse:
    """Say whether a promise was kept."""
    opened = reading.read_promise(promise_id=promise_id, actor=request.actor, at=request.at)
    require(may_keep_contact(request.actor))
    form = SettlePromiseForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.settle_promise(promise_id=promise_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:contact_plan", opened.row.case_id)
    context = {"act_name": _("Promise"), "promise": opened.row, "texts": opened.texts}
    return case_page(request, "cases/promise.html", opened.case, context, form=form)


@page(purpose="contact")
def agenda(request: Request, case_id: UUID) -> HttpResponse:
    """Write whether the person tells of moments ahead."""
    case = reading.open_case_file(case_id=case_id, part="contact", actor=request.actor, at=request.at)
    require(may_keep_contact(request.actor))
    form = AgendaForm(request.POST if request.method == "POST" else None, people=reading.people_to_choose(case))
    if done(request, form, lambda: _agenda(form, case_id, request)):
        return redirect("cases:contact_plan", case_id)
    context = {"act_name": _("Asked about moments ahead"), "submit": _("Save")}
    return case_page(request, "cases/form.html", case, context, form=form)


def _agenda(form: AgendaForm, case_id: UUID, request: Request) -> object:
    typed = form.cleaned_data
    return services.note_agenda(
        case_id=case_id, person_id=typed["person"], answer=typed["answer"], actor=request.actor, at=request.at
    )


@page(purpose="contact")
def tell(request: Request, case_id: UUID) -> HttpResponse:
    """Write what somebody was told, or what was withheld from them."""
    case = reading.open_case_file(case_id=case_id, part="contact", actor=request.actor, at=request.at)
    require(may_keep_contact(request.actor))
    form = _tell_form(request, people=reading.people_to_choose(case))
    said = lambda: services.tell(  # noqa: E731  # one call, handed to the form
        case_id=case_id,
        person_id=form.cleaned_data["person"],
        said=form.said(corrects=False),
        actor=request.actor,
        at=request.at,
    )
    if done(request, form, said):
        return redirect("cases:contact_plan", case_id)
    context = {"act_name": _("Tell or withhold"), "submit": _("Save")}
    return case_page(request, "cases/form.html", case, context, form=form)


def _tell_form(request: Request, *, people: list[tuple[Person, str]]) -> TellForm:
    grounds = reading.grounds_to_withhold(on=request.at.date())
    return TellForm(request.POST if request.method == "POST" else None, people=people, grounds=grounds)


@page(purpose="contact")
def telling(request: Request, telling_id: UUID) -> HttpResponse:
    """What was told or withheld once; say whether it was received, correct it, or look at a withholding again."""
    opened = reading.read_telling(telling_id=telling_id, actor=request.actor, at=request.at)
    row = opened.row
    context = {
        "act_name": _("Told or withheld"),
        "telling": row,
        "texts": opened.texts,
        "later": reading.followed_by(row),
        "may_keep": bool(may_keep_contact(request.actor)),
    }
    received = ReceivedForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        received,
        lambda: services.note_received(
            telling_id=telling_id, **received.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:telling", telling_id)
    return case_page(request, "cases/telling.html", opened.case, context, form=received)


@page(purpose="contact")
def tell_again(request: Request, telling_id: UUID) -> HttpResponse:
    """Correct what was said, or tell what was withheld, or withhold it longer."""
    opened = reading.read_telling(telling_id=telling_id, actor=request.actor, at=request.at)
    row = opened.row
    require(may_keep_contact(request.actor))
    corrects = bool(row.channel)
    form = _tell_form(request, people=[(row.person, "")])
    said = lambda: services.tell(  # noqa: E731  # as above
        case_id=row.case_id,
        person_id=row.person_id,
        said=form.said(corrects=corrects),
        follows=telling_id,
        actor=request.actor,
        at=request.at,
    )
    if done(request, form, said):
        return redirect("cases:contact_plan", row.case_id)
    name = _("Correct what was said") if corrects else _("Look again at what is withheld")
    context = {"act_name": name, "telling": row, "texts": opened.texts}
    return case_page(request, "cases/tell_again.html", opened.case, context, form=form)
