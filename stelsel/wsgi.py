"""WSGI entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stelsel.settings.dev")

application = get_wsgi_application()

from stelsel.kernel.checks import require_sound  # noqa: E402  # the apps are there now

require_sound()
