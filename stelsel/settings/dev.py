"""The machine of a developer or a first visitor: embedded services, demonstration mode."""

from stelsel.settings.base import *

_written = DATA / "env" / f"{PROCESS}.env"  # written by stelsel.embedded when it makes the services
if _written.exists():
    env.read_env(str(_written))
    from importlib import reload

    from stelsel.settings import base as _base

    reload(_base)
    from stelsel.settings.base import *

DEMO = env.bool("STELSEL_DEMO", True)
DEMO_PASSWORD = env.str("STELSEL_DEMO_PASSWORD", "")  # of every demonstration log-in; empty makes a random one
SECRET_KEY = SECRET_KEY or "development only, never used in production"
