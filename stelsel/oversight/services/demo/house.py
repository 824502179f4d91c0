"""What was changed without a release: house norms by the administrators, and what the method board decided."""

from datetime import datetime, timedelta

from stelsel.kernel import norms
from stelsel.oversight.services.demo.people import Field
from threat.models import MethodVersion
from threat.services import propose_use, refuse_use


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


def judge_method(field: Field, *, at: datetime) -> None:
    """The board kept the version in force: a proposal to withdraw it was refused last week. Part of the loading."""
    first, second = field.actor("otto"), field.actor("saar")
    change = propose_use(
        version_id=MethodVersion.objects.get(code="GDB-1.0").pk,
        usable=False,
        starts_at=at - timedelta(days=6),
        reason="De weging van de concreetheid staat ter discussie.",
        actor=first,
        at=at - timedelta(days=7),
    )
    refuse_use(change_id=change.pk, actor=second, at=at - timedelta(days=6))
