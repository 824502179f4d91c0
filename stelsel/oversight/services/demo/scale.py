"""Many cases for measurements, by bulk insert: true to every constraint and trigger, without the acts in between.

Each case has a person with a sealed name, an authority from its first day, a nomination or an urgent designation, and
grants: the desk sees all of them, four people many, one person three. Persons share a pool of keys, because making a
key each would measure the making.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection, models, transaction

from cases.lifecycle import CaseState
from cases.models import (
    AuthorityPeriod,
    Case,
    CaseGroupGrant,
    CaseUserGrant,
    Designated,
    Designation,
    Nomination,
    Person,
    UrgentRequest,
)
from stelsel.kernel import audit, vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import Organisation, User
from stelsel.oversight.services.demo.plan import PHENOMENA

BATCH = 2000  # cases in one transaction
KEYS = 100
STATES = (CaseState.INTAKE, CaseState.LOCAL, CaseState.SCHEME, CaseState.CLOSED)
SHARES = (25, 40, 25, 10)
OPEN_OUTSIDE = (CaseState.INTAKE, CaseState.LOCAL)  # with a nomination; a closed case takes no more rows
SEES = {"mirthe": 0.4, "joren": 0.3, "selma": 0.0}  # the shares of cases each sees as case manager
SELMAS = 3


@dataclass(frozen=True)
class Scene:
    """What all made-up cases refer to."""

    chance: random.Random
    at: datetime
    offices: Sequence[Organisation]
    nctv: Organisation
    desk: Group
    users: dict[str, User]
    keys: Sequence[UUID]
    box: vault.Box
    permission_id: int


def multiply(count: int, *, seed: int, at: datetime, progress: Callable[[str], None] = lambda _: None) -> int:
    """Add `count` cases beside the demonstration's own; how many were added.

    Then the planner of the database counts anew: until it does, it expects few rows and sorts all that somebody sees.

    Raises:
        Conflict: this is no demonstration, or it was not loaded yet.
    """
    if not settings.DEMO:
        raise Conflict("no_demo", gettext_noop("This is no demonstration: its data are not loaded here."))
    if not User.objects.filter(username="mirthe").exists():
        raise Conflict("not_loaded", gettext_noop("Load the demonstration first."))
    scene = _scene(random.Random(seed), at=at)  # noqa: S311  # varied, not secret
    for made in range(0, count, BATCH):
        with acting(system_actor(), at=at):
            _batch(scene, first=made, count=min(BATCH, count - made))
        progress(f"{min(made + BATCH, count)} of {count} cases")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_analyze()")
    return count


def _scene(chance: random.Random, *, at: datetime) -> Scene:
    with transaction.atomic():
        keys = [vault.make_key(at=at).pk for _ in range(KEYS)]
    nctv = Organisation.objects.get(code="nctv")
    named = ("mirthe", "joren", "selma", "aldert", "femke", "tygo")
    return Scene(
        chance=chance,
        at=at,
        offices=list(Organisation.objects.filter(kind="prosecution").order_by("code")),
        nctv=nctv,
        desk=nctv.group_for(Role.DUTY_OFFICER),
        users={user.username: user for user in User.objects.filter(username__in=named)},
        keys=keys,
        box=vault.box(*keys),
        permission_id=Permission.objects.get(content_type__app_label="cases", codename="view_case").pk,
    )


def _batch(scene: Scene, *, first: int, count: int) -> None:
    persons = _persons(scene, count)
    cases = [_case(scene, person) for person in persons]
    _insert(Person, persons)
    _insert(Case, cases)
    _insert(AuthorityPeriod, [_authority(scene, case) for case in cases])
    _insert(Nomination, [_nomination(scene, case) for case in cases if case.state in OPEN_OUTSIDE])
    _designate(scene, [case for case in cases if case.state == CaseState.SCHEME])
    _insert(CaseGroupGrant, [_desk(scene, case) for case in cases])
    _insert(CaseUserGrant, _grants(scene, cases, first=first))
    audit.record("demo.multiply", scene.nctv, detail={"cases": count})


def _insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=500)  # noqa: SLF001  # Django's documented way to a model given


def _persons(scene: Scene, count: int) -> list[Person]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        numbers = [row[0] for row in cursor.fetchall()]
    made = []
    for number in numbers:
        name, key = f"Persoon {number}", scene.keys[number % KEYS]
        opened = scene.at - timedelta(minutes=scene.chance.randint(60, 450_000))
        person = Person(
            pseudonym=f"{opened.year % 100}-{number:07d}",
            key_id=key,
            name_index=vault.blind_index(name),
            created_at=opened,
        )
        scene.box.seal(person, "name", name, key=key)
        made.append(person)
    return made


def _case(scene: Scene, person: Person) -> Case:
    office = scene.chance.choice(scene.offices)
    state = scene.chance.choices(STATES, SHARES)[0]
    closed = person.created_at + (scene.at - person.created_at) * 0.5 if state is CaseState.CLOSED else None
    in_scheme = state is CaseState.SCHEME
    return Case(
        number=f"20{person.pseudonym}",
        person=person,
        state=state,
        phenomenon=scene.chance.choice(PHENOMENA),
        purpose="Meting",
        ground_id="politiewet-1-2",
        office=office,
        region=office.region,
        case_manager=scene.users["mirthe"] if in_scheme else None,
        decider=scene.users["aldert"] if in_scheme else None,
        opened_at=person.created_at,
        closed_at=closed,
        sort_at=closed or person.created_at + timedelta(minutes=30),
        provenance="demonstration",
    )


def _authority(scene: Scene, case: Case) -> AuthorityPeriod:
    in_scheme = case.state == CaseState.SCHEME
    return AuthorityPeriod(
        case=case,
        person_id=case.person_id,
        scope="person_directed",
        authority="nctv" if in_scheme else "chief_prosecutor",
        holder=scene.nctv if in_scheme else case.office,
        period=(case.opened_at, case.closed_at),
        ground="designation.decide" if in_scheme else "intake.open",
        ground_id=case.pk,
    )


def _nomination(scene: Scene, case: Case) -> Nomination:
    row = Nomination(
        case=case,
        state="draft" if case.state == CaseState.INTAKE else "withdrawn",
        line="indirect",
        filled_by=scene.users["femke"],
        created_at=case.opened_at,
    )
    scene.box.seal(row, "what_happened", "Meting.", key=case.person.key_id)
    return row


def _designate(scene: Scene, cases: Sequence[Case]) -> None:
    """In the scheme by an urgent call that was ratified: the shortest way that every constraint allows."""
    requests = []
    for case in cases:
        request = UrgentRequest(case=case, person_directed=True, taken_by=scene.users["tygo"], called_at=case.opened_at)
        scene.box.seal(request, "caller", "Piket", key=case.person.key_id)
        scene.box.seal(request, "note", "Meting.", key=case.person.key_id)
        requests.append(request)
    designations = [_designation(scene, request) for request in requests]
    _insert(UrgentRequest, requests)
    _insert(Designation, designations)
    _insert(
        Designated, [Designated(designation=row, case=row.case, person_id=row.case.person_id) for row in designations]
    )


def _designation(scene: Scene, request: UrgentRequest) -> Designation:
    row = Designation(
        case=request.case,
        urgent_request=request,
        decided_by=scene.users["tygo"],
        starts_at=request.called_at,
        ratify_due=request.called_at + timedelta(hours=24),
        ratified_by=scene.users["aldert"],
        ratified_at=request.called_at + timedelta(hours=3),
    )
    scene.box.seal(row, "reasons", "Meting.", key=request.case.person.key_id)
    return row


def _desk(scene: Scene, case: Case) -> CaseGroupGrant:
    return CaseGroupGrant(
        content_object=case,
        group=scene.desk,
        permission_id=scene.permission_id,
        role=Role.DUTY_OFFICER,
        reason="meting",
        ground="demo.multiply",
        period=(case.opened_at, None),
        sort_at=case.sort_at,
    )


def _grants(scene: Scene, cases: Sequence[Case], *, first: int) -> list[CaseUserGrant]:
    """The opener sees what the police reported; case managers their share; one of them three cases and no more."""
    given = [_grant(scene, case, "femke", Role.POLICE_RCCB) for case in cases if scene.chance.random() < 0.25]  # noqa: PLR2004
    for username, share in SEES.items():
        given += [_grant(scene, case, username, Role.CASE_MANAGER) for case in cases if scene.chance.random() < share]
    few = cases[:SELMAS] if first == 0 else ()
    return given + [_grant(scene, case, "selma", Role.CASE_MANAGER) for case in few]


def _grant(scene: Scene, case: Case, username: str, role: Role) -> CaseUserGrant:
    return CaseUserGrant(
        content_object=case,
        user=scene.users[username],
        permission_id=scene.permission_id,
        role=role,
        reason="meting",
        ground="demo.multiply",
        period=(case.opened_at, None),
        mine=case.case_manager_id == scene.users[username].pk,
        sort_at=case.sort_at,
    )
