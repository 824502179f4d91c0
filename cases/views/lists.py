"""The list of cases, search, and looking a person up before reporting them."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cases import services
from cases.forms.intake import IntakeForm, RelationForm, Relations
from cases.forms.lists import COLUMNS, SIZES, USUAL, CaseFilter, FindPerson, ListView
from cases.policies import PARTS, may_open_intake, may_see
from cases.services import reading
from stelsel.kernel import preferences
from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, attempt, page, show, status_of

CASE_ROLES = frozenset[Role]().union(*PARTS.values())


LIST = "cases"


@page(purpose="case work", roles=CASE_ROLES)
def case_list(request: Request) -> HttpResponse:
    """The cases one may see, newest change first or as one asks; the address says what is asked."""
    filters = _filters(request, request.GET)
    kept = preferences.of(LIST, actor=request.actor)
    asked = request.GET.get("size", "")
    size = int(asked) if asked in {str(one) for one in SIZES} else kept.size
    listed = reading.list_cases(
        filters=filters.lookups(),
        wanted=filters.wanted(),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=size,
        actor=request.actor,
        at=request.at,
    )
    with_level = bool(may_see("level", request.actor))
    columns = [name for name in kept.columns if name in COLUMNS] or list(USUAL)
    query = filters.query()
    searches = [_search(request, one) for one in kept.searches]
    context = {
        "filters": filters,
        "listed": listed,
        "size": size,
        "heads": _heads(columns, with_level=with_level),
        "may_report": bool(may_open_intake(request.actor)),
        "filtered": bool(filters.chosen()),
        "ordered": not filters.wanted().plain,
        "reordered": filters.wanted().sort != reading.DEFAULT_SORT,
        "default_url": f"{request.path}?{urlencode({k: v for k, v in parse_qsl(query) if k != 'sort'})}",
        "within": reading.WITHIN,
        "query": query,
        "words": filters.words(),
        "searches": searches,
        "keeps": query and query not in kept.searches,
        "view": ListView(initial={"size": kept.size, "columns": columns}, with_level=with_level),
    }
    return show(request, "cases/list.html", context, partial="list")


def _filters(request: Request, data: QueryDict) -> CaseFilter:
    with_level = bool(may_see("level", request.actor))
    return CaseFilter(data, **_choices(), with_level=with_level)


def _search(request: Request, query: str) -> dict[str, str]:
    """A kept search: its address, and what it asks in the reader's words."""
    words = _filters(request, QueryDict(query)).words()
    return {"query": query, "words": words or query, "url": f"{reverse('cases:list')}?{query}"}


def _heads(columns: Sequence[str], *, with_level: bool, sortable: bool = True) -> list[dict[str, object]]:
    return [
        {"name": name, "label": label, "sort": name if sortable and name in reading.SORTS else ""}
        for name, label in COLUMNS.items()
        if name in columns and (with_level or name != "level")
    ]


@require_POST
@page(purpose="case work", roles=CASE_ROLES)
def list_view(request: Request) -> HttpResponse:
    """Keep rows per page and columns, keep a search, or keep one no longer; then the list again."""
    query = _filters(request, QueryDict(request.POST.get("query", "")[:500])).query()
    deed = request.POST.get("act")
    if deed == "view":
        form = ListView(request.POST, with_level=bool(may_see("level", request.actor)))
        if form.is_valid():
            preferences.keep_view(list_name=LIST, **form.cleaned_data, actor=request.actor, at=request.at)
    elif deed == "keep" and query:
        preferences.keep_search(list_name=LIST, query=query, actor=request.actor, at=request.at)
    elif deed == "drop":
        kept = request.POST.get("search", "")
        preferences.drop_search(list_name=LIST, query=kept, actor=request.actor, at=request.at)
    return redirect(f"{reverse('cases:list')}?{query}" if query else "cases:list")


@page(purpose="case work", roles=CASE_ROLES)
def search(request: Request) -> HttpResponse:
    """Cases by the beginning of their number or pseudonym; a single one opens at once."""
    text = request.GET.get("q", "")[:20]
    rows = reading.search_cases(text=text, actor=request.actor, at=request.at)
    if len(rows) == 1:
        return redirect("cases:case", rows[0].case.pk)
    heads = _heads(USUAL, with_level=bool(may_see("level", request.actor)), sortable=False)
    context = {"rows": rows, "q": text, "heads": heads}
    return show(request, "cases/search.html", context)


@page(purpose="intake")
def report(request: Request) -> HttpResponse:
    """Search first, then create: the intake opens once the person was looked up."""
    require(may_open_intake(request.actor))
    find = FindPerson(request.POST if request.method == "POST" and request.POST.get("act") == "find" else None)
    if request.POST.get("act") == "open":
        return _open(request)
    if not (find.is_bound and find.is_valid()):
        mine = reading.my_reports(actor=request.actor, at=request.at)
        context: dict[str, object] = {"find": find, "rows": None, "passed": mine}
        return show(request, "cases/report.html", context, status=status_of(find))
    name, born = find.cleaned_data["name"], find.born()
    found = reading.find_person(name=name, birth_date=born, actor=request.actor, at=request.at)
    form = IntakeForm(initial={"name": name, "birth_date": born}, **_choices())
    heads = _heads(USUAL, with_level=False, sortable=False)
    context = {
        "find": find,
        "rows": found.rows,
        "possibly": found.possibly,
        "form": form,
        "relations": Relations(prefix="near"),
        "heads": heads,
    }
    return show(request, "cases/report.html", context)


def _choices() -> dict[str, list[reading.Choice]]:
    return {"offices": reading.offices(), "regions": reading.regions()}


def _open(request: Request) -> HttpResponse:
    """Open the intake; about somebody who has a case already, what was typed can be passed on instead."""
    form = IntakeForm(request.POST, **_choices())
    relations: BaseFormSet[RelationForm] = Relations(request.POST, prefix="near")
    if form.is_valid() and relations.is_valid():
        told = form.intake(tuple(row.relation() for row in relations if row.cleaned_data.get("name")))
        service = services.pass_report if "pass" in request.POST else services.open_intake
        made = attempt(request, form, lambda: service(intake=told, actor=request.actor, at=request.at))
        if made is not None:
            page = "passed_report" if "pass" in request.POST else "nomination"
            return redirect(f"cases:{page}", made.pk)
    refusal = getattr(form, "refusal", None)
    context: dict[str, object] = {
        "find": None,
        "rows": [],
        "form": form,
        "relations": relations,
        "may_pass": refusal is not None and refusal.code == "duplicate",
    }
    return show(request, "cases/report.html", context, status=status_of(form) if form.errors else 422)
