"""The people of the tests: organisations and one user per role, all fictional, and the actors they are."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from stelsel.kernel.access import as_actor
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import Membership, Organisation, User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

ORGANISATIONS = (
    ("nctv", "NCTV", "nctv"),
    ("om-noord", "Parket Noord", "prosecution"),
    ("om-zuid", "Parket Zuid", "prosecution"),
    ("politie-noord", "Eenheid Noord", "police_region"),
    ("lx", "Eenheid LX", "police_lx"),
    ("kmar", "Koninklijke Marechaussee", "kmar"),
    ("lcc", "LCC", "lcc"),
    ("inspectie", "Inspectie JenV", "inspectorate"),
    ("adviesorgaan", "Adviesorgaan", "advisory_body"),
    ("gemeente-noord", "Gemeente Noorderveen", "municipality"),
)
HOME = {
    Role.PRODUCT_SUPPLIER: "lx",
    Role.POLICE_RCCB: "politie-noord",
    Role.PROSECUTION_ADVISER: "om-noord",
    Role.CHIEF_PROSECUTOR: "om-noord",
    Role.LCC_COORDINATOR: "lcc",
    Role.LCC_ADVISER: "lcc",
    Role.LCC_LIAISON: "lcc",
    Role.UNIT_PLANNER: "lx",
    Role.ADVISORY_BODY: "adviesorgaan",
    Role.INSPECTOR: "inspectie",
    Role.MAYORS_CONTACT: "gemeente-noord",
    Role.TABLE_MEMBER: "kmar",
}


@dataclass
class World:
    """Organisations by code; users and actors made when asked for, the same one each time."""

    organisations: dict[str, Organisation]
    _actors: dict[tuple[Role, str, int], Actor] = field(default_factory=dict)

    def actor(self, role: Role, *, of: str = "", nth: int = 1) -> Actor:
        """The `nth` person who acts in `role` for organisation `of` (default: the role's own), confirmed just now."""
        code = of or HOME.get(role, "nctv")
        key = (role, code, nth)
        if key not in self._actors:
            user = User.objects.create(
                username=f"{role}-{code}-{nth}",
                full_name=f"{role} {code} {nth}",
                password="!",  # no log-in by password
            )
            self._actors[key] = self.appoint(user, role, of=code)
        return self._actors[key]

    def appoint(
        self, user: User, role: Role, *, of: str, start: datetime = LONG_AGO, end: datetime | None = None
    ) -> Actor:
        organisation = self.organisations[of]
        membership = Membership.objects.create(
            user=user, organisation=organisation, role=role, group=organisation.group_for(role), period=(start, end)
        )
        return as_actor(membership, user, confirmed_at=NOON)


@pytest.fixture
def world(db: None) -> World:  # the fixture opens the database
    return World(
        {
            code: Organisation.objects.create(code=code, name=name, kind=kind, region="noord")
            for code, name, kind in ORGANISATIONS
        }
    )


@pytest.fixture
def noon() -> datetime:
    return NOON


def later(**kwargs: int) -> datetime:
    return NOON + timedelta(**kwargs)


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # base32; every test user has the same authenticator


def code_for(actor: Actor) -> str:
    """A one-time code this actor may type now; codes of the second before are forgotten, so that a test never waits."""
    user = User.objects.get(pk=actor.user_id)
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECRET)
    held = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    held.data.pop("spent", None)
    held.save(update_fields=["data"])
    cache.clear()
    code: str = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    return code
