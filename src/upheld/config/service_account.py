"""The unprivileged system user that runs PostgreSQL when Upheld is started as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from upheld.config.child import Account, credentials
from upheld.config.trouble import Trouble

NAME = "upheld"


def account_for_postgres() -> Account | None:
    """None for an ordinary user; for root the system user `upheld`, made when it does not exist."""
    if os.geteuid() != 0:
        _named(os.geteuid())
        return None
    try:
        found = pwd.getpwnam(NAME)
    except KeyError:
        _create()
        found = pwd.getpwnam(NAME)
    if found.pw_uid == 0:
        raise Trouble(f"The system user {NAME!r} is root under another name; PostgreSQL refuses that.")
    return Account(NAME, found.pw_uid, found.pw_gid)


def can_enter(account: Account | None, directory: Path) -> bool:
    """Whether the account can reach this directory, parents included."""
    return account is None or _succeeds(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)])


def can_run(account: Account | None, program: Path) -> bool:
    """Whether the account can run this program."""
    return account is None or _succeeds(account, [str(program), "--version"])


def _succeeds(account: Account, command: list[str]) -> bool:
    try:
        done = subprocess.run(  # noqa: S603
            command, env={}, cwd="/", capture_output=True, check=False, **credentials(account)
        )
    except OSError:
        return False
    return done.returncode == 0


def _named(uid: int) -> None:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise Trouble(
            f"The user id {uid} has no name on this system, and PostgreSQL needs one.",
            "Add it to /etc/passwd, or set UPHELD_DATABASE_URL.",
        ) from None


def _create() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise Trouble(
            "PostgreSQL does not run as root, and there is no useradd to make a user for it.",
            f"Make a system user named {NAME!r}, start as an ordinary user, or set UPHELD_DATABASE_URL.",
        )
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    done = subprocess.run(  # noqa: S603
        [useradd, *options, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"The system user {NAME!r} could not be made: {done.stderr.strip()}.")
