"""Production: no demonstration mode, no default secrets, everything over TLS behind the reverse proxy."""

from django.core.exceptions import ImproperlyConfigured

from stelsel.settings.base import *

if env.bool("STELSEL_DEMO", False):
    raise ImproperlyConfigured("Demonstration mode cannot be switched on in production settings.")
for _name in ("STELSEL_SECRET_KEY", "STELSEL_HOSTS", "DATABASE_URL"):
    if not (env.ENVIRON.get(_name) or env.ENVIRON.get(f"{_name}_FILE")):
        raise ImproperlyConfigured(f"{_name} is not set.")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
