"""The demonstration: fictional people, cases, teams and plans that hang together, the same for the same seed."""

from stelsel.oversight.services.demo.loading import Wanted, load, loaded
from stelsel.oversight.services.demo.people import LOG_INS, LogIn
from stelsel.oversight.services.demo.plan import CASES
from stelsel.oversight.services.demo.scale import multiply

__all__ = ["CASES", "LOG_INS", "LogIn", "Wanted", "load", "loaded", "multiply"]
