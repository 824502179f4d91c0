"""What a letter says: the decision it tells of in fixed words, and the reasons in the words of who wrote it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from cases.models import Case, Designated, Designation, Judgement, Letter, Measure, Package, RelativeDesignation
from cases.models.catalogue import kind_name
from cases.models.letter import LetterKind
from stelsel.kernel import vault
from stelsel.kernel.documents import Letter as Pages
from stelsel.kernel.documents import Part

HASH_SHOWN: Final = 16  # characters of the signature's hash, enough to compare by eye


@dataclass(frozen=True)
class Said:
    """The fixed part of a letter: its subject, the decision, and a list below it."""

    subject: str
    decision: tuple[str, ...]
    items: tuple[str, ...] = field(default=(), repr=False)


def moment(at: datetime) -> str:
    """An instant as a letter writes it, in the country's time."""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {
        "day": formats.date_format(local, "j F Y"),
        "time": formats.date_format(local, "H:i"),
    }


def _designation(case: Case, subject_id: UUID) -> Said:
    row = Designation.objects.get(case=case, pk=subject_id)
    covered = [one.person for one in Designated.objects.filter(designation=row).select_related("person")]
    covered.sort(key=lambda person: (person.pk != case.person_id, person.created_at, person.pk))
    box = vault.box(*(person.key_id for person in covered))
    decision = [
        _(
            "On behalf of the Minister of Justice and Security, the NCTV placed you in the system for protecting "
            "persons (article 42, first paragraph, under c, of the Politiewet 2012)."
        ),
        _("From %(at)s the NCTV decides about measures for your personal safety.") % {"at": moment(row.starts_at)},
    ]
    if row.urgent_request_id is not None:
        decision.append(_("This was decided by telephone, because it could not wait. This letter confirms it."))
    decision.append(_("The decision is about:"))
    return Said(
        subject=_("Decision: you are placed in the system for protecting persons"),
        decision=tuple(decision),
        items=tuple(box.open(person, "name") for person in covered),
    )


def _relative(case: Case, subject_id: UUID) -> Said:
    row = RelativeDesignation.objects.select_related("person").get(case=case, pk=subject_id)
    if row.starts_at is None:
        raise RelativeDesignation.DoesNotExist
    decision = [
        _(
            "On behalf of the Minister of Justice and Security, the NCTV placed you in the system for protecting "
            "persons (article 42, first paragraph, under c, of the Politiewet 2012)."
        ),
        _("From %(at)s the NCTV decides about measures for your personal safety.") % {"at": moment(row.starts_at)},
    ]
    if row.ends_at is not None:
        decision.append(
            _("This ended on %(at)s. From then on the chief prosecutor (%(office)s) is responsible for your safety.")
            % {"at": moment(row.ends_at), "office": case.office.name}
        )
    decision.append(_("The decision is about:"))
    name = vault.box(row.person.key_id).open(row.person, "name")
    return Said(
        subject=_("Decision: you are placed in the system for protecting persons"),
        decision=tuple(decision),
        items=(name,),
    )


def _rejection(case: Case, subject_id: UUID) -> Said:
    row = Judgement.objects.get(case=case, pk=subject_id, outcome="reject")
    decided = moment(row.decided_at) if row.decided_at else ""
    return Said(
        subject=_("Decision on the nomination for the system for protecting persons"),
        decision=(
            _("On %(at)s the NCTV decided not to accept the nomination.") % {"at": decided},
            _(
                "The chief prosecutor (%(office)s) stays responsible for your safety, and can order measures at any "
                "moment. What is arranged now stays in force."
            )
            % {"office": case.office.name},
        ),
    )


def _measures(case: Case, subject_id: UUID) -> Said:
    row = Package.objects.get(case=case, pk=subject_id, state="decided")
    kinds = Measure.objects.filter(planned__package=row).order_by("kind").values_list("kind", flat=True).distinct()
    decided = moment(row.decided_at) if row.decided_at else ""
    review = formats.date_format(row.review_due, "j F Y")
    return Said(
        subject=_("Decision: measures for your safety"),
        decision=(
            _("On %(at)s the NCTV decided on these measures. They are looked at again by %(review)s at the latest.")
            % {"at": decided, "review": review},
            _("For your safety this letter names no times, places or people who carry them out."),
        ),
        items=tuple(str(kind_name(kind)) for kind in kinds),
    )


SAID: Final[Mapping[str, Callable[[Case, UUID], Said]]] = {
    LetterKind.DESIGNATION: _designation,
    LetterKind.RELATIVE: _relative,
    LetterKind.REJECTION: _rejection,
    LetterKind.MEASURES: _measures,
}


def address(letter: Letter, box: vault.Box) -> list[str]:
    """The addressee and the lines below the name, opened."""
    if letter.person is None:
        return [letter.organisation.name if letter.organisation else ""]
    lines = [box.open(letter.person, "name"), *box.open(letter.person, "address").split(",")]
    return [line.strip() for line in lines if line.strip()]


def pages(letter: Letter, texts: Mapping[str, str], *, to: list[str], at: datetime) -> Pages:
    """The letter as it would be printed at `at`, without copy number."""
    with translation.override(letter.language):
        said = SAID[letter.kind](letter.case, letter.subject_id)
        facts = [
            (_("Date"), formats.date_format(timezone.localtime(at), "j F Y")),
            (_("Our reference"), f"{letter.case.number}/{letter.number}"),
        ]
        return Pages(
            language=letter.language,
            subject=said.subject,
            sender=_("National Coordinator for Counterterrorism and Security (NCTV)"),
            marking=_marking(letter),
            reference=f"{letter.case.number}/{letter.number}",
            recipient="",
            address=to,
            facts=facts,
            parts=_parts(letter, said, texts),
            closing=(_("On behalf of the Minister of Justice and Security,"),),
            words={"page": _("Page"), "of": _("of"), "copy": "", "draft": _("DRAFT")},
            draft=True,
        )


def _marking(letter: Letter) -> str:
    if letter.marking == "NONE":
        return ""
    marking = str(letter.get_marking_display())
    if letter.marked_until is None:
        return marking
    return _("%(marking)s until %(day)s") % {
        "marking": marking,
        "day": formats.date_format(letter.marked_until, "j F Y"),
    }


def _parts(letter: Letter, said: Said, texts: Mapping[str, str]) -> list[Part]:
    parts = [Part(_("Decision"), said.decision, said.items)]
    for heading, name in ((_("Why"), "reasons"), (_("What this means for you"), "meaning"), (_("Questions"), "reach")):
        if texts[name].strip():
            parts.append(Part(heading, tuple(line for line in texts[name].splitlines() if line.strip())))
    if letter.kind in settings.OBJECTION_CLAUSE_FOR:
        parts.append(
            Part(
                _("Objection"),
                (
                    _(
                        "If you do not agree, you can send a notice of objection to the Minister of Justice and "
                        "Security within six weeks from the day after this letter was sent (articles 6:4 to 6:8 of the "
                        "Algemene wet bestuursrecht). An objection does not suspend the decision."
                    ),
                ),
            )
        )
    return parts


def sealed(shown: Pages) -> str:
    """The signed text, as it is kept."""
    return json.dumps(asdict(shown), ensure_ascii=False)


def unsealed(text: str) -> Pages:
    told = json.loads(text)
    told["parts"] = [Part(**part) for part in told["parts"]]
    told["facts"] = [(label, fact) for label, fact in told["facts"]]
    return Pages(**told)
