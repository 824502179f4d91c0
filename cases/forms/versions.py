"""What forms share that change a record or sign: the version they were based on."""

from django import forms
from django.http import QueryDict

from stelsel.kernel import forms as kernel


class Versioned(forms.Form):
    """Carries the version of the record as it was when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def take_version(self, version: int) -> None:
        """Lay what was typed on the version that was saved meanwhile, so that saving again means: I compared."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("version")] = str(version)
        self.data = data


class Signed(kernel.Signed, Versioned):
    """A form that signs the version that the page shows."""
