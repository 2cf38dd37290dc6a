"""Secrets of programs: sealed with a key that is not in the database, and shown by nothing."""

from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet, InvalidToken

from upheld.desks import secrets
from upheld.desks.models import Secret

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = "geheim-4711 ä"


def test_what_is_sealed_comes_back_and_lies_nowhere_as_it_is():
    secrets.seal("one", TEXT, NOW)
    assert secrets.unseal("one") == TEXT
    row = Secret.objects.get()
    assert (row.name, row.changed_at) == ("one", NOW)
    assert TEXT.encode() not in bytes(row.sealed)
    assert TEXT not in repr(row) + str(row)


def test_sealing_again_replaces_and_forgetting_forgets():
    secrets.seal("one", TEXT, NOW)
    secrets.seal("one", "another", NOW)
    assert secrets.unseal("one") == "another"
    secrets.forget("one")
    secrets.forget("one")
    with pytest.raises(secrets.SecretMissing):
        secrets.unseal("one")


def test_a_secret_under_another_name_opens_nothing():
    secrets.seal("one", TEXT, NOW)
    secrets.seal("two", "other", NOW)
    Secret.objects.filter(name="two").update(sealed=bytes(Secret.objects.get(name="one").sealed))
    with pytest.raises(secrets.SecretUnreadable):
        secrets.unseal("two")
    assert secrets.count_unreadable() == 1


def test_a_changed_key_says_what_to_do_and_nothing_else(settings):
    secrets.seal("one", TEXT, NOW)
    settings.SECRET_KEY = "another key " * 4
    with pytest.raises(secrets.SecretUnreadable) as refused:
        secrets.unseal("one")
    assert "UPHELD_FORMER_SECRET_KEYS" in str(refused.value)
    assert refused.value.__cause__ is None
    assert secrets.count_unreadable() == 1
    assert secrets.count_under_former_keys() == 0


def test_a_former_key_still_opens_and_is_needed_once(settings):
    former = settings.SECRET_KEY
    secrets.seal("one", TEXT, NOW)
    settings.SECRET_KEY = "another key " * 4
    settings.FORMER_SECRET_KEYS = ["a still older one", former]
    assert secrets.count_under_former_keys() == 1
    assert secrets.unseal("one") == TEXT
    settings.FORMER_SECRET_KEYS = []
    assert secrets.unseal("one") == TEXT
    assert secrets.count_unreadable() == secrets.count_under_former_keys() == 0


def test_the_key_is_not_one_that_signs_something_else(settings):
    secrets.seal("one", TEXT, NOW)
    for name in ("", "two"):
        for lock in secrets._locks(name):
            with pytest.raises(InvalidToken):
                lock.decrypt(bytes(Secret.objects.get().sealed))
    assert isinstance(secrets._locks("one")[0], Fernet)
    assert secrets._derived("a", "x") != secrets._derived("b", "x") != secrets._derived("a", "y")
