"""Secrets that only a program needs, such as the password of a mail account: sealed in the database with a key that is
not in it. They are written and used; nothing shows them.

The key is derived from the desk's secret key, one for each name, so that a row put under another name opens nothing.
"""

import base64
from collections.abc import Iterator
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from upheld.desks.models import Secret


class SecretMissing(Exception):  # noqa: N818 - it is told to people, as a sentence
    """There is no such secret."""


class SecretUnreadable(Exception):  # noqa: N818
    """A secret was sealed with a key that we no longer have. Set it anew, or name the former key in
    UPHELD_FORMER_SECRET_KEYS."""

    def __init__(self) -> None:
        super().__init__(" ".join(str(self.__doc__).split()))


def seal(name: str, text: str, now: datetime) -> None:
    """Keep a secret under a name, in place of what was there."""
    sealed = _locks(name)[0].encrypt(text.encode())
    Secret.objects.update_or_create(name=name, defaults={"sealed": sealed, "changed_at": now})


def unseal(name: str) -> str:
    """Return a secret. One that a former key sealed is sealed anew with the present one."""
    secret = Secret.objects.filter(name=name).first()
    if secret is None:
        raise SecretMissing("There is no such secret.")
    text, by_present_key = _opened(secret)
    if not by_present_key:
        # Only if nobody has set another one meanwhile.
        sealed = _locks(name)[0].encrypt(text)
        Secret.objects.filter(pk=secret.pk, sealed=bytes(secret.sealed)).update(sealed=sealed)
    return text.decode()


def forget(name: str) -> None:
    """Remove a secret, if there is one."""
    Secret.objects.filter(name=name).delete()


def count_unreadable() -> int:
    """How many secrets no key of ours opens."""
    return sum(not _can_be_opened(secret) for secret in Secret.objects.iterator())


def count_under_former_keys() -> int:
    """How many secrets still need a former key."""
    readable = (secret for secret in Secret.objects.iterator() if _can_be_opened(secret))
    return sum(not _opened(secret)[1] for secret in readable)


def _can_be_opened(secret: Secret) -> bool:
    try:
        _opened(secret)
    except SecretUnreadable:
        return False
    return True


def _opened(secret: Secret) -> tuple[bytes, bool]:
    """What is inside, and whether the present key opened it."""
    for number, lock in enumerate(_locks(secret.name)):
        try:
            return lock.decrypt(bytes(secret.sealed)), number == 0
        except InvalidToken:
            continue
    raise SecretUnreadable


def _locks(name: str) -> list[Fernet]:
    return [Fernet(base64.urlsafe_b64encode(_derived(key, name))) for key in _keys()]


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.FORMER_SECRET_KEYS


def _derived(key: str, name: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"upheld secrets\x00" + name.encode())
    return derivation.derive(key.encode())
