"""Who may do what around a case. Pure: values in, a verdict out; the services call require()."""

from datetime import datetime
from uuid import UUID

from cases.lifecycle import Authority
from stelsel.kernel.authorisation import YES, Actor, Role, Verdict, all_of, differs, has_role, no
from stelsel.kernel.errors import gettext_noop

AT_THE_TABLE = frozenset(
    {
        Role.PROSECUTION_ADVISER,
        Role.CHIEF_PROSECUTOR,
        Role.CASE_MANAGER,
        Role.DECIDER,
        Role.DUTY_OFFICER,
        Role.POLICE_RCCB,
        Role.TABLE_MEMBER,
    }
)
"""Roles that sit at the triage table for their organisation."""
PROSECUTION = (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER)

# Which roles see which part of a case they have a grant on (requirements.md, separation of duties).
PARTS: dict[str, frozenset[Role]] = {
    "identity": frozenset(
        {
            Role.CASE_MANAGER,
            Role.DUTY_OFFICER,
            Role.POLICE_RCCB,
            Role.PROSECUTION_ADVISER,
            Role.CHIEF_PROSECUTOR,
            Role.LCC_COORDINATOR,
        }
    ),
    "nomination": frozenset(
        {
            Role.CASE_MANAGER,
            Role.DECIDER,
            Role.DUTY_OFFICER,
            Role.POLICE_RCCB,
            Role.PROSECUTION_ADVISER,
            Role.CHIEF_PROSECUTOR,
            Role.THREAT_ANALYST,
            Role.HEAD_OF_ANALYSIS,
            Role.TABLE_MEMBER,
        }
    ),
    "triage": frozenset({*AT_THE_TABLE}),
    "judgement": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR}),
    "authority": frozenset(Role)
    - {
        Role.PRODUCT_SUPPLIER,  # sees its own requests alone
        Role.ADVISORY_BODY,  # figures, never a case
        Role.INSPECTOR,
        Role.CONTROLLER,  # the trail, not the cases
        Role.METHOD_BOARD,
        Role.POLICY_OFFICER,
        Role.MAYORS_CONTACT,  # is told what the NCTV sends, and sees no case
        Role.ADMINISTRATOR,
        Role.SYSTEM,
    },
    "handover": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR}),
    "picture": frozenset(
        {Role.CASE_MANAGER, Role.DECIDER, Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS, Role.DUTY_OFFICER}
    ),
    "level": frozenset(
        {
            Role.CASE_MANAGER,
            Role.DECIDER,
            Role.DUTY_OFFICER,
            Role.LCC_ADVISER,
            Role.LCC_COORDINATOR,
            Role.LCC_LIAISON,
        }
    ),
    "measures": frozenset(
        {
            Role.CASE_MANAGER,
            Role.DECIDER,
            Role.DUTY_OFFICER,
            Role.LCC_ADVISER,
            Role.LCC_COORDINATOR,
            Role.LCC_LIAISON,
            Role.UNIT_PLANNER,
            Role.POLICE_RCCB,
            Role.PROSECUTION_ADVISER,
            Role.CHIEF_PROSECUTOR,
        }
    ),
    "package": frozenset({Role.CASE_MANAGER, Role.DECIDER}),
    "contact": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.DUTY_OFFICER}),
    "mayor": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.DUTY_OFFICER}),
    "meeting": frozenset(
        {
            Role.CASE_MANAGER,
            Role.DECIDER,
            Role.DUTY_OFFICER,
            Role.PROSECUTION_ADVISER,
            Role.CHIEF_PROSECUTOR,
            Role.LCC_COORDINATOR,
        }
    ),
    "access": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.SECURITY_OFFICER}),
    "letters": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.DUTY_OFFICER}),
    "care": frozenset({Role.CASE_MANAGER, Role.DECIDER}),
    "answers": frozenset(
        {
            Role.CASE_MANAGER,
            Role.DECIDER,
            Role.LEGAL_OFFICER,
            Role.PROSECUTION_ADVISER,
            Role.CHIEF_PROSECUTOR,
        }
    ),
    "complaints": frozenset({Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.LEGAL_OFFICER}),
    "responsibility": frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR}),
}

ON_A_CASE = frozenset[Role]().union(*PARTS.values())
"""Roles that need something of a case: access is given to nobody else."""

NCTV_CASE_ROLES = (Role.CASE_MANAGER, Role.DECIDER, Role.DUTY_OFFICER)
ORDERS_BEFORE_DESIGNATION = (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER, Role.POLICE_RCCB)


PROSECUTORS = (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER)


def may_see(part: str, actor: Actor) -> Verdict:
    """Whether this role sees this part of a case that it has a grant on."""
    if actor.role in PARTS[part]:
        return YES
    return no("not_for_role", gettext_noop("Your role does not need this part of the case."))


def not_about_oneself(actor: Actor, person_user: UUID | None) -> Verdict:
    """Nobody acts in a case about themselves (Circulaire 2026 par. 2.4.2)."""
    if person_user is not None and person_user == actor.user_id:
        return no("about_oneself", gettext_noop("Nobody acts in a case about themselves."))
    return YES


def may_keep_aliases(actor: Actor) -> Verdict:
    """Who may see who the person is writes down under which other names they are known."""
    return may_see("identity", actor)


def may_see_duplicates(actor: Actor) -> Verdict:
    """Who works on whom a case is about is told that two of the cases they see look like one person."""
    return YES if actor.role is Role.DECIDER else may_see("identity", actor)


COMPARES = frozenset({Role.CASE_MANAGER, Role.DUTY_OFFICER, *PROSECUTION})
"""Roles that say of two cases they see whether they are about one person."""


def may_compare(actor: Actor) -> Verdict:
    """Say that two cases are about two persons, or propose to merge them."""
    return has_role(actor, *COMPARES)


def may_settle_merge(actor: Actor, *, office: UUID, proposed_by: UUID) -> Verdict:
    """Whose authority ends answers: the chief prosecutor of the case that would rest, and not who proposed it."""
    return all_of(may_sign_nomination(actor, office=office), differs(actor, proposed_by))


def may_withdraw_merge(actor: Actor, *, proposed_by: UUID) -> Verdict:
    return _named(actor, proposed_by)


def may_undo_merge(actor: Actor, *, office: UUID) -> Verdict:
    """Undone is opened again: by who may do that."""
    return may_close_case(actor, office=office)


def may_open_intake(actor: Actor) -> Verdict:
    return has_role(actor, Role.POLICE_RCCB)


def may_forward_report(actor: Actor, *, office: UUID) -> Verdict:
    """The office to which the police passed it."""
    return all_of(has_role(actor, *PROSECUTION), _of_office(actor, office))


def may_answer_report(actor: Actor, *, office: UUID, forwarded: bool, reported_by: UUID) -> Verdict:
    """The office to which the police passed it, or once forwarded who acts for the NCTV; never who reported."""
    if forwarded:
        return all_of(has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER), differs(actor, reported_by))
    return all_of(may_forward_report(actor, office=office), differs(actor, reported_by))


def may_read_answer(actor: Actor, *, reported_by: UUID) -> Verdict:
    if actor.user_id == reported_by:
        return YES
    return no("not_yours", gettext_noop("Who reported reads the answer."))


def may_fill_nomination(actor: Actor, *, filled_by: UUID) -> Verdict:
    if actor.role is Role.POLICE_RCCB and actor.user_id != filled_by:
        return no("not_yours", gettext_noop("The colleague who opened this intake fills it."))
    return has_role(actor, Role.POLICE_RCCB)


def may_complete_nomination(actor: Actor) -> Verdict:
    return has_role(actor, Role.PROSECUTION_ADVISER)


def may_sign_nomination(actor: Actor, *, office: UUID) -> Verdict:
    """Only the chief prosecutor of the office that holds authority puts a case on the table."""
    verdict = has_role(actor, Role.CHIEF_PROSECUTOR)
    if verdict and actor.organisation_id != office:
        return no("other_office", gettext_noop("Another office holds authority over this person."))
    return verdict


def may_withdraw_nomination(actor: Actor, *, office: UUID) -> Verdict:
    """Only the office that nominates withdraws."""
    return all_of(has_role(actor, *PROSECUTION), _of_office(actor, office))


def _of_office(actor: Actor, office: UUID) -> Verdict:
    if actor.organisation_id == office:
        return YES
    return no("other_office", gettext_noop("Another office holds authority over this person."))


def may_assess(actor: Actor, *, state: str) -> Verdict:
    """Police and prosecution assess until the nomination is signed, the NCTV until it is judged."""
    nominates = {"draft": Role.POLICE_RCCB, "filled": Role.PROSECUTION_ADVISER, "completed": Role.CHIEF_PROSECUTOR}
    if state in nominates:
        return has_role(actor, nominates[state])
    if state in ("signed", "prepared"):
        return has_role(actor, Role.CASE_MANAGER)
    return no("judged", gettext_noop("This nomination was judged or withdrawn: its assessments stand."))


def may_convene_table(actor: Actor) -> Verdict:
    """The prosecution keeps the secretariat of triage and chairs its table (Circulaire 2026 par. 2.3.3)."""
    return has_role(actor, *PROSECUTION)


def may_keep_table(actor: Actor, *, office: UUID) -> Verdict:
    """Minutes, holding over and closing are for the secretariat of this table."""
    if actor.organisation_id != office:
        return no("not_secretariat", gettext_noop("The secretariat of this table does this."))
    return has_role(actor, *PROSECUTION)


def may_put_on_table(actor: Actor, *, holder: UUID) -> Verdict:
    """Only the party that holds authority over the person puts the case on the table (Circulaire 2026 par. 2.3.3)."""
    return all_of(has_role(actor, *PROSECUTION), _of_office(actor, holder))


def may_record_view(actor: Actor, *, party: UUID, office: UUID) -> Verdict:
    """A party's own people, or the secretariat for them."""
    if actor.organisation_id == party and actor.role in AT_THE_TABLE:
        return YES
    return may_keep_table(actor, office=office)


def may_escalate(actor: Actor, *, office: UUID) -> Verdict:
    """The chief prosecutor of the office that holds authority escalates a rejection, and withdraws that."""
    return may_sign_nomination(actor, office=office)


def may_answer_escalation(
    actor: Actor, *, judged_by: frozenset[UUID], raised_by: UUID, person_user: UUID | None
) -> Verdict:
    """A decider who neither prepared nor decided the judgement, nor escalated it."""
    return all_of(
        has_role(actor, Role.DECIDER),
        not_judged(actor, judged_by),
        differs(actor, raised_by),
        not_about_oneself(actor, person_user),
    )


def not_judged(actor: Actor, judged_by: frozenset[UUID]) -> Verdict:
    """What an escalation brought about is done by others than who prepared or decided the rejection."""
    if actor.user_id in judged_by:
        return no("judged_before", gettext_noop("You prepared or decided the rejection: another colleague does this."))
    return YES


def may_assign_case(actor: Actor) -> Verdict:
    return has_role(actor, Role.DUTY_OFFICER)


def may_prepare_judgement(actor: Actor, *, case_manager: UUID | None) -> Verdict:
    return all_of(has_role(actor, Role.CASE_MANAGER), _named(actor, case_manager))


def may_judge(actor: Actor, *, prepared_by: UUID, decider: UUID | None, person_user: UUID | None) -> Verdict:
    """The named decider, who did not prepare (four eyes) and is not the person."""
    return all_of(
        has_role(actor, Role.DECIDER),
        _named(actor, decider),
        differs(actor, prepared_by),
        not_about_oneself(actor, person_user),
    )


def _named(actor: Actor, named: UUID | None) -> Verdict:
    if named is not None and named != actor.user_id:
        return no("not_named", gettext_noop("Another colleague is named on this case for this."))
    return YES


def may_take_urgent_call(actor: Actor) -> Verdict:
    return has_role(actor, Role.DUTY_OFFICER, *ORDERS_BEFORE_DESIGNATION)


def may_order_urgently(actor: Actor, *, authority: Authority, person_directed: bool) -> Verdict:
    """Before designation the chief prosecutor's side orders; person-directed measures need the NCTV's duty officer."""
    if person_directed or authority is Authority.NCTV:
        verdict = has_role(actor, Role.DUTY_OFFICER, Role.DECIDER)
        reason = gettext_noop("Person-directed measures are ordered by the NCTV: call its duty officer.")
        return verdict or no("nctv_orders", reason)
    verdict = has_role(actor, *ORDERS_BEFORE_DESIGNATION)
    return verdict or no(
        "prosecutor_orders", gettext_noop("Until designation the chief prosecutor orders the measures.")
    )


def may_ratify(actor: Actor, *, decided_by: UUID) -> Verdict:
    return all_of(has_role(actor, Role.DECIDER), differs(actor, decided_by))


def may_settle_review(actor: Actor, *, decider: UUID | None, person_user: UUID | None) -> Verdict:
    """That a decision stands is said by whoever decides in this case."""
    return all_of(has_role(actor, Role.DECIDER), _named(actor, decider), not_about_oneself(actor, person_user))


def may_see_decisions(actor: Actor) -> Verdict:
    """What is open on decisions: for who prepares them and who takes them."""
    return may_see("package", actor)


def may_supply_handover(actor: Actor) -> Verdict:
    return has_role(actor, Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR)


def may_offer_handover(actor: Actor, *, office: UUID) -> Verdict:
    return may_sign_nomination(actor, office=office)


def may_accept_handover(actor: Actor, *, case_manager: UUID | None) -> Verdict:
    return all_of(has_role(actor, Role.CASE_MANAGER), _named(actor, case_manager))


RECEIVES = frozenset({Role.CASE_MANAGER, Role.DECIDER})
BATCH_ROLES = RECEIVES | {Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER}


def may_prepare_batch(actor: Actor, *, office: UUID, receiver: UUID) -> Verdict:
    """The office that hands over, or who receives."""
    if actor.role in RECEIVES:
        return _named(actor, receiver)
    verdict = may_supply_handover(actor)
    if verdict and actor.organisation_id != office:
        return no("other_office", gettext_noop("Another office holds authority over this person."))
    return verdict


def may_start_batch(actor: Actor, *, receiver: UUID) -> Verdict:
    return all_of(has_role(actor, *RECEIVES), _named(actor, receiver))


def may_receive_file(actor: Actor, *, case_manager: UUID | None, decider: UUID | None) -> Verdict:
    """In bulk a file goes to the case manager or the decider of the case; asked again for each file."""
    named = decider if actor.role is Role.DECIDER else case_manager
    return all_of(has_role(actor, *RECEIVES), _named(actor, named))


def may_adopt_picture(actor: Actor) -> Verdict:
    return has_role(actor, Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS)


def may_set_level(actor: Actor, *, decider: UUID | None, adopted_by: UUID, person_user: UUID | None) -> Verdict:
    """A decider; never somebody who made or adopted the picture (separation of analysis and decision)."""
    return all_of(
        has_role(actor, Role.DECIDER),
        _named(actor, decider),
        differs(actor, adopted_by),
        not_about_oneself(actor, person_user),
    )


def may_advise(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_ADVISER)


def may_prepare_package(actor: Actor, *, case_manager: UUID | None) -> Verdict:
    return may_prepare_judgement(actor, case_manager=case_manager)


def may_decide_package(actor: Actor, *, prepared_by: UUID, decider: UUID | None, person_user: UUID | None) -> Verdict:
    return may_judge(actor, prepared_by=prepared_by, decider=decider, person_user=person_user)


def may_keep_recusals(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DECIDER, Role.SECURITY_OFFICER)


def may_end_recusal(actor: Actor, *, user: UUID | None) -> Verdict:
    return all_of(has_role(actor, Role.SECURITY_OFFICER), differs(actor, user))


def may_approve_too(
    actor: Actor, *, prepared_by: UUID, approved_by: frozenset[UUID], person_user: UUID | None
) -> Verdict:
    """Another decider, where a decision takes several; nobody signs twice, nor what they prepared."""
    return all_of(
        has_role(actor, Role.DECIDER),
        differs(actor, prepared_by),
        *(differs(actor, one) for one in approved_by),
        not_about_oneself(actor, person_user),
    )


def may_check_condition(actor: Actor, *, case_manager: UUID | None, decider: UUID | None) -> Verdict:
    named = decider if actor.role is Role.DECIDER else case_manager
    return all_of(has_role(actor, Role.CASE_MANAGER, Role.DECIDER), _named(actor, named))


def may_mark_assigned(actor: Actor) -> Verdict:
    return has_role(actor, Role.DECIDER, Role.SYSTEM)


def may_report_measure(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_COORDINATOR, Role.UNIT_PLANNER, Role.POLICE_RCCB)


def may_verify_measure(actor: Actor) -> Verdict:
    """Who carries out, and who keeps contact: somebody at the house can see the camera."""
    return has_role(
        actor, Role.LCC_COORDINATOR, Role.UNIT_PLANNER, Role.POLICE_RCCB, Role.CASE_MANAGER, Role.DUTY_OFFICER
    )


def may_chase_measure(actor: Actor) -> Verdict:
    return has_role(actor, *NCTV_CASE_ROLES, Role.PROSECUTION_ADVISER)


def may_review_measure(actor: Actor, *, authority: Authority, case_manager: UUID | None) -> Verdict:
    """On behalf of the authority that holds now: its case manager, or the adviser of the office."""
    if authority is Authority.NCTV:
        return all_of(has_role(actor, Role.CASE_MANAGER), _named(actor, case_manager))
    return has_role(actor, Role.PROSECUTION_ADVISER)


def may_report_incident(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_COORDINATOR, Role.LCC_LIAISON, Role.UNIT_PLANNER, Role.POLICE_RCCB)


def may_answer_incident(actor: Actor) -> Verdict:
    """The two it reaches: who runs the case, and who coordinates the guards."""
    return has_role(actor, Role.CASE_MANAGER, Role.PROSECUTION_ADVISER, Role.LCC_COORDINATOR)


def may_end_measure(actor: Actor, *, authority: Authority) -> Verdict:
    """Only the authority ends a measure."""
    if authority is Authority.NCTV:
        return has_role(actor, Role.DECIDER)
    return has_role(actor, Role.CHIEF_PROSECUTOR)


def may_write_letter(actor: Actor, *, case_manager: UUID | None) -> Verdict:
    """The named case manager; until there is one, whoever of the authority handles the case."""
    return all_of(has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER), _named(actor, case_manager))


def may_sign_letter(actor: Actor, *, prepared_by: UUID, decider: UUID | None) -> Verdict:
    return all_of(has_role(actor, Role.DECIDER), _named(actor, decider), differs(actor, prepared_by))


def may_return_authority(actor: Actor, *, decider: UUID | None, person_user: UUID | None) -> Verdict:
    """The named decider gives authority back; nobody does in a case about themselves."""
    return all_of(has_role(actor, Role.DECIDER), _named(actor, decider), not_about_oneself(actor, person_user))


def may_confirm_return(actor: Actor, *, office: UUID, decided_by: UUID) -> Verdict:
    """The chief prosecutor whose office has authority again, who did not decide it."""
    return all_of(may_sign_nomination(actor, office=office), differs(actor, decided_by))


def may_close_case(actor: Actor, *, office: UUID) -> Verdict:
    """In the local domain the prosecutor's side that has authority closes a case and opens it again."""
    verdict = has_role(actor, *PROSECUTORS)
    if verdict and actor.organisation_id != office:
        return no("other_office", gettext_noop("Another office holds authority over this person."))
    return verdict


def may_demarcate(
    actor: Actor, *, in_scheme: bool, office: UUID, decider: UUID | None, person_user: UUID | None
) -> Verdict:
    """Who has authority decides that another regime is to look after the person."""
    if in_scheme:
        return may_return_authority(actor, decider=decider, person_user=person_user)
    return all_of(may_sign_nomination(actor, office=office), not_about_oneself(actor, person_user))


KEEPS_DEMARCATION = frozenset({*PROSECUTORS, *NCTV_CASE_ROLES, Role.POLICE_RCCB})
"""Who hears from the other regime, and writes it down."""


def may_keep_demarcation(actor: Actor) -> Verdict:
    return has_role(actor, *KEEPS_DEMARCATION)


def may_answer_demarcation(actor: Actor, *, decided_by: UUID) -> Verdict:
    """That the other regime took over is written down by somebody else than who decided it."""
    return all_of(may_keep_demarcation(actor), differs(actor, decided_by))


def may_receive_back(actor: Actor, *, office: UUID) -> Verdict:
    return may_close_case(actor, office=office)


def may_record_post(actor: Actor, *, office: UUID) -> Verdict:
    """The office that has authority records that the person would have authority themselves."""
    return may_close_case(actor, office=office)


LIST_ROLES = frozenset(
    {
        Role.CASE_MANAGER,
        Role.DECIDER,
        Role.DUTY_OFFICER,
        Role.LEGAL_OFFICER,
        Role.CHIEF_PROSECUTOR,
        Role.PROSECUTION_ADVISER,
        Role.MAYORS_CONTACT,
        Role.LCC_COORDINATOR,
    }
)
"""Who may see entries of the limitative list that they have a grant on."""


def may_see_entry(actor: Actor) -> Verdict:
    return has_role(actor, *LIST_ROLES)


def may_propose_entry(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER)


def may_decide_entry(actor: Actor, *, prepared_by: UUID) -> Verdict:
    """A mandate holder who did not prepare it."""
    return all_of(has_role(actor, Role.DECIDER), differs(actor, prepared_by))


def may_change_holder(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER)


def may_end_entry(actor: Actor) -> Verdict:
    return has_role(actor, Role.DECIDER)


def may_advise_on_entry(actor: Actor) -> Verdict:
    return has_role(actor, Role.DECIDER)


def may_order_on_entry(actor: Actor, *, authority: Authority, holder: UUID) -> Verdict:
    """Whoever has authority now: a decider, the chief prosecutor of the office, or the side of the mayor."""
    roles = {Authority.CHIEF_PROSECUTOR: Role.CHIEF_PROSECUTOR, Authority.MAYOR: Role.MAYORS_CONTACT}
    verdict = has_role(actor, roles.get(authority, Role.DECIDER))
    if not verdict or actor.organisation_id != holder:
        return no("other_authority", gettext_noop("Another authority orders here: see who has authority now."))
    return YES


def may_report_on_entry(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_COORDINATOR)


def may_change_purpose(actor: Actor, *, office: UUID | None, municipality: UUID | None) -> Verdict:
    """The NCTV, or one of the two local authorities of the object."""
    verdict = has_role(actor, Role.DECIDER, Role.CHIEF_PROSECUTOR, Role.MAYORS_CONTACT)
    if verdict and actor.role is not Role.DECIDER and actor.organisation_id not in (office, municipality):
        return no("other_authority", gettext_noop("Another authority orders here: see who has authority now."))
    return verdict


def may_keep_contact(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER)


def may_plan_contact(actor: Actor) -> Verdict:
    return may_keep_contact(actor)


def may_be_contact(role: Role) -> Verdict:
    """The named contact is somebody who may keep contact."""
    if role in (Role.CASE_MANAGER, Role.DUTY_OFFICER):
        return YES
    return no("not_a_contact", gettext_noop("The contact person is a case manager or a duty officer."))


LOOKS_BACK = frozenset({Role.CASE_MANAGER, Role.DECIDER, Role.QUALITY_MANAGER})


def may_look_back(actor: Actor) -> Verdict:
    """Who accounts for a case, and who evaluates it, sees what could be known at an instant."""
    return has_role(actor, *LOOKS_BACK)


ATTACHED_TO = {"handover": "handover", "nomination": "nomination", "contact": "contact", "other": "handover"}
"""Which part of the case one must need to open an attachment, by what it belongs to."""
ATTACHES = frozenset({Role.CASE_MANAGER, Role.DUTY_OFFICER, *ORDERS_BEFORE_DESIGNATION})
LISTS_ATTACHMENTS = ATTACHES.union(*(PARTS[part] for part in ATTACHED_TO.values())) - {Role.TABLE_MEMBER}


def may_attach(actor: Actor) -> Verdict:
    return has_role(actor, *ATTACHES)


def may_list_attachments(actor: Actor) -> Verdict:
    """Roles that attach, and those that need a part of the case to which something can be attached."""
    return has_role(actor, *LISTS_ATTACHMENTS)


def may_open_attachment(actor: Actor, *, part: str, uploaded_by: UUID) -> Verdict:
    """Who needs that part of the case, and who brought the file in."""
    if actor.user_id == uploaded_by:
        return YES
    return all_of(may_list_attachments(actor), may_see(ATTACHED_TO[part], actor))


def may_report_on_signal(actor: Actor) -> Verdict:
    """Threat analysis tells the case that a signal was received or used; the job that takes it acts for its sender."""
    return has_role(
        actor, Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS, Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.SYSTEM
    )


def may_report_risk_moment(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.LCC_COORDINATOR, Role.POLICE_RCCB)


OWNS_EVENTS = (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER, Role.POLICE_RCCB, Role.POLICY_OFFICER)
"""Who decides on a planned event itself: a publication, an indictment, a verdict."""


def may_give_word(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_COORDINATOR)


def may_answer_gate(actor: Actor, *, authority: Authority) -> Verdict:
    """Whether protection is ready is answered by the authority over the person."""
    if authority is Authority.NCTV:
        return has_role(actor, Role.DECIDER, Role.DUTY_OFFICER)
    return has_role(actor, Role.CHIEF_PROSECUTOR)


def may_move_moment(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.LCC_COORDINATOR, Role.POLICE_RCCB, Role.SYSTEM)


def may_evaluate_moment(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.LCC_COORDINATOR)


def may_own_event(actor: Actor) -> Verdict:
    return has_role(actor, *OWNS_EVENTS)


READS_NOTICES = (Role.MAYORS_CONTACT, Role.CHIEF_PROSECUTOR)
"""Who reads what was told to a mayor: the mayor's contact, and the chief prosecutor told instead of one."""


def may_propose_notice(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER)


def may_decide_notice(actor: Actor, *, proposed_by: UUID, acute: bool) -> Verdict:
    """The decider, who did not propose it; in an acute risk the duty officer too, alone where it must be."""
    if acute:
        return has_role(actor, Role.DUTY_OFFICER, Role.DECIDER)
    return all_of(has_role(actor, Role.DECIDER), differs(actor, proposed_by))


def may_acknowledge_notice(actor: Actor) -> Verdict:
    """Who was told, or the NCTV who told it by telephone."""
    return has_role(actor, *READS_NOTICES, Role.CASE_MANAGER, Role.DUTY_OFFICER)


def may_write_meeting(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER)


def may_settle_agreement(actor: Actor) -> Verdict:
    return has_role(
        actor,
        Role.CASE_MANAGER,
        Role.DUTY_OFFICER,
        Role.PROSECUTION_ADVISER,
        Role.CHIEF_PROSECUTOR,
        Role.LCC_COORDINATOR,
    )


def may_give_access(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.SECURITY_OFFICER, Role.SYSTEM)


def may_be_given_access(role: Role) -> Verdict:
    """A case is opened to roles that need something of it; the others see none, whoever would grant it."""
    if role in ON_A_CASE:
        return YES
    return no("not_on_a_case", gettext_noop("This role needs no case: access cannot be given to it."))


def may_review_emergency(actor: Actor, *, user: UUID) -> Verdict:
    return all_of(has_role(actor, Role.SECURITY_OFFICER), differs(actor, user))


def may_break_glass(actor: Actor, *, at: datetime, unreviewed: bool) -> Verdict:
    """Emergency access: a case role, confirmed just now, and no earlier emergency of theirs still unreviewed."""
    if unreviewed:
        return no("unreviewed", gettext_noop("Your earlier emergency access was not reviewed yet."))
    if not actor.fresh(at=at):
        return no("not_fresh", gettext_noop("Confirm with your code first."))
    return has_role(actor, *NCTV_CASE_ROLES)


CARE = ("answers", "responsibility", "care", "complaints")
"""The parts of the duty of care."""


def may_see_care(actor: Actor) -> Verdict:
    """Whether this role needs some part of the duty of care."""
    return YES if any(may_see(part, actor) for part in CARE) else may_see("care", actor)


def may_write_answers(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DECIDER, Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR)


def may_sign_answers(actor: Actor, *, written_by: UUID, four_eyes: bool) -> Verdict:
    """Who decides signs; where it goes below what was, somebody else than who wrote the answers."""
    return all_of(
        has_role(actor, Role.DECIDER, Role.CHIEF_PROSECUTOR), differs(actor, written_by if four_eyes else None)
    )


def may_settle_responsibility(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DECIDER)


def may_keep_agreements(actor: Actor, *, case_manager: UUID | None) -> Verdict:
    return may_prepare_judgement(actor, case_manager=case_manager)


def may_decide_breach(
    actor: Actor, *, submitted_by: UUID | None, decider: UUID | None, person_user: UUID | None
) -> Verdict:
    if submitted_by is None:
        return no("not_submitted", gettext_noop("This was not laid before the decider yet."))
    return may_judge(actor, prepared_by=submitted_by, decider=decider, person_user=person_user)


def may_ask_activity(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DECIDER)


def may_decide_activity(actor: Actor, *, named: UUID | None, refuses: bool) -> Verdict:
    """The case manager facilitates within policy; what is refused, the decider refuses."""
    if refuses and actor.role is Role.CASE_MANAGER:
        return no("decider_refuses", gettext_noop("Only the decider says no to an activity."))
    return all_of(has_role(actor, Role.CASE_MANAGER, Role.DECIDER), _named(actor, named))


def may_receive_request(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER)


def may_decide_compensation(actor: Actor, *, received_by: UUID, person_user: UUID | None) -> Verdict:
    return all_of(has_role(actor, Role.DECIDER), differs(actor, received_by), not_about_oneself(actor, person_user))


def may_object_handle(actor: Actor, *, decided_by: UUID | None) -> Verdict:
    """An objection is never handled by who decided (Awb art. 10:3(3))."""
    if decided_by is None:
        return no("undecided", gettext_noop("This was not decided yet."))
    return all_of(has_role(actor, Role.DECIDER), differs(actor, decided_by))


def may_record_complaint(actor: Actor) -> Verdict:
    return has_role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.LEGAL_OFFICER)


def may_handle_complaint(actor: Actor, *, recorded_by: UUID, acted: bool) -> Verdict:
    """A legal officer who never acted on the case (Awb art. 9:7)."""
    if acted:
        return no("acted", gettext_noop("You acted on this case: somebody else must handle the complaint."))
    return all_of(has_role(actor, Role.LEGAL_OFFICER), differs(actor, recorded_by))


def may_settle_complaint(actor: Actor, *, handler: UUID | None) -> Verdict:
    if handler is None:
        return no("untaken", gettext_noop("Nobody took this complaint in hand yet."))
    return all_of(has_role(actor, Role.LEGAL_OFFICER), _named(actor, handler))


def may_open_complaint(actor: Actor, *, recorded_by: UUID) -> Verdict:
    """The text of a complaint is for legal officers and for who recorded it; it may be about the case manager."""
    return YES if actor.user_id == recorded_by else has_role(actor, Role.LEGAL_OFFICER)
