"""The person, apart from the case: a pseudonym in the open, identity only as ciphertext."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.querysets import CaseScoped
from stelsel.kernel.models import PersonKey, SealedTextField
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
    user_id = models.UUIDField(null=True)  # set when the person is a user: nobody acts in a case about themselves
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["name_index"], name="person_name_index"),)

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
