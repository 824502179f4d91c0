"""What was told to whom, and what was withheld on which ground (R008)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Topic
from cases.models.case import Case
from cases.models.contact import InformDuty
from cases.models.decision import LevelDecision
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import LegalGround, Marked

TOPICS = labels(
    Topic,
    threat=_("The threat"),
    measures=_("Measures"),
    moment=_("A moment of raised risk"),
    process=_("How it goes on"),
    other=_("Something else"),
)
RECEIVED = (
    ("unknown", _("Not known yet")),
    ("received", _("Received")),
    ("understood", _("Received and understood")),
    ("unclear", _("Received, not understood")),
)


class Telling(Marked):
    """Something told to a person, or withheld from them, or both in one talk. Only added; a correction follows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="tellings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # to whom
    topic = models.CharField(_("about"), max_length=10, choices=TOPICS)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    channel = models.CharField(_("how"), max_length=20, blank=True)  # of the code list "inform_channel"
    told = SealedTextField(default=b"")
    received = models.CharField(_("received"), max_length=10, choices=RECEIVED, default="unknown")
    protects_life = models.BooleanField(_("could not wait: it protects life"), default=False)
    level = models.ForeignKey(LevelDecision, models.PROTECT, null=True, related_name="+")  # what it was graded by
    withheld = SealedTextField(default=b"")
    ground = models.ForeignKey(LegalGround, models.PROTECT, null=True, verbose_name=_("ground to withhold"))
    review_on = models.DateField(_("look again on"), null=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    corrects = models.BooleanField(_("corrects what was said"), default=False)
    duty = models.ForeignKey(InformDuty, models.PROTECT, null=True, related_name="tellings")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(channel="", ground=None), name="telling_tells_or_withholds"),
            models.CheckConstraint(
                condition=models.Q(ground=None, review_on=None)
                | models.Q(ground__isnull=False, review_on__isnull=False),
                name="telling_withheld_comes_back",
            ),
            models.CheckConstraint(
                condition=models.Q(channel="")
                | ~models.Q(topic__in=["threat", "measures"])
                | models.Q(level__isnull=False)
                | models.Q(protects_life=True),
                name="telling_graded_or_for_life",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=False) | (models.Q(follows__isnull=False) & ~models.Q(channel="")),
                name="telling_correction_of_something",
            ),
        )
        indexes = (models.Index(fields=["case", "-at"], name="telling_of_case"),)
