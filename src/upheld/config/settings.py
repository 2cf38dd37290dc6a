"""Django's settings, read once from the environment. Every variable is described in docs/running.md."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from upheld.config import mail_webhooks
from upheld.config.embedded import connection_parameters
from upheld.config.lab_place import enclosed, lab_clock
from upheld.config.paths import attachments, data_dir
from upheld.config.secret_key import secret_key
from upheld.config.trouble import Trouble

env = environ.Env()

DATA_DIR: Path = data_dir()
# A data directory that holds a lab's clock is a lab's, whatever program works on it: what leads out is not even read.
LAB: Path | None = lab_clock(DATA_DIR)
if LAB:
    env.ENVIRON = enclosed(os.environ)
environment = env.ENVIRON
DEMO: bool = LAB is not None or env.bool("UPHELD_DEMO", default=False)
UPHELD_URL: str = env.str("UPHELD_URL", default="http://127.0.0.1:8000").rstrip("/")
_url = urlsplit(UPHELD_URL)

# Read as it is: django-environ would follow a value that begins with a dollar sign, and quote it when it leads nowhere.
SECRET_KEY: str = environment.get("UPHELD_SECRET_KEY", "") or secret_key(DATA_DIR)
FORMER_SECRET_KEYS: list[str] = environment.get("UPHELD_FORMER_SECRET_KEYS", "").split()
DEBUG = False
ALLOWED_HOSTS = [_url.hostname or "localhost", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [UPHELD_URL]
TRUSTED_PROXIES: list[str] = env.list("UPHELD_TRUSTED_PROXIES", default=[])
# For how many seconds at most an agent may take back what they pressed; 0 lets everything happen at once.
LONGEST_UNDO: int = env.int("UPHELD_LONGEST_UNDO", default=60)
METRICS_NETWORKS: list[str] = env.list("UPHELD_METRICS_NETWORKS", default=[])

ROOT_URLCONF = "upheld.config.urls"
WSGI_APPLICATION = "upheld.config.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "upheld.web",  # before allauth, so that its pages are ours
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "lucide",
    "upheld.desks",
    "upheld.people",
    "upheld.notices",
    "upheld.tickets",
    "upheld.mailboxes",
    "upheld.worker",
    *(["upheld.lab"] if DEMO else []),
]

MIDDLEWARE = [
    "upheld.web.middleware.health.HealthMiddleware",
    "upheld.web.middleware.proxies.TrustedProxiesMiddleware",
    "upheld.web.middleware.odd.OddCookiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "upheld.web.middleware.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "upheld.web.middleware.now.NowMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "upheld.web.context.desk",
            ],
        },
    }
]


def _parsed(parse: Callable[[str], dict[str, Any]], name: str, example: str) -> dict[str, Any]:
    """Read an address from the environment. What is wrong with it is not quoted: it may hold a password."""
    try:
        return parse(environment[name])
    except Exception:
        raise Trouble(
            f"{name} is not an address that can be read.", f"Write it as in {name}={example}"
        ) from None


def _database() -> dict[str, object]:
    """The database that UPHELD_DATABASE_URL names, else the embedded one of this data directory."""
    url = environment.get("UPHELD_DATABASE_URL", "")
    if url:
        database = dict(
            _parsed(env.db_url_config, "UPHELD_DATABASE_URL", "postgres://role:password@host:5432/name")
        )
    else:
        given = connection_parameters(DATA_DIR)
        database = {
            "NAME": given["dbname"],
            "USER": given["user"],
            "PASSWORD": given.get("password", ""),
            "HOST": given["host"],
            "PORT": given.get("port", ""),
        }
    database |= {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    options = dict(database.get("OPTIONS", {}))  # type: ignore[call-overload]
    options.setdefault("application_name", "upheld")
    database["OPTIONS"] = options
    return database


DATABASES = {"default": _database()}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "upheld.web.account_adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# In the database, so that limits count over all processes and survive a restart.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "upheld_cache"},
}

if LAB:
    # Browsers tell a lab from the desk beside it by the port alone, and cookies know no ports.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "lab-sessionid", "lab-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _url.scheme == "https"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if _url.scheme == "https" else 0
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": attachments(DATA_DIR), "base_url": None},
    },
    "staticfiles": {"BACKEND": "upheld.web.assets.Addresses"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Their addresses change with their content.
WHITENOISE_MAX_AGE = 31_536_000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Only forms that take files keep any; `takes_files` sees to those.
FILE_UPLOAD_HANDLERS = ["upheld.web.uploads.NoFiles"]
SMTP_ADDRESS: str = env.str("UPHELD_SMTP_ADDRESS", default="127.0.0.1:2525")
MAIL_SIZE_LIMIT: int = env.int("UPHELD_MAIL_SIZE_LIMIT", default=50 * 1024 * 1024)
# How many acknowledgements there may be: to one address an hour and a day, for one network, by one desk an hour.
ACKNOWLEDGEMENTS_AN_ADDRESS: int = env.int("UPHELD_ACKNOWLEDGEMENTS_AN_ADDRESS", default=5)
ACKNOWLEDGEMENTS_AN_ADDRESS_A_DAY: int = env.int("UPHELD_ACKNOWLEDGEMENTS_AN_ADDRESS_A_DAY", default=20)
ACKNOWLEDGEMENTS_A_NETWORK: int = env.int("UPHELD_ACKNOWLEDGEMENTS_A_NETWORK", default=120)
ACKNOWLEDGEMENTS_A_DESK: int = env.int("UPHELD_ACKNOWLEDGEMENTS_A_DESK", default=2000)
ATTACHMENT_SIZE_LIMIT: int = env.int("UPHELD_ATTACHMENT_SIZE_LIMIT", default=25 * 1024 * 1024)

EMAIL_URL: str = environment.get("UPHELD_EMAIL_URL", "")
if EMAIL_URL and not DEMO:
    globals().update(
        _parsed(env.email_url_config, "UPHELD_EMAIL_URL", "smtp+tls://user:password@smtp.example.com:587")
    )
else:
    EMAIL_BACKEND = env.str("UPHELD_EMAIL_BACKEND", default="upheld.mailboxes.outbox.OutboxBackend")
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL: str = env.str("UPHELD_FROM_EMAIL", default=f"upheld@{_url.hostname or 'localhost'}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

MAIL_WEBHOOKS, ANYMAIL = mail_webhooks.read(environment)

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # TLS ends at the proxy, which redirects
    "security.W005",  # other hosts under the operator's domain are not ours to force onto TLS
    "security.W021",  # nor is its entry in browsers' preload lists
]
if _url.scheme != "https":
    # On plain HTTP (the demo, a test, a desk behind a private network) these would lock everybody out.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W012", "security.W016"]

LOGGING_CONFIG = "upheld.config.logs.configure"
LOGGING = {"level": os.environ.get("UPHELD_LOG_LEVEL", "INFO")}
