"""Adopted pictures scored again: by another version of the method (shadow run), or on a later day (ageing)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.labels import labels
from stelsel.kernel.models import User
from threat.lifecycle import RunState
from threat.models.picture import Picture
from threat.querysets import Drafts
from threat.scoring.shift import Shift

RUN_STATES = labels(RunState, running=_("Running"), finished=_("Finished"))
SHIFTS = labels(
    Shift,
    up=_("Higher"),
    down=_("Lower"),
    unchanged=_("Unchanged"),
    lost=_("Now insufficient information"),
    gained=_("Now a level"),
)


class ShadowRun(models.Model):
    """Every adopted picture in force, scored by another version beside its own; no picture is touched (R063).

    `parts` and `parts_done` count the jobs it is cut into; `counts` holds, by movement, how many pictures.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.CharField(_("version that is tried"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=RUN_STATES)
    reason = models.CharField(_("reason"), max_length=300)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("started by"))
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    parts = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["candidate", "-started_at"], name="shadow_run_of_version"),)
        constraints = (
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(state=RunState.RUNNING), name="shadow_run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.RUNNING, finished_at=None)
                | Q(state=RunState.FINISHED, finished_at__isnull=False),
                name="shadow_run_finished_when",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="shadow_run_reasoned"),
        )

    def __str__(self) -> str:
        return self.candidate

    @property
    def figures(self) -> list[int | str]:
        """How many pictures would be higher, lower and unchanged; "" while it runs."""
        return [self.counts.get(each, "") for each in (Shift.UP, Shift.DOWN, Shift.UNCHANGED)]


class ShadowReading(models.Model):
    """One picture in a shadow run. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ShadowRun, models.PROTECT, related_name="readings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="+")
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField(null=True)
    index_before = models.FloatField()
    index_after = models.FloatField()
    shift = models.CharField(_("movement"), max_length=10, choices=SHIFTS)

    objects = Drafts.as_manager()

    class Meta:
        indexes = (models.Index(fields=["run", "shift"], name="shadow_reading_by_shift"),)
        constraints = (models.UniqueConstraint(fields=["run", "picture"], name="shadow_reading_once"),)


class AgedReading(models.Model):
    """What an adopted picture in force would score on a later day, when that changed since the last reading.

    It changes no picture: it plans a review. Rows are only added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="aged")
    as_of = models.DateField(_("on"))
    level = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=12)
    index = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    coverage = models.FloatField()
    recorded_at = models.DateTimeField()

    objects = Drafts.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["picture", "as_of"], name="aged_once_a_day"),)
