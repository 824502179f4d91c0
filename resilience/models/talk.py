"""Resilience talks (weerbaarheidsgesprekken): planned, held, missed, refused; no clinical content (R027)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from resilience.lifecycle import ENDED_TALKS, MINUTES, TalkState
from resilience.models.file import PHASES, ResilienceFile
from resilience.querysets import Apart
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

TALK_STATES = labels(
    TalkState,
    planned=_("Planned"),
    held=_("Held"),
    no_show=_("Nobody came"),
    refused=_("Refused"),
    cancelled=_("Cancelled"),
)


class Place(models.TextChoices):
    """Where one talks; never an address."""

    HOME = "home", _("At home")
    NEUTRAL = "neutral", _("At a neutral place")
    OFFICE = "office", _("At the office")
    VIDEO = "video", _("By video call")
    TELEPHONE = "telephone", _("By telephone")


class Topic(models.TextChoices):
    """What was talked about, in a closed list: none of them is clinical."""

    WHAT_TO_EXPECT = "what_to_expect", _("What being protected means")
    STRESS = "stress", _("How stress works and what helps")
    DAILY_LIFE = "daily_life", _("Daily life with measures")
    PARTNER = "partner", _("Partner and family")
    CHILDREN = "children", _("Children and school")
    WORK = "work", _("Work and income")
    TELLING = "telling", _("What to tell others")
    ONLINE = "online", _("Online safety")
    CONTACT = "contact", _("Contact with the organisations")
    PEERS = "peers", _("Contact with others who were protected")
    BUILDING_DOWN = "building_down", _("When measures are built down")
    OTHER = "other", _("Something else")


class Talk(Marked):
    """One talk of one file. Once held, missed, refused or cancelled it stands, but for its follow-up being done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    file = models.ForeignKey(ResilienceFile, models.PROTECT, related_name="talks")
    state = models.CharField(_("state"), max_length=10, choices=TALK_STATES, default=TalkState.PLANNED)
    phase = models.CharField(_("phase"), max_length=15, choices=PHASES)  # as it was when it was planned, or held
    expert = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("expert"))
    planned_for = models.DateTimeField(_("planned for"))
    place = models.CharField(_("place"), max_length=10, choices=Place)
    interpreter = models.BooleanField(_("interpreter needed"), default=False)
    preparation = SealedTextField(default=b"")
    held_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic), default=list)
    summary = SealedTextField(default=b"")
    why = SealedTextField(default=b"")  # of a missed, refused or cancelled talk
    follow_up = SealedTextField(default=b"")
    follow_up_due = models.DateField(_("follow-up by"), null=True)
    follow_up_done_at = models.DateTimeField(null=True)
    follow_up_done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # recorded as held, missed, refused or cancelled
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = Apart.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["planned_for", "id"], condition=models.Q(state="planned"), name="resilience_talk_plan"
            ),
            models.Index(fields=["state", "-planned_for", "id"], name="resilience_talk_state"),
            models.Index(fields=["file", "-planned_for"], name="resilience_talk_file"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=TalkState.PLANNED, ended_at=None)
                | models.Q(state__in=sorted(ENDED_TALKS), ended_at__isnull=False, ended_by__isnull=False),
                name="resilience_talk_ended_by_an_act",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TalkState.HELD)
                | models.Q(
                    held_at__isnull=False,
                    minutes__gte=MINUTES.start,
                    minutes__lt=MINUTES.stop,
                    topics__len__gte=1,
                ),
                name="resilience_talk_held_is_a_talk",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["no_show", "refused", "cancelled"]) | ~models.Q(why=b""),
                name="resilience_talk_says_why",
            ),
        )


class TalkParticipant(models.Model):
    """A member of the household who took part in a talk, by their own file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    talk = models.ForeignKey(Talk, models.PROTECT, related_name="participants")
    file = models.ForeignKey(ResilienceFile, models.PROTECT, related_name="+")

    objects = Apart.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["talk", "file"], name="resilience_participant_once"),)
