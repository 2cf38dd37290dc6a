"""Secrets stay where they are: in no message, no log, no page, and in files of one user alone."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from harness.cast import Cast
from upheld.config.secret_key import secret_key
from upheld.people.models import Contact

SECRET = "geheim4711"
TRY_LATER = 75
# A character that means something in an address, forgotten to be written as %2F and the like.
DATABASES = (
    f"postgres://upheld:{SECRET}/more@db.example/desk",
    f"postgres://upheld:{SECRET}#more@db.example/desk",
    f"postgres://upheld:more{SECRET}?x@127.0.0.1:1/desk",
    f"postgres://upheld:{SECRET}@127.0.0.1:1/desk",
    f"mysql://upheld:{SECRET}@127.0.0.1/desk",
)
SETTINGS = (
    {"UPHELD_EMAIL_URL": f"smtp+tls://desk:{SECRET}/more@smtp.example:587"},
    {"UPHELD_EMAIL_URL": f"smtp+tls://desk:{SECRET}#more@smtp.example:587"},
    {"UPHELD_EMAIL_URL": f"smpt://desk:{SECRET}@smtp.example:587"},
    {"UPHELD_SECRET_KEY": f"${SECRET}"},
)


def said(tmp_path: Path, command: list[str], settings: dict[str, str]) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "upheld", *command],
        env=kept | {"UPHELD_DATA_DIR": str(tmp_path)} | settings,
        input=b"From: a@b.example\r\n\r\nhello\r\n",
        capture_output=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_password_in_a_database_address_is_never_repeated_to_a_mail_server(tmp_path: Path) -> None:
    """What the pipe prints may end in a mail server's log, and in a bounce to the sender."""
    for url in DATABASES:
        status, text = said(tmp_path, ["mail", "deliver"], {"UPHELD_DATABASE_URL": url})
        assert (url, status, SECRET in text) == (url, TRY_LATER, False)


def test_a_secret_in_any_other_setting_is_never_repeated(tmp_path: Path) -> None:
    for settings in SETTINGS:
        _, text = said(tmp_path, ["mail", "deliver"], settings)
        assert (settings, SECRET in text) == (settings, False)


def test_the_key_is_in_a_file_of_one_user(tmp_path: Path) -> None:
    directory = tmp_path / "new"
    key = secret_key(directory)
    assert len(key) >= 50
    assert secret_key(directory) == key
    assert stat.S_IMODE((directory / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert [each.name for each in directory.iterdir()] == ["secret-key"]


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("\n")
    program = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE']='upheld.config.settings'; django.setup()"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))}
    check = program + "; from django.conf import settings; print(settings.SECRET_KEY)"
    done = subprocess.run(
        [sys.executable, "-c", check],
        env=kept | {"UPHELD_DATA_DIR": str(tmp_path)},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode != 0


def test_behind_tls_every_cookie_goes_by_tls_alone(tmp_path: Path) -> None:
    program = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE']='upheld.config.settings'; django.setup();"
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY,"
        " s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG, 'upheld.lab' in s.INSTALLED_APPS)"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))}
    env = kept | {"UPHELD_DATA_DIR": str(tmp_path), "UPHELD_URL": "https://desk.example.com"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, timeout=60)
    assert done.stdout.decode().split() == ["True", "True", "True", "True", "Lax", "True", "False", "False"]


def test_no_page_and_no_figure_holds_the_key(cast: Cast, settings: object, client: Client) -> None:
    bob = Client()
    bob.force_login(cast.bob.user)
    ticket = cast.writes("2026-03-20 16:00")
    key = settings.SECRET_KEY.encode()  # type: ignore[attr-defined]
    for browser in (client, bob):
        for path in (
            "/",
            "/help/",
            "/tickets/",
            f"/tickets/{ticket.number}/",
            "/metrics",
            "/health",
            "/nothing",
        ):
            assert key not in browser.get(path).content


@pytest.mark.parametrize(
    "hostile", ["a\nlevel=info event=forged", "a\rb", "\x1b[2Jgone", "a\u2028b", 'a" b="c', "a\x0bb"]
)
def test_a_stranger_writes_neither_lines_nor_commands_into_the_log(
    capsys: pytest.CaptureFixture[str], hostile: str
) -> None:
    """One line an event, and nothing in it that a terminal obeys."""
    from upheld.config import logs

    before = logging.root.handlers[:], logging.root.level
    try:
        logs.configure({"level": "INFO"})
        logging.getLogger("django.request").error("Error at %s", f"/{hostile}")
        written = capsys.readouterr().err
    finally:
        logging.root.handlers[:], logging.root.level = before
    assert len(written.splitlines()) == 1
    assert written.rstrip("\n").isprintable()


def test_a_trace_quotes_no_row(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """PostgreSQL says which row stood in the way. That is somebody's address, or what they wrote."""
    from upheld.config import logs

    before = logging.root.handlers[:], logging.root.level
    try:
        logs.configure({"level": "INFO"})
        try:
            with transaction.atomic():
                Contact.objects.create(address=cast.amina.address, created_at=cast.amina.created_at)
        except IntegrityError:
            logging.getLogger("django.request").exception("It failed")
        written = capsys.readouterr().err
    finally:
        logging.root.handlers[:], logging.root.level = before
    assert "duplicate key value violates unique constraint" in written
    assert "DETAIL" not in written and cast.amina.address not in written
