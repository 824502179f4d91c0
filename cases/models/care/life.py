"""The four answers of article 2 ECHR at a moment of decision."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked


class Occasion(models.TextChoices):
    """At which decision the answers were given; REDUCTION and ENDING go below what was, by four eyes always."""

    LEVEL = "level", _("Level and required resistance")
    PACKAGE = "package", _("Package of measures")
    REDUCTION = "reduction", _("Package with less than before")
    RETURN = "return", _("Return of authority")
    REJECTION = "rejection", _("Rejection of the nomination")
    ENDING = "ending", _("End of a measure")
    DISPLACEMENT = "displacement", _("Choice when capacity falls short")
    OTHER = "other", _("On its own")


class DutyAnswers(Marked):
    """What was known, the risk, the measures available, and why they were (not) taken. Final once signed.

    Never computed: people answer. `evidence` is what lay there when the version was written: numbers and instants only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="duty_answers")
    occasion = models.CharField(_("decision"), max_length=15, choices=Occasion)
    subject_id = models.UUIDField()  # of the decision's record; of the case when the answers stand on their own
    number = models.PositiveSmallIntegerField()  # 1, 2, ... of this decision
    state = models.CharField(max_length=10, choices=[("draft", _("Draft")), ("signed", _("Signed"))])
    known = SealedTextField()
    risk = models.CharField(
        _("real and immediate risk"),
        max_length=10,
        choices=[("yes", _("Yes")), ("no", _("No")), ("unclear", _("Cannot be told"))],
    )
    risk_reasons = SealedTextField()
    available = SealedTextField()
    choice = SealedTextField()
    evidence = models.JSONField(default=dict)
    picture_id = models.UUIDField(null=True)  # the newest adopted picture at that instant
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["occasion", "subject_id", "number"], name="duty_answers_once"),
            models.CheckConstraint(
                condition=~models.Q(state="signed")
                | models.Q(signed_by__isnull=False, signed_at__isnull=False, signature__isnull=False),
                name="duty_answers_signed",
            ),
            models.CheckConstraint(
                condition=~models.Q(occasion__in=[Occasion.ENDING, Occasion.REDUCTION])
                | models.Q(signed_by=None)
                | ~models.Q(signed_by=models.F("written_by")),
                name="duty_answers_four_eyes",
            ),
        )
