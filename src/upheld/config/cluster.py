"""One PostgreSQL cluster on disk: where it lies, how it is made, and whom it lets in."""

from __future__ import annotations

import hashlib
import json
import locale
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from upheld.config.child import Account, credentials
from upheld.config.paths import private_directory
from upheld.config.postgres_program import PostgresProgram
from upheld.config.trouble import Trouble

ROLE = "upheld"
KEEPER = "postgres"
DATABASE = "upheld"
# The kernel's limit for a socket path is 107 bytes; PostgreSQL adds its own name for the socket.
LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")

CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "96MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "synchronous_commit": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Place:
    """Where a cluster, its sockets and its log lie."""

    cluster: Path
    sockets: Path
    log: Path

    @classmethod
    def of(cls, data_dir: Path) -> Place:
        """The place recorded at the last start, else the one that a first start tries."""
        return cls.recorded(data_dir) or cls.within(data_dir, data_dir)

    @classmethod
    def recorded(cls, data_dir: Path) -> Place | None:
        """The place recorded at the last start, if there was one."""
        try:
            found = json.loads((data_dir / "postgres.json").read_text())
            return cls(**{name: Path(path) for name, path in found.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    @classmethod
    def within(cls, home: Path, data_dir: Path, account: Account | None = None) -> Place:
        """The place of a cluster that lies in `home`."""
        return cls(home / "postgres", _socket_directory(home, account), data_dir / "postgres.log")

    def record(self, data_dir: Path) -> None:
        """Keep the place for those who connect later."""
        text = json.dumps({name: str(path) for name, path in asdict(self).items()}, indent=2)
        draft = data_dir / f".postgres.json.{os.getpid()}"
        draft.write_text(text + "\n")
        draft.replace(data_dir / "postgres.json")


def short_name(path: Path) -> str:
    """A short name that tells one data directory from another."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def make_cluster(program: PostgresProgram, place: Place, account: Account | None) -> None:
    """Make an empty cluster. It appears whole or not at all: a start that was cut off leaves only a draft."""
    draft = place.cluster.with_name("postgres.draft")
    shutil.rmtree(draft, ignore_errors=True)
    private_directory(draft, account.uid if account else None)
    options = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={_character_types()}", "--data-checksums"]
    options += [
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth=reject",
        f"--username={KEEPER}",
    ]
    done = subprocess.run(  # noqa: S603
        [str(program["initdb"]), *options, "--no-instructions", f"--pgdata={draft}"],
        env=CLEAN_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        **credentials(account),
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise Trouble(f"The database could not be made in {place.cluster}: {' '.join(last)}")
    with (draft / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'upheld.conf'\n# What an operator adds below this line wins.\n")
    draft.rename(place.cluster)


def configure(place: Place, account: Account | None, settings: Mapping[str, str]) -> None:
    """Write our part of the server's configuration anew; postgresql.conf is left to operators.

    Peer authentication asks the kernel who is calling, so there is no password to keep, to leak or to rotate:
    only the user who runs Upheld, and the system user that runs the server for root, may come in.
    """
    lines = [f"{name} = '{value}'" for name, value in {**SETTINGS, **settings}.items()]
    lines += [f"unix_socket_directories = '{place.sockets}'"]
    _write(place.cluster / "upheld.conf", lines, account)
    _write(place.cluster / "pg_hba.conf", ["local all all peer map=upheld"], account)
    names = {pwd.getpwuid(os.geteuid()).pw_name, *([account.name] if account else [])}
    allowed = [f'upheld "{name}" {role}' for name in sorted(names) for role in (ROLE, KEEPER)]
    _write(place.cluster / "pg_ident.conf", allowed, account)


def made_by(place: Place) -> str | None:
    """The major version of PostgreSQL that made the cluster, where there is one."""
    try:
        return (place.cluster / "PG_VERSION").read_text().strip()
    except OSError:
        return None


def refuse_other_version(program: PostgresProgram, place: Place) -> None:
    """Say so when the data was made by another major version of PostgreSQL."""
    version, ours = made_by(place), program.version()
    if version != ours.split(".")[0]:
        raise Trouble(
            f"The data in {place.cluster} was made by PostgreSQL {version}, and this Upheld brings {ours}.",
            "Take a backup with the Upheld that made it (`upheld backup FILE`), and restore it with this one"
            " (`upheld restore --replace FILE`); the old data is kept aside.",
        )


def _write(path: Path, lines: list[str], account: Account | None) -> None:
    # The cluster belongs to the server's user; a link planted there must not lead root elsewhere.
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("# Written by Upheld at each start.\n" + "\n".join(lines) + "\n")
        if account:
            os.fchown(file.fileno(), account.uid, account.gid)


def _socket_directory(home: Path, account: Account | None) -> Path:
    beside = home / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return beside
    owner = account.uid if account else os.geteuid()
    return Path("/tmp") / f"upheld-{owner}-{short_name(home)}"  # noqa: S108 - made 0700, checked before use


def _character_types() -> str:
    """A UTF-8 locale of this system, by which full-text search tells letters from punctuation."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    return "C"
