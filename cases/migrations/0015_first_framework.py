"""The first version of the assessment framework: what can be read of Circulaire 2026 par. 2.3.3, as questions."""

from datetime import UTC, date, datetime

from django.db import migrations
from django.utils.translation import gettext_noop as _

SINCE = date(2026, 1, 1)


def answer(code, text, leads):
    return {"code": code, "text": text, "leads": leads}


DOCUMENT = [
    {
        "code": "serious",
        "text": _("Is there a serious threat to the physical integrity of this person?"),
        "explanation": _("Weighed with the criteria of the local domain (C26 par. 2.3.3)."),
        "answers": [
            answer("yes", _("Yes"), "aimed"),
            answer("unclear", _("Cannot be said yet, but there is cause for it"), "table"),
            answer("no", _("No"), "basic_police_care"),
        ],
    },
    {
        "code": "aimed",
        "text": _("Is it aimed at life?"),
        "explanation": _("Directly, or indirectly: a threat to those close, to hit this person, is aimed at life too."),
        "answers": [
            answer("direct", _("Directly at this person"), "origin"),
            answer("kin", _("Indirectly: at those close, to hit this person"), "origin"),
            answer("unclear", _("Cannot be said yet, but there is cause for it"), "table"),
            answer("no", _("No"), "local"),
        ],
    },
    {
        "code": "origin",
        "text": _("Where does the threat come from?"),
        "explanation": _("Another origin than the four phenomena can go to the triage table, with a reason."),
        "answers": [
            answer("phenomenon", _("One of the four phenomena"), "threatener"),
            answer("mixed", _("Several phenomena together"), "threatener"),
            answer("not_traceable", _("Not traceable yet"), "table"),
            answer("another", _("Another origin, with cause for the scheme"), "table"),
            answer("relational", _("Violence in the private sphere"), "other"),
            answer("witness", _("The person is in another regime already"), "witness_protection"),
        ],
    },
    {
        "code": "threatener",
        "text": _("Is the threatener or threatening actor known?"),
        "explanation": _("The direct line needs a known threatener or actor (Wetboek van Strafrecht art. 285)."),
        "answers": [
            answer("known", _("The person is known"), "direct"),
            answer("actor", _("The group or state is known, the person is not"), "direct"),
            answer("anonymous", _("Anonymous threat"), "table"),
            answer("not_traceable", _("Not traceable yet"), "table"),
        ],
    },
]


def add_first(apps, schema_editor):
    apps.get_model("cases", "Framework").objects.create(
        number=1,
        title=_("Assessment framework for triage"),
        source="Circulaire 2026 par. 2.3.3 (BWBR0052355)",
        document=DOCUMENT,
        from_date=SINCE,
        proposed_at=datetime(2026, 1, 1, tzinfo=UTC),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_triage")]
    operations = [migrations.RunPython(add_first, migrations.RunPython.noop)]
