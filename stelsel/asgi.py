"""ASGI entry point, for servers that speak it; the application itself is synchronous."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stelsel.settings.dev")

application = get_asgi_application()

from stelsel.kernel.checks import require_sound  # noqa: E402  # the apps are there now

require_sound()
