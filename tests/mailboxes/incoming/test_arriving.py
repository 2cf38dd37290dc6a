"""A mail while it arrives: found to its end however it is cut, and kept where there is room for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.mailboxes import arriving
from upheld.mailboxes.arriving import Arrival, Room, UntilTheDot

BYTES = st.lists(
    st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"\r\n.", b"\r\n.\r", b"x", b"MAIL"]), max_size=30
)
PIECES = BYTES.map(b"".join)


def by_lines(came: bytes) -> tuple[bytes, bytes | None]:
    """The same as the standard says it: line by line."""
    mail = b""
    while b"\r\n" in came:
        line, _, came = came.partition(b"\r\n")
        if line == b".":
            return mail, came
        mail += line.removeprefix(b".") + b"\r\n"
    return mail, None


@given(PIECES, st.lists(st.integers(1, 7), min_size=1, max_size=10))
def test_the_end_is_found_however_the_bytes_are_cut(said: bytes, sizes: list[int]) -> None:
    mail, behind = by_lines(said)
    dot, found, at, turn = UntilTheDot(), b"", 0, 0
    rest: bytes | None = None
    while rest is None and at < len(said):
        size = sizes[turn % len(sizes)]
        piece, rest = dot.feed(said[at : at + size])
        found, at, turn = found + piece, at + size, turn + 1
    if behind is None:
        assert rest is None
        assert mail.startswith(found) or found.startswith(mail)
    else:
        assert rest is not None
        assert (found, rest + said[at:]) == (mail, behind)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """Room for a kilobyte in files, where only a hundred bytes stay in memory."""
    monkeypatch.setattr(arriving, "IN_MEMORY", 100)
    return Room(1000)


def arrival(room: Room, folder: Path, *pieces: bytes) -> Arrival:
    mail = Arrival(900, room, folder)
    for piece in pieces:
        mail.add(piece)
    return mail


def test_a_small_mail_needs_no_file_and_a_large_one_leaves_none(room: Room, tmp_path: Path) -> None:
    small, large = (
        arrival(room, tmp_path, b"a" * 60, b"b" * 40),
        arrival(room, tmp_path, b"c" * 60, b"d" * 60),
    )
    assert not small.is_large and large.is_large
    assert bytes(small.content()) == b"a" * 60 + b"b" * 40
    assert bytes(large.content()) == b"c" * 60 + b"d" * 60
    assert room.taken == 120
    small.close()
    large.close()
    assert room.taken == 0
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_gives_its_room_back_at_once(room: Room, tmp_path: Path) -> None:
    mail = arrival(room, tmp_path, *[b"x" * 100] * 12)
    assert mail.too_large and not mail.no_room
    assert mail.size == 1200
    assert room.taken == 0


def test_where_there_is_no_room_the_others_keep_theirs(room: Room, tmp_path: Path) -> None:
    first, second = arrival(room, tmp_path, b"x" * 700), arrival(room, tmp_path, b"y" * 200, b"y" * 200)
    assert second.no_room and not first.no_room
    assert room.taken == 700
    assert bytes(first.content()) == b"x" * 700
    first.close()
    assert not arrival(room, tmp_path, b"z" * 400).no_room


def test_a_full_or_missing_disk_is_no_room(room: Room, tmp_path: Path) -> None:
    assert arrival(room, tmp_path / "absent", b"x" * 200).no_room
    assert not arrival(room, tmp_path / "absent", b"x" * 90).no_room
    full = arrival(room, tmp_path, b"x" * 200)
    full._file.close()  # type: ignore[union-attr]
    full._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - closed with the mail
    full.add(b"y" * 200)
    assert full.no_room
    assert room.taken == 0
