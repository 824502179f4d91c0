"""The contact plan: who keeps contact with whom, how often and how, and what was promised (lessons O6, O16)."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import ContactAdvice
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

ADVICES = labels(  # ARQ 2020: ten advices for those around a protected person
    ContactAdvice,
    norm=_("The norm is said: a threat is never part of the work"),
    prevention=_("Prevention is talked through"),
    fixed_contact=_("One fixed contact person, and a fixed moment"),
    stress_education=_("What stress does is explained"),
    equip_advisers=_("Those who advise are equipped for it"),
    partner_and_children=_("Partner and children have attention of their own"),
    peer_contact=_("Contact with others who went through it is offered"),
    supporting_services=_("Supporting services are pointed out"),
    build_down=_("How measures are built down is agreed when they begin"),
    evaluate=_("The contact itself is evaluated"),
)
KNOWLEDGE = (
    ("knows", _("Knows of the threat")),
    ("partly", _("Knows part of it")),
    ("unaware", _("Does not know of the threat")),
)


class ContactPlan(Marked):
    """How contact with one person is kept: how often, by which channel, in which language, and what may be said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="contact_plans")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField(_("contact every (days)"))
    channel = models.CharField(_("agreed channel"), max_length=20)  # of the code list "inform_channel"
    language = models.CharField(_("language"), max_length=40, blank=True)
    interpreter = models.BooleanField(_("interpreter needed"), default=False)
    knows = models.CharField(_("knowledge of the threat"), max_length=10, choices=KNOWLEDGE)
    escalation = SealedTextField(default=b"")  # the steps when the person cannot be reached
    may_be_told = SealedTextField(default=b"")  # what may be told to whom: a partner, a child, an employer
    advices = ArrayField(models.CharField(max_length=25, choices=ADVICES), default=list)
    last_contact_at = models.DateTimeField(null=True)
    failed_attempts = models.PositiveSmallIntegerField(default=0)  # since the last contact
    next_due = models.DateTimeField(_("next contact due"))
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "person"], name="contact_plan_once"),
            models.CheckConstraint(condition=models.Q(every_days__range=(1, 90)), name="contact_plan_frequency"),
        )
        indexes = (models.Index(fields=["next_due"], name="contact_plan_due"),)


class ContactPerson(models.Model):
    """Who is the named contact of a person, from when until when; a deputy stands in over the named one.

    At most one of each at every instant (exclusion), and in the scheme the named one without a gap (deferred trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="contact_people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    deputy = models.BooleanField(_("deputy"), default=False)
    period = DateTimeRangeField(_("from and to"))
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="one_contact_person_at_a_time",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (models.Case(models.When(deputy=True, then=1), default=0), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        )


class Promise(Marked):
    """Something promised to the person (toezegging): by whom, by when, and whether it was kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="promises")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_on = models.DateField(_("by"))
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        blank=True,
        choices=[("kept", _("Kept")), ("broken", _("Not kept, and told so"))],
    )
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()
