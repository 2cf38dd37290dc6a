"""What a source signs in with. It is sealed, and shown by nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from upheld.desks import secrets
from upheld.mailboxes.models import Source


@dataclass(slots=True)
class Credentials:
    """A password; or, for OAuth2, what an access token is got with. `access_token` is held in memory alone."""

    password: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)

    def hidden(self) -> Iterator[str]:
        """Everything that no error may repeat."""
        yield from (self.password, self.refresh_token, self.client_secret, self.access_token)


_KEPT = ("password", "refresh_token", "client_secret")


def keep(source: Source, credentials: Credentials, now: datetime) -> None:
    """Seal what a source signs in with, in place of what it had."""
    for part in _KEPT:
        if text := getattr(credentials, part):
            secrets.seal(_name(source, part), text, now)
        else:
            secrets.forget(_name(source, part))


def keep_refresh_token(source: Source, token: str, now: datetime) -> None:
    """Seal the refresh token that a provider gave in place of the last one."""
    secrets.seal(_name(source, "refresh_token"), token, now)


def load(source: Source) -> Credentials:
    """Return what a source signs in with. Raises SecretMissing or SecretUnreadable."""
    if not source.oauth_token_url:
        return Credentials(password=secrets.unseal(_name(source, "password")))
    found = Credentials(
        refresh_token=_or_none(source, "refresh_token"), client_secret=_or_none(source, "client_secret")
    )
    if not (found.refresh_token or found.client_secret):
        raise secrets.SecretMissing("There is neither a refresh token nor a client secret.")
    return found


def forget(source: Source) -> None:
    """Remove everything that a source signs in with."""
    for part in _KEPT:
        secrets.forget(_name(source, part))


def _or_none(source: Source, part: str) -> str:
    try:
        return secrets.unseal(_name(source, part))
    except secrets.SecretMissing:
        return ""


def _name(source: Source, part: str) -> str:
    return f"mail source {source.pk}: {part.replace('_', ' ')}"
