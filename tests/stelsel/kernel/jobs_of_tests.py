"""Jobs that the tests of the outbox run, in this process and in a real worker."""

import time
from datetime import datetime, timedelta

from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.errors import Invalid
from stelsel.kernel.jobs import job
from stelsel.kernel.models import Membership, Organisation


@job("test.add", rights=frozenset({Right.OPEN_WORK}))
def add(*, actor: Actor, at: datetime, code: str) -> None:  # a job's own arguments
    """One more team; doing it twice would show."""
    made = Organisation.objects.create(
        code=f"{code}-{Organisation.objects.filter(name=code).count()}", name=code, kind="team"
    )
    audit.record("test.add", made)


@job("test.as_asker")
def as_asker(*, actor: Actor, at: datetime, code: str) -> None:  # as above
    Organisation.objects.create(code=code, name=str(actor.role), kind="team")


@job("test.poison", rights=frozenset({Right.OPEN_WORK}))
def poison(*, actor: Actor, at: datetime, code: str) -> None:  # as above
    Organisation.objects.create(code=code, name=code, kind="team")
    raise ZeroDivisionError


@job("test.refused", rights=frozenset({Right.OPEN_WORK}))
def refused(*, actor: Actor, at: datetime) -> None:  # as above
    raise Invalid("not_so", "That is not so.")


def slow_part(*, actor: Actor, at: datetime, code: str) -> str:  # as above
    time.sleep(0.3)
    return code


@job("test.slow", compute=slow_part, rights=frozenset({Right.OPEN_WORK}))
def slow(*, actor: Actor, at: datetime, code: str, result: str) -> None:
    add(actor=actor, at=at, code=f"{code}-{result}")


def end_the_role(*, actor: Actor, at: datetime, membership_id: str) -> None:
    Membership.objects.filter(pk=membership_id).update(period=(at - timedelta(days=9), at))


@job("test.ends_meanwhile", compute=end_the_role)
def ends_meanwhile(*, actor: Actor, at: datetime, membership_id: str, result: None) -> None:
    Organisation.objects.create(code="too-late", name="too late", kind="team")
