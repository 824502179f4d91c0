"""The triage table (triagetafel, Circulaire 2026 par. 2.3.3): agenda, views of the parties, minutes, outcome."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import ItemOutcome
from cases.models.case import Case
from cases.models.intake import Nomination
from cases.querysets import CaseScoped, Tables
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedTextField, User
from stelsel.legal.models import Marked

ITEM_OUTCOMES = labels(
    ItemOutcome,
    **{
        "": _("On the agenda"),
        "accepted": _("Accepted by the NCTV"),
        "rejected": _("Rejected by the NCTV"),
        "held_over": _("Held over"),
        "removed": _("Taken off the agenda"),
        "withdrawn": _("Nomination withdrawn"),
        "overtaken": _("Overtaken by an urgent designation"),
    },
)


FINDS = [
    ("scheme", _("Belongs in the scheme")),
    ("local", _("Belongs in the local domain")),
    ("open", _("Cannot say yet")),
]


class TriageTable(models.Model):
    """A meeting that the prosecution chairs and keeps. It holds nothing of a person; its agenda does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("secretariat"))
    chair = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("chair"))
    meets_at = models.DateTimeField(_("meets"))
    convened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = Tables.as_manager()

    def __str__(self) -> str:
        return self.number


class TableParty(models.Model):
    """An organisation that was invited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(TriageTable, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["table", "organisation"], name="table_party_once"),)


class AgendaItems(CaseScoped["AgendaItem"]):
    def open_now(self) -> Self:
        return self.filter(outcome=ItemOutcome.OPEN)


class AgendaItem(Marked):
    """One nomination on the agenda of one table, put there by the party that holds authority over the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(TriageTable, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="agenda_items")
    reason = SealedTextField()  # why it lies on the table
    put_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    minutes = SealedTextField(default=b"")
    minuted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    minuted_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ITEM_OUTCOMES, default="", blank=True)
    outcome_reason = SealedTextField(default=b"")
    outcome_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = AgendaItems.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["nomination"], condition=models.Q(outcome=""), name="agenda_one_open_per_nomination"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_at=None)
                | (~models.Q(outcome="") & models.Q(outcome_at__isnull=False)),
                name="agenda_outcome_has_an_instant",
            ),
        )


class PartyView(Marked):
    """What a party finds (zienswijze), recorded by its own people or by the secretariat. Never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="views")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    finds = models.CharField(
        _("finds"),
        max_length=10,
        choices=FINDS,
    )
    text = SealedTextField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = CaseScoped.as_manager()
