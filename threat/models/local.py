"""Levels and states of the local domain (R047, R064): as they were written, and the tables that map them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Change, User
from stelsel.legal.models import Marked
from threat.models.information import Product
from threat.querysets import Drafts
from threat.scoring.local import LONGEST


class LocalMapping(Change):
    """The table of one local scale (`code`) from an instant: each level or state with its W1 to W5 in the scheme.

    A table is replaced as a whole, by two of the method board; what it does not name is unmapped.
    """

    keeper: ClassVar[Role] = Role.METHOD_BOARD
    levels = models.JSONField(_("levels"))

    class Meta(Change.Meta):
        verbose_name = _("mapping of a local scale")
        verbose_name_plural = _("mappings of local scales")

    @property
    def rows(self) -> list[tuple[str, int]]:
        """What the local domain calls it, and the level of the scheme; the highest first."""
        return sorted(self.levels.items(), key=lambda each: (-each[1], each[0]))


class LocalLevel(Marked):
    """The level or state that a product of the local domain gives, word for word; the mapped value stands beside it.

    Rows are only added: a correction is a newer row, and the newest of a product counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="local_levels")
    product = models.ForeignKey(Product, models.PROTECT, related_name="local_levels")
    scale = models.CharField(_("local scale"), max_length=20)
    original = models.CharField(_("level or state as written"), max_length=LONGEST)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = Drafts.as_manager()

    class Meta:
        indexes = (models.Index(fields=["product", "-recorded_at"], name="local_level_of_product"),)
        constraints = (models.CheckConstraint(condition=~Q(original=""), name="local_level_as_written"),)
