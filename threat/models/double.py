"""The double run (R072): the level of an earlier product beside that of the picture, and what was said of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked
from threat.models.local import LocalLevel
from threat.models.picture import Picture
from threat.querysets import Drafts


class Consultation(Marked):
    """That the supplier was consulted about a level of its product that lies two or more from the picture's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="consultations")
    level = models.ForeignKey(LocalLevel, models.PROTECT, related_name="consultations")
    partner = SealedTextField()
    outcome = SealedTextField()
    held_on = models.DateField(_("held on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = Drafts.as_manager()


class OldLevel(Marked):
    """The mapped level of an earlier product and that of the picture, as they were at its adoption. Final."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="old_levels")
    level = models.ForeignKey(LocalLevel, models.PROTECT, related_name="+")
    old = models.PositiveSmallIntegerField(_("level of the earlier product"))
    new = models.PositiveSmallIntegerField(_("level of the picture"))
    kept_at = models.DateTimeField()

    objects = Drafts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["picture", "level"], name="old_level_once"),
            models.CheckConstraint(condition=Q(old__range=(1, 5), new__range=(1, 5)), name="old_level_of_the_scheme"),
        )

    @property
    def apart(self) -> int:
        """How many levels they lie apart."""
        return abs(self.old - self.new)
