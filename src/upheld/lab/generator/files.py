"""Made-up files: a few contents, stored once each, that many messages name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "bench"
_LINE = "2026-03-16 09:{minute:02} device {device}: battery at {percent} %, no charger found\n"
_SIZES = (20, 60, 200, 600)
_KINDS = (("log", "text/plain"), ("csv", "text/csv"), ("json", "application/json"), ("txt", "text/plain"))


@dataclass(frozen=True, slots=True)
class Sample:
    """One file as its sender named it."""

    name: str
    content_type: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def stored_as(self) -> str:
        return f"{FOLDER}/{self.digest[:32]}"


def _samples() -> Iterator[Sample]:
    for number, (ending, content_type) in enumerate(_KINDS):
        for size in _SIZES:
            device = 1000 * number + size
            lines = (
                _LINE.format(minute=each % 60, device=device, percent=each * 7 % 100) for each in range(size)
            )
            yield Sample(f"device {device}.{ending}", content_type, "".join(lines).encode())


SAMPLES: Sequence[Sample] = tuple(_samples())


def store_samples() -> None:
    """Store the contents, unless they are there from an earlier time."""
    for each in SAMPLES:
        if not default_storage.exists(each.stored_as):
            default_storage.save(each.stored_as, ContentFile(each.content))


def remove_samples() -> None:
    """Remove them again."""
    for each in SAMPLES:
        default_storage.delete(each.stored_as)
