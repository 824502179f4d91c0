"""The template of the picture (R075): in versions, each approved by two of the method board."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Change
from threat.models.picture import Picture
from threat.querysets import Drafts


class PictureTemplate(Change):
    """A version of the text with which the summary of a picture begins (sjabloon)."""

    keeper: ClassVar[Role] = Role.METHOD_BOARD
    text = models.TextField(_("text"))

    class Meta(Change.Meta):
        verbose_name = _("template of the picture")
        verbose_name_plural = _("templates of the picture")


class TemplateUse(models.Model):
    """From which version of the template a picture is written; kept beside the picture, whose content it is no part of.

    Written when the picture is started, and never again: a newer version changes no picture.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    picture = models.OneToOneField(Picture, models.PROTECT, related_name="template_use")
    template = models.ForeignKey(PictureTemplate, models.PROTECT, related_name="+")

    objects = Drafts.as_manager()
