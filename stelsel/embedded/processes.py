"""The one definition of each process: `make run`, the tests and docker-compose.yml start what stands here.

Where the web server listens is not part of it: gunicorn reads that from GUNICORN_CMD_ARGS ("--bind ...").
"""

from dataclasses import dataclass

from stelsel.embedded.errors import CannotStart

EVERYBODY = (
    "DATABASE_URL",
    "STELSEL_PROCESS",
    "STELSEL_BROKER_URL",
    "STELSEL_CACHE_URL",
    "STELSEL_SECRET_KEY",
    "STELSEL_SEAL_PUBLIC_KEY",
    "STELSEL_ANCHOR",
)
CONTENT_KEYS = (
    "STELSEL_MASTER_KEYS",
    "STELSEL_INDEX_KEY",
)  # only for those who read or write content about persons


@dataclass(frozen=True)
class Process:
    """A program of the product: `argv[0]` is in the environment's bin folder, `role` its database log-in."""

    name: str
    argv: tuple[str, ...]
    role: str
    stays: bool = True  # supervised and restarted; the others run once
    keys: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that its environment must hold, and the only secrets that it may hold."""
        return (*EVERYBODY, *self.keys)


PROCESSES = {
    process.name: process
    for process in (
        Process(
            "web",
            ("gunicorn", "stelsel.wsgi", "--workers", "2", "--threads", "4", "--timeout", "60"),
            "stelsel_web",
            keys=CONTENT_KEYS,
        ),
        Process(
            "worker",
            ("celery", "-A", "stelsel", "worker", "--concurrency", "2", "--loglevel", "INFO"),
            "stelsel_worker",
            keys=CONTENT_KEYS,
        ),
        Process(
            "beat",
            (
                *("celery", "-A", "stelsel", "beat", "--loglevel", "INFO", "--pidfile="),
                *("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
            ),
            "stelsel_worker",
        ),
        Process("relay", ("python", "manage.py", "outbox_relay"), "stelsel_worker"),
        Process(
            "sealer",
            ("python", "manage.py", "audit", "seal", "--forever"),
            "stelsel_sealer",
            keys=("STELSEL_SEAL_KEY",),
        ),
        Process("migrate", ("python", "manage.py", "migrate", "--noinput"), "stelsel_migrator", stays=False),
        Process("verify", ("python", "manage.py", "audit", "verify"), "stelsel_verifier", stays=False),
    )
}


def process(name: str) -> Process:
    """The process called `name`.

    Raises:
        CannotStart: there is none; the message lists those there are.
    """
    if name not in PROCESSES:
        raise CannotStart(f"There is no process {name!r}; there are: {', '.join(PROCESSES)}.")
    return PROCESSES[name]
