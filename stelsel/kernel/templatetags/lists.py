"""Lists as people work with them: sort, filter and page by links that can be shared, without script."""

from typing import Final

from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context, Library
from django.utils.translation import gettext as _

Parts = dict[str, object]
PAGE_SIZES: Final = (25, 50, 100)
PAGE_KEYS: Final = ("after", "before", "page")


def register_lists(register: Library) -> None:
    """Add the list tags to the one library that pages load."""
    register.inclusion_tag("components/sort_header.html", takes_context=True)(sort_header)
    register.inclusion_tag("components/filter_bar.html", takes_context=True)(filter_bar)
    register.inclusion_tag("components/pagination.html", takes_context=True)(pagination)
    register.inclusion_tag("components/pagination.html", takes_context=True)(pages)
    register.inclusion_tag("components/pagination.html", takes_context=True)(turning)


def sort_header(context: Context, label: object, field: str, default: str = "") -> Parts:
    """A heading that sorts by `field`, and back when chosen again; `default` is the list's own order."""
    request = context["request"]
    current = request.GET.get("sort", default)
    descending = current == f"-{field}"
    direction = {field: "ascending", f"-{field}": "descending"}.get(current, "")
    url = address_with(request, sort=field if descending or not direction else f"-{field}")
    return {"label": label, "url": url, "direction": direction}


def filter_bar(context: Context, form: BaseForm) -> Parts:
    """The filters of a list, a GET form whose address can be shared; Clear only while a filter is on."""
    request = context["request"]
    kept = [(key, request.GET[key]) for key in ("sort", "size") if request.GET.get(key)]
    active = any(request.GET.get(form.add_prefix(name)) for name in form.fields)
    return {"form": form, "kept": kept, "active": active, "path": request.path}


def pagination(
    context: Context, after: object = "", before: object = "", size: int = PAGE_SIZES[0], note: object = ""
) -> Parts:
    """Next and previous by the row they start from (`?after=`, `?before=`): page 4,000 costs as page 1."""
    request = context["request"]
    return {
        "next_url": address_with(request, after=after) if after else "",
        "previous_url": address_with(request, before=before) if before else "",
        "sizes": [(each, address_with(request, size=each), each == size) for each in PAGE_SIZES],
        "note": note,
    }


def turning(context: Context, after: object = "", before: object = "") -> Parts:
    """Next and previous as `pagination` has them, for a list whose pages have one size."""
    return {**pagination(context, after=after, before=before), "sizes": []}


def pages(context: Context, page: Page[object]) -> Parts:
    """Next and previous for Django's own paginator (`?page=`), for lists that are short by nature."""
    request = context["request"]
    words = {"page": page.number, "pages": page.paginator.num_pages}
    return {
        "next_url": address_with(request, page=page.next_page_number()) if page.has_next() else "",
        "previous_url": address_with(request, page=page.previous_page_number()) if page.has_previous() else "",
        "sizes": [],
        "note": _("Page %(page)d of %(pages)d") % words,
    }


def address_with(request: HttpRequest, **changed: object) -> str:
    """Give this page's address with part of its query replaced; filters stay, the place in the list goes."""
    query = request.GET.copy()
    for key in PAGE_KEYS:
        query.pop(key, None)
    for key, value in changed.items():
        query[key] = str(value)
    return f"{request.path}?{query.urlencode()}"
