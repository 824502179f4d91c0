"""Who may do what in threat analysis. Pure: values in, a verdict out; the services call require().

The wall (R069): analysts make pictures and decide nothing; who prepares or decides measures makes no picture and
sees no draft. Four eyes: who wrote or proposed a picture does not adopt it.
"""

from uuid import UUID

from stelsel.kernel.authorisation import YES, Actor, Role, Verdict, all_of, differs, has_role, no
from stelsel.kernel.errors import gettext_noop

ANALYSTS = (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS)


def may_see_information(actor: Actor) -> Verdict:
    """The requests, products and signals of a case: analysts wholly, the case manager the status."""
    return _role(actor, *ANALYSTS, Role.CASE_MANAGER)


def may_see_analysis(actor: Actor) -> Verdict:
    return _analyst(actor)


def may_commission(actor: Actor) -> Verdict:
    """By order of the authority the case manager commissions (R010); analysts may ask suppliers further questions."""
    return _role(actor, Role.CASE_MANAGER, *ANALYSTS)


def may_name_analysts(actor: Actor) -> Verdict:
    return _role(actor, Role.CASE_MANAGER)


def may_read_own_requests(actor: Actor) -> Verdict:
    return _role(actor, Role.PRODUCT_SUPPLIER)


def may_supply(actor: Actor, *, supplier: UUID) -> Verdict:
    """The supplier that was asked; nobody answers for another organisation."""
    verdict = _role(actor, Role.PRODUCT_SUPPLIER)
    if verdict and actor.organisation_id != supplier:
        return no("other_supplier", gettext_noop("This was asked of another organisation."))
    return verdict


def may_register_product(actor: Actor) -> Verdict:
    """A product that came on paper is registered by an analyst."""
    return _analyst(actor)


def may_withdraw_product(actor: Actor, *, supplier: UUID) -> Verdict:
    """The supplier withdraws its own product; an analyst may register that it did."""
    return YES if _analyst(actor) else may_supply(actor, supplier=supplier)


def may_review_product(actor: Actor, *, delivered_by: UUID) -> Verdict:
    """An analyst of the case; never who delivered or registered the product."""
    return all_of(_analyst(actor), differs(actor, delivered_by))


def may_see_review_figures(actor: Actor) -> Verdict:
    """Counts and means per supplier, without a person's data."""
    return _role(actor, *ANALYSTS, Role.QUALITY_MANAGER)


def may_dispose_signal(actor: Actor) -> Verdict:
    return _analyst(actor)


def may_take_signal(actor: Actor) -> Verdict:
    """Whoever may log a contact sends a signal; the analysis takes it in on their behalf."""
    return _role(actor, Role.CASE_MANAGER, Role.DUTY_OFFICER, Role.SYSTEM)


def may_make_picture(actor: Actor) -> Verdict:
    """Nobody outside the analysis touches a picture, and nobody instructs its outcome (R065)."""
    return _analyst(actor)


def may_second(actor: Actor, *, proposed_by: UUID | None) -> Verdict:
    return all_of(_analyst(actor), differs(actor, proposed_by))


def may_return(actor: Actor) -> Verdict:
    return _analyst(actor)


def may_adopt(actor: Actor, *, author: UUID, proposed_by: UUID | None, seconded_by: UUID | None) -> Verdict:
    """A second analyst adopts: not the author, not the proposer, not who seconded a departure."""
    return all_of(_analyst(actor), differs(actor, author), differs(actor, proposed_by), differs(actor, seconded_by))


def may_confirm_elsewhere(actor: Actor, *, registered_by: UUID) -> Verdict:
    """A second analyst confirms what one wrote down of a picture made elsewhere."""
    return all_of(_analyst(actor), differs(actor, registered_by))


def may_take_gap(actor: Actor) -> Verdict:
    """What was escalated to the head of threat analysis is taken in hand by nobody else."""
    return _role(actor, Role.HEAD_OF_ANALYSIS)


def may_take_down(actor: Actor) -> Verdict:
    """Entities and matches are for the analysts named on a case; a supplier names entities with its delivery alone.

    Not for the head, who sees every case that reached the analysis: one reader would see all that matches.
    """
    return _role(actor, Role.THREAT_ANALYST)


def may_settle_matches(actor: Actor) -> Verdict:
    """What matches between cases that nobody sees both of lies with the head of threat analysis."""
    return _role(actor, Role.HEAD_OF_ANALYSIS)


def may_compare(actor: Actor) -> Verdict:
    """The head of threat analysis has assessors compared, and reads what came of it."""
    return _role(actor, Role.HEAD_OF_ANALYSIS)


def may_evaluate(actor: Actor) -> Verdict:
    """The method board has a version tried on the pictures in force."""
    return _role(actor, Role.METHOD_BOARD)


def may_read_evaluation(actor: Actor) -> Verdict:
    """What a version would change: in figures for the board, with their own pictures for analysts."""
    return _role(actor, Role.METHOD_BOARD, *ANALYSTS)


def may_code(actor: Actor, *, coder: UUID) -> Verdict:
    """Who was asked, and nobody for them."""
    verdict = _role(actor, Role.THREAT_ANALYST)
    if verdict and actor.user_id != coder:
        return no("not_asked", gettext_noop("Somebody else was asked to code this."))
    return verdict


def may_answer_urgent_question(actor: Actor) -> Verdict:
    """Whether urgent measures are needed is answered on the side of decisions."""
    return _role(actor, Role.CASE_MANAGER)


def _analyst(actor: Actor) -> Verdict:
    verdict = has_role(actor, *ANALYSTS)
    return verdict or no(
        "not_an_analyst", gettext_noop("Only threat analysts work on pictures; analysis and decision are kept apart.")
    )


def _role(actor: Actor, *roles: Role) -> Verdict:
    return has_role(actor, *roles)
