"""The catalogue of needs for information per factor (R056): dated, each change approved by two of the method board."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Change


class InformationNeed(Change):
    """What is asked about a factor from an instant (informatiebehoefte). `code` is the factor and a number, with a dot.

    A need that the system came with (threat.scoring.needs.FIRST_NEEDS) holds until a row with its code is approved.
    """

    keeper: ClassVar[Role] = Role.METHOD_BOARD
    factor = models.CharField(_("factor"), max_length=2)
    priority = models.PositiveSmallIntegerField(_("priority"))
    text_nl = models.CharField(_("Dutch text"), max_length=200)
    text_en = models.CharField(_("English text"), max_length=200)
    offered = models.BooleanField(_("is asked"), default=True)

    class Meta(Change.Meta):
        verbose_name = _("need for information")
        verbose_name_plural = _("needs for information")
