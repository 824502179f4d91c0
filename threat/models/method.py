"""The versions of the method that were published or registered, and from when each may be used."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Change, User


class MethodVersion(models.Model):
    """A version as it was published, with what its numbers and its document were then.

    A release registers the versions it is coded with; the method board registers others by their text alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("version"), max_length=20, unique=True)
    method_hash = models.CharField(_("hash of the method"), max_length=64)
    document_hash = models.CharField(_("hash of the document"), max_length=64)
    from_the_start = models.BooleanField(_("in use from the start"), default=False)
    definition = models.TextField(_("definition"), blank=True)
    document = models.TextField(_("document"), blank=True)
    registered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("registered by")
    )
    registered_at = models.DateTimeField(_("registered"), null=True)

    class Meta:
        verbose_name = _("method version")
        verbose_name_plural = _("method versions")
        constraints = (
            models.CheckConstraint(
                condition=Q(definition="", document="", registered_by=None, registered_at=None)
                | ~Q(definition="")
                & ~Q(document="")
                & Q(registered_by__isnull=False, registered_at__isnull=False, from_the_start=False),
                name="methodversion_coded_or_registered",
            ),
        )

    def __str__(self) -> str:
        return self.code


class MethodUse(Change):
    """That a version may be used from an instant, or no longer: adopted or withdrawn by two of the method board."""

    keeper: ClassVar[Role] = Role.METHOD_BOARD
    usable = models.BooleanField(_("may be used"))

    class Meta(Change.Meta):
        verbose_name = _("decision about a method version")
        verbose_name_plural = _("decisions about method versions")
