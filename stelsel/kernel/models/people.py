"""Users, organisations and memberships with role and period."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.authorisation import Role


class OrganisationKind(models.TextChoices):
    NCTV = "nctv", "NCTV"
    PROSECUTION = "prosecution", _("Public Prosecution Service (district)")
    POLICE_LX = "police_lx", _("Police, national unit LX")
    POLICE_REGION = "police_region", _("Police, regional unit")
    KMAR = "kmar", _("Royal Marechaussee (KMar)")
    AIVD = "aivd", "AIVD"
    MIVD = "mivd", "MIVD"
    LCC = "lcc", _("National Coordination Centre (LCC)")
    MUNICIPALITY = "municipality", _("Municipality")
    EMPLOYER = "employer", _("Employer's security officer")
    INSPECTORATE = "inspectorate", _("Inspectorate of Justice and Security")
    ADVISORY_BODY = "advisory_body", _("Advisory body")
    PRIVATE = "private", _("Private security company")
    TEAM = "team", _("Team of an organisation")


class RoleChoices(models.TextChoices):
    """The roles of `stelsel.kernel.authorisation.Role` with their names for people."""

    CASE_MANAGER = Role.CASE_MANAGER, _("Case manager")
    DECIDER = Role.DECIDER, _("Decider")
    DUTY_OFFICER = Role.DUTY_OFFICER, _("Duty officer")
    THREAT_ANALYST = Role.THREAT_ANALYST, _("Threat analyst")
    HEAD_OF_ANALYSIS = Role.HEAD_OF_ANALYSIS, _("Head of threat analysis")
    PRODUCT_SUPPLIER = Role.PRODUCT_SUPPLIER, _("Product supplier")
    POLICE_RCCB = Role.POLICE_RCCB, _("Police RCCB")
    PROSECUTION_ADVISER = Role.PROSECUTION_ADVISER, _("Adviser BB&C")
    CHIEF_PROSECUTOR = Role.CHIEF_PROSECUTOR, _("Chief prosecutor")
    TABLE_MEMBER = Role.TABLE_MEMBER, _("Member of the triage table")
    LCC_COORDINATOR = Role.LCC_COORDINATOR, _("LCC coordinator")
    LCC_ADVISER = Role.LCC_ADVISER, _("LCC adviser")
    LCC_LIAISON = Role.LCC_LIAISON, _("LCC liaison")
    UNIT_PLANNER = Role.UNIT_PLANNER, _("Unit planner")
    RESILIENCE_EXPERT = Role.RESILIENCE_EXPERT, _("Resilience expert")
    BUDDY_COORDINATOR = Role.BUDDY_COORDINATOR, _("Buddy coordinator")
    QUALITY_MANAGER = Role.QUALITY_MANAGER, _("Quality manager")
    METHOD_BOARD = Role.METHOD_BOARD, _("Method board")
    ADVISORY_BODY = Role.ADVISORY_BODY, _("Advisory body")
    INSPECTOR = Role.INSPECTOR, _("Inspector")
    LEGAL_OFFICER = Role.LEGAL_OFFICER, _("Legal officer")
    SECURITY_OFFICER = Role.SECURITY_OFFICER, _("Security officer")
    CONTROLLER = Role.CONTROLLER, _("Controller")
    POLICY_OFFICER = Role.POLICY_OFFICER, _("Policy officer")
    MAYORS_CONTACT = Role.MAYORS_CONTACT, _("Mayor's contact")
    ADMINISTRATOR = Role.ADMINISTRATOR, _("Administrator")
    SYSTEM = Role.SYSTEM, _("System")


class User(AbstractUser):
    """Somebody who logs in, an API client's service user, or the system itself.

    Protected persons have no log-in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    full_name = models.CharField(_("full name"), max_length=150)
    is_service = models.BooleanField(_("service user of an API client"), default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("username",)

    def get_full_name(self) -> str:
        return self.full_name or self.username


class Organisation(models.Model):
    """An organisation of the field, a district or unit of one, or a team (parent set)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    duty_phone = models.CharField(  # of the organisation, not of a person: who is on duty answers it
        _("duty telephone"), max_length=40, blank=True, db_default="", default=""
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def group_for(self, role: Role) -> Group:
        """The principal of everybody who acts for this organisation in `role`."""
        return Group.objects.get_or_create(name=f"{self.code}:{role}")[0]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, *, at: datetime) -> Self:
        return self.filter(period__contains=at, user__is_active=True)


class Membership(models.Model):
    """A role of a user in an organisation from one instant to another.

    For deciders this is the mandate (mandaat). Who stands in for somebody (waarnemer) does so up to an end; a trigger
    asks that the one they stand in for holds the role, so that a deputy passes nothing on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("user"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=30, choices=RoleChoices)
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships", editable=False)
    period = DateTimeRangeField(_("from and to"))
    deputy_of = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("deputy of")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organisation__name", "role", "pk")
        constraints = (
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(deputy_of=None) | models.Q(period__upper_inf=False),
                name="deputy_until_an_end",
                violation_error_message=_("A deputy stands in up to an end: fill it in."),
            ),
            models.CheckConstraint(
                condition=models.Q(deputy_of=None) | ~models.Q(deputy_of=models.F("user")),
                name="deputy_of_another",
                violation_error_message=_("Nobody is their own deputy."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.organisation.name}"
