"""Acts on resilience files, one module per concept; doors call them from here."""

from resilience.services.files import About, begin, change_phase, write_about
from resilience.services.reading import open_file, status_of_case, timeline
from resilience.services.support import answer_offer, offer_support
from resilience.services.talks import Held, Plan, end_talk, hold_talk, move_talk, plan_talk, settle_follow_up
from resilience.services.watch import watch
from resilience.services.worklist import list_files, list_talks

__all__ = [
    "About",
    "Held",
    "Plan",
    "answer_offer",
    "begin",
    "change_phase",
    "end_talk",
    "hold_talk",
    "list_files",
    "list_talks",
    "move_talk",
    "offer_support",
    "open_file",
    "plan_talk",
    "settle_follow_up",
    "status_of_case",
    "timeline",
    "watch",
    "write_about",
]
