"""How somebody wants a list to be."""

import uuid

from django.db import models

from stelsel.kernel.models.people import User


class ListPreference(models.Model):
    """Rows per page, columns and kept searches of one list, for one user.

    Choices only, never typed text: a kept search is the query of an address, so nothing about a person is in here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    list_name = models.CharField(max_length=40)  # of the page, e.g. "cases"
    size = models.PositiveSmallIntegerField(default=25)
    columns = models.JSONField(default=list)  # names; empty: those of the page itself
    searches = models.JSONField(default=list)  # queries, newest last

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "list_name"], name="list_preference_once"),)

    def __str__(self) -> str:
        return self.list_name
