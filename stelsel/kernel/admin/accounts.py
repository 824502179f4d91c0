"""Organisations, people, clients, schedules and dead jobs."""

from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat import models as beat
from oauth2_provider import models as oauth

from stelsel.kernel import jobs
from stelsel.kernel.admin.recorded import ReadOnly, Recorded
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, gettext_noop
from stelsel.kernel.models import Membership, Organisation, OutboxMessage, User
from stelsel.kernel.models.jobs import JobState


@admin.register(Organisation)
class OrganisationAdmin(Recorded):
    list_display = ("name", "code", "kind", "region", "parent")
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

    list_display = ("user", "role", "organisation", "period", "deputy_of")
    list_filter = ("role", "organisation__kind")
    search_fields = ("user__username", "user__full_name", "organisation__name")
    autocomplete_fields = ("user", "organisation", "deputy_of")
    list_select_related = ("user", "organisation", "deputy_of")

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


@admin.register(oauth.get_application_model())
class ClientAdmin(Recorded):
    """API clients: each is a service user of its organisation; its secret is shown once, when it is made."""

    list_display = ("name", "client_id", "user", "created")
    fields = ("name", "client_id", "client_secret", "user", "client_type", "authorization_grant_type", "algorithm")
    search_fields = ("name", "client_id")
    autocomplete_fields = ("user",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("client_id", "client_secret", "user") if obj else ()


@admin.register(beat.IntervalSchedule)
class IntervalAdmin(Recorded):
    list_display = ("every", "period")


@admin.register(beat.PeriodicTask)
class ScheduleAdmin(Recorded):
    """When scheduled work ticks."""

    list_display = ("name", "interval", "enabled", "last_run_at", "total_run_count")
    fields = ("name", "task", "interval", "args", "enabled", "last_run_at", "total_run_count")
    readonly_fields = ("task", "args", "last_run_at", "total_run_count")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # schedules come with the code
        return False
