"""Files apart from the threat file: phases, talks and support of each person."""

from resilience.models.file import PhaseChange, PhaseNorm, ResilienceFile
from resilience.models.support import SupportItem, SupportOffer
from resilience.models.talk import Talk, TalkParticipant

__all__ = [
    "PhaseChange",
    "PhaseNorm",
    "ResilienceFile",
    "SupportItem",
    "SupportOffer",
    "Talk",
    "TalkParticipant",
]
