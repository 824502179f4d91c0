"""What becomes of a report about somebody known."""

from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm
from cases.forms.demarcation import BareForm
from stelsel.kernel.forms import long_text

__all__ = ["BareForm", "DifferForm", "TakeForm"]


class TakeForm(ActForm):
    """Taken up: what who reported may know of it."""

    answer = long_text(_("Answer to who reported"), help_text=_("What they may know; nothing of the case."))


class DifferForm(ActForm):
    """About somebody else."""

    answer = long_text(
        _("What who reported should add"), help_text=_("They report anew; a birth date tells two people apart.")
    )
