"""The night card of a case, and the list of what waits on the urgent route."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import policies
from cases.policies import PARTS
from cases.services import reading
from cases.services.reading import NightCard, Waits
from cases.views.acts import Offer
from cases.views.answers import case_page, panels
from stelsel.kernel import composition
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.web import Request, page, show

KINDS = {"call": "phone-call", "ratify": "stamp", "measure": "shield-alert"}


@page(purpose="night duty")
def card(request: Request, case_id: UUID) -> HttpResponse:
    """One case at 03:00. How people are reached opens by a click of its own, which is logged."""
    night = reading.read_night_card(
        case_id=case_id, with_reach=bool(request.GET.get("reach")), actor=request.actor, at=request.at
    )
    context = {
        "act_name": _("Night card"),
        "night": night,
        "acts": _acts(night, actor=request.actor),
        "panels": panels(request, case_id, of=composition.NIGHT),
    }
    return case_page(request, "cases/night.html", night.case, context)


@page(purpose="night duty", roles=PARTS["contact"])
def desk(request: Request) -> HttpResponse:
    """Calls, unratified designations and urgent measures, each with its clock, the most urgent first."""
    found = reading.read_night_desk(actor=request.actor, at=request.at)
    rows = [{"waits": one, "icon": KINDS[one.kind], "what": _what(one)} for one in found.rows]
    return show(request, "cases/night_desk.html", {"rows": rows, "more": found.more})


def _what(waits: Waits) -> str:
    if waits.measure is not None:
        return waits.measure.get_kind_display()
    kind = composition.WORK[waits.work or "designation.ratify"]
    return _(kind.title)


def _acts(night: NightCard, *, actor: Actor) -> list[Offer]:
    """What may be done on this case now, by telephone and at night."""
    case, designation = night.case, night.designation
    offers = [
        ("urgent", case.pk, _("Urgent measures by telephone"), "phone-call", policies.may_take_urgent_call(actor)),
        ("contact", case.pk, _("Log contact"), "message-circle", policies.may_keep_contact(actor)),
        (
            "risk_moment",
            case.pk,
            _("Report a moment of raised risk"),
            "calendar-clock",
            policies.may_report_risk_moment(actor),
        ),
        ("promises_of", case.pk, _("Ask for a date, or verify"), "handshake", policies.may_chase_measure(actor)),
    ]
    if designation is not None and designation.ratify_due and not designation.ratified_at:
        ratifies = policies.may_ratify(actor, decided_by=designation.decided_by_id)
        offers.insert(0, ("ratify", designation.pk, _("Ratify the designation"), "stamp", ratifies))
    allowed = [
        (name, key, label, icon) for name, key, label, icon, verdict in offers if verdict and case.state != "closed"
    ]
    return [
        Offer(label, reverse(f"cases:{name}", args=[key]), icon, "", "primary" if nth == 0 else "secondary")
        for nth, (name, key, label, icon) in enumerate(allowed)
    ]
