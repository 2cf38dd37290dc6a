"""Django's settings for pages that need no desk: templates and translations, no database and no secret."""

from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).resolve().parents[1]

SETTINGS: dict[str, Any] = {
    "INSTALLED_APPS": ["upheld.web", "lucide"],
    "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    "LANGUAGE_CODE": "en",
    "USE_I18N": True,
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    # The words of dates are those of the mails.
    "LOCALE_PATHS": [_PROGRAM / "mailboxes" / "locale"],
    "LOGGING_CONFIG": None,
}
