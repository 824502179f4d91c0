"""What libraries keep, by the names that administrators know it by: no tables of our own."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from oauth2_provider.models import Application


class ApiClient(Application):  # type: ignore[misc]  # the library has no types
    """A program that uses the API, as a service user of its organisation."""

    class Meta:
        proxy = True
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")


class Interval(IntervalSchedule):  # type: ignore[misc]  # as above
    """How often scheduled work is done."""

    class Meta:
        proxy = True
        ordering = ("period", "every")
        verbose_name = _("interval")
        verbose_name_plural = _("intervals")

    def __str__(self) -> str:
        words = {
            IntervalSchedule.DAYS: ngettext("every %d day", "every %d days", self.every),
            IntervalSchedule.HOURS: ngettext("every %d hour", "every %d hours", self.every),
            IntervalSchedule.MINUTES: ngettext("every %d minute", "every %d minutes", self.every),
            IntervalSchedule.SECONDS: ngettext("every %d second", "every %d seconds", self.every),
        }
        return words[self.period] % self.every if self.period in words else str(super().__str__())


class Schedule(PeriodicTask):  # type: ignore[misc]  # as above
    """When scheduled work is done."""

    class Meta:
        proxy = True
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return str(self.name)
