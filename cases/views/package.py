"""The package of measures: begun and written by the case manager, decided by a decider who did not prepare it."""

from uuid import UUID

from django.db.models import Q
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.package import (
    CheckForm,
    ConditionForm,
    ConditionRows,
    DecideForm,
    PackageForm,
    PlannedForm,
    PlannedRows,
    SendBackForm,
    StartForm,
)
from cases.models import ConditionCheck, DecisionCondition, Package, PlannedMeasure
from cases.models.catalogue import kind_name
from cases.policies import may_check_condition, may_prepare_package
from cases.services import approval, reading
from cases.services.package import TEXTS, infeasible_kinds
from cases.services.reading import Opened, care, decisions
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="decision")
def start(request: Request, level_id: UUID) -> HttpResponse:
    """Begin a package; one that lies there as a draft is opened instead."""
    opened = reading.read_level(level_id=level_id, actor=request.actor, at=request.at)
    require(may_prepare_package(request.actor, case_manager=opened.case.case_manager_id))
    draft = reading.draft_on(opened.row)
    if draft is not None:
        return redirect("cases:package", draft.pk)
    form = StartForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.start_package(level_id=level_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        begun = reading.draft_on(opened.row)
        return redirect("cases:package", begun.pk) if begun else redirect("cases:case", opened.row.case_id)
    context = {"act_name": _("Prepare measures"), "level": opened.row}
    return case_page(request, "cases/package_start.html", opened.case, context, form=form)


@page(purpose="decision")
def package(request: Request, package_id: UUID) -> HttpResponse:
    """Write the reasons and the measures, and lay the package before the decider."""
    opened = reading.read_package(package_id=package_id, actor=request.actor, at=request.at)
    require(may_prepare_package(request.actor, case_manager=opened.case.case_manager_id))
    form, rows = _forms(request, opened)
    terms = _terms(request, opened)
    submits = request.POST.get("act") == "submit"
    whole = request.method != "POST" or all([rows.is_valid(), terms.is_valid()])
    if whole and done(request, form, lambda: _write(form, rows, terms, opened.row, request, submits=submits)):
        return redirect("cases:case", opened.row.case_id) if submits else redirect("cases:package", package_id)
    advice = reading.advice_on(opened.row.level)
    context = {
        "act_name": _("Package of measures"),
        "package": opened.row,
        "texts": opened.texts,
        "advice": advice,
        "level": opened.row.level,
        "rows": rows,
        "terms": terms,
        "conditions": decisions.conditions_of(opened),
        "open": opened.row.state in ("draft", "returned"),
        "planned": reading.planned_of(opened.row),
        "reasons": [(PackageForm.base_fields[name].label, opened.texts[name]) for name in TEXTS],
    }
    response = case_page(request, "cases/package.html", opened.case, context, form=form, subject=opened.row)
    if request.method == "POST" and response.status_code == 200:  # noqa: PLR2004  # the rows alone were refused
        response.status_code = 422
    return response


def _forms(request: Request, opened: Opened[Package]) -> tuple[PackageForm, BaseFormSet[PlannedForm]]:
    row = opened.row
    standing = reading.standing_in(opened.case)
    given = {
        "standing": {str(one.pk): one for one in standing},
        "people": reading.people_to_choose(opened.case, core_only=True),
        "regions": reading.regions(),
        "kinds": reading.kinds(on=request.at.date()),
    }
    if request.method == "POST":
        return PackageForm(request.POST), PlannedRows(request.POST, prefix="planned", form_kwargs=given)
    initial = {**opened.texts, "tier": row.tier, "review_due": row.review_due, "version": row.version}
    saved = reading.planned_of(row)
    named = {one.standing_id for one in saved}
    others = [one for one in services.going_on(opened.case, on=request.at.date()) if one.standing_id not in named]
    planned = [*map(_as_typed, others), *map(_as_typed, saved)]
    return PackageForm(initial=initial), PlannedRows(prefix="planned", initial=planned, form_kwargs=given)


def _as_typed(one: PlannedMeasure | services.Planned) -> dict[str, object]:
    """A line as the form has it. What stands and was not spoken of yet is offered without an answer."""
    saved = isinstance(one, PlannedMeasure)
    return {
        "standing": one.standing_id,
        "step": one.step if saved else "",
        "kind": one.kind,
        "person": str(one.person_id),
        "starts_on": one.starts_on,
        "region": one.region,
        "required": one.required,
        "floor": one.floor,
        "shifts": list(one.shifts),
    }


def _terms(request: Request, opened: Opened[Package]) -> BaseFormSet[ConditionForm]:
    if request.method == "POST":
        return ConditionRows(request.POST, prefix="terms")
    written = [{"text": one.text, "check_on": one.row.check_on} for one in decisions.conditions_of(opened)]
    return ConditionRows(prefix="terms", initial=written)


def _write(  # every part of the page
    form: PackageForm,
    rows: BaseFormSet[PlannedForm],
    terms: BaseFormSet[ConditionForm],
    row: Package,
    request: Request,
    *,
    submits: bool,
) -> Package:
    """What stands on the page is saved, and laid before the decider: both, or neither."""
    today = request.at.date()
    planned = [one.planned(today=today) for one in rows if one.measure or one.cleaned_data.get("kind")]
    told = form.cleaned_data
    conditions = [services.Condition(**one.cleaned_data) for one in terms if one.cleaned_data.get("text")]
    saved = services.write_package(
        package_id=row.pk,
        texts=form.texts(),
        planned=planned,
        terms=conditions,
        tier=told["tier"],
        review_due=told["review_due"],
        version=told["version"],
        actor=request.actor,
        at=request.at,
    )
    if not submits:
        return saved
    return services.submit_package(package_id=row.pk, version=saved.version, actor=request.actor, at=request.at)


@page(purpose="decision")
def decide(request: Request, package_id: UUID) -> HttpResponse:
    """Level, advice, reasons and measures left; the decision right."""
    opened = reading.read_package(package_id=package_id, actor=request.actor, at=request.at)
    row, case = opened.row, opened.case
    require(approval.may_sign(row, request.actor))
    returns = request.POST.get("act") == "return"
    back = SendBackForm(request.POST if returns else None, initial={"version": row.version}, auto_id="back_%s")
    infeasible, basis = infeasible_kinds(row), decisions.basis_of(row.level.picture, at=request.at)
    signed, asked = decisions.approvals_of(opened), approval.asked(row, at=request.at)
    form = DecideForm(
        request.POST if request.method == "POST" and not returns else None,
        initial={"version": row.version},
        infeasible=bool(infeasible),
        urgent=bool(basis.flaw) or asked > len(signed) + 1,
    )
    if returns and done(request, back, lambda: _return(back, row, request)):
        return redirect("cases:case", case.pk)
    if not returns and done(request, form, lambda: _decide(form, row, request)):
        return redirect("cases:case", case.pk)
    context = {
        "act_name": _("Decide the measures"),
        "package": row,
        "level": row.level,
        "basis": basis,
        "review": decisions.open_review(Q(package=row)),
        "same_because": opened.texts["same_because"],
        "advice": reading.advice_on(row.level),
        "advised": reading.advice_texts(opened),
        "planned": reading.planned_of(row),
        "conditions": decisions.conditions_of(opened),
        "approvals": signed,
        "asked": asked,
        "infeasible": [kind_name(code) for code in infeasible],
        "reasons": [(PackageForm.base_fields[name].label, opened.texts[name]) for name in TEXTS],
        "decide_form": form,
        "back": back,
        "waits": row.state == "submitted",
        "duty": care.duty_of(row),
    }
    return case_page(request, "cases/package_decide.html", case, context, form=back if returns else form, subject=row)


def _return(form: SendBackForm, row: Package, request: Request) -> Package:
    return services.return_package(package_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


def _decide(form: DecideForm, row: Package, request: Request) -> Package:
    return services.decide_package(package_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


@page(purpose="decision")
def condition(request: Request, condition_id: UUID) -> HttpResponse:
    """A condition of the decision, what was found before, and what is found now."""
    opened = decisions.read_condition(condition_id=condition_id, actor=request.actor, at=request.at)
    row, case = opened.row, opened.case
    verdict = may_check_condition(request.actor, case_manager=case.case_manager_id, decider=case.decider_id)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(verdict)
    if done(request, form, lambda: _check(form, row, request)):
        return redirect("cases:case", case.pk)
    found = decisions.checks_of(opened)
    context = {
        "act_name": _("Condition of a decision"),
        "condition": row,
        "texts": opened.texts,
        "package": row.package,
        "found": found,
        "may_check": bool(verdict) and decisions.is_open(row, found),
    }
    return case_page(request, "cases/decisions/condition.html", case, context, form=form)


def _check(form: CheckForm, row: DecisionCondition, request: Request) -> ConditionCheck:
    return services.check_condition(condition_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)
