"""Who wrote a mail: one person, or a doubt with its reason."""

import pytest

from mailboxes.incoming.mails import stored
from upheld.mailboxes.parsing import addresses, parse

AMINA = "amina@school.example.org"

CERTAIN = [
    (AMINA, AMINA, ""),
    (f"<{AMINA}>", AMINA, ""),
    (f"Amina Yusuf <{AMINA}>", AMINA, "Amina Yusuf"),
    (f"Amina Yusuf <{AMINA.upper()}>", AMINA, "Amina Yusuf"),
    (f'"Yusuf, Amina" <{AMINA}>', AMINA, "Yusuf, Amina"),
    (f'"Amina \\"the boss\\" Yusuf" <{AMINA}>', AMINA, 'Amina "the boss" Yusuf'),
    (f'"{AMINA}" <{AMINA}>', AMINA, AMINA),
    (f"{AMINA.upper()} <{AMINA}>", AMINA, AMINA.upper()),
    (f"=?utf-8?Q?Am=C3=ADna?= <{AMINA}>", AMINA, "Amína"),
    ("Ünal <ünal@schüle.example.org>", "ünal@schüle.example.org", "Ünal"),
    ("o'neil+shop@school.example.org", "o'neil+shop@school.example.org", ""),
]

AMBIGUOUS = [
    (f"{AMINA} <charlie@evil.example.net>", "second address without quotes"),
    (f"{AMINA} {AMINA} <{AMINA}>", "second address without quotes"),
    (f'"{AMINA}" <charlie@evil.example.net>', "display name is an address"),
    (
        "=?utf-8?B?YW1pbmFAc2Nob29sLmV4YW1wbGUub3Jn?= <charlie@evil.example.net>",
        "display name is an address",
    ),
    ('"amina＠school.example.org" <charlie@evil.example.net>', "display name is an address"),
    (f"{AMINA} (charlie@evil.example.net)", "comment"),
    (f"(x) {AMINA}", "comment"),
    (f"Amina <{AMINA}> (at home)", "comment"),
    (f"{AMINA}, charlie@evil.example.net", "more than one mailbox"),
    (f"<{AMINA}>, <charlie@evil.example.net>", "more than one mailbox"),
    (f"team: {AMINA};", "more than one mailbox"),
    (f"Amina <{AMINA}> <charlie@evil.example.net>", "ordinary form"),
    (f"Amina <@relay.example.net:{AMINA}>", "no ordinary address"),
    ('"a b"@school.example.org', "no ordinary address"),
    ("Amina", "no ordinary address"),
    ("", "no ordinary address"),
    ("<>", "no ordinary address"),
    (f"Amina <{AMINA}\x00>", "control characters"),
    (f"Amina <{AMINA[:-1]}\u200bg>", "control characters"),
    ("amina@school..example.org", "no ordinary address"),
    ("a" * 3000 + "@school.example.org", "too long"),
    (f"undisclosed-recipients:; {AMINA}", "more than one mailbox"),
    (f"Amina: Yusuf <{AMINA}>", "more than one mailbox"),
    (f"Amina <{AMINA}", "ordinary form"),
    (f"Amina {AMINA}", "no ordinary address"),
    (f"<{AMINA}> Amina", "ordinary form"),
    (f"Amina <<{AMINA}>>", "no ordinary address"),
    (f"Amina <mailto:{AMINA}>", "no ordinary address"),
    (f"Amina <{AMINA} >, ", "more than one mailbox"),
    (f"=?utf-8?Q?<{AMINA}>?= <charlie@evil.example.net>", "ordinary form"),
    ("=?utf-8?Q?amina=40school.example.org?=@evil.example.net", "no ordinary address"),
    ("Amina <=?utf-8?Q?amina?=@school.example.org>", "no ordinary address"),
    ("=?utf-8?Q?amina=40school.example.org=00?= <charlie@evil.example.net>", "display name is an address"),
    ("amina@school.example.org@evil.example.net", "no ordinary address"),
    ("amina@[192.0.2.1]", "no ordinary address"),
    ("amina@-school.example.org", "no ordinary address"),
    (f'"Amina\\" <{AMINA}> "<charlie@evil.example.net>', "display name is an address"),
    ("x" * 65 + "@school.example.org", "no ordinary address"),
]


@pytest.mark.parametrize(("value", "address", "name"), CERTAIN)
def test_an_ordinary_from_names_one_person(value, address, name):
    assert addresses.sender([value]) == addresses.Sender(address, name)


@pytest.mark.parametrize(("value", "doubt"), AMBIGUOUS)
def test_a_from_that_two_readers_could_read_differently_is_ambiguous(value, doubt):
    assert doubt in addresses.sender([value]).doubt


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("sender-two-from", "more than one From"),
        ("sender-bare-carriage-return", "more than one From"),
        ("sender-unquoted-second", "second address"),
        ("sender-comment", "comment"),
        ("sender-name-is-address", "display name"),
        ("no-sender", "no From"),
    ],
)
def test_a_mail_with_a_doubtful_sender_says_so(name, doubt):
    mail = parse(stored(name))
    assert not mail.sender_certain
    assert doubt in mail.sender_doubt


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("header", [b"From: charlie@evil.example.net", b"FROM : charlie@evil.example.net"])
def test_no_line_end_and_no_spelling_hides_a_second_from(end, header):
    raw = end.join([b"From: " + AMINA.encode(), b"Subject: x", header, b"", b"body"])
    assert "more than one From" in parse(raw).sender_doubt


def test_recipients_are_found_in_any_form_and_counted_up_to_a_limit():
    named = addresses.named(['"Doe, J" <J@x.example>, (a, b) k@x.example, team: l@x.example;, undisclosed:;'])
    assert named == ("j@x.example", "k@x.example", "l@x.example")
    assert len(addresses.named([", ".join(f"u{n}@x.example" for n in range(20_000))])) == 200
