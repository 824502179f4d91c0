"""What person, employer and government may expect of each other (R013, R107), and what an employer does (R114)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.care.responsibility import Party
from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked


class Side(models.TextChoices):
    """The three sides between whom expectations are written down."""

    PERSON = "person", _("The person")
    EMPLOYER = "employer", _("The employer")
    GOVERNMENT = "government", _("Government")


class Expectation(Marked):
    """What may be expected of one side, in versions; the one it was written for acknowledges it or refuses.

    `name` tells one employer from another and is sealed; who has no employer has none of that side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="expectations")
    side = models.CharField(_("of whom"), max_length=10, choices=Side)
    name = SealedTextField(default=b"")
    text = SealedTextField()
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(
        _("answer"),
        max_length=12,
        blank=True,
        choices=[("acknowledged", _("Acknowledged")), ("refused", _("Refused"))],
    )
    answered_on = models.DateField(_("answered on"), null=True)
    said = SealedTextField(default=b"")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, recorded_by=None)
                | Q(~Q(answer=""), answered_on__isnull=False, recorded_by__isnull=False),
                name="expectation_answered",
            ),
        )

    @property
    def is_replaced(self) -> bool:
        """Whether a newer version was written."""
        return hasattr(self, "replaced_by")


class ExpectationQuestion(Marked):
    """What the person or the employer asked about it, and the answer they got."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="expectation_questions")
    side = models.CharField(_("asked by"), max_length=10, choices=Side)
    question = SealedTextField()
    asked_on = models.DateField(_("asked on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answer = SealedTextField(default=b"")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()


class EmployerMeasure(Marked):
    """A measure that an employer agreed to take; it stands when somebody looked, and nothing here ends another one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="employer_measures")
    employer = SealedTextField()
    what = SealedTextField()
    cost_bearer = models.CharField(_("bears the cost"), max_length=10, choices=Party)
    deadline = models.DateField(_("ready on"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[
            ("agreed", _("Agreed, not looked at yet")),
            ("in_place", _("In place, looked at")),
            ("lapsed", _("Fell away")),
        ],
        default="agreed",
    )
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    looked_on = models.DateField(null=True)
    looked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = SealedTextField(default=b"")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="agreed") | Q(looked_on__isnull=False, looked_by__isnull=False),
                name="employer_measure_looked_at",
            ),
        )
