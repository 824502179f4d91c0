"""The handover file (overdrachtsdossier): it completes the case and never moves authority."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import HandoverState
from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

HANDOVER_ITEMS = (
    ("identity_and_household", _("Identity and household")),
    ("threat_information", _("Threat information so far")),
    ("measures_in_force", _("Measures in force")),
    ("locations_and_keys", _("Locations and key holders")),
    ("agreements_with_person", _("Agreements with the person")),
    ("contacts", _("Contacts of police, prosecution and municipality")),
    ("employer_measures", _("Measures of the employer")),
    ("open_promises", _("Promises that are still open")),
)


class Handover(Marked):
    """The file of one case, with both signatures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="handover")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(
            HandoverState,
            draft=_("Being completed"),
            proposed=_("Offered"),
            accepted=_("Accepted"),
            returned=_("Returned"),
        ),
    )
    due_at = models.DateTimeField(_("due"))
    return_reason = SealedTextField(default=b"")
    continuity_note = SealedTextField(default=b"")  # what is done about measures that would fall; signed on acceptance
    offered_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    accepted_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=HandoverState.ACCEPTED)
                | models.Q(offered_signature__isnull=False, accepted_signature__isnull=False),
                name="handover_both_signatures",
            ),
        )


class HandoverItem(models.Model):
    """One item of the checklist: there, with what it says, or missing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    code = models.CharField(max_length=30, choices=HANDOVER_ITEMS)
    text = SealedTextField(default=b"")
    not_applicable = models.BooleanField(_("does not apply"), default=False)
    supplied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    supplied_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["handover", "code"], name="handover_item_once"),)


class KeyHolder(Marked):
    """Who holds the keys or alarm codes of premises, or is called about them (sleutelhouder). Unknown is a gap."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="key_holders")
    holds = models.CharField(
        _("what"),
        max_length=10,
        choices=[("keys", _("Keys")), ("alarm", _("Alarm codes")), ("contact", _("Called in an emergency"))],
    )
    unknown = models.BooleanField(_("not known who"), default=False)
    premises = SealedTextField()
    holder = SealedTextField(default=b"")
    reach = SealedTextField(default=b"")
    supplied_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    supplied_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(unknown=True) | ~models.Q(holder=b""), name="key_holder_known_or_a_gap"
            ),
        )
