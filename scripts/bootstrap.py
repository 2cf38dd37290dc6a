"""Makes the environment in .venv from nothing but Python: fetches uv as uv.lock pins it, and lets it work.

Standard library only, because a bare machine has nothing else: Debian's python3 may lack pip and venv.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this runs before anything has checked the version
    sys.exit(
        f"Upheld needs Python 3.11 or newer, this is {sys.version.split()[0]}. Try: make PYTHON=python3.12"
    )

import platform
import tomllib

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "uv.lock"
ENVIRONMENT = ROOT / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")
STAMP = ENVIRONMENT / ".upheld-stamp"
TRIES = 3


def main() -> None:
    """Make the environment, unless the one that is there already fits uv.lock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also install what tests and checks need")
    dev = parser.parse_args().dev
    if is_current(dev):
        return
    try:
        uv = find_uv()
        synchronise(uv, dev)
    except KeyboardInterrupt:
        sys.exit("Interrupted. Run the same command again to go on.")


def is_current(dev: bool) -> bool:
    """Whether the environment was made from this very lock, with at least the packages that are wanted."""
    try:
        stamped = STAMP.read_text().split()
    except OSError:
        return False
    wanted = [stamp(True)] if dev else [stamp(True), stamp(False)]
    return (
        stamped[-1:] != []
        and stamped[-1] in wanted
        and (ENVIRONMENT / "bin" / "upheld").exists()
        and starts()
    )


def starts() -> bool:
    """Whether the environment's Python is still there: a system upgrade may have taken it away."""
    return (ENVIRONMENT / "bin" / "python").resolve().exists()


def stamp(dev: bool) -> str:
    """What the environment is made from."""
    content = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + bytes([dev])
    return hashlib.sha256(content).hexdigest()


def find_uv() -> Path:
    """The pinned uv: from an earlier run, from PATH, or downloaded."""
    package = locked_uv()
    version = package["version"]
    ours = ROOT / ".uv" / f"uv-{version}"
    if ours.exists():
        return ours
    found = shutil.which("uv")
    if found and version_of(Path(found)) == version:
        return Path(found)
    wheel = fitting_wheel(package["wheels"])
    unpack(download(wheel["url"], wheel["hash"].removeprefix("sha256:"), f"uv {version}"), ours)
    return ours


def locked_uv() -> dict:
    """What uv.lock says about uv."""
    packages = tomllib.loads(LOCK.read_text())["package"]
    return next(package for package in packages if package["name"] == "uv")


def version_of(uv: Path) -> str:
    """The version that a uv says it is."""
    try:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        return ""
    return said[1] if len(said) > 1 else ""


def fitting_wheel(wheels: list[dict]) -> dict:
    """The first wheel made for this machine."""
    for wheel in wheels:
        tags = wheel["url"].rsplit("-", 1)[-1].removesuffix(".whl").split(".")
        if any(fits(tag) for tag in tags):
            return wheel
    sys.exit(
        f"There is no uv for this machine ({sysconfig.get_platform()}). Install uv yourself, then run again."
    )


def fits(tag: str) -> bool:
    """Whether a platform tag of a wheel's name means this machine."""
    system, machine = sysconfig.get_platform().split("-", 1)[0], platform.machine()
    made_for = re.fullmatch(r"(manylinux|musllinux|macosx)_(\d+)_(\d+)_(.+)", tag)
    if not made_for or made_for[4] != machine:
        return False
    needed = (int(made_for[2]), int(made_for[3]))
    if made_for[1] == "macosx":
        return system == "macosx" and tuple(map(int, platform.mac_ver()[0].split(".")[:2])) >= needed
    if system != "linux":
        return False
    # uv's musllinux binaries are static and run anywhere.
    return made_for[1] == "musllinux" or glibc() >= needed


def glibc() -> tuple[int, ...]:
    """The version of this machine's C library; (0,) when it is another one."""
    name, version = platform.libc_ver()
    return tuple(map(int, version.split("."))) if name == "glibc" else (0,)


def download(url: str, sha256: str, what: str) -> bytes:
    """Fetch a file and check that it is the one that uv.lock means."""
    for attempt in range(1, TRIES + 1):
        try:
            content = b"".join(chunks(url, what))
            break
        except (OSError, http.client.HTTPException) as error:
            reason = error if isinstance(error, urllib.error.HTTPError) else getattr(error, "reason", error)
            if attempt == TRIES:
                sys.exit(
                    f"{what} could not be downloaded from {url}: {reason}. Check the network"
                    " (HTTPS_PROXY and SSL_CERT_FILE are respected), then run the same command again."
                )
            time.sleep(attempt)
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.exit(f"What came from {url} is not what uv.lock describes. Nothing was installed.")
    return content


def chunks(url: str, what: str) -> Iterator[bytes]:
    """The parts of a download, told as they come."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        size = int(answer.headers.get("Content-Length") or 0)
        done = told = 0
        while chunk := answer.read(1 << 18):
            yield chunk
            done += len(chunk)
            if size and done * 4 // size > told:
                told = done * 4 // size
                print(f"Downloading {what}: {done * 100 // size} % of {size >> 20} MB", flush=True)
        if size and done < size:
            raise OSError(f"the connection ended after {done} of {size} bytes")


def unpack(wheel: bytes, target: Path) -> None:
    """Take the program out of its wheel; it appears whole or not at all."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(name for name in archive.namelist() if re.fullmatch(r"uv-[^/]+\.data/scripts/uv", name))
        program = archive.read(name)
    target.parent.mkdir(exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    draft.write_bytes(program)
    draft.chmod(0o755)
    draft.replace(target)


def synchronise(uv: Path, dev: bool) -> None:
    """Install exactly what uv.lock names into the environment."""
    groups = ["--group", "dev"] if dev else ["--no-default-groups", "--inexact"]
    environment = {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON": sys.executable, "UV_COMPILE_BYTECODE": "1"}
    environment |= os.environ
    # An environment that happens to be active is not ours to change.
    environment.pop("VIRTUAL_ENV", None)
    print("Installing what uv.lock names ...", flush=True)
    done = subprocess.run([uv, "sync", "--frozen", *groups], cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        sys.exit(
            "The packages could not be installed; uv says why above. Run the same command again to go on."
        )
    STAMP.write_text(stamp(dev) + "\n")


if __name__ == "__main__":
    main()
