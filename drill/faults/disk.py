"""A full disk: the data directory, PostgreSQL's included, lies on a small file system in memory, which is filled to the
last byte, kept full while mail comes in, and freed again."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drill import ground
from drill.faults.form import Fault
from drill.ground import Ground
from drill.killer import Killer
from drill.mail_server_outside import MailServerOutside

SIZE = 400
PIECE = 64 * 1024
FILLER = "filler"
MORTAL = ("web", "worker", "mail", "postgres")


def missing() -> str:
    """Mount one where it harms nobody, to see whether we may."""
    with ground.directory() as folder:
        if why := _mount(folder, 1):
            return f"needs the right to mount (run it as root): {why}"
        _unmount(folder)
    return ""


@contextmanager
def small_disk(template: Path, outside: MailServerOutside, minutes: int) -> Iterator[Ground]:
    with ground.directory() as folder:
        place = folder / "disk"
        place.mkdir()
        if why := _mount(place, SIZE):
            raise OSError(why)
        try:
            place.chmod(0o711)
            with ground.running_on(place / "data", template, outside, minutes) as found:
                # What the program says goes to whoever started it, as with systemd; not onto the full disk.
                found.desk.log_file = folder / "desk.log"
                found.at_hand["disk"] = place
                yield found
        finally:
            _unmount(place)


def rage(ground: Ground, seconds: float, dice: random.Random) -> Counter[str]:
    """Full for half of the time, in several goes."""
    filler = ground.at_hand["disk"] / FILLER
    done: Counter[str] = Counter()
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(dice.uniform(1, 5), left))
        try:
            done += _keep_full(ground, filler, min(dice.uniform(4, 10), max(left, 4)), dice)
        finally:
            filler.unlink(missing_ok=True)
    return done


def _keep_full(ground: Ground, filler: Path, seconds: float, dice: random.Random) -> Counter[str]:
    """What others free in the meantime is taken as well; and half-way somebody dies, who has to be started anew."""
    began, killer = time.monotonic(), Killer(ground.desk, dice.randrange(1_000_000), MORTAL)
    with filler.open("wb", buffering=0) as file:
        while (passed := time.monotonic() - began) < seconds:
            _fill(file.fileno())
            if passed > seconds / 2 and not killer.killed:
                killer.kill_one()
            time.sleep(0.02)
    return Counter({"disk full": 1, **{f"{name} killed meanwhile": 1 for name in killer.killed}})


def _fill(file: int) -> None:
    for piece in (PIECE, 512, 1):
        try:
            while True:
                os.write(file, b"\0" * piece)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def _mount(place: Path, megabytes: int) -> str:
    """Mount a file system in memory, or say why not."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "upheld-drill", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return "there is no program mount"
    return (
        "" if done.returncode == 0 else " ".join(done.stderr.split()) or f"mount ended with {done.returncode}"
    )


def _unmount(place: Path) -> None:
    if subprocess.run(["umount", str(place)], capture_output=True).returncode:
        subprocess.run(["umount", "--lazy", str(place)], capture_output=True)


def expected(done: Counter[str], mail: Counter[str], pages: Counter[str]) -> Iterable[str]:
    if not mail["4xx"]:
        yield "no mail was answered 4xx, so the disk was never full for the desk"


FAULT = Fault(
    "disk",
    "the data directory on a file system that is filled to the last byte, and freed again",
    share=0.12,
    run=rage,
    ground=small_disk,
    missing=missing,
    expects=expected,
)
