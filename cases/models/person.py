"""The person, apart from the case: a pseudonym in the open, identity only as ciphertext."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.querysets import CaseScoped
from stelsel.kernel.models import PersonKey, SealedTextField, User
from stelsel.legal.models import Marked


class Person(models.Model):
    """A threatened person or a close relation (bedreigde persoon, naaste). Everything that names them is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pseudonym = models.CharField(_("pseudonym"), max_length=20, unique=True)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    name = SealedTextField()
    birth_date = SealedTextField(default=b"")
    address = SealedTextField(default=b"")
    reach = SealedTextField(default=b"")  # telephone, messaging: how one reaches them
    name_index = models.BinaryField(max_length=32)  # blind index of the name
    born_index = models.BinaryField(max_length=32, default=b"")  # blind index of name and birth date
    year_index = models.BinaryField(max_length=32, default=b"")  # blind index of family name and birth year
    user_id = models.UUIDField(null=True)  # set when the person is a user: nobody acts in a case about themselves
    created_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["name_index"], name="person_name_index"),
            models.Index(fields=["year_index"], name="person_year_index", condition=~models.Q(year_index=b"")),
        )

    def __str__(self) -> str:
        return self.pseudonym


class RelationKind(models.TextChoices):
    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    SIBLING = "sibling", _("Brother or sister")
    FRIEND = "friend", _("Friend")
    OTHER = "other", _("Other")


class CloseRelation(Marked):
    """Somebody close to the person of a case (naaste). The core household (kerngezin) moves with the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="relations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="relations")
    kind = models.CharField(_("relation"), max_length=10, choices=RelationKind)
    core_household = models.BooleanField(_("core household"), default=False)
    created_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "person"], name="relation_once"),)


class AliasKind(models.TextChoices):
    ALIAS = "alias", _("Also known as")
    FORMER = "former", _("Former name")
    CHANGED = "changed", _("New name after a change")
    SPELLING = "spelling", _("Other spelling")


class Alias(Marked):
    """Another name of the person of a case (alias, naamswijziging); found as the name is. Withdrawn, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="aliases")
    kind = models.CharField(_("kind of name"), max_length=10, choices=AliasKind)
    name = SealedTextField()
    name_index = models.BinaryField(max_length=32)  # the blind indexes are those of a person
    born_index = models.BinaryField(max_length=32, default=b"")
    year_index = models.BinaryField(max_length=32, default=b"")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    merge = models.ForeignKey(
        "cases.CaseMerge", models.PROTECT, null=True, related_name="aliases"
    )  # where it came from
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = SealedTextField(default=b"")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "name_index"], condition=models.Q(withdrawn_at=None), name="alias_once"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="alias_withdrawn_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=["name_index"], name="alias_name_index"),
            models.Index(fields=["year_index"], name="alias_year_index", condition=~models.Q(year_index=b"")),
        )
