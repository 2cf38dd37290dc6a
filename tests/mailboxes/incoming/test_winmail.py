"""`winmail.dat`: the files and the text that are inside come out, and nothing more."""

import base64
import struct

import pytest

from upheld.mailboxes.parsing import MailFile, parse, rtf, tnef

# The two worked examples of the format's description.
HELLO = bytes.fromhex(
    "2D0000002B0000004C5A4675F1C5C7A703000A007263706731323542320AF32068656C090020627705B06C647D0A800FA0"
)
CROSSING = bytes.fromhex("1A0000001C0000004C5A4675E2D44B51410004205758595A0D6E7D010EB0")
HTML_IN_RTF = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
    rb"Gr\'fc\'dfe \u8364?5{\*\htmltag84 &amp;}\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}"
)


def stored(text: bytes) -> bytes:
    """Rich text that is packed without being compressed."""
    return struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text


def attribute(level: int, name: int, value: bytes) -> bytes:
    """One attribute with its length and checksum."""
    return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) % 65536)


def properties(*values: bytes) -> bytes:
    """A row of properties."""
    return struct.pack("<I", len(values)) + b"".join(values)


def text_property(name: int, text: str, kind: int = 0x1F) -> bytes:
    """A text, in UTF-16 or in eight bits."""
    return long_property(name, text.encode("utf-16-le" if kind == 0x1F else "cp1252") + b"\0\0", kind)


def long_property(name: int, data: bytes, kind: int = 0x102) -> bytes:
    """A property with a length of its own."""
    return struct.pack("<HHII", kind, name, 1, len(data)) + data + b"\0" * (-len(data) % 4)


# A named property with a name of text, one by number, a row of numbers, a truth: what stands between those we want.
NOISE = (
    struct.pack("<HH16sII", 0x3, 0x8001, b"g" * 16, 1, 6) + "abc".encode("utf-16-le") + b"\0\0" + struct.pack("<I", 7),
    struct.pack("<HH16sIII", 0x3, 0x8002, b"g" * 16, 0, 5, 7),
    struct.pack("<HHIII", 0x1003, 0x6001, 2, 1, 2),
    struct.pack("<HHI", 0xB, 0x6002, 1),
)  # fmt: skip


def file(short: bytes, data: bytes, *values: bytes) -> bytes:
    """A file as it stands inside."""
    return (
        attribute(2, 0x69002, b"\1\0" + b"\0" * 12)
        + attribute(2, 0x18010, short + b"\0")
        + (attribute(2, 0x6800F, data) if data else b"")
        + attribute(2, 0x69005, properties(*NOISE, *values))
    )


def winmail(*attributes: bytes, message_class: bytes = b"IPM.Microsoft Mail.Note\0") -> bytes:
    """A whole winmail.dat."""
    head = attribute(1, 0x89006, b"\0\0\1\0") + attribute(1, 0x69007, struct.pack("<II", 1252, 0))
    return b"\x78\x9f\x3e\x22\1\0" + head + attribute(1, 0x78008, message_class) + b"".join(attributes)


def mail(data: bytes, text: str = "", content_type: str = "application/ms-tnef; name=winmail.dat") -> bytes:
    """A mail with a text and a winmail.dat."""
    encoded = base64.encodebytes(data).decode()
    return (
        "From: amina@school.example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: {content_type}\nContent-Transfer-Encoding: base64\n\n{encoded}--b--\n"
    ).encode()


LONG_NAME = text_property(0x3707, "Rechnung März 2026.pdf")
BILL = file(b"RECHNU~1.PDF", b"%PDF", LONG_NAME, text_property(0x370E, "application/pdf"))
BODY = attribute(1, 0x69003, properties(*NOISE, text_property(0x1000, "Grüße aus der Schule")))


def test_files_come_out_with_their_long_names():
    parsed = parse(mail(winmail(BODY, BILL, file(b"a.txt", b"words")), "the text of the mail"))
    assert parsed.attachments == (
        MailFile("Rechnung März 2026.pdf", "application/pdf", b"%PDF"),
        MailFile("a.txt", "application/octet-stream", b"words"),
    )
    assert parsed.body_text == "the text of the mail"


@pytest.mark.parametrize(
    ("inside", "text", "markup"),
    [
        (BODY, "Grüße aus der Schule", ""),
        (attribute(1, 0x2800C, "Grüße".encode("cp1252") + b"\0"), "Grüße", ""),
        (attribute(1, 0x69003, properties(text_property(0x1000, "Grüße", 0x1E))), "Grüße", ""),
        (attribute(1, 0x69003, properties(long_property(0x1009, HELLO))), "hello world", ""),
        (
            attribute(1, 0x69003, properties(long_property(0x1009, stored(HTML_IN_RTF)))),
            "Grüße €5&",
            "<p>Grüße €5&amp;</p>",
        ),
        (attribute(1, 0x69003, properties(long_property(0x1013, b"<p>page</p>"))), "page", "<p>page</p>"),
    ],
)
def test_its_text_is_that_of_a_mail_without_one(inside, text, markup):
    parsed = parse(mail(winmail(inside, BILL)))
    assert (parsed.body_text, parsed.body_html) == (text, markup)
    assert [each.name for each in parsed.attachments] == ["Rechnung März 2026.pdf"]


def test_a_file_may_be_known_by_its_name_alone():
    parsed = parse(mail(winmail(BILL), "x", "application/octet-stream; name=WINMAIL.DAT"))
    assert parsed.attachments[0].name == "Rechnung März 2026.pdf"


def test_an_object_stays_as_it_is_inside():
    object_ = file(b"mail", b"", long_property(0x3701, b"i" * 16 + winmail(BILL), 0xD))
    (inside,) = parse(mail(winmail(object_), "x")).attachments
    assert (inside.name, inside.content) == ("mail", winmail(BILL))


@pytest.mark.parametrize(
    "data",
    [
        winmail(BILL)[:-20],
        winmail(BILL) + b"junk",
        winmail(BILL, attribute(2, 0x69005, properties(struct.pack("<HHI", 0x77, 0x1, 1)))),
        winmail(BILL, message_class=b"IPM.Microsoft Schedule.MtgReq\0"),
    ],
)
def test_what_is_not_wholly_understood_is_kept_beside_its_files(data):
    names = [each.name for each in parse(mail(data, "x")).attachments]
    assert names[-1] == "winmail.dat"


def test_what_is_none_is_kept_as_it_came():
    (kept,) = parse(mail(b"no such thing", "x")).attachments
    assert (kept.name, kept.content) == ("winmail.dat", b"no such thing")


def test_packed_text_comes_out_as_the_description_says():
    assert rtf.unpacked(HELLO) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf.unpacked(CROSSING) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@pytest.mark.parametrize("cut", range(0, len(HELLO), 3))
def test_packed_text_that_is_cut_off_ends_early(cut):
    assert rtf.unpacked(HELLO[:cut]) == rtf.unpacked(HELLO)[: len(rtf.unpacked(HELLO[:cut]))]


def test_packed_text_is_unpacked_to_a_limit():
    bomb = struct.pack("<II4sI", 2**31, 2**31, b"LZFu", 0) + b"\0aaaaaaaa" + b"\xff" + b"\x0c\xff" * 8
    bomb += (b"\xff" + b"\x0c\xff" * 8) * 10_000
    assert len(rtf.unpacked(bomb)) <= rtf.MOST_BYTES


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (rb"{\rtf1 one\par two\line three\tab four}", "one\ntwo\nthree\tfour"),
        (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8}", "При"),
        (rb"{\rtf1 \uc1\u1055?\u1088?\uc0\u1080 }", "При"),
        (rb"{\rtf1 \uc1\u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator X;}{\info{\title T}}seen}", "seen"),
        (rb"{\rtf1 {\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\{\\\}}", "link{\\}"),
        (rb"{\rtf1 " + b"{" * 5000 + b"deep" + b"}" * 5000 + b"}", "deep"),
        (b"}}}{\\rtf1 x", "x"),
        (b"\\", ""),
        (b"", ""),
    ],
)
def test_rich_text_is_read(text, read):
    assert rtf.text_of(text)[0] == read


def test_a_row_of_properties_without_end_is_not_read_to_its_end():
    endless = attribute(1, 0x69003, struct.pack("<I", 2**32 - 1) + struct.pack("<HHI", 0x3, 1, 1) * 200_000)
    found = tnef.read(winmail(endless, BILL))
    assert found and not found.whole
