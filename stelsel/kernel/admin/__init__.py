"""Django admin: organisations, people, clients, schedules, dead jobs, and configuration.

Never case content, raw history or payloads, for superusers neither. Every change is an act in the trail.
"""

from stelsel.kernel.admin import accounts, codes, norms
from stelsel.kernel.admin.recorded import ReadOnly, Recorded, span

__all__ = ["ReadOnly", "Recorded", "accounts", "codes", "norms", "span"]
