"""Forms as people meet them: label, help, errors tied to their field, and one summary that links to each.

A field is drawn by what it is, so that no page carries widget mark-up. Dates use the browser's own pickers,
which speak ISO on the wire and local on the screen.
"""

from typing import Final

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.widgets import Widget
from django.template import Context, Library

Parts = dict[str, object]
DJANGO_ROWS: Final = "10"  # what Django sets when a form does not; too tall for a dense page
CHOICE_GROUPS: Final = (forms.RadioSelect, forms.CheckboxSelectMultiple)
CLASSES: Final = (
    (forms.CheckboxInput, "utrecht-checkbox"),
    (CHOICE_GROUPS, ""),
    (forms.Select, "utrecht-select utrecht-select--html-select"),
    (forms.Textarea, "utrecht-textarea utrecht-textarea--html-textarea"),
    (forms.Widget, "utrecht-textbox utrecht-textbox--html-input"),
)


def register_fields(register: Library) -> None:
    """Add the form tags to the one library that pages load."""
    register.inclusion_tag("components/form_fields.html")(form_fields)
    register.inclusion_tag("components/form_errors.html")(form_errors)
    register.inclusion_tag("components/field.html")(field)
    register.inclusion_tag("components/post_form.html", takes_context=True)(post_form)


def form_fields(form: BaseForm) -> Parts:
    """All fields of a form in order, hidden ones included, with the summary of errors above them."""
    return {"form": form}


def form_errors(form: BaseForm) -> Parts:
    """The summary of what was refused; each line leads to its field. Nothing while there are no errors."""
    broken = [bound for bound in form.visible_fields() if bound.errors]
    lines = [(_target(bound), bound.label, error) for bound in broken for error in bound.errors]
    whole = list(form.non_field_errors())
    for hidden in form.hidden_fields():
        whole.extend(str(error) for error in hidden.errors)
    return {"lines": lines, "whole": whole}


def field(bound: BoundField) -> Parts:
    """One field with its label, help and errors."""
    widget = bound.field.widget
    grouped = isinstance(widget, CHOICE_GROUPS)
    return {
        "bound": bound,
        "control": bound.as_widget(widget=_spoken(widget), attrs=_attributes(bound, grouped=grouped)),
        "grouped": grouped,
        "tick": isinstance(widget, forms.CheckboxInput),
        "radio": isinstance(widget, forms.RadioSelect),
        "help_id": f"{bound.auto_id}_help",
        "error_id": f"{bound.auto_id}_error",
    }


def post_form(
    context: Context,
    form: BaseForm,
    submit: object,
    action: str = "",
    cancel_url: str = "",
    variant: str = "primary",
) -> Parts:
    """A whole form: token, error summary, fields, one button, a way back; a refusal keeps what was typed."""
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "cancel_url": cancel_url,
        "variant": variant,
        "csrf_token": context.get("csrf_token"),
    }


def _target(bound: BoundField) -> str:
    grouped = isinstance(bound.field.widget, CHOICE_GROUPS)
    return f"{bound.auto_id}_0" if grouped else str(bound.id_for_label or bound.auto_id)


def _attributes(bound: BoundField, *, grouped: bool) -> dict[str, str | bool]:
    widget = bound.field.widget
    style = next(name for kind, name in CLASSES if isinstance(widget, kind))
    own = widget.attrs.get("class", "")
    attributes: dict[str, str | bool] = {"class": f"{style} {own}".strip()} if style else {}
    described = [f"{bound.auto_id}_error"] if bound.errors else []
    described += [f"{bound.auto_id}_help"] if bound.help_text else []
    if described and not grouped:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors and not grouped:
        attributes["aria-invalid"] = "true"
    if isinstance(widget, forms.Textarea):
        rows = str(widget.attrs["rows"])
        attributes["rows"] = "5" if rows == DJANGO_ROWS else rows
    return attributes


def _spoken(widget: Widget) -> Widget:
    """Give date and time fields the browser's picker, whose value is ISO whatever the page's language."""
    kind: type[forms.DateTimeInput | forms.DateInput | forms.TimeInput]
    if isinstance(widget, forms.DateTimeInput):
        kind, entry, pattern = forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput):
        kind, entry, pattern = forms.DateInput, "date", "%Y-%m-%d"
    elif isinstance(widget, forms.TimeInput):
        kind, entry, pattern = forms.TimeInput, "time", "%H:%M"
    else:
        return widget
    spoken = kind(attrs={**widget.attrs, "type": entry}, format=pattern)
    spoken.is_required = widget.is_required
    return spoken
