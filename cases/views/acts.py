"""What may be done on a case, in one place: each act as a way on, or with the reason why not now."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import policies
from cases.services.reading import CaseFile
from stelsel.kernel.authorisation import YES, Actor, Role, Verdict, all_of, no
from stelsel.kernel.errors import gettext_noop


@dataclass(frozen=True)
class Offer:
    """An act as the page shows it: a link, or with `why_not` filled a closed door that says why."""

    label: str
    url: str
    icon: str
    why_not: str
    variant: str


@dataclass(frozen=True)
class Candidate:
    """An act that belongs to some roles; what may be done now follows from the case and the actor."""

    label: str | Promise
    icon: str
    roles: frozenset[Role]
    verdict: Callable[[CaseFile, Actor], Verdict]
    url: Callable[[CaseFile], tuple[str, UUID | None]]


def acts_on(file: CaseFile, *, actor: Actor) -> list[Offer]:
    """The acts of the actor's role, those that can be done now first; the first of them stands out."""
    offered = [candidate for candidate in CANDIDATES if actor.role in candidate.roles]
    found = [(candidate, _verdict(candidate, file, actor)) for candidate in offered]
    open_first = sorted(found, key=lambda pair: not pair[1])
    return [
        Offer(
            label=str(candidate.label),
            url=_address(candidate, file) if verdict else "",
            icon=candidate.icon,
            why_not="" if verdict else _(verdict.reason),
            variant="primary" if nth == 0 and verdict else "secondary",
        )
        for nth, (candidate, verdict) in enumerate(open_first)
    ]


def _verdict(candidate: Candidate, file: CaseFile, actor: Actor) -> Verdict:
    """Of a closed case one reads, gives access and opens it again; everything else waits for that."""
    if file.case.demarcation != "none" and candidate.verdict not in (_demarcation, _close, _access):
        return no("other_regime", gettext_noop("This person is under another regime."))
    closed = file.case.state == "closed" and candidate.verdict not in (
        _reopen,
        _same_person,
        _attachments,
        _access,
        _demarcation,
    )
    return no("closed", gettext_noop("The case is closed.")) if closed else candidate.verdict(file, actor)


def _address(candidate: Candidate, file: CaseFile) -> str:
    name, key = candidate.url(file)
    return reverse(f"cases:{name}", args=[key])


def _when(condition: object, reason: str) -> Verdict:
    return YES if condition else no("not_now", reason)


def _nomination_in(file: CaseFile, *states: str) -> bool:
    return file.nomination is not None and file.nomination.state in states


def _fill(file: CaseFile, actor: Actor) -> Verdict:
    if file.nomination is None:
        return no("not_now", gettext_noop("There is no nomination: the case was opened by telephone."))
    return all_of(
        _when(_nomination_in(file, "draft"), gettext_noop("The intake was handed in.")),
        policies.may_fill_nomination(actor, filled_by=file.nomination.filled_by_id),
    )


def _complete(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(_nomination_in(file, "filled"), gettext_noop("There is no intake that waits for the adviser.")),
        policies.may_complete_nomination(actor),
    )


def _sign(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(_nomination_in(file, "completed"), gettext_noop("There is no nomination that waits for a signature.")),
        policies.may_sign_nomination(actor, office=file.case.office_id),
    )


def _assign(file: CaseFile, actor: Actor) -> Verdict:
    ready = file.case.state in ("triage", "scheme")
    return all_of(
        _when(ready, gettext_noop("The chief prosecutor did not nominate this person yet.")),
        policies.may_assign_case(actor),
    )


def _prepare(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(_nomination_in(file, "signed"), gettext_noop("There is no nomination that waits for preparation.")),
        policies.may_prepare_judgement(actor, case_manager=file.case.case_manager_id),
    )


def _judge(file: CaseFile, actor: Actor) -> Verdict:
    waits = _nomination_in(file, "prepared")
    named = file.case.decider_id in (None, actor.user_id)
    return all_of(
        _when(waits, gettext_noop("There is no judgement that waits.")),
        _when(named, gettext_noop("Another colleague is named on this case for this.")),
    )


def _ratify(file: CaseFile, actor: Actor) -> Verdict:
    urgent = file.designation
    if urgent is None or urgent.ratify_due is None or urgent.ratified_at is not None:
        return no("not_now", gettext_noop("There is no urgent designation that waits."))
    return policies.may_ratify(actor, decided_by=urgent.decided_by_id)


def _urgent(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(file.case.state != "closed", gettext_noop("The case is closed.")), policies.may_take_urgent_call(actor)
    )


def _handover(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return _when(file.handover, gettext_noop("The handover file begins at designation."))


def _level(file: CaseFile, actor: Actor) -> Verdict:
    if file.picture is None:
        return no("not_now", gettext_noop("No threat picture was adopted yet."))
    return policies.may_set_level(
        actor,
        decider=file.case.decider_id,
        adopted_by=file.picture.adopted_by_id,
        person_user=file.case.person.user_id,
    )


def _advise(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(file.level, gettext_noop("No level was set yet.")),
        _when(file.advice is None, gettext_noop("Advice on this level was given already.")),
        policies.may_advise(actor),
    )


def _package(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(file.level, gettext_noop("No level was set yet.")),
        _when(
            file.package is None or file.package.state != "submitted",
            gettext_noop("The package lies before the decider."),
        ),
        policies.may_prepare_package(actor, case_manager=file.case.case_manager_id),
    )


def _decide(file: CaseFile, actor: Actor) -> Verdict:
    if file.package is None or file.package.state != "submitted":
        return no("not_now", gettext_noop("No package of measures waits for a decision."))
    return policies.may_decide_package(
        actor,
        prepared_by=file.package.prepared_by_id,
        decider=file.case.decider_id,
        person_user=file.case.person.user_id,
    )


def _return(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(
            file.case.state == "scheme", gettext_noop("This person is not in the scheme: there is nothing to return.")
        ),
        policies.may_return_authority(actor, decider=file.case.decider_id, person_user=file.case.person.user_id),
    )


def _confirm_return(file: CaseFile, actor: Actor) -> Verdict:
    if file.returned is None or file.returned.state != "waiting":
        return no("not_now", gettext_noop("There is no return of authority that waits for a confirmation."))
    return policies.may_confirm_return(actor, office=file.case.office_id, decided_by=file.returned.decided_by_id)


def _escalation(file: CaseFile, _actor: Actor) -> Verdict:
    rejected = _nomination_in(file, "rejected") or file.escalation
    return _when(rejected, gettext_noop("No nomination of this person was rejected."))


def _demarcation(_file: CaseFile, actor: Actor) -> Verdict:
    return policies.may_keep_demarcation(actor)


def _close(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(file.case.state == "local", gettext_noop("Only a case in the local domain is closed.")),
        policies.may_close_case(actor, office=file.case.office_id),
    )


def _same_person(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_compare(actor)


def _reopen(file: CaseFile, actor: Actor) -> Verdict:
    return all_of(
        _when(file.case.state == "closed", gettext_noop("This case is open.")),
        _when(not (file.closure and file.closure.merge_id), gettext_noop("This case goes on in another one.")),
        policies.may_close_case(actor, office=file.case.office_id),
    )


def _post(file: CaseFile, actor: Actor) -> Verdict:
    return policies.may_record_post(actor, office=file.case.office_id)


def _contact(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_keep_contact(actor)


def _of_part(part: str) -> Callable[[CaseFile, Actor], Verdict]:
    return lambda _file, actor: policies.may_see(part, actor)


def _moment(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_report_risk_moment(actor)


def _decisions(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_see_decisions(actor)


def _letters(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_see("letters", actor)


def _attachments(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_list_attachments(actor)


def _promises(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_see("contact", actor)


def _look_back(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_look_back(actor)


def _access(file: CaseFile, actor: Actor) -> Verdict:  # noqa: ARG001  # the shape of a candidate
    return policies.may_give_access(actor)


def _package_page(file: CaseFile) -> tuple[str, UUID | None]:
    """The draft that lies there, or the beginning of a new one on the newest level."""
    package, level = file.package, file.level
    if package is not None and package.state in ("draft", "returned") and level is not None:
        return "package", package.pk
    return "package_start", level.pk if level else None


def _of_case(name: str) -> Callable[[CaseFile], tuple[str, UUID | None]]:
    return lambda file: (name, file.case.pk)


def _of(name: str, part: str) -> Callable[[CaseFile], tuple[str, UUID | None]]:
    return lambda file: (name, getattr(getattr(file, part), "pk", None))


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_NOMINATION = _of("nomination", "nomination")
_CONTACTS = _roles(Role.CASE_MANAGER, Role.DUTY_OFFICER)
_READS_CONTACT = policies.PARTS["contact"]
_MOMENTS = _CONTACTS | {Role.LCC_COORDINATOR, Role.POLICE_RCCB}
_HANDOVER = _roles(Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR, Role.CASE_MANAGER)
_PROSECUTORS = _roles(*policies.PROSECUTORS)
_CALLS = _roles(Role.DUTY_OFFICER, *policies.ORDERS_BEFORE_DESIGNATION)
t = gettext_lazy
CANDIDATES = (
    Candidate(t("Fill in the intake"), "file-pen-line", _roles(Role.POLICE_RCCB), _fill, _NOMINATION),
    Candidate(t("Complete the nomination"), "file-check", _roles(Role.PROSECUTION_ADVISER), _complete, _NOMINATION),
    Candidate(t("Sign the nomination"), "signature", _roles(Role.CHIEF_PROSECUTOR), _sign, _NOMINATION),
    Candidate(t("Name case manager and decider"), "users", _roles(Role.DUTY_OFFICER), _assign, _of_case("assign")),
    Candidate(t("Prepare the judgement"), "scale", _roles(Role.CASE_MANAGER), _prepare, _of("prepare", "nomination")),
    Candidate(t("Judge the nomination"), "gavel", _roles(Role.DECIDER), _judge, _of("judge", "nomination")),
    Candidate(t("Escalation"), "scale", policies.PARTS["judgement"], _escalation, _of_case("escalation")),
    Candidate(t("Ratify the designation"), "stamp", _roles(Role.DECIDER), _ratify, _of("ratify", "designation")),
    Candidate(t("Set level and resistance"), "gauge", _roles(Role.DECIDER), _level, _of("level", "picture")),
    Candidate(
        t("Advise on measures"), "message-square-text", _roles(Role.LCC_ADVISER), _advise, _of("advice", "level")
    ),
    Candidate(t("Prepare measures"), "clipboard-list", _roles(Role.CASE_MANAGER), _package, _package_page),
    Candidate(t("Decide the measures"), "gavel", _roles(Role.DECIDER), _decide, _of("package_decide", "package")),
    Candidate(t("Return authority"), "undo-2", _roles(Role.DECIDER), _return, _of_case("return")),
    Candidate(
        t("Confirm the return"),
        "stamp",
        _roles(Role.CHIEF_PROSECUTOR),
        _confirm_return,
        _of("returned", "returned"),
    ),
    Candidate(t("Handover file"), "folder-check", _HANDOVER, _handover, _of("handover", "handover")),
    Candidate(t("Decisions"), "gavel", policies.PARTS["package"], _decisions, _of_case("case_decisions")),
    Candidate(
        t("Relatives outside the core household"), "users", policies.PARTS["package"], _decisions, _of_case("relatives")
    ),
    Candidate(t("Letters"), "mail", policies.PARTS["letters"], _letters, _of_case("letters")),
    Candidate(t("Attachments"), "paperclip", policies.LISTS_ATTACHMENTS, _attachments, _of_case("attachments")),
    Candidate(t("Promise against reality"), "handshake", policies.PARTS["contact"], _promises, _of_case("promises_of")),
    Candidate(t("Night card"), "moon", policies.PARTS["contact"], _promises, _of_case("night")),
    Candidate(t("Post of the person"), "briefcase", _PROSECUTORS, _post, _of_case("post")),
    Candidate(t("Log contact"), "message-circle", _CONTACTS, _contact, _of_case("contact")),
    Candidate(t("Tell or withhold"), "megaphone", _CONTACTS, _contact, _of_case("tell")),
    Candidate(t("Contact plan"), "calendar-heart", _READS_CONTACT, _of_part("contact"), _of_case("contact_plan")),
    Candidate(t("Mayor"), "landmark", policies.PARTS["mayor"], _of_part("mayor"), _of_case("mayor")),
    Candidate(
        t("Quadrilateral meetings"), "users", policies.PARTS["meeting"], _of_part("meeting"), _of_case("meetings")
    ),
    Candidate(t("Report a moment of raised risk"), "calendar-clock", _MOMENTS, _moment, _of_case("risk_moment")),
    Candidate(t("Urgent measures by telephone"), "phone-call", _CALLS, _urgent, _of_case("urgent")),
    Candidate(t("What we knew then"), "history", policies.LOOKS_BACK, _look_back, _of_case("then")),
    Candidate(
        t("Give access"), "key-round", _roles(Role.CASE_MANAGER, Role.SECURITY_OFFICER), _access, _of_case("access")
    ),
    Candidate(t("Conflicts of interest"), "users", policies.PARTS["access"], _of_part("access"), _of_case("conflicts")),
    Candidate(t("Other regime"), "signpost", policies.KEEPS_DEMARCATION, _demarcation, _of_case("demarcation")),
    Candidate(t("Same person"), "users", policies.COMPARES, _same_person, _of_case("same_person")),
    Candidate(t("Close the case"), "archive", _PROSECUTORS, _close, _of_case("close")),
    Candidate(t("Open the case again"), "archive-restore", _PROSECUTORS, _reopen, _of_case("reopen")),
)
