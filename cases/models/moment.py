"""Moments of raised risk (verhoogd-risicomomenten), and the gate before one: is protection in place? (lesson O10)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import GateState
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

RISK_MOMENTS = (
    ("appearance", _("Public appearance")),
    ("publication", _("Publication")),
    ("hearing", _("Hearing or verdict")),
    ("indictment", _("Indictment")),
    ("verdict", _("Verdict")),
    ("court", _("Appearance in court")),
    ("move", _("Move to another home")),
    ("funeral", _("Funeral")),
    ("travel", _("Journey")),
    ("other", _("Other")),
)
GATE_STATES = labels(
    GateState,
    waiting=_("Not yet"),
    not_ready=_("Not ready"),
    ready=_("Ready"),
    postpone=_("Postponement asked"),
    called_off=_("Called off"),
)


class RaisedRiskMoment(Marked):
    """A moment of raised risk. `gate` is what the answers of its present `round` add up to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="risk_moments")
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=RISK_MOMENTS,
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    region = models.CharField(_("region"), max_length=60)
    description = SealedTextField(default=b"")
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    gate = models.CharField(_("protection ready"), max_length=10, choices=GATE_STATES, default=GateState.WAITING)
    round = models.PositiveSmallIntegerField(default=1)  # a moment that is moved is answered anew
    outcome = models.CharField(
        _("what happened"),
        max_length=12,
        blank=True,
        choices=[
            ("as_planned", _("Went as planned")),
            ("incident", _("Something happened")),
            ("did_not", _("Did not take place")),
        ],
    )
    evaluation = SealedTextField(default=b"")
    evaluated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    evaluated_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="risk_moment_period"),
            models.CheckConstraint(
                condition=models.Q(outcome="", evaluated_at=None)
                | (~models.Q(outcome="") & ~models.Q(evaluated_at=None)),
                name="risk_moment_evaluated_with_outcome",
            ),
        )


class Readiness(models.Model):
    """Whether protection of one person is in place for a moment: the word of the LCC, then the authority's answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    moment = models.ForeignKey(RaisedRiskMoment, models.PROTECT, related_name="readiness")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    word = models.CharField(
        _("word of the LCC"),
        max_length=12,
        blank=True,
        choices=[("in_place", _("In place")), ("not_in_place", _("Not in place"))],
    )
    word_reason = SealedTextField(default=b"")
    word_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    word_at = models.DateTimeField(null=True)
    answer = models.CharField(
        _("answer of the authority"),
        max_length=15,
        blank=True,
        choices=[("ready", _("Ready")), ("not_ready", _("Not ready")), ("not_concerned", _("Not concerned"))],
    )
    reason = SealedTextField(default=b"")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["moment", "person", "round"], name="readiness_once_a_round"),
            models.CheckConstraint(
                condition=~models.Q(answer="ready") | models.Q(word="in_place"), name="readiness_on_the_word_of_the_lcc"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by=None)
                | models.Q(word_by=None)
                | ~models.Q(answered_by=models.F("word_by")),
                name="readiness_answered_by_another",
            ),
        )


class MomentOwner(models.Model):
    """Who decides on the planned event itself, a prosecutor who will publish, and all that they see of its gate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    moment = models.OneToOneField(RaisedRiskMoment, models.PROTECT, related_name="owned")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    reference = models.CharField(max_length=20, unique=True)  # its name to who may not see the case
    kind = models.CharField(_("kind"), max_length=20, choices=RISK_MOMENTS)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    state = models.CharField(_("protection ready"), max_length=10, choices=GATE_STATES)
    reply = models.CharField(
        _("reply of the owner"),
        max_length=10,
        blank=True,
        choices=[("moved", _("Moved")), ("stays", _("It stays as it is"))],
    )
    replied_at = models.DateTimeField(null=True)


class MomentAgenda(models.Model):
    """Whether the person tells of such moments: a refusal is "not reported", never "none"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="agendas")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answer = models.CharField(
        _("moments ahead"),
        max_length=12,
        choices=[
            ("reported", _("Reported")),
            ("none", _("None, says the person")),
            ("not_reported", _("Not reported: the person does not tell them")),
        ],
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CaseScoped.as_manager()
