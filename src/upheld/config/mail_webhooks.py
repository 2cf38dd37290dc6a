"""Mail providers that hand mail over by webhook, as the environment names them."""

from __future__ import annotations

from collections.abc import Mapping

from upheld.config.trouble import Trouble

PREFIX = "UPHELD_ANYMAIL_"
# What each provider signs with, where it signs; all of them send the shared secret besides.
SIGNING = {
    "mailersend": "MAILERSEND_INBOUND_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailjet": "",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
    "postmark": "",
    "sparkpost": "",
}
SHORTEST_SECRET = 20


def read(environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return the providers that may call, and the settings of django-anymail. Raises Trouble, which quotes no value."""
    anymail = {name.removeprefix(PREFIX): text for name, text in environ.items() if name.startswith(PREFIX)}
    providers = environ.get("UPHELD_MAIL_WEBHOOKS", "").replace(",", " ").lower().split()
    if not providers:
        return [], anymail
    for provider in providers:
        if provider not in SIGNING:
            known = " ".join(SIGNING)
            raise Trouble(f"UPHELD_MAIL_WEBHOOKS: “{provider}” is not known.", f"Known are: {known}.")
        if SIGNING[provider] and not anymail.get(SIGNING[provider]):
            raise Trouble(
                f"UPHELD_MAIL_WEBHOOKS names {provider}, whose signatures cannot be checked.",
                f"Set {PREFIX}{SIGNING[provider]}.",
            )
    secret = environ.get("UPHELD_MAIL_WEBHOOK_SECRET", "")
    if ":" not in secret or len(secret) < SHORTEST_SECRET or not secret.isascii():
        raise Trouble(
            "UPHELD_MAIL_WEBHOOKS needs UPHELD_MAIL_WEBHOOK_SECRET, which is missing or too weak.",
            f"Set it to a name and a long password, name:password, at least {SHORTEST_SECRET} characters.",
        )
    return providers, anymail | {"WEBHOOK_SECRET": secret}
