"""What every environment shares. Each value from the environment is read once, here."""

import logging
from pathlib import Path

import django_stubs_ext
import environ
import structlog
from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _
from environ.fileaware_mapping import FileAwareMapping

django_stubs_ext.monkeypatch()  # Django's classes take their type arguments at run time too


class SecretFiles(FileAwareMapping):  # type: ignore[misc]  # django-environ ships no types
    """The environment; NAME_FILE names a file that holds NAME. An editor's line end at its end is no secret."""

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).rstrip("\r\n")


class Environment(environ.FileAwareEnv):  # type: ignore[misc]  # as above
    ENVIRON = SecretFiles()


env = Environment()
ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(env.str("STELSEL_DATA", str(ROOT / ".stelsel")))

DEBUG = False
DEMO = False
SECRET_KEY = env.str("STELSEL_SECRET_KEY", "")
ALLOWED_HOSTS = env.list("STELSEL_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("STELSEL_ORIGINS", default=[])
PROCESS = env.str("STELSEL_PROCESS", "web")  # web, worker, beat, relay, sealer, migrate or verify

INSTALLED_APPS = [
    "stelsel.kernel",
    "stelsel.legal",
    "cases",
    "threat",
    "resilience",
    "capacity",
    "stelsel.oversight",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "stelsel.kernel.apps.AdminConfig",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_celery_beat",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stelsel.kernel.rest.ApiVersion",
    "stelsel.kernel.web.SessionLimits",
    "stelsel.kernel.unsent.Unsent",
    "stelsel.kernel.web.UnitOfWork",
]

ROOT_URLCONF = "stelsel.urls"
WSGI_APPLICATION = "stelsel.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "stelsel.kernel.web.page_context",
            ],
        },
    },
]

# One database, and each process its own address and role. ATOMIC_REQUESTS stays off: kernel.web.UnitOfWork
# opens the transaction, because it must also hold the rendering and survive a refusal with its trace.
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", "postgresql:///stelsel"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"].setdefault("OPTIONS", {})
if PROCESS == "migrate":
    DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=5s"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("STELSEL_CACHE_URL", "redis://127.0.0.1:6379/1"),
    }
}

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = [
    "stelsel.kernel.access.DatedObjectPermissions",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

GUARDIAN_RAISE_403 = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # our backend is guardian's, made to respect dates
ANONYMOUS_USER_NAME = None
GUARDIAN_AUTO_PREFETCH = False

ACCOUNT_ADAPTER = "stelsel.kernel.lockout.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_RATE_LIMITS = False  # kernel.lockout counts in PostgreSQL, atomically, over all ways in
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Stelsel"
MFA_ADAPTER = "stelsel.kernel.lockout.MfaAdapter"
MFA_FORMS = {
    "authenticate": "stelsel.kernel.lockout.AuthenticateForm",
    "reauthenticate": "stelsel.kernel.lockout.ReauthenticateForm",
    "authenticate_webauthn": "stelsel.kernel.lockout.PasskeyForm",
    "login_webauthn": "stelsel.kernel.lockout.PasskeyLoginForm",
    "reauthenticate_webauthn": "stelsel.kernel.lockout.PasskeyReauthenticateForm",
}
USERSESSIONS_TRACK_ACTIVITY = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("STELSEL_TRUSTED_PROXIES", 0)  # whose word on the client's address counts
LOCKOUT_FAILURES = env.int("STELSEL_LOCKOUT_FAILURES", 5)
SESSION_IDLE_MINUTES = env.int("STELSEL_SESSION_IDLE_MINUTES", 30)
SESSION_ABSOLUTE_HOURS = env.int("STELSEL_SESSION_ABSOLUTE_HOURS", 10)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"

# Secrets that never live in the database.
MASTER_KEYS = env.str("STELSEL_MASTER_KEYS", "")  # "id:base64,id:base64": the last one wraps new keys
INDEX_KEY = env.str("STELSEL_INDEX_KEY", "")
SEAL_KEY = env.str("STELSEL_SEAL_KEY", "")  # the sealer's alone
SEAL_PUBLIC_KEY = env.str("STELSEL_SEAL_PUBLIC_KEY", "")
ADMIN_DATABASE_URL = env.str("STELSEL_ADMIN_DATABASE_URL", "")  # backup and restore alone
ANCHOR = env.str("STELSEL_ANCHOR", str(DATA / "anchor" / "seals.log"))

MARKING_CEILING = env.str("STELSEL_MARKING_CEILING", "DEP_V")

# Kinds of letter that carry an objection clause. None by default: whether these decisions are open to objection is not
# settled in law; the legal officer decides (docs/process.md).
SWITCH_DATE = env.str("STELSEL_SWITCH_DATE", "")  # ISO; from then on earlier products no longer stand beside pictures
OBJECTION_CLAUSE_FOR = env.list("STELSEL_OBJECTION_CLAUSE_FOR", default=[])

# Files about a person: nothing of an upload is written to disk in the clear, so what is too large for memory is not
# read at all (Django drops a file that no upload handler takes).
ATTACHMENT_MAX_BYTES = env.int("STELSEL_ATTACHMENT_MAX_BYTES", 10 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = ATTACHMENT_MAX_BYTES + 64 * 1024  # with the other fields of the form
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # all that is no file
DATA_UPLOAD_MAX_NUMBER_FILES = 1
SCANNER = env.str("STELSEL_SCANNER", "")  # stelsel.kernel.scanning

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STELSEL_STATIC_ROOT", str(DATA / "static")))
NODE = ROOT / "node_modules"
CANDIDATE = NODE / "@nl-design-system-candidate"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    ROOT / "static",
    ("vendor/utrecht", NODE / "@utrecht" / "component-library-css" / "dist"),
    ("vendor/tokens", NODE / "@nl-design-system-unstable" / "voorbeeld-design-tokens" / "dist"),
    ("vendor/source-sans-3", NODE / "@fontsource-variable" / "source-sans-3"),
    *(
        (f"vendor/nl/{part}", CANDIDATE / f"{part}-css" / "dist")
        for part in ("button", "heading", "link", "number-badge", "skip-link")
    ),
]
STORAGES: dict[str, dict[str, str]] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

CELERY_BROKER_URL = env.str("STELSEL_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
DJANGO_CELERY_BEAT_TZ_AWARE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # closed unless it is a kernel.rest.ClientView
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "stelsel.kernel.rest.problem",
    "UNAUTHENTICATED_USER": None,
}
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "SCOPES": {
        "capacity": "Assignments, demand, teams, plans and reports on measures",
        "products": "Deliver threat information products",
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stelsel API",
    "DESCRIPTION": "Assignments, demand, teams, the published plan, reports on measures and threat products.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVERS": [{"url": "/api/v1"}],
    "CONTACT": {"name": "Stelsel", "email": "api@stelsel.example"},
    "CAMELIZE_NAMES": False,
}

# Log lines carry event names, ids and codes; never personal data.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": structlog.stdlib.ProcessorFormatter, "processor": structlog.processors.JSONRenderer()},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": logging.INFO},
}
