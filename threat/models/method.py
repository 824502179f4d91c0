"""The versions of the method that were published, and from when each may be used."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Change


class MethodVersion(models.Model):
    """A version as it was published: a release registers it, with what its numbers and its document were then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("version"), max_length=20, unique=True)
    method_hash = models.CharField(_("hash of the method"), max_length=64)
    document_hash = models.CharField(_("hash of the document"), max_length=64)
    from_the_start = models.BooleanField(_("in use from the start"), default=False)

    class Meta:
        verbose_name = _("method version")
        verbose_name_plural = _("method versions")

    def __str__(self) -> str:
        return self.code


class MethodUse(Change):
    """That a version may be used from an instant, or no longer: adopted or withdrawn by two of the method board."""

    keeper: ClassVar[Role] = Role.METHOD_BOARD
    usable = models.BooleanField(_("may be used"))

    class Meta(Change.Meta):
        verbose_name = _("decision about a method version")
        verbose_name_plural = _("decisions about method versions")
