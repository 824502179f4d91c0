"""The limitative list (limitatieve lijst): persons, objects and services, with dates, grounds, holders and measures.

An entry is no case. Objects and services on it are not in the scheme, but are in the field of tasks (Circulaire 2026
par. 2.3.2); who sees an entry rests on grants of its own (docs/decisions/0015-limitative-list.md).
"""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import EntryState, Followed, ListedKind
from cases.models.authority import AUTHORITIES
from cases.models.catalogue import kind_name
from cases.models.decision import FIVE
from cases.models.measure import MEASURE_STATES
from cases.models.person import Person
from cases.querysets import Entries, EntryMeasures, EntryScoped
from stelsel.kernel.access import GroupGrant, UserGrant
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, PersonKey, SealedTextField, Signature, User
from stelsel.legal.models import Marked

KINDS = labels(ListedKind, person=_("Person"), object=_("Object"), service=_("Service"))
ENTRY_STATES = labels(
    EntryState,
    proposed=_("Waits for the decision"),
    designated=_("On the list"),
    rejected=_("Not placed"),
    ended=_("Ended"),
)
SCOPES = (
    ("person_directed", _("Person-directed")),
    ("public_order", _("Public order")),
    ("criminal_enforcement", _("Criminal enforcement")),
)


class Category(models.TextChoices):
    """Category I: standard measures without a threat too. Category II: on the ground of threat and risk."""

    ONE = "1", _("Category I")
    TWO = "2", _("Category II")


class Status(models.TextChoices):
    """Persons with a regime of their own."""

    ORDINARY = "ordinary", _("Ordinary")
    ROYAL = "royal", _("Royal House")
    MILITARY = "military", _("Military person")


class ListEntry(Marked):
    """An entry: a function (with its holders by date), an object or a service. `title` names no person.

    A function outlives its holder; a temporary entry (`ends_on`, the last day) that is over shows as work and ends by a
    decision alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    title = models.CharField(_("function, object or service"), max_length=150)
    category = models.CharField(_("category"), max_length=1, choices=Category)
    state = models.CharField(_("state"), max_length=10, choices=ENTRY_STATES)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ORDINARY)
    state_safety = models.BooleanField(_("safety of the State"), default=False)
    foreign_relations = models.BooleanField(_("relations with other powers"), default=False)
    society = models.BooleanField(_("weighty interests of society"), default=False)
    kmar_object = models.BooleanField(_("guarded by the Royal Marechaussee"), default=False)
    several_municipalities = models.BooleanField(_("lies in several municipalities"), default=False)
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    office = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    purpose = models.CharField(_("purpose"), max_length=25, choices=SCOPES)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    address = SealedTextField(default=b"")
    motivation = SealedTextField()
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reasons = SealedTextField(default=b"")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    ends_on = models.DateField(_("temporary, until and including"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = SealedTextField(default=b"")
    sort_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = Entries.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=ListedKind.PERSON)
                | Q(state_safety=True)
                | Q(foreign_relations=True)
                | Q(society=True),
                name="entry_has_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")), name="entry_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state=EntryState.PROPOSED) | Q(signature__isnull=False, decided_at__isnull=False),
                name="entry_decided_with_a_signature",
            ),
            models.CheckConstraint(
                condition=Q(state=EntryState.ENDED, ended_at__isnull=False, ended_by__isnull=False)
                | (~Q(state=EntryState.ENDED) & Q(ended_at=None, ended_by=None)),
                name="entry_ended_by_an_act",
            ),
            models.CheckConstraint(
                condition=(Q(kind=ListedKind.PERSON) & Q(purpose="person_directed"))
                | (~Q(kind=ListedKind.PERSON) & ~Q(purpose="person_directed") & Q(status=Status.ORDINARY)),
                name="entry_purpose_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=(Q(kind=ListedKind.OBJECT) | Q(kmar_object=False))
                & (Q(kind=ListedKind.SERVICE) | Q(several_municipalities=False)),
                name="entry_marks_fit_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=ListedKind.PERSON) | Q(municipality__isnull=False, office__isnull=False),
                name="entry_lies_somewhere",
            ),
        )

    def __str__(self) -> str:
        return self.number


class ListEntryUserGrant(UserGrant):
    content_object = models.ForeignKey(ListEntry, models.CASCADE, related_name="user_grants")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta(UserGrant.Meta):
        constraints = (UserGrant.once(), UserGrant.reasoned())


class ListEntryGroupGrant(GroupGrant):
    content_object = models.ForeignKey(ListEntry, models.CASCADE, related_name="group_grants")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta(GroupGrant.Meta):
        constraints = (GroupGrant.once(), GroupGrant.reasoned())
        indexes = (models.Index(fields=["group", "role", "-sort_at"], name="entry_group_grant_list"),)


class EntryHolder(models.Model):
    """Who holds the function, from when until when: the person goes, the function stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="holders")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    period = DateTimeRangeField(_("from and to"))

    objects = EntryScoped.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[("entry", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        )


class AuthorityRuling(models.Model):
    """Another authority for a rule that the circulars do not settle, for a time. Configuration."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.SlugField(_("rule"), max_length=40)
    gives = models.CharField(_("authority"), max_length=20, choices=AUTHORITIES)
    article = models.CharField(_("decision it rests on"), max_length=150)
    in_force = DateRangeField(_("in force"))

    class Meta:
        verbose_name = _("ruling on authority")
        verbose_name_plural = _("rulings on authority")
        ordering = ("rule", "in_force")
        constraints = (
            ExclusionConstraint(
                name="one_ruling_at_a_time",
                expressions=[("rule", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_gives_display()}"


class EntryMeasure(models.Model):
    """Supervision of an object or service, ordered by its authority for one purpose; its steps are a measure's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="measures")
    kind = models.CharField(_("supervision"), max_length=30)  # a code of the catalogue
    purpose = models.CharField(_("purpose"), max_length=25, choices=SCOPES)
    state = models.CharField(_("state"), max_length=10, choices=MEASURE_STATES)
    ordered_under = models.CharField(_("ordered by"), max_length=20, choices=AUTHORITIES)
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    in_place_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = SealedTextField(default=b"")
    review_due = models.DateField(_("review due"))
    version = models.PositiveIntegerField(default=1)

    objects = EntryMeasures.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="entry_measure_ended_by_an_act",
            ),
        )

    def get_kind_display(self) -> str:
        return str(kind_name(self.kind))


class EntryMeasureReport(models.Model):
    """What was reported about it. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(EntryMeasure, models.PROTECT, related_name="reports")
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="+")
    step = models.CharField(max_length=15)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    note = SealedTextField(default=b"")

    objects = EntryScoped.as_manager()


class EntryAdvice(models.Model):
    """Threat level and advice of the NCTV on an object or service, and whether the authority followed it (R043)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="advice")
    severity = models.PositiveSmallIntegerField(_("severity"), validators=FIVE)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), validators=FIVE)
    advice = SealedTextField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    followed = models.CharField(
        _("followed"),
        max_length=10,
        blank=True,
        choices=labels(Followed, yes=_("Followed"), partly=_("Followed in part"), no=_("Not followed")),
    )
    follow_reason = SealedTextField(default=b"")
    followed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    followed_at = models.DateTimeField(null=True)

    objects = EntryScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(followed="", followed_by=None, followed_at=None)
                | (~Q(followed="") & Q(followed_by__isnull=False, followed_at__isnull=False)),
                name="advice_settled_by_somebody",
            ),
        )
