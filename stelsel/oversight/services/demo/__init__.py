"""The demonstration: fictional people, cases, teams and plans that hang together, the same for the same seed."""

from stelsel.oversight.services.demo.loading import Wanted, load, loaded
from stelsel.oversight.services.demo.people import LOG_INS, LogIn

__all__ = ["LOG_INS", "LogIn", "Wanted", "load", "loaded"]
