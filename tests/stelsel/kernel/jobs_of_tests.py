"""Jobs that the tests of the outbox run, in this process and in a real worker."""

import os
import signal
import time
from datetime import datetime, timedelta

from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.errors import Invalid
from stelsel.kernel.jobs import job
from stelsel.kernel.models import Organisation


@job("test.add", rights=frozenset({Right.OPEN_WORK}))
def add(*, actor: Actor, at: datetime, code: str) -> None:  # noqa: ARG001  # a job's own arguments
    """One more team; doing it twice would show."""
    made = Organisation.objects.create(
        code=f"{code}-{Organisation.objects.filter(name=code).count()}", name=code, kind="team"
    )
    audit.record("test.add", made)


@job("test.as_asker")
def as_asker(*, actor: Actor, at: datetime, code: str) -> None:  # noqa: ARG001  # as above
    Organisation.objects.create(code=code, name=str(actor.role), kind="team")


@job("test.poison", rights=frozenset({Right.OPEN_WORK}))
def poison(*, actor: Actor, at: datetime, code: str) -> None:  # noqa: ARG001  # as above
    Organisation.objects.create(code=code, name=code, kind="team")
    raise ZeroDivisionError


@job("test.refused", rights=frozenset({Right.OPEN_WORK}))
def refused(*, actor: Actor, at: datetime) -> None:  # noqa: ARG001  # as above
    raise Invalid("not_so", "That is not so.")


def slow_part(*, actor: Actor, at: datetime, code: str) -> str:  # noqa: ARG001  # as above
    time.sleep(0.3)
    return code


@job("test.slow", compute=slow_part, rights=frozenset({Right.OPEN_WORK}))
def slow(*, actor: Actor, at: datetime, code: str, result: str) -> None:
    add(actor=actor, at=at, code=f"{code}-{result}")


@job("test.kills_worker", lease=timedelta(seconds=1), rights=frozenset({Right.OPEN_WORK}))
def kills_worker(*, actor: Actor, at: datetime, code: str) -> None:
    """Kills its worker's process in the middle of the effect, until a file says that it is enough."""
    add(actor=actor, at=at, code=code)
    if not os.path.exists(f"/tmp/stelsel-test-{code}"):  # noqa: PTH110, S108  # a sign between two processes of a test
        os.kill(os.getpid(), signal.SIGKILL)
