"""Return of authority: the decider gives it back, the chief prosecutor confirms in writing (Circulaire 2026, 2.3)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cases.lifecycle import RETURN_LIFECYCLE, Authority, Outcome
from cases.models import AuthorityReturn, Case, Designation, Measure, MeasureReport, ReturnedMeasure
from cases.models.care.life import Occasion
from cases.policies import may_confirm_return, may_return_authority
from cases.services import case as cases
from cases.services.authority import GivenBack, give_back, in_force, require_returnable
from cases.services.care.life import require_signed
from stelsel.kernel import audit, codes, signing, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import IllegalMove, Stale, gettext_noop

CONFIRM_WORK = ("return.confirm", "return.unconfirmed")


def returned_content(case: Case, *, reasons: str, outcomes: Mapping[UUID, str]) -> dict[str, object]:
    """What the decider signs: the reasons, and what becomes of each measure."""
    return {
        "case": case.number,
        "office": case.office.name,
        "reasons": reasons,
        "measures": {str(key): outcomes[key] for key in sorted(outcomes, key=str)},
    }


@act
def return_authority(
    *, case_id: UUID, reasons: str, outcomes: Mapping[UUID, str], version: int, code: str, actor: Actor, at: datetime
) -> AuthorityReturn:
    """Give authority over the person and the core household back to the chief prosecutor, signed.

    Raises:
        Stale: the case changed after the page was opened.
        IllegalMove: the case is not in the scheme.
        Conflict: a measure of the scheme is in force, a package waits, or the answers on article 2 ECHR are unsigned.
        Invalid: no reasons, or a measure of which it was not said what becomes of it.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_return_authority(actor, decider=case.decider_id, person_user=case.person.user_id))
    if version != case.version:
        raise Stale(theirs={"state": codes.label("case_state", case.state, on=at.date())}, version=case.version)
    if case.state != "scheme":
        raise IllegalMove(
            "not_in_scheme", gettext_noop("This person is not in the scheme: there is nothing to return.")
        )
    cases.require_texts(reasons=reasons)
    measures = require_returnable(case, outcomes)
    designation = Designation.objects.get(case=case, ends_at=None)
    require_signed(case, Occasion.RETURN, designation.pk)
    listed = {measure.pk: outcomes[measure.pk] for measure in measures}
    content = returned_content(case, reasons=reasons, outcomes=listed)
    signature = signing.sign(case, content, actor=actor, at=at, code=code)
    return give_back(case, GivenBack(reasons, actor.user_id, signature, listed), at=at)


@act
def check_returnable(*, case_id: UUID, actor: Actor, at: datetime) -> None:
    """Whether authority could go back now, whatever was said of the measures.

    Raises:
        Conflict: a measure of the scheme is in force, or a package waits.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require_returnable(case, {measure.pk: Outcome.CONTINUES for measure in in_force(case)})


def confirmed_content(returned: AuthorityReturn) -> dict[str, object]:
    """What the chief prosecutor signs: the decision as it stands."""
    lines = {str(line.measure_id): line.outcome for line in returned.lines.order_by("measure_id")}
    return {
        "case": returned.case.number,
        "returned_at": returned.decided_at.isoformat(),
        "reasons": vault.box(returned.case.person.key_id).open(returned, "reasons"),
        "measures": lines,
    }


@act
def confirm_return(*, return_id: UUID, code: str, actor: Actor, at: datetime) -> AuthorityReturn:
    """The chief prosecutor confirms the return, signed; measures that were to be ordered anew are ordered by it.

    Authority moved with the decision: nothing moves here.
    """
    returned = (
        AuthorityReturn.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(pk=return_id)
    )
    case = cases.locked_case(returned.case_id, actor=actor, at=at)
    require(may_confirm_return(actor, office=case.office_id, decided_by=returned.decided_by_id))
    returned.state = RETURN_LIFECYCLE.apply("confirm", state=returned.state)
    returned.confirm_signature = signing.sign(returned, confirmed_content(returned), actor=actor, at=at, code=code)
    returned.confirmed_by_id, returned.confirmed_at = actor.user_id, at
    returned.save()
    for line in ReturnedMeasure.objects.filter(returned=returned, outcome=Outcome.REORDERED).select_related("measure"):
        _order_anew(line.measure, case=case, actor=actor, at=at)
    for kind in CONFIRM_WORK:
        work.close_items(returned.pk, kind=kind, verb="return.confirm")
    cases.touch(case, at=at)
    audit.record("return.confirm", returned, scope=case.pk)
    return returned


def _order_anew(measure: Measure, *, case: Case, actor: Actor, at: datetime) -> None:
    """The same measure under an order of the chief prosecutor; what stands stays in place."""
    if measure.state == "ended":  # by a decision of the chief prosecutor meanwhile
        return
    measure.ordered_under, measure.ordered_by_id = Authority.CHIEF_PROSECUTOR, actor.user_id
    measure.version += 1
    measure.save()
    MeasureReport.objects.create(
        measure=measure, case=case, step="reorder", reported_by_id=actor.user_id, reported_at=at
    )
    audit.record("measure.reorder", measure, scope=case.pk)
