"""Refuse to start where a guarantee would be inert: wrong database role, lost commits, missing keys."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from stelsel.kernel.scanning import address_in

SOUND = "sound"
"""The tag of a check that every process passes before it serves, also where Django runs no checks."""
ROLES = {
    "web": "stelsel_web",
    "worker": "stelsel_worker",
    "beat": "stelsel_worker",
    "relay": "stelsel_worker",
    "sealer": "stelsel_sealer",
    "migrate": "stelsel_owner",
    "verify": "stelsel_verifier",
}


@register(Tags.database, SOUND)
def database_role(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401  # Django's
    """Each process connects as its own role, never as a superuser, and no acknowledged commit can be lost."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT current_user, rolsuper OR rolbypassrls, current_setting('synchronous_commit')
               FROM pg_roles WHERE rolname = session_user"""
        )
        role, all_powerful, synchronous = cursor.fetchone()
    faults: list[CheckMessage] = []
    if all_powerful:
        faults.append(Error("The database role is a superuser or bypasses row-level security.", id="stelsel.E001"))
    wanted = ROLES.get(settings.PROCESS)
    if role != wanted:
        faults.append(
            Error(f"Process {settings.PROCESS!r} must connect as {wanted}, not as {role}.", id="stelsel.E002")
        )
    if synchronous == "off":
        faults.append(Error("synchronous_commit is off: a crash would lose acknowledged decisions.", id="stelsel.E003"))
    return faults


def require_sound() -> None:
    """Refuse to go on as a process whose guarantees would be inert.

    Raises:
        ImproperlyConfigured: with every fault.
    """
    faults = run_checks(tags=[SOUND], databases=["default"])
    connection.close()
    if faults:
        raise ImproperlyConfigured("\n".join(f"{fault.id}: {fault.msg}" for fault in faults))


@register(Tags.security, SOUND)
def secrets(**_kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401  # Django's signature
    """The keys that never live in the database are there."""
    needed = {"STELSEL_MASTER_KEYS": settings.MASTER_KEYS, "STELSEL_INDEX_KEY": settings.INDEX_KEY}
    if settings.PROCESS not in {"web", "worker"}:
        return []
    return [Error(f"{name} is not set.", id="stelsel.E004") for name, value in needed.items() if not value]


@register(Tags.security, deploy=True)
def malware_scanner(**_kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401  # Django's signature
    """In production files are scanned; without a scanner every upload is refused, which is safe but no service."""
    if settings.PROCESS != "web" or (settings.DEMO and not settings.SCANNER):
        return []
    if address_in(settings.SCANNER) is not None:
        return []
    wanted = "STELSEL_SCANNER must name a malware scanner: clamd:/path/of/socket or clamd:host:port."
    return [Error(wanted, id="stelsel.E005")]
