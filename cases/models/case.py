"""The case (casus): pseudonymous, with its state, its people and its grants."""

import uuid

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.authority import Post
from cases.demarcation import Regime
from cases.lifecycle import CaseState
from cases.models.person import Person
from cases.querysets import Cases
from stelsel.kernel.access import GroupGrant, UserGrant
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, User
from stelsel.legal.models import LegalGround, Marked

REGIMES = labels(
    Regime,
    none=_("None"),
    witness_protection=_("Witness protection"),
    basic_police_care=_("Basic police care"),
    other=_("Another regime"),
)


class Case(Marked):
    """One person's case. `version` is the version one changed (If-Match); `sort_at` is the list's order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    state = models.CharField(_("state"), max_length=10)  # cases.lifecycle.CaseState
    phenomenon = models.CharField(_("phenomenon"), max_length=20)  # of the code list of that name
    purpose = models.CharField(_("purpose"), max_length=200)
    ground = models.ForeignKey(LegalGround, models.PROTECT, verbose_name=_("legal ground"))
    demarcation = models.CharField(
        _("other regime"),
        max_length=20,
        choices=REGIMES,
        default=Regime.NONE,
    )
    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="cases", verbose_name=_("chief prosecutor's office")
    )
    region = models.CharField(_("region"), max_length=60)
    post = models.CharField(
        _("post of the person"),
        max_length=20,
        choices=labels(
            Post,
            none=_("None that would have authority here"),
            mayor=_("Mayor"),
            police_chief=_("Chief of police"),
            chief_prosecutor=_("Chief prosecutor"),
            prosecution_staff=_("Other staff of the prosecution service"),
        ),
        default=Post.NONE,
    )
    post_in_district = models.BooleanField(_("lives and works in the district of the post"), default=False)
    case_manager = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decider = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    sort_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = Cases.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"],
                condition=~models.Q(state=CaseState.CLOSED),
                name="case_one_open_per_person",
            ),
            models.CheckConstraint(condition=~models.Q(purpose=""), name="case_states_its_purpose"),
            models.CheckConstraint(
                condition=models.Q(case_manager=None)
                | models.Q(decider=None)
                | ~models.Q(case_manager=models.F("decider")),
                name="case_manager_is_not_decider",
            ),
        )
        indexes = (models.Index(OpClass("number", name="text_pattern_ops"), name="case_number_prefix"),)

    def __str__(self) -> str:
        return self.number


class CaseUserGrant(UserGrant):
    content_object = models.ForeignKey(Case, models.CASCADE, related_name="user_grants")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta(UserGrant.Meta):
        constraints = (UserGrant.once(), UserGrant.reasoned())
        indexes = (models.Index(fields=["user", "role", "-sort_at", "-content_object"], name="case_user_grant_list"),)


class CaseGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Case, models.CASCADE, related_name="group_grants")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta(GroupGrant.Meta):
        constraints = (GroupGrant.once(), GroupGrant.reasoned())
        indexes = (models.Index(fields=["group", "role", "-sort_at", "-content_object"], name="case_group_grant_list"),)
