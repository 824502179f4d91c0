"""Promise against reality: one case, and what is not kept yet over all cases; chase, verify, correct what was said."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.measures import ChaseForm, CorrectForm, PromiseFilter, ReportForm
from cases.models import Case
from cases.policies import PARTS, may_chase_measure, may_keep_contact, may_verify_measure
from cases.services import reading
from cases.services.reading import Promise
from cases.views.answers import case_page, done
from stelsel.kernel.web import Request, page, show


@page(purpose="promises", roles=PARTS["contact"])
def promises(request: Request) -> HttpResponse:
    """What was ordered and is not in place, over all cases one may see, the oldest first."""
    filters = PromiseFilter(request.GET)
    chosen = filters.cleaned_data["show"] if filters.is_valid() else ""
    size = request.GET.get("size", "")
    sizes = {str(one): one for one in reading.PROMISE_SIZES}
    waiting = reading.list_promises(
        show=chosen,
        after=request.GET.get("after", ""),
        size=sizes.get(size, reading.PROMISE_SIZES[0]),
        actor=request.actor,
        at=request.at,
    )
    context = {
        "filters": filters,
        "waiting": waiting,
        "size": sizes.get(size, reading.PROMISE_SIZES[0]),
        "filtered": bool(chosen),
    }
    return show(request, "cases/promises.html", context, partial="list")


@page(purpose="promises")
def case_promises(request: Request, case_id: UUID) -> HttpResponse:
    """One case: ordered, accepted, in place, verified and told, side by side; the acts on the chosen measure."""
    case, rows = reading.read_promises(case_id=case_id, actor=request.actor, at=request.at)
    chosen = next((one for one in rows if str(one.measure.pk) == request.GET.get("measure")), None)
    context: dict[str, object] = {"act_name": _("Promise against reality"), "rows": rows, "chosen": chosen}
    if chosen is None:
        return case_page(request, "cases/case_promises.html", case, context)
    forms = _forms(request, case, chosen)
    sent = forms.get(request.POST.get("act", ""), forms["chase"])
    if done(request, sent, lambda: _take(request.POST.get("act", ""), sent, chosen, request)):
        return redirect("cases:promises_of", case_id)
    actor, there = request.actor, chosen.there
    context |= {
        **forms,
        "may_chase": bool(not there and (not chosen.measure.chased_at or sent.is_bound) and may_chase_measure(actor)),
        "may_verify": bool(there and may_verify_measure(actor)),
        "may_correct": bool(may_keep_contact(actor)),
    }
    return case_page(request, "cases/case_promises.html", case, context, form=sent, subject=chosen.measure)


def _forms(request: Request, case: Case, chosen: Promise) -> dict[str, ChaseForm | ReportForm | CorrectForm]:
    sent = request.POST.get("act", "") if request.method == "POST" else ""
    version = {"version": chosen.measure.version}

    def data(name: str) -> QueryDict | None:
        return request.POST if sent == name else None

    people = reading.people_to_choose(case)
    return {
        "chase": ChaseForm(data("chase"), initial=version, auto_id="chase_%s"),
        "verify": ReportForm(
            data("verify"),
            initial={**version, "step": "verify"},
            state=chosen.measure.state,
            steps=frozenset({"verify"}),
            auto_id="verify_%s",
        ),
        "correct": CorrectForm(
            data("correct"), initial={"person_id": str(chosen.measure.person_id)}, people=people, auto_id="correct_%s"
        ),
    }


def _take(act: str, form: ChaseForm | ReportForm | CorrectForm, chosen: Promise, request: Request) -> object:
    given = {**form.cleaned_data, "measure_id": chosen.measure.pk, "actor": request.actor, "at": request.at}
    if act == "correct":
        return services.correct_told(**{**given, "person_id": UUID(given["person_id"])})
    return services.report_measure(**given) if act == "verify" else services.chase_measure(**given)
