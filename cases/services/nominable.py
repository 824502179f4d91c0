"""What a nomination rests on before the prosecution signs it: the answered framework. Parts of services."""

from cases.methodology import FOR_THE_SCHEME, Outcome
from cases.models import Assessment, Nomination
from stelsel.kernel import vault
from stelsel.kernel.errors import Conflict, Forbidden, gettext_noop


def newest_assessment(nomination: Nomination) -> Assessment | None:
    return Assessment.objects.filter(nomination=nomination).order_by("-made_at", "pk").first()


def require_nominable(nomination: Nomination) -> None:
    """The framework was answered; where it leads elsewhere, somebody wrote why to deviate.

    Raises:
        Conflict: nobody answered the framework yet.
        Forbidden: it leads to another regime, without a reason to deviate.
    """
    newest = newest_assessment(nomination)
    if newest is None:
        raise Conflict("not_assessed", gettext_noop("Answer the assessment framework first."))
    deviates = bool(vault.box(nomination.case.person.key_id).open(newest, "deviation"))
    if Outcome(newest.outcome) not in FOR_THE_SCHEME and not deviates:
        raise Forbidden(
            "not_for_the_scheme",
            gettext_noop(
                "The assessment framework leads to another regime. Write in the assessment why the triage table "
                "should see this case nonetheless, or leave it where it belongs."
            ),
        )
