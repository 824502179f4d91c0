"""What we knew then: a case as a role could see it at an instant, from the row history alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import connection, models, transaction
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from cases.models import (
    AdoptedPicture,
    AuthorityPeriod,
    AuthorityReturn,
    Case,
    CaseClosure,
    CaseGroupGrant,
    CaseUserGrant,
    CatalogueEntry,
    CloseRelation,
    ContactEntry,
    ContactPerson,
    ContactPlan,
    Demarcation,
    Designation,
    Escalation,
    Handover,
    InformDuty,
    LevelDecision,
    Measure,
    MeasureAdvice,
    MomentAgenda,
    Nomination,
    Package,
    Person,
    Promise,
    RaisedRiskMoment,
    Telling,
)
from cases.policies import may_look_back, may_see
from cases.services import case as cases
from cases.services.access import who_has_access
from cases.services.reading.case import CaseFile, file_of, parts_of
from cases.services.reading.rows import open_case_file
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from stelsel.kernel.models import CodeValue, NormValue, Organisation, User
from stelsel.legal.models import LegalGround

GROUNDS: Final[Mapping[str, str | Lazy]] = {
    "evaluation": _("Evaluation"),
    "incident": _("Investigation of an incident"),
    "inspection": _("Question of the inspectorate"),
    "court": _("Objection, appeal or another procedure in court"),
    "complaint": _("Complaint"),
}
PAST: Final[tuple[type[models.Model], ...]] = (
    Case,
    Person,
    CloseRelation,
    AuthorityPeriod,
    AuthorityReturn,
    CaseClosure,
    Demarcation,
    Nomination,
    Designation,
    Escalation,
    Handover,
    AdoptedPicture,
    LevelDecision,
    MeasureAdvice,
    Package,
    Measure,
    InformDuty,
    ContactEntry,
    ContactPerson,
    ContactPlan,
    Promise,
    Telling,
    MomentAgenda,
    RaisedRiskMoment,
    CaseUserGrant,
    CaseGroupGrant,
)
"""The tables that reading a case opens: of these there is the past. Another table is not there at all, then."""
SHARED: Final[tuple[type[models.Model], ...]] = (
    User,
    Organisation,
    Group,
    NormValue,
    CodeValue,
    CatalogueEntry,
    LegalGround,
)
"""About no person of a case, and dated where it matters: as they are today."""
NARROW: Final = frozenset({"contact"})
"""Parts whose tables the database shows to some roles alone: also the past of them only to who acts in such a role."""


@dataclass(frozen=True)
class Then:
    """A case as known at `at`. `file` is None where nobody in the role could see it; `known`: it was in the system.

    `narrowed`: the role saw more than who looks back may see today.
    """

    case: Case
    role: Role
    at: datetime
    known: bool
    narrowed: bool
    file: CaseFile | None


@act
def open_look_back(*, case_id: UUID, actor: Actor, at: datetime) -> Case:
    """The case, for who may ask what was known of it.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor` today.
        Forbidden: neither accounts for the case nor evaluates it.
    """
    case = open_case_file(case_id=case_id, actor=actor, at=at)
    require(may_look_back(actor))
    return case


@act
def read_then(*, case_id: UUID, role: Role, then: datetime, ground: str, actor: Actor, at: datetime) -> Then:
    """The case as everybody in `role` who could see it then saw it at `then`; the look is an act with its ground.

    A fact counts from the instant it was recorded: what was entered later with an earlier date was not known.

    Raises:
        Case.DoesNotExist, Forbidden: as for `open_look_back`.
        Invalid: an instant that lies ahead, or no ground.
    """
    case = open_look_back(case_id=case_id, actor=actor, at=at)
    if then > at:
        fault = Fault("at", "ahead", gettext_noop("This lies ahead. Choose an instant that has passed."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    if ground not in GROUNDS:
        fault = Fault("ground", "required", gettext_noop("Say what you look back for."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    as_role = replace(actor, role=role)
    parts = parts_of(as_role) - {"identity"}  # names open on their own page, as they are today
    hidden = {part for part in NARROW & parts if not may_see(part, actor)}
    box = cases.box_for(case)
    with as_recorded(case_id, until=then):
        before = Case.objects.select_related("person", "office", "case_manager", "decider").filter(pk=case_id).first()
        could = before is not None and role in {grant.role for grant in who_has_access(before, at=then)}
        file = (
            file_of(before, parts=parts - hidden, listed=[], box=box, actor=as_role, at=then)
            if before and could
            else None
        )
    audit.saw([(key, case_id) for key in file.people] if file else [])
    audit.record(
        "case.look_back", case, scope=case_id, reason=ground, detail={"role": str(role), "at": then.isoformat()}
    )
    return Then(case=case, role=role, at=then, known=before is not None, narrowed=bool(hidden), file=file)


@contextmanager
def as_recorded(case_id: UUID, *, until: datetime) -> Iterator[None]:
    """Inside, the tables of `PAST` hold what had been recorded by `until`, and no other table of a case exists."""
    names = [[model._meta.db_table for model in each] for each in (PAST, SHARED)]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT cases_look_back(%s, %s, %s, %s)", [case_id, until, *names])
            cursor.execute("SET LOCAL search_path = pg_temp")
        yield
        transaction.set_rollback(True)  # the views go, and the search path is what it was
