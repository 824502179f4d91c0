"""Organisations, people, clients, schedules and dead jobs."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_celery_beat import models as beat
from oauth2_provider import models as oauth

from stelsel.kernel import jobs
from stelsel.kernel.admin.recorded import ReadOnly, Recorded, span
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, gettext_noop
from stelsel.kernel.models import ApiClient, Interval, Membership, Organisation, OutboxMessage, Schedule, User
from stelsel.kernel.models.jobs import JobState


@admin.register(Organisation)
class OrganisationAdmin(Recorded):
    list_display = ("name", "code", "kind", "region", "parent", "duty_phone")
    list_filter = ("kind",)
    search_fields = ("name", "code")


@admin.register(User)
class PeopleAdmin(Recorded, UserAdmin[User]):
    """Accounts. Rights come from memberships, never from permissions or superuser flags here."""

    list_display = ("username", "full_name", "is_active", "is_service", "last_login")
    list_filter = ("is_active", "is_service", "is_staff")
    search_fields = ("username", "full_name")
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_service", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "full_name", "password1", "password2")}),)
    filter_horizontal = ()


@admin.register(Membership)
class MembershipAdmin(Recorded):
    """Who acts in which role for whom, from when until when. Nobody appoints themselves."""

    list_display = ("user", "role", "organisation", "held", "deputy_of")
    list_filter = ("role", "organisation__kind")
    search_fields = ("user__username", "user__full_name", "organisation__name")
    autocomplete_fields = ("user", "organisation", "deputy_of")
    list_select_related = ("user", "organisation", "deputy_of")

    @admin.display(description=_("from and to"), ordering="period")
    def held(self, membership: Membership) -> str:
        return span(membership.period)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        if not isinstance(obj, Membership):
            raise TypeError("memberships only")
        if obj.user_id == request.user.pk:
            raise Forbidden("about_oneself", gettext_noop("Nobody appoints themselves: ask another administrator."))
        obj.group = obj.organisation.group_for(Role(obj.role))
        super().save_model(request, obj, form, change)


@admin.register(OutboxMessage)
class JobAdmin(ReadOnly):
    """Jobs by name and state; never their payload. Those that were given up can be sent again."""

    list_display = ("task", "state", "attempts", "error", "created_at", "finished_at")
    list_filter = ("state", "task")
    fields = ("task", "state", "attempts", "error", "created_at", "available_at", "finished_at")
    actions = ("resend",)
    ordering = ("-created_at",)

    @admin.action(description=_("Send again what was given up"))
    def resend(self, request: HttpRequest, chosen: QuerySet[OutboxMessage]) -> None:
        dead = list(chosen.filter(state=JobState.DEAD).select_for_update())
        for message in dead:
            jobs.resend(message)
        self.message_user(request, _("%(count)d sent again.") % {"count": len(dead)})


for library in ("allauth.account", "allauth.mfa", "allauth.usersessions", "django_celery_beat", "oauth2_provider"):
    import_module(f"{library}.admin")  # they register first, so that the rows below take theirs away

# What libraries register beyond the list above would show tokens, keys or sessions.
for unwanted in (
    Group,
    EmailAddress,
    Authenticator,
    UserSession,
    oauth.get_access_token_model(),
    oauth.get_grant_model(),
    oauth.get_id_token_model(),
    oauth.get_refresh_token_model(),
    oauth.get_application_model(),
    beat.SolarSchedule,
    beat.ClockedSchedule,
    beat.CrontabSchedule,
    beat.IntervalSchedule,
    beat.PeriodicTask,
):
    if admin.site.is_registered(unwanted):
        admin.site.unregister(unwanted)


@admin.register(ApiClient)
class ClientAdmin(Recorded):
    """API clients: each is a service user of its organisation; its secret is shown once, when it is made."""

    list_display = ("name", "account", "identifier", "created")
    list_select_related = ("user",)
    search_fields = ("name", "client_id", "user__username", "user__full_name")
    autocomplete_fields = ("user",)
    ordering = ("name",)
    labels: ClassVar[Mapping[str, Promise]] = {
        "user": _("service user"),
        "client_id": _("client number"),
        "client_secret": _("secret, shown this once"),
    }

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002  # Django's
        return ("name", "user", "client_id") if obj else ("name", "user", "client_id", "client_secret")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002  # as above
        return ("user", "client_id") if obj else ()

    @admin.display(description=_("service user"), ordering="user__username")
    def account(self, client: ApiClient) -> str:
        return str(client.user or "")

    @admin.display(description=_("client number"))
    def identifier(self, client: ApiClient) -> str:
        return str(client.client_id)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        """A program logs in by its own secret; no other way of logging in is offered."""
        if isinstance(obj, ApiClient) and not change:
            obj.client_type = ApiClient.CLIENT_CONFIDENTIAL
            obj.authorization_grant_type = ApiClient.GRANT_CLIENT_CREDENTIALS
        super().save_model(request, obj, form, change)


@admin.register(Interval)
class IntervalAdmin(ReadOnly):
    """Intervals to choose from. One that exists may be in use, so another one is added."""

    list_display = ("__str__",)
    fields = ("every", "period")
    labels: ClassVar[Mapping[str, Promise]] = {"every": _("every"), "period": _("unit")}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:  # noqa: ANN401, ARG002  # Django's
        kwargs["choices"] = [
            (Interval.SECONDS, _("seconds")),
            (Interval.MINUTES, _("minutes")),
            (Interval.HOURS, _("hours")),
            (Interval.DAYS, _("days")),
        ]
        return db_field.formfield(**kwargs)


@admin.register(Schedule)
class ScheduleAdmin(Recorded):
    """When scheduled work ticks."""

    list_display = ("name", "how_often", "enabled", "latest", "times")
    list_select_related = ("interval",)
    fields = ("name", "interval", "enabled", "latest", "times")
    readonly_fields = ("name", "latest", "times")
    labels: ClassVar[Mapping[str, Promise]] = {"name": _("name"), "interval": _("interval"), "enabled": _("enabled")}

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # schedules come with the code
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Schedule]:
        """Ours alone: what a library schedules for itself has no interval."""
        found: QuerySet[Schedule] = super().get_queryset(request).filter(interval__isnull=False)
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401  # Django's
        return super().formfield_for_foreignkey(db_field, request, queryset=Interval.objects.all(), **kwargs)

    @admin.display(description=_("interval"), ordering="interval__every")
    def how_often(self, schedule: Schedule) -> str:
        interval = schedule.interval
        return str(Interval(every=interval.every, period=interval.period)) if interval else ""

    @admin.display(description=_("last run"), ordering="last_run_at")
    def latest(self, schedule: Schedule) -> str:
        at = schedule.last_run_at
        return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""

    @admin.display(description=_("times run"), ordering="total_run_count")
    def times(self, schedule: Schedule) -> int:
        return int(schedule.total_run_count)
