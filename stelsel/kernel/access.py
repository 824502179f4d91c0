"""Need to know: dated grants on django-guardian's direct-FK permission models, asked here alone.

A grant says who (a user or a group: everybody in one role of one organisation), in which role, on which
object, why, from when until when. It carries the list's sort key, state and kind (a trigger keeps them), so
that a list reads the newest grants per principal and stays flat in the number of objects
(docs/decisions/0003-need-to-know.md).
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, ExpressionWrapper, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Now
from guardian.backends import ObjectPermissionBackend
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import DomainError, NotVisible
from stelsel.kernel.models import Membership, User
from stelsel.kernel.models.people import RoleChoices

P = ParamSpec("P")
R = TypeVar("R")


class Grant(models.Model):
    """What a grant of either kind carries beside guardian's principal, permission and object."""

    role = models.CharField(max_length=30, choices=RoleChoices)
    reason = models.CharField(max_length=200)
    period = DateTimeRangeField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=80)  # the act it comes from, e.g. "nomination.open"
    mine = models.BooleanField(default=False)  # named on the case in this role
    sort_at = models.DateTimeField()
    state = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)

    class Meta:
        abstract = True


class UserGrant(UserObjectPermissionBase, Grant):
    class Meta(Grant.Meta):
        abstract = True
        unique_together = ()

    @staticmethod
    def once() -> ExclusionConstraint:
        return _once("user")

    @staticmethod
    def reasoned() -> models.CheckConstraint:
        return _reasoned()


class GroupGrant(GroupObjectPermissionBase, Grant):
    class Meta(Grant.Meta):
        abstract = True
        unique_together = ()

    @staticmethod
    def once() -> ExclusionConstraint:
        return _once("group")

    @staticmethod
    def reasoned() -> models.CheckConstraint:
        return _reasoned()


def _reasoned() -> models.CheckConstraint:
    return models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_reasoned")


def _once(principal: str) -> ExclusionConstraint:
    """One grant per principal, permission, object and role at a time."""
    return ExclusionConstraint(
        name=f"%(class)s_once_{principal}",
        expressions=[
            (principal, RangeOperators.EQUAL),
            ("permission", RangeOperators.EQUAL),
            ("content_object", RangeOperators.EQUAL),
            ("role", RangeOperators.EQUAL),
            ("period", RangeOperators.OVERLAPS),
        ],
    )


# --- who acts: the unit of work -----------------------------------------------------------------------------


@dataclass
class Unit:
    """What the running transaction knows.

    Who acts, at which instant, through which route and for which purpose; `kept` is what was read once for all of it.
    """

    actor: Actor | None
    at: datetime
    route: str = ""
    purpose: str = ""
    kept: dict[type, Any] = field(default_factory=dict)


_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)


def current() -> Unit | None:
    return _unit.get()


def bind(unit: Unit) -> None:
    """Tell the database who acts until the transaction ends (SET LOCAL).

    Row-level security and the trail read it.
    """
    actor = unit.actor
    values = {
        "actor": str(actor.user_id) if actor else "",
        "role": str(actor.role) if actor else "",
        "group": str(actor.group_id or "") if actor else "",
        "organisation": str(actor.organisation_id or "") if actor else "",
        "at": unit.at.isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('stelsel.' || key, value, true) FROM unnest(%s, %s) AS given (key, value)",
            [list(values), list(values.values())],
        )


@contextmanager
def acting(actor: Actor | None, *, at: datetime, route: str = "", purpose: str = "") -> Iterator[Unit]:
    """Run a block as `actor`, in a transaction or savepoint of its own; afterwards the actor before it is back.

    An exception rolls the block back, and with it who acted. An outermost block inside a transaction that is
    open already leaves its settings to the end of that transaction, which takes them with it.
    """
    before = _unit.get()
    unit = Unit(
        actor=actor,
        at=at,
        route=route or (before.route if before else ""),
        purpose=purpose or (before.purpose if before else ""),
        kept=before.kept if before else {},
    )
    with transaction.atomic():
        token = _unit.set(unit)
        try:
            bind(unit)
            yield unit
        finally:
            _unit.reset(token)
        if before is not None:
            bind(before)


def act(service: Callable[P, R]) -> Callable[P, R]:
    """A service: one transaction, bound to its keyword arguments `actor` and `at`.

    All of it happens or nothing. What a guard of the database refuses by name becomes its refusal (`GUARDS`).

    Raises:
        TypeError: called without an actor or an instant.
    """

    @functools.wraps(service)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        actor, at = kwargs["actor"], kwargs["at"]
        if not isinstance(actor, Actor) or not isinstance(at, datetime):
            raise TypeError("a service needs actor and at")
        try:
            with acting(actor, at=at):
                return service(*args, **kwargs)
        except IntegrityError as error:
            refusal = GUARDS.get(str(error).partition("\n")[0])
            if refusal is None:
                raise
            raise refusal() from error

    return whole


GUARDS: dict[str, Callable[[], DomainError]] = {}
"""What a guard of the database says to people: the first line of its exception, and the refusal it becomes."""


def actor_for(
    user: User, *, at: datetime, membership_id: str | UUID | None = None, confirmed_at: datetime | None = None
) -> Actor | None:
    """The actor `user` is at `at`: in the chosen membership if it is in force, else in the first.

    None without one.
    """
    memberships = list(user.memberships.in_force(at=at).select_related("organisation"))
    chosen = next((m for m in memberships if str(m.pk) == str(membership_id)), memberships[0] if memberships else None)
    return as_actor(chosen, user, confirmed_at=confirmed_at) if chosen else None


def as_actor(membership: Membership, user: User, *, confirmed_at: datetime | None = None) -> Actor:
    return Actor(
        user_id=user.pk,
        name=user.get_full_name(),
        role=Role(membership.role),
        organisation_id=membership.organisation_id,
        organisation=membership.organisation.name,
        membership_id=membership.pk,
        group_id=membership.group_id,
        confirmed_at=confirmed_at,
        deputy_of=membership.deputy_of_id,
    )


# --- grants -------------------------------------------------------------------------------------------------


def grant_models(model: type[models.Model]) -> tuple[type[UserGrant], type[GroupGrant]]:
    """The two grant models of `model`, found by their related names."""
    user_grant = model._meta.get_field("user_grants").related_model
    group_grant = model._meta.get_field("group_grants").related_model
    if not (isinstance(user_grant, type) and isinstance(group_grant, type)):
        raise TypeError(f"{model.__name__} has no grants")
    if not (issubclass(user_grant, UserGrant) and issubclass(group_grant, GroupGrant)):
        raise TypeError(f"{model.__name__} has no grants")
    return user_grant, group_grant


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._default_manager.all()  # noqa: SLF001  # Django's documented way to a model given as a value


@functools.cache
def _view_permission_id(model: type[models.Model]) -> int:
    return Permission.objects.get(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        codename=f"view_{model._meta.model_name}",
    ).pk


@dataclass(frozen=True)
class Principal:
    """To whom a grant goes: one user or one group, in one role."""

    role: Role
    user_id: UUID | None = None
    group_id: int | None = None


def give(
    subject: models.Model,
    *,
    to: Principal,
    reason: str,
    ground: str,
    until: datetime | None = None,
    mine: bool = False,
) -> UserGrant | GroupGrant:
    """Grant sight of `subject` from now on, because of the act `ground`.

    A grant that is in force is left as it is.
    """
    unit = current()
    if unit is None:
        raise RuntimeError("a grant needs a unit of work")
    user_grant, group_grant = grant_models(type(subject))
    held: dict[str, Any] = {"user_id": to.user_id} if to.user_id else {"group_id": to.group_id}
    grants = _rows(user_grant if to.user_id else group_grant)
    same = {
        **held,
        "role": to.role,
        "content_object": subject,
        "permission_id": _view_permission_id(type(subject)),
    }
    existing = grants.filter(**same, period__contains=unit.at).first()
    if existing:
        if mine and not existing.mine:
            existing.mine = True
            existing.save(update_fields=["mine"])
        return existing  # type: ignore[no-any-return]  # either of two models, narrowed by `held`
    return grants.create(  # type: ignore[no-any-return]  # as above
        **same,
        reason=reason,
        ground=ground,
        period=(unit.at, until),
        granted_by_id=unit.actor.user_id if unit.actor and not unit.actor.is_system else None,
        mine=mine,
        sort_at=unit.at,
    )


def take_back(subject: models.Model, *, ground: str) -> int:
    """End now what the act `ground` gave on `subject`; returns how many grants ended. What other acts gave stays."""
    unit = current()
    if unit is None:
        raise RuntimeError("a grant needs a unit of work")
    until = Func(Func("period", function="lower"), Value(unit.at), function="tstzrange")
    held = {"content_object": subject, "ground": ground, "period__contains": unit.at}
    # One statement for each kind: whoever ends their own sight of it could not see the next row.
    return sum(_rows(grants).filter(**held).update(period=until) for grants in grant_models(type(subject)))


def end(subject: models.Model, *, group_id: int) -> None:
    """End what a group's grants on `subject` open, at this instant; grants that ended stand as they are."""
    unit = current()
    if unit is None:
        raise RuntimeError("a grant needs a unit of work")
    _user_grant, group_grant = grant_models(type(subject))
    in_force = _rows(group_grant).filter(content_object=subject, group_id=group_id, period__contains=unit.at)
    for grant in in_force.exclude(period__startswith=unit.at):
        grant.period = (grant.period.lower, unit.at)
        grant.save(update_fields=["period"])


def _held_by(actor: Actor) -> tuple[Q, Q]:
    return Q(user_id=actor.user_id, role=actor.role), Q(group_id=actor.group_id, role=actor.role)


Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def visible(rows: Rows, *, to: Actor, at: datetime, through: str = "pk") -> Rows:
    """The rows whose case `to` may see at `at`.

    `through` is the path from the row to the case (pk for the case itself).
    """
    if to.is_system:
        return rows
    by_user, by_group = _held_by(to)
    user_grant, group_grant = grant_models(_granted(rows.model, through))
    here = {"content_object_id": OuterRef(through), "period__contains": at}
    return rows.filter(
        Q(Exists(_rows(user_grant).filter(by_user, **here))) | Q(Exists(_rows(group_grant).filter(by_group, **here)))
    )


def _in_force(at: datetime) -> Coalesce:
    """That the period contains `at`, said so that the planner expects half of the rows to have it.

    Behind row-level security it may not use its statistics of periods, and would expect one in a hundred: then it
    sorts everything that somebody may see instead of reading the first rows of the index.
    """
    contains = ExpressionWrapper(Q(period__contains=at), output_field=models.BooleanField())
    return Coalesce(contains, Value(False))  # noqa: FBT003  # SQL's false


def _granted(model: type[models.Model], through: str) -> type[models.Model]:
    if through == "pk":
        return model
    for name in through.removesuffix("_id").split("__"):
        target = model._meta.get_field(name).related_model
        if not isinstance(target, type):
            raise TypeError(f"{through} leads to no model")
        model = target
    return model


@dataclass(frozen=True)
class Page:
    """Part of a list in default order: the ids, and the cursors of the parts after and before it ("" at an end)."""

    ids: list[UUID]
    following: str
    preceding: str


def page(
    model: type[models.Model],
    *,
    to: Actor,
    at: datetime,
    size: int = 50,
    after: str = "",
    before: str = "",
    filters: Mapping[str, Any] | None = None,
) -> Page:
    """The newest rows `to` may see: the top of each principal's grants, merged. Flat in the number of rows.

    `filters` are lookups on the grant's own columns state, kind and mine; `after` and `before` are the cursors that
    the part next to this one gave.
    """
    order = ("sort_at", "content_object_id") if before else ("-sort_at", "-content_object_id")
    cursor = before or after
    merged: dict[UUID, datetime] = {}
    for grants, held in zip(grant_models(model), _held_by(to), strict=True):
        rows = _rows(grants).filter(held, _in_force(at), **(filters or {}))
        if cursor:
            rows = rows.filter(_beyond(cursor, newer=bool(before)))
        merged.update(rows.order_by(*order).values_list("content_object_id", "sort_at")[: size + 1])
    nearest = sorted(merged.items(), key=lambda row: (row[1], row[0]), reverse=not before)
    shown, more = nearest[:size], len(nearest) > size
    if before:
        shown.reverse()
    return Page(
        ids=[key for key, _ in shown],
        following=_cursor(shown[-1]) if shown and (more or before) else "",
        preceding=_cursor(shown[0]) if shown and (after or (before and more)) else "",
    )


def _cursor(row: tuple[UUID, datetime]) -> str:
    return f"{row[1].isoformat()}~{row[0]}"


def _beyond(cursor: str, *, newer: bool) -> Q:
    """The rows on the far side of the cursor's row."""
    try:
        instant, _, key = cursor.partition("~")
        moment, last = datetime.fromisoformat(instant), UUID(key)
    except ValueError as error:
        raise NotVisible from error
    if newer:
        return Q(sort_at__gt=moment) | Q(sort_at=moment, content_object_id__gt=last)
    return Q(sort_at__lt=moment) | Q(sort_at=moment, content_object_id__lt=last)


class DatedObjectPermissions(ObjectPermissionBackend):
    """Guardian's backend, made to respect the period and role of a grant, for DRF and admin.

    Without an object it answers no: permissions on a whole table open nothing here.
    """

    def has_perm(
        self,
        user_obj: Any,  # noqa: ANN401  # Django's signature
        perm: str,
        obj: models.Model | None = None,
    ) -> bool:
        if obj is None or not getattr(user_obj, "is_active", False) or not hasattr(type(obj), "user_grants"):
            return False
        in_force = {
            "content_object": obj,
            "permission__codename": perm.rpartition(".")[2],
            "period__contains": Now(),
        }
        user_grant, group_grant = grant_models(type(obj))
        holds = Q(user=user_obj)
        belongs = Q(group__memberships__user=user_obj, group__memberships__period__contains=Now())
        return bool(
            _rows(user_grant).filter(holds, **in_force).exists()
            or _rows(group_grant).filter(belongs, **in_force).exists()
        )
