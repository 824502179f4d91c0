"""What the administrators changed: a house norm that holds, and a proposal that waits for the other one."""

from datetime import datetime, timedelta

from stelsel.kernel import norms
from stelsel.oversight.services.demo.people import Field


def change_norms(field: Field, *, since: datetime, at: datetime) -> None:
    """One norm changed at the beginning, so that every case has it; one proposal of this week. Part of the loading."""
    first, second = field.actor("beheer"), field.actor("sanne")
    change = norms.propose(
        code="cases.inform",
        value=36,
        starts_at=since,
        reason="Afgesproken met het OM: wie bedreigd wordt, hoort een besluit binnen anderhalve dag.",
        actor=first,
        at=since - timedelta(days=2),
    )
    norms.approve(change_id=change.pk, actor=second, at=since - timedelta(days=1))
    norms.propose(
        code="resilience.impact.first_talk",
        value=5,
        starts_at=at + timedelta(days=7),
        reason="Uit de evaluatie van het afgelopen kwartaal: een week is voor gezinnen lang.",
        actor=second,
        at=at - timedelta(days=1),
    )
