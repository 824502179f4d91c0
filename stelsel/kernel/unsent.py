"""What was typed when the session had ended: shown again after the log-in, to that person in that browser alone.

The typed fields of a refused POST wait in the cache for half an hour, under a key that only a cookie of that browser
holds, and bound to who was logged in there. They are laid in the form as it is drawn by an ordinary GET: nothing is
sent again, and nothing is done (docs/decisions/0011-unsent.md).
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

LIVES = timedelta(minutes=30)
MOST_BYTES = 256 * 1024
NEVER_KEPT = frozenset(
    {"code", "password", "password1", "password2", "oldpassword", "credential", "csrfmiddlewaretoken"}
)
NOT_ALWAYS_SENT = (  # a browser leaves these out when nothing is chosen
    forms.CheckboxInput,
    forms.CheckboxSelectMultiple,
    forms.RadioSelect,
    forms.SelectMultiple,
    forms.FileInput,
)
NONCE = 12  # bytes


@dataclass(frozen=True)
class Typed:
    """What a browser sent when nobody was logged in any more, and the page on which it was typed."""

    place: str
    fields: dict[str, list[str]]
    secrets: list[str]  # names of what is never kept
    files: bool = False
    too_large: bool = False

    def data(self) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        return data


@dataclass(frozen=True)
class Shown:
    """What the page says about it: texts that found no field, and what must be given anew."""

    texts: list[str]
    files: bool
    secrets: bool
    too_large: bool


class Unsent:
    """Middleware: knows who was logged in last in this browser, and what that person typed in vain."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user_id = str(request.user.pk) if request.user.is_authenticated else ""
        request.typed = _recall(request, user_id) if user_id else None  # type: ignore[attr-defined]  # read by `lay`
        response = self.get_response(request)
        if user_id:
            response = _go_on(request, response, user_id)
            if _last_user(request) != user_id:
                response.set_signed_cookie(_cookie("who"), user_id, salt=__name__, **_guarded())
        return response


# --- keeping --------------------------------------------------------------------------------------------------------


def place(request: HttpRequest) -> str:
    """Where to go on after the log-in: the page that was asked for, or on which was typed what was sent."""
    if request.method == "POST":
        came_from = urlsplit(request.headers.get("Referer", ""))
        path = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
        if came_from.netloc == request.get_host() and _is_page(came_from.path):
            return path
    return request.get_full_path()


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what this POST sent, for who was logged in last in this browser; for nobody where that is not known."""
    user_id = _last_user(request)
    if request.method != "POST" or not user_id:
        return
    sent = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    typed = Typed(
        place=place(request),
        fields={name: values for name, values in sent.items() if not _secret(name)},
        secrets=[name for name in sent if _secret(name) and name != "csrfmiddlewaretoken"],
        files=any(request.FILES.values()),
    )
    if len(json.dumps(typed.fields).encode()) > MOST_BYTES:
        typed = replace(typed, fields={}, too_large=True)
    _destroy(request)
    key = AESGCM.generate_key(bit_length=256)
    _seal(key, typed, user_id)
    value = base64.urlsafe_b64encode(key).decode()
    response.set_cookie(_cookie("unsent"), value, max_age=LIVES, **_guarded())


def _secret(name: str) -> bool:
    return name.rpartition("-")[2] in NEVER_KEPT


def _is_page(path: str) -> bool:
    try:
        return hasattr(resolve(path).func, "route")
    except Resolver404:
        return False


# --- showing --------------------------------------------------------------------------------------------------------


def lay(request: HttpRequest, context: Mapping[str, object]) -> Shown | None:
    """Lay what was typed in the forms of the page on which it was typed; None where there is nothing to show."""
    typed: Typed | None = getattr(request, "typed", None)
    if typed is None or request.method != "GET" or request.get_full_path() != typed.place:
        return None
    laid = _lay(typed, list(_forms(context)))
    left = [value for name, values in typed.fields.items() if name not in laid for value in values]
    return Shown(
        texts=[text for text in left if len(text.split()) > 1],
        files=typed.files,
        secrets=bool(typed.secrets),
        too_large=typed.too_large,
    )


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """It was shown: from now on it is nowhere but on that page."""
    _destroy(request)
    response.delete_cookie(_cookie("unsent"), samesite="Strict")
    request.typed = None  # type: ignore[attr-defined]  # as above


def _forms(value: object, depth: int = 3) -> Iterator[forms.BaseForm | forms.BaseFormSet[Any]]:
    """The empty forms of a page, wherever its context holds them."""
    if isinstance(value, forms.BaseForm | forms.BaseFormSet):
        if not value.is_bound:
            yield value
    elif depth and isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _forms(each, depth - 1)


def _lay(typed: Typed, found: list[forms.BaseForm | forms.BaseFormSet[Any]]) -> set[str]:
    """Fill the forms that were sent, and no other; the names of the fields that found their place.

    Several forms of one page may ask the same. The one that explains most of what was sent is it; where two explain
    the same, neither is filled, because a text in the wrong form is worse than one that stands above them.
    """
    data, laid, used = typed.data(), set[str](), set[str]()
    whole = _distinct(form for form in found if isinstance(form, forms.BaseForm))
    for rows in _distinct(form for form in found if isinstance(form, forms.BaseFormSet)):
        whole += _rows(rows, data)
    sent = {*data, *typed.secrets}
    fitting = [(names, form) for form in whole if (names := _names(form, sent))]
    for names, form in sorted(fitting, key=lambda pair: -len(pair[0])):
        if names & used:
            continue
        used |= names
        if [other for other, _ in fitting].count(names) == 1:
            _fill(form, data, names - set(typed.secrets))
            laid |= names
    return laid


def _distinct(found: Iterable[Any]) -> list[Any]:
    """A form that the context holds under two names is one form."""
    return list({id(form): form for form in found}.values())


def _rows(rows: forms.BaseFormSet[Any], data: QueryDict) -> list[forms.BaseForm]:
    """The forms of a form set, as many as were sent."""
    total = data.get(f"{rows.prefix}-{forms.formsets.TOTAL_FORM_COUNT}", "")
    if not total.isdigit():
        return []
    rows.extra = max(rows.extra, min(int(total), rows.absolute_max) - rows.initial_form_count())
    rows.__dict__.pop("forms", None)  # made anew with these rows
    return list(rows.forms)


def _names(form: forms.BaseForm, sent: set[str]) -> frozenset[str]:
    """The names of this form's fields that were sent; none where a field is missing that its browser always sends."""
    always = {bound.html_name for bound in form if not isinstance(bound.field.widget, NOT_ALWAYS_SENT)}
    own = {bound.html_name for bound in form}
    return frozenset(own & sent) if always <= sent else frozenset()


def _fill(form: forms.BaseForm, data: QueryDict, names: Iterable[str]) -> None:
    """Show these values as if the form began with them; a form that is drawn by GET is never bound, so never done."""
    values = {
        bound.name: bound.field.widget.value_from_datadict(data, {}, bound.html_name)
        for bound in form
        if bound.html_name in names or isinstance(bound.field.widget, NOT_ALWAYS_SENT[:-1])
    }
    form.initial = {**form.initial, **values}
    for bound in form:
        bound.__dict__.pop("initial", None)  # cached by Django


# --- sealed in the cache ----------------------------------------------------------------------------------------------


def _recall(request: HttpRequest, user_id: str) -> Typed | None:
    """What is kept for this browser, if it is of this user; of another it is destroyed at once."""
    key = _key(request)
    sealed = cache.get(_name(key)) if key else None
    if not key or not sealed:
        return None
    try:
        content = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], user_id.encode())
    except InvalidTag:
        _destroy(request)
        return None
    return Typed(**json.loads(content))


def _go_on(request: HttpRequest, response: HttpResponse, user_id: str) -> HttpResponse:
    """Follow the person where the page of the form leads them now; and take the cookie when nothing is left."""
    typed: Typed | None = request.typed  # type: ignore[attr-defined]  # set by Unsent
    key = _key(request)
    if typed is None:
        if _cookie("unsent") in request.COOKIES and _cookie("unsent") not in response.cookies:
            response.delete_cookie(_cookie("unsent"), samesite="Strict")
        return response
    if not key or request.method != "GET" or request.get_full_path() != typed.place:
        return response
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # an address that is only sent to has no page
        response = redirect("home")
    location = response.get("Location", "")
    if response.status_code == HTTPStatus.FOUND and location.startswith("/"):
        _seal(key, replace(typed, place=location), user_id)
    return response


def _seal(key: bytes, typed: Typed, user_id: str) -> None:
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, json.dumps(asdict(typed)).encode(), user_id.encode())
    cache.set(_name(key), sealed, LIVES.total_seconds())


def _destroy(request: HttpRequest) -> None:
    key = _key(request)
    if key:
        cache.delete(_name(key))


def _name(key: bytes) -> str:
    return f"unsent:{hashlib.sha256(key).hexdigest()}"


def _key(request: HttpRequest) -> bytes | None:
    try:
        key = base64.urlsafe_b64decode(request.COOKIES.get(_cookie("unsent"), ""))
    except ValueError:
        return None
    return key if len(key) == 32 else None  # noqa: PLR2004  # bytes of AES-256


def _last_user(request: HttpRequest) -> str:
    lives = timedelta(hours=settings.SESSION_ABSOLUTE_HOURS) + LIVES
    return request.get_signed_cookie(_cookie("who"), "", salt=__name__, max_age=lives) or ""


def _cookie(name: str) -> str:
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def _guarded() -> dict[str, Any]:
    return {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Strict"}
