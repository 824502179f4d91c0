"""Article 2 ECHR, responsibility, agreements and what follows when one is not kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms.care import decisions as forms
from cases.lifecycle import BREACH_LIFECYCLE
from cases.models import Breach, DutyAnswers
from cases.services import reading
from cases.services.care.life import FOUR_EYES
from cases.services.reading import care
from cases.views.care.pages import Act, care_page, form_for
from stelsel.kernel.web import Request, page


@page(purpose="duty of care")
def answers(request: Request, case_id: UUID) -> HttpResponse:
    """The four answers at every decision so far, and a new version."""
    case = reading.open_case_file(case_id=case_id, part="answers", actor=request.actor, at=request.at)
    subjects = care.subjects(case, request.actor)
    by: dict[str, Any] = {"actor": request.actor, "at": request.at}
    initial = {"decision": request.GET.get("decision", "")}
    acts = [
        Act(
            "answer",
            _("Answer the four questions"),
            form_for(request, "answer", forms.AnswersForm, subjects=subjects, initial=initial),
            lambda form: services.write_answers(case_id=case_id, **form.told(), **by),
            verdict=policies.may_write_answers(request.actor),
            icon="scale",
        )
    ]
    context = {"act_name": _("Article 2 ECHR"), "lines": care.answers_of(case), "subjects": subjects}
    return care_page(request, "cases/care/answers.html", case, context, acts)


@page(purpose="duty of care")
def answered(request: Request, answers_id: UUID) -> HttpResponse:
    """One version of the answers, to read and to sign."""
    opened = care.read_answers(answers_id=answers_id, actor=request.actor, at=request.at)
    row = opened.row
    form = form_for(request, "sign", forms.SignAnswersForm, initial={"version": row.version})
    four_eyes = row.occasion in FOUR_EYES
    sign = Act(
        "sign",
        _("Sign the answers"),
        form,
        lambda form: services.sign_answers(answers_id=row.pk, **form.told(), actor=request.actor, at=request.at),
        verdict=policies.may_sign_answers(request.actor, written_by=row.written_by_id, four_eyes=four_eyes),
        turn=row.state == "draft",
        statement=_("I give these answers at this decision. From here they are final."),
    )
    context = {
        "act_name": _("Answers on article 2 ECHR"),
        "answers": row,
        "texts": opened.texts,
        "evidence": _evidence(row),
    }
    return care_page(request, "cases/care/answered.html", opened.case, context, [sign], subject=row)


def _evidence(row: DutyAnswers) -> dict[str, object]:
    """What lay there, as the page shows it."""
    kept = row.evidence
    picture = kept["picture"] or {}
    return {
        "picture": bool(picture),
        "version": picture.get("version", ""),
        "adopted_at": datetime.fromisoformat(picture["adopted_at"]) if picture else None,
        "signals": len(kept["signals"]),
        "products": kept["products"],
    }


@page(purpose="duty of care")
def responsibility(request: Request, case_id: UUID) -> HttpResponse:
    """Who is responsible for each measure, and who bears its cost."""
    case = reading.open_case_file(case_id=case_id, part="responsibility", actor=request.actor, at=request.at)
    context = {"act_name": _("Responsibility"), "matrix": care.matrix(case)}
    return care_page(request, "cases/care/responsibility.html", case, context, [])


@page(purpose="duty of care")
def responsible(request: Request, measure_id: UUID) -> HttpResponse:
    """Everybody who was responsible for one measure, and who is from now on."""
    opened, lines = care.read_responsibility(measure_id=measure_id, actor=request.actor, at=request.at)
    now = lines[0].row
    form = form_for(
        request,
        "settle",
        forms.ResponsibilityForm,
        initial={"party": now.party, "cost_bearer": now.cost_bearer},
    )
    settle = Act(
        "settle",
        _("From now on"),
        form,
        lambda form: services.settle_responsibility(
            measure_id=measure_id, **form.told(), actor=request.actor, at=request.at
        ),
        verdict=policies.may_settle_responsibility(request.actor),
        turn=opened.row.state != "ended",
        icon="users",
    )
    context = {"act_name": _("Responsibility"), "measure": opened.row, "lines": lines}
    return care_page(request, "cases/care/responsible.html", opened.case, context, [settle])


@page(purpose="duty of care")
def cooperation(request: Request, case_id: UUID) -> HttpResponse:
    """Agreements with the person, and those that were not kept."""
    case = reading.open_case_file(case_id=case_id, part="care", actor=request.actor, at=request.at)
    people, made = reading.people_to_choose(case), care.agreements_of(case)
    by: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "at": request.at}
    verdict = policies.may_keep_agreements(request.actor, case_manager=case.case_manager_id)
    acts = [
        Act(
            "breach",
            _("An agreement was not kept"),
            form_for(request, "breach", forms.BreachForm, people=people, agreements=made),
            lambda form: services.record_breach(**form.told(), **by),
            verdict=verdict,
            submit=_("Record"),
            icon="clipboard-list",
        ),
        Act(
            "agree",
            _("New agreement"),
            form_for(request, "agree", forms.AgreementForm, people=people),
            lambda form: services.make_agreement(**form.told(), **by),
            verdict=verdict,
            icon="handshake",
        ),
    ]
    context = {"act_name": _("Agreements"), "agreements": made, "breaches": care.breaches_of(case)}
    return care_page(request, "cases/care/cooperation.html", case, context, acts)


@page(purpose="duty of care")
def breach(request: Request, breach_id: UUID) -> HttpResponse:
    """One agreement not kept: the conversation, the letter, the decision anew. No step ends a measure."""
    opened = care.read_breach(breach_id=breach_id, actor=request.actor, at=request.at)
    context = {
        "act_name": opened.row.get_kind_display(),
        "breach": opened.row,
        "texts": opened.texts,
        "agreement": care.agreement_of(opened),
    }
    acts = _steps(request, opened.row)
    return care_page(request, "cases/care/breach.html", opened.case, context, acts, subject=opened.row)


def _steps(request: Request, row: Breach) -> list[Act]:
    by: dict[str, Any] = {"breach_id": row.pk, "actor": request.actor, "at": request.at}
    keeps = policies.may_keep_agreements(request.actor, case_manager=row.case.case_manager_id)
    decides = policies.may_decide_breach(
        request.actor,
        submitted_by=row.submitted_by_id,
        decider=row.case.decider_id,
        person_user=row.case.person.user_id,
    )
    now = {"version": row.version}
    turns = set(BREACH_LIFECYCLE.steps_from(row.state))
    return [
        Act(
            "talk",
            _("Conversation"),
            form_for(request, "talk", forms.TalkForm, initial=now),
            lambda form: services.talk_about(**form.told(), **by),
            keeps,
            turn="talk" in turns,
            icon="message-circle",
        ),
        Act(
            "warn",
            _("Letter"),
            form_for(request, "warn", forms.WarnForm, initial=now),
            lambda form: services.warn(**form.told(), **by),
            keeps,
            turn="warn" in turns,
            icon="file-text",
        ),
        Act(
            "submit",
            _("Ask a decision anew"),
            form_for(request, "submit", forms.SubmitBreachForm, initial=now),
            lambda form: services.submit_breach(**form.told(), **by),
            keeps,
            turn="submit" in turns,
            submit=_("Lay before the decider"),
            icon="gavel",
        ),
        Act(
            "decide",
            _("Sign the decision"),
            form_for(request, "decide", forms.DecideBreachForm, initial=now),
            lambda form: services.decide_breach(**form.told(), **by),
            decides,
            turn="decide" in turns,
            statement=_("I decide anew. This decision ends no measure: what follows is decided apart."),
        ),
    ]
