"""The main line of a case through its services, from intake to decided measures."""

from cases.models import AuthorityPeriod, InformDuty, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import OutboxMessage
from tests.cases.walk import Walk
from tests.world import World


def test_a_case_walks_from_intake_to_decided_measures(world: World) -> None:
    walk = Walk(world)

    package = walk.decided()

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert package.state == "decided"
        assert Measure.objects.in_force().count() == 2
        assert {duty.about for duty in InformDuty.objects.all()} == {"designation", "decision"}
        periods = AuthorityPeriod.objects.order_by("period")
        assert [period.authority for period in periods].count("nctv") == 2  # the person and the partner
    assert {message.task for message in OutboxMessage.objects.all()} == {
        "resilience.begin",
        "capacity.raise_demand",
        "capacity.need_changed",
    }
