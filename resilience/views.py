"""Pages of resilience: the work list, the file of one person, and the acts around a talk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from resilience import forms, services
from resilience.lifecycle import OFFER_LIFECYCLE, Awareness
from resilience.policies import FILE_ROLES, may_hold_talk, may_keep_file, may_talk_to
from resilience.scoring import clinical_words
from resilience.services import Held, Plan, reading
from resilience.services.reading import FilePage, TalkRow
from stelsel.kernel.authorisation import require
from stelsel.kernel.templatetags.lists import PAGE_SIZES
from stelsel.kernel.web import Request, attempt, page, show, status_of

PURPOSE: Final = "resilience"
TALK_LISTS: Final = ("planned", "held", "missed")
ANSWERS: Final = {"accept": _("Accepted"), "decline": _("Declined"), "later": _("Later")}
ENDINGS: Final = {"miss": _("Nobody came"), "refuse": _("The person refuses the talk"), "cancel": _("Cancel the talk")}


@page(purpose=PURPOSE, roles=FILE_ROLES)
def worklist(request: Request) -> HttpResponse:
    """Talks due, planned, held and missed, and every file one may open."""
    chosen = request.GET.get("show", "due")
    part: dict[str, Any] = {"after": request.GET.get("after", ""), "size": _size(request)}
    filters: BaseForm
    found: Any
    if chosen in TALK_LISTS:
        filters = forms.MineForm(request.GET)
        mine = filters.is_valid() and bool(filters.cleaned_data["mine"])
        found = services.list_talks(show=chosen, mine=mine, **part, actor=request.actor, at=request.at)
    else:
        filters = forms.WorkListForm(request.GET)
        phase = filters.cleaned_data["phase"] if filters.is_valid() else ""
        due = chosen != "files"
        found = services.list_files(due_only=due, phase=phase, **part, actor=request.actor, at=request.at)
    context = {
        "show": chosen,
        "talks": found.rows if chosen in TALK_LISTS else [],
        "files": [] if chosen in TALK_LISTS else found.rows,
        "following": found.following,
        "filters": filters,
        "size": part["size"],
        "tabs": _tabs(chosen),
    }
    return show(request, "resilience/worklist.html", context)


def _size(request: HttpRequest) -> int:
    """Rows a page, of the sizes that the list offers."""
    asked = request.GET.get("size", "")
    return int(asked) if asked in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[0]


def _tabs(chosen: str) -> list[dict[str, object]]:
    names = {
        "due": _("Talk overdue"),
        "planned": _("Planned"),
        "held": _("Held"),
        "missed": _("Did not take place"),
        "files": _("All files"),
    }
    url = reverse("resilience:worklist")
    known = chosen if chosen in names else "due"
    return [{"label": label, "url": f"{url}?show={name}", "current": name == known} for name, label in names.items()]


@page(purpose=PURPOSE)
def file(request: Request, file_id: UUID) -> HttpResponse:
    """One person's file: everything at hand before, during and after a talk."""
    whole = services.open_file(file_id=file_id, actor=request.actor, at=request.at)
    people = (whole.file.person.user_id,)
    keeps = may_keep_file(request.actor, people=people)
    talks = may_talk_to(aware=whole.file.awareness != Awareness.DOES_NOT_KNOW)
    context = {
        "why_not": keeps.reason,
        "why_no_talk": keeps.reason or talks.reason,
        "contact_current": whole.file.talk_due_at >= request.at,
    }
    return show(request, "resilience/file.html", {**_base(whole), **context})


def _base(whole: FilePage) -> dict[str, Any]:
    return {"whole": whole, "file": whole.file, "marking": whole.file.get_marking_display()}


@dataclass(frozen=True)
class Deed:
    """What a page of one act shows: its title, its button, and what stands above the form."""

    title: str | Promise
    submit: str | Promise
    note: str | Promise = ""


def _act(
    request: Request,
    whole: FilePage,
    form: BaseForm,
    deed: Deed,
    service: Callable[[dict[str, Any]], Model],
) -> HttpResponse:
    """A page of one act: form, service, redirect; a refusal shows the form again with everything typed."""
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, lambda: service(form.cleaned_data))
        if done is not None:
            return redirect("resilience:file", file_id=whole.file.pk)
    refusal = getattr(form, "refusal", None)
    clinical = isinstance(form, forms.WrittenForm) and form.warn_of(refusal)
    words = [word for text in _typed(request) for word in clinical_words(text)] if clinical else []
    context = {
        **_base(whole),
        "form": form,
        "deed": deed,
        "clinical_words": list(dict.fromkeys(words)),
        "theirs": _theirs(form),
        "file_url": reverse("resilience:file", args=[whole.file.pk]),
        "last": whole.last_held,
    }
    return show(request, "resilience/act.html", context, status=status_of(form))


def _typed(request: HttpRequest) -> list[str]:
    return [str(value) for value in request.POST.values()]


def _theirs(form: BaseForm) -> list[tuple[str, str, str]]:
    """A conflict: field, what was typed, what was saved meanwhile. Saving again builds on what holds now."""
    refusal = getattr(form, "refusal", None)
    theirs = getattr(refusal, "theirs", None)
    if theirs is None:
        return []
    if isinstance(form.data, QueryDict):
        again = form.data.copy()
        again["version"] = str(getattr(refusal, "version", ""))
        form.data = again
    return [
        (str(form.fields[name].label) if name in form.fields else name, str(form.data.get(name, "")), text)
        for name, text in theirs.items()
    ]


def _open(request: Request, file_id: UUID) -> FilePage:
    """The file, for an act of an expert: visibility first, then the role."""
    whole = services.open_file(file_id=file_id, actor=request.actor, at=request.at)
    require(may_keep_file(request.actor, people=(whole.file.person.user_id,)))
    return whole


def _with_talk(request: Request, talk_id: UUID) -> tuple[FilePage, TalkRow]:
    whole = _open(request, reading.file_of_talk(talk_id, actor=request.actor, at=request.at))
    return whole, whole.talk(talk_id)


@page(purpose=PURPOSE)
def about(request: Request, file_id: UUID) -> HttpResponse:
    """What one must know before a talk: age, consent, needs, agreements."""
    whole = _open(request, file_id)
    known = {name: getattr(whole.file, name) for name in ("age_band", "consent", "awareness", "language", "version")}
    form = forms.AboutForm(
        request.POST or None, initial={**known, "needs": whole.needs, "agreements": whole.agreements}
    )

    def write(given: dict[str, Any]) -> Model:
        version, confirmed = given.pop("version"), given.pop("clinical_confirmed")
        return services.write_about(
            file_id=file_id,
            about=services.About(**given),
            version=version,
            clinical_confirmed=confirmed,
            actor=request.actor,
            at=request.at,
        )

    return _act(request, whole, form, Deed(_("Before the talk: what to know"), _("Save")), write)


@page(purpose=PURPOSE)
def phase(request: Request, file_id: UUID) -> HttpResponse:
    """Move the person to another phase, with the reason."""
    whole = _open(request, file_id)
    form = forms.PhaseForm(
        request.POST or None,
        phases=reading.phases_other_than(whole.file.phase),
        initial={"version": whole.file.version},
    )

    def change(given: dict[str, Any]) -> Model:
        return services.change_phase(file_id=file_id, actor=request.actor, at=request.at, **given)

    return _act(request, whole, form, Deed(_("Change the phase"), _("Change the phase")), change)


@page(purpose=PURPOSE)
def plan(request: Request, file_id: UUID) -> HttpResponse:
    """Plan a talk."""
    whole = _open(request, file_id)
    require(may_talk_to(aware=whole.file.awareness != Awareness.DOES_NOT_KNOW))
    initial = {"version": whole.file.version, "expert": str(request.actor.user_id)}
    initial["interpreter"] = bool(whole.file.language)
    form = _plan_form(request, initial)

    def make(given: dict[str, Any]) -> Model:
        return services.plan_talk(
            file_id=file_id,
            plan=_plan_of(given),
            clinical_confirmed=given["clinical_confirmed"],
            actor=request.actor,
            at=request.at,
        )

    return _act(request, whole, form, Deed(_("Plan a talk"), _("Plan the talk")), make)


def _plan_form(request: Request, initial: dict[str, Any]) -> forms.PlanForm:
    experts = reading.experts(actor=request.actor, at=request.at)
    return forms.PlanForm(request.POST or None, experts=experts, initial=initial)


def _plan_of(given: dict[str, Any]) -> Plan:
    return Plan(
        planned_for=given["planned_for"],
        place=given["place"],
        expert_id=UUID(given["expert"]),
        interpreter=given["interpreter"],
        preparation=given["preparation"],
    )


@page(purpose=PURPOSE)
def talk(request: Request, talk_id: UUID) -> HttpResponse:
    """One talk as it was recorded."""
    file_id = reading.file_of_talk(talk_id, actor=request.actor, at=request.at)
    whole = services.open_file(file_id=file_id, actor=request.actor, at=request.at)
    row = whole.talk(talk_id)
    offers = [each for each in whole.offers if each.offer.talk_id == talk_id]
    return show(request, "resilience/talk.html", {**_base(whole), "row": row, "offers": offers})


@page(purpose=PURPOSE)
def move(request: Request, talk_id: UUID) -> HttpResponse:
    """Move a planned talk to another moment, place or expert."""
    whole, row = _with_talk(request, talk_id)
    known = {name: getattr(row.talk, name) for name in ("planned_for", "place", "interpreter", "version")}
    initial = {**known, "expert": str(row.talk.expert_id), "preparation": row.preparation}
    form = _plan_form(request, initial)

    def shift(given: dict[str, Any]) -> Model:
        return services.move_talk(
            talk_id=talk_id,
            plan=_plan_of(given),
            version=given["version"],
            clinical_confirmed=given["clinical_confirmed"],
            actor=request.actor,
            at=request.at,
        )

    return _act(request, whole, form, Deed(_("Move the talk"), _("Save")), shift)


@page(purpose=PURPOSE)
def hold(request: Request, talk_id: UUID) -> HttpResponse:
    """Have everything at hand during the talk, and record it."""
    whole, row = _with_talk(request, talk_id)
    require(may_hold_talk(request.actor, expert=row.talk.expert_id))
    form = forms.HoldForm(
        request.POST or None,
        household=[(str(each.pk), each.person.pseudonym) for each in whole.household],
        palette=[(str(item.pk), str(item)) for item in reading.palette_for(whole.file, on=request.at.date())],
        initial={"version": row.talk.version, "held_at": min(row.talk.planned_for, request.at), "minutes": 60},
    )

    def record(given: dict[str, Any]) -> Model:
        version, confirmed = given.pop("version"), given.pop("clinical_confirmed")
        for name in ("participants", "offers"):
            given[name] = [UUID(key) for key in given.get(name, [])]
        return services.hold_talk(
            talk_id=talk_id,
            held=Held(**given),
            version=version,
            clinical_confirmed=confirmed,
            actor=request.actor,
            at=request.at,
        )

    deed = Deed(_("The talk"), _("Record the talk"), row.preparation)
    return _act(request, whole, form, deed, record)


@page(purpose=PURPOSE)
def end(request: Request, talk_id: UUID, step: str) -> HttpResponse:
    """Record that a talk did not take place."""
    whole, row = _with_talk(request, talk_id)
    form = forms.EndForm(request.POST or None, initial={"version": row.talk.version})

    def record(given: dict[str, Any]) -> Model:
        return services.end_talk(talk_id=talk_id, step=step, actor=request.actor, at=request.at, **given)

    return _act(request, whole, form, Deed(ENDINGS[step], _("Record")), record)


@require_POST
@page(purpose=PURPOSE)
def follow_up(request: Request, talk_id: UUID) -> HttpResponse:
    """What was agreed to follow has been done."""
    done = services.settle_follow_up(talk_id=talk_id, actor=request.actor, at=request.at)
    return redirect("resilience:file", file_id=done.file_id)


@page(purpose=PURPOSE)
def offer(request: Request, file_id: UUID) -> HttpResponse:
    """Offer something of the palette apart from a talk."""
    whole = _open(request, file_id)
    items = reading.palette_for(whole.file, on=request.at.date())
    palette = [(str(item.pk), f"{item.get_kind_display()}: {item}") for item in items]
    form = forms.OfferForm(request.POST or None, palette=palette)

    def make(given: dict[str, Any]) -> Model:
        return services.offer_support(file_id=file_id, item_id=UUID(given["item"]), actor=request.actor, at=request.at)

    return _act(request, whole, form, Deed(_("Offer support"), _("Offer")), make)


@page(purpose=PURPOSE)
def answer(request: Request, offer_id: UUID) -> HttpResponse:
    """Record what the person answered to an offer."""
    whole = _open(request, reading.file_of_offer(offer_id, actor=request.actor, at=request.at))
    row = whole.offer(offer_id)
    steps = OFFER_LIFECYCLE.steps_from(row.offer.state)
    form = forms.AnswerForm(
        request.POST or None,
        answers=[(step, str(ANSWERS[step])) for step in steps],
        initial={"version": row.offer.version, "why": row.why},
    )

    def record(given: dict[str, Any]) -> Model:
        step = given.pop("answer")
        return services.answer_offer(offer_id=offer_id, step=step, actor=request.actor, at=request.at, **given)

    return _act(request, whole, form, Deed(_("Answer to the offer"), _("Save"), str(row.offer.item)), record)
