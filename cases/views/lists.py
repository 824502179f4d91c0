"""The list of cases, search, and looking a person up before reporting them."""

from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect

from cases import services
from cases.forms.intake import IntakeForm, RelationForm, Relations
from cases.forms.lists import SIZES, CaseFilter, FindPerson
from cases.policies import PARTS, may_open_intake, may_see
from cases.services import reading
from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, attempt, page, show, status_of

CASE_ROLES = frozenset[Role]().union(*PARTS.values())


@page(purpose="case work", roles=CASE_ROLES)
def case_list(request: Request) -> HttpResponse:
    """The cases one may see, newest change first."""
    filters = CaseFilter(request.GET)
    size = request.GET.get("size", "")
    listed = reading.list_cases(
        filters=filters.lookups(),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=int(size) if size in {str(one) for one in SIZES} else SIZES[0],
        actor=request.actor,
        at=request.at,
    )
    return show(
        request,
        "cases/list.html",
        {
            "filters": filters,
            "listed": listed,
            "size": int(size) if size in {str(one) for one in SIZES} else SIZES[0],
            "with_level": bool(may_see("level", request.actor)),
            "may_report": bool(may_open_intake(request.actor)),
            "filtered": bool(filters.lookups()),
        },
        partial="list",
    )


@page(purpose="case work", roles=CASE_ROLES)
def search(request: Request) -> HttpResponse:
    """Cases by the beginning of their number or pseudonym; a single one opens at once."""
    text = request.GET.get("q", "")[:20]
    rows = reading.search_cases(text=text, actor=request.actor, at=request.at)
    if len(rows) == 1:
        return redirect("cases:case", rows[0].case.pk)
    context = {"rows": rows, "q": text, "with_level": bool(may_see("level", request.actor))}
    return show(request, "cases/search.html", context)


@page(purpose="intake")
def report(request: Request) -> HttpResponse:
    """Search first, then create: the intake opens once the person was looked up."""
    require(may_open_intake(request.actor))
    find = FindPerson(request.POST if request.method == "POST" and request.POST.get("act") == "find" else None)
    if request.POST.get("act") == "open":
        return _open(request)
    if not (find.is_bound and find.is_valid()):
        return show(request, "cases/report.html", {"find": find, "rows": None}, status=status_of(find))
    name, born = find.cleaned_data["name"], find.born()
    rows = reading.find_person(name=name, birth_date=born, actor=request.actor, at=request.at)
    form = IntakeForm(initial={"name": name, "birth_date": born}, **_choices())
    return show(
        request, "cases/report.html", {"find": find, "rows": rows, "form": form, "relations": Relations(prefix="near")}
    )


def _choices() -> dict[str, list[reading.Choice]]:
    return {"offices": reading.offices(), "regions": reading.regions()}


def _open(request: Request) -> HttpResponse:
    form = IntakeForm(request.POST, **_choices())
    relations: BaseFormSet[RelationForm] = Relations(request.POST, prefix="near")
    if form.is_valid() and relations.is_valid():
        near = tuple(row.relation() for row in relations if row.cleaned_data.get("name"))
        nomination = attempt(
            request,
            form,
            lambda: services.open_intake(intake=form.intake(near), actor=request.actor, at=request.at),
        )
        if nomination is not None:
            return redirect("cases:nomination", nomination.pk)
    context: dict[str, object] = {"find": None, "rows": [], "form": form, "relations": relations}
    return show(request, "cases/report.html", context, status=status_of(form) if form.errors else 422)
