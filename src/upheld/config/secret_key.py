"""The key that signs sessions, links and reply tokens; outside the database, in a file of its own."""

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(directory: Path) -> str:
    """Return the key of a data directory, making it at the first call. Two first calls agree on one key."""
    path = directory / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=".secret-key-")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
    return path.read_text().strip()
