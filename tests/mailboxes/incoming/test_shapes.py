"""Mails of every shape: which parts are text, which are files, and what is in them."""

import base64
import binascii

import pytest

from mailboxes.incoming.mails import written
from upheld.mailboxes.parsing import parse

HEAD = "From: Amina Yusuf <amina@school.example.org>\nTo: support@desk.example.com\nSubject: Laptop\n"


def part(text: str, content_type: str = "text/plain; charset=utf-8", **headers: str) -> str:
    """One part of a multipart, or the end of a whole mail."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"Content-Type: {content_type}\n{more}\n{text}\n"


def several(kind: str, *inside: str, boundary: str = "b", more: str = "") -> str:
    """A multipart with its parts."""
    between = "".join(f"--{boundary}\n{each}" for each in inside)
    return f"Content-Type: multipart/{kind}; boundary={boundary}{more}\n\n{between}--{boundary}--\n"


def mail(body: str) -> bytes:
    """A whole mail, as it comes by SMTP."""
    return (HEAD + body).replace("\n", "\r\n").encode()


ENCRYPTED = "it is encrypted; its text is in the files"
PICTURE = part("iVBORw0KGgo=", "image/png", Content_ID="<shot>", Content_Transfer_Encoding="base64")
RELATED = several(
    "related", part("<p>html <b>words</b></p>", "text/html; charset=utf-8"), PICTURE, boundary="c"
)
PLAIN, HTML = part("plain words"), part("<p>html <b>words</b></p>", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "text", "files"),
    [
        (PLAIN, "plain words", []),
        (HTML, "html words", []),
        (several("alternative", PLAIN, HTML), "plain words", []),
        (several("alternative", HTML, PLAIN), "plain words", []),
        (several("alternative", part("  \u00a0"), HTML), "html words", []),
        (
            several("mixed", several("alternative", PLAIN, RELATED, boundary="d")),
            "plain words",
            ["part-1.png"],
        ),
        (
            several("related", several("alternative", PLAIN, HTML, boundary="c"), PICTURE),
            "plain words",
            ["part-1.png"],
        ),
        (several("mixed", PLAIN, PICTURE, part("below it")), "plain words\n\nbelow it", ["part-1.png"]),
        (several("mixed", HTML, part("-- \nscanned for viruses")), "html words\n\n-- \nscanned for viruses", []),
        (several("mixed", part("a note", 'text/plain; name="note.txt"')), "a note", ["note.txt"]),
        (several("alternative", PLAIN, HTML, part("<html amp4email>", "text/x-amp-html")), "plain words", []),
        (
            several("mixed", PLAIN, several("digest", "\n" + HEAD + "\nwithin\n", boundary="c")),
            "plain words",
            ["Laptop.eml"],
        ),
        (several("weird", PLAIN), "plain words", []),
        (part("<bold>rich</bold> words", "text/enriched"), "rich words", []),
        (part("words", "text"), "words", []),
        (part("words", "nonsense"), "words", []),
        (part("words", "text/plain charset=utf-8"), "words", []),
    ],
)  # fmt: skip
def test_text_and_files_are_told_apart(body, text, files):
    parsed = parse(mail(body))
    assert parsed.body_text == text
    assert [file.name for file in parsed.attachments] == files


def test_an_inline_picture_is_told_from_an_attachment():
    attached = part("JVBERi0=", "application/pdf", Content_Disposition="attachment; filename=bill.pdf")
    inline, bill = parse(mail(several("mixed", PLAIN, PICTURE, attached))).attachments
    assert (inline.inline, inline.content_id, inline.content) == (True, "shot", b"\x89PNG\r\n\x1a\n")
    assert (bill.inline, bill.name) == (False, "bill.pdf")


def test_a_forwarded_mail_is_a_file_that_opens_as_a_mail():
    inside = "From: bob@other.example.net\nSubject: The first mail\n\nwords of Bob"
    (file,) = parse(mail(several("mixed", PLAIN, part(inside, "message/rfc822")))).attachments
    assert (file.name, file.content_type) == ("The first mail.eml", "message/rfc822")
    assert parse(file.content).body_text == "words of Bob"
    disposition = 'attachment; filename="The first mail"'
    named = part(inside, "message/rfc822", Content_Disposition=disposition)
    assert parse(mail(several("mixed", PLAIN, named))).attachments[0].name == "The first mail.eml"


def test_a_mail_that_only_forwards_another_has_a_file_and_no_text():
    parsed = parse(mail(part("From: bob@other.example.net\n\nwords of Bob", "message/rfc822")))
    assert (parsed.body_text, parsed.attachments[0].name) == ("", "part-1.eml")


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        ("base64", "R3LDvMOfZQ=="),
        ("BASE64", "R3LD\nvMOf\n ZQ"),
        ("base64", "R3LDvMOfZQ==\nR3LDvMOfZQ=="[:12]),
        ("Base64 ", "!R3-L/DvMOf\u0001ZQ=="[:1] + "R3LDvMOfZQ=="),
        ("quoted-printable", "Gr=C3=BC=C3=9Fe"),
        ("quoted-printable", "Gr=c3=bc=C3=\n=9Fe"),
        ('"quoted-printable"', "Gr=C3=BC=C3=9Fe"),
        ("quoted-printable (so it is)", "Gr=C3=BC=C3=9Fe"),
        ("8bit", "Grüße"),
        ("7bit", "Grüße"),
        ("binary", "Grüße"),
        ("x-unknown", "Grüße"),
        ("x-uuencode", "begin 644 x\n'1W+#O,.?90``\n`\nend"),
        ("", "Grüße"),
    ],
)  # fmt: skip
def test_every_transfer_encoding_is_undone(encoding, encoded):
    assert parse(mail(part(encoded, Content_Transfer_Encoding=encoding))).body_text == "Grüße"


PLAIN_TEXTS = [
    "Hello,\n\nthe laptop stays black, and the light on the left blinks orange.",
    "Hello there",
    "<html><body><p>The laptop stays black.</p></body></html>",
]


@pytest.mark.parametrize("text", PLAIN_TEXTS)
def test_a_text_that_was_never_encoded_is_read_as_it_stands(text):
    parsed = parse(mail(part(text, Content_Transfer_Encoding="base64")))
    assert parsed.body_text == text
    assert parsed.defects == ("a part is called base64 and is plain",)


@pytest.mark.parametrize(
    "encoded",
    [
        "R3LDvMOfZQ==\n_____\nThis list is open to all who want to read it: ask us.",
        "R3LDvMOf ZQ==",
        "R3LD!!vMOfZQ==",
    ],
)
def test_what_stands_beside_base64_is_no_reason_to_doubt_it(encoded):
    parsed = parse(mail(part(encoded, Content_Transfer_Encoding="base64")))
    assert parsed.body_text.startswith("Grüße")
    assert parsed.defects == ()


def test_a_mail_of_a_rare_kind_of_text_is_read_as_plain():
    parsed = parse(mail(part("# Black\n\nThe <b>screen</b>", "text/markdown")))
    assert parsed.body_text == "# Black\n\nThe <b>screen</b>"
    assert parsed.attachments == ()
    script = part("x", "text/x-sh", Content_Disposition="attachment")
    card = several("mixed", part("BEGIN:VCARD", "text/vcard"), script)
    assert parse(mail(card)).body_text == ""


def test_what_is_broken_in_an_encoding_costs_only_itself():
    body = "a=ZZb=\n c=3D=\n"
    assert parse(mail(part(body, Content_Transfer_Encoding="quoted-printable"))).body_text == "a=ZZb c="
    assert parse(mail(part("x", Content_Transfer_Encoding="x-unknown"))).defects == (
        "a part has an unknown transfer encoding: x-unknown",
    )


@pytest.mark.parametrize(
    "body",
    [
        "Content-Type: multipart/mixed\n\n--b\nContent-Type: text/plain\n\nwords\n--b--\n",
        "Content-Type: multipart/mixed; boundary=other\n\npreamble\n--b\nContent-Type: text/plain\n\nwords\n--b--\n",
    ],
)
def test_a_boundary_that_the_head_does_not_name_is_found(body):
    parsed = parse(mail(body))
    assert parsed.body_text == "words"
    assert parsed.defects == ("its boundary was guessed",)


def test_boundaries_that_begin_alike_are_told_apart_and_an_end_may_be_missing():
    inner = "Content-Type: multipart/alternative; boundary=bb\n\n--bb\nContent-Type: text/plain\n\nwords\n"
    body = f'Content-Type: multipart/mixed; boundary="b"\n\n--b\n{inner}--b\n{PICTURE}'
    parsed = parse(mail(body))
    assert (parsed.body_text, len(parsed.attachments)) == ("words", 1)


def test_a_signed_mail_is_read_and_its_signature_is_a_file():
    signature = part("-----BEGIN PGP SIGNATURE-----", "application/pgp-signature")
    parsed = parse(mail(several("signed", several("mixed", PLAIN, boundary="c"), signature)))
    assert (parsed.body_text, parsed.attachments[0].name, parsed.defects) == (
        "plain words",
        "signature.asc",
        (),
    )
    smime = part("MIIB", "application/pkcs7-signature; name=smime.p7s", Content_Transfer_Encoding="base64")
    assert parse(mail(several("signed", PLAIN, smime))).attachments[0].name == "smime.p7s"


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        (
            several("encrypted", part("Version: 1", "application/pgp-encrypted"), part("-----", "application/x")),
            ENCRYPTED,
        ),
        (part("MIIB", "application/pkcs7-mime; smime-type=enveloped-data"), ENCRYPTED),
        (part("MIIB", "application/x-pkcs7-mime; name=smime.p7m"), ENCRYPTED),
        (part("MIIB", "application/pkcs7-mime; smime-type=signed-data"), "its text is inside a signed file (S/MIME)"),
        (part("-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----"), "its text is encrypted (PGP)"),
    ],
)  # fmt: skip
def test_an_encrypted_mail_says_so_and_is_kept(body, remark):
    parsed = parse(mail(body))
    assert parsed.defects == (remark,)
    assert parsed.attachments or "BEGIN PGP" in parsed.body_text


INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Berlin
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Hand over\\, at last
DTSTART;TZID=Europe/Berlin:20260305T100000
DTEND;TZID=Europe/Berlin:20260305T113000
LOCATION:Room 5
ORGANIZER;CN="Yusuf, Amina":mailto:amina@school.example.org
DESCRIPTION:Bring the\\nlap
 top.
BEGIN:VALARM
DESCRIPTION:alarm
END:VALARM
END:VEVENT
END:VCALENDAR"""


def test_an_invitation_alone_is_told_in_words():
    parsed = parse(mail(part(INVITATION, "text/calendar; method=REQUEST; charset=utf-8")))
    assert parsed.body_text == (
        "Invitation: Hand over, at last\nWhen: 2026-03-05 10:00 to 11:30 (Europe/Berlin)\nWhere: Room 5\n"
        "Organizer: Yusuf, Amina <amina@school.example.org>\n\nBring the\nlaptop."
    )
    assert parsed.attachments[0].name == "invitation.ics"


def test_an_invitation_beside_a_text_is_only_a_file():
    body = several("alternative", PLAIN, part(INVITATION, "text/calendar; charset=utf-8"))
    parsed = parse(mail(body))
    assert (parsed.body_text, parsed.attachments[0].name) == ("plain words", "invitation.ics")


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("METHOD:REQUEST", "METHOD:CANCEL", "Cancelled: Hand over, at last"),
        ("DTSTART;TZID=Europe/Berlin:20260305T100000", "DTSTART;VALUE=DATE:20260305", "When: 2026-03-05 to"),
        ("SUMMARY:Hand", "X-SUMMARY:Hand", "Invitation: without a title"),
        (
            "DTSTART;TZID=Europe/Berlin:20260305T100000",
            "DTSTART:20260305T090000Z",
            "When: 2026-03-05 09:00 UTC to",
        ),
        ("DTSTART;TZID=Europe/Berlin:20260305T100000", "DTSTART:soon", "Hand over, at last\nWhere: Room 5"),
    ],
)
def test_invitations_of_other_kinds(old, new, text):
    assert text in parse(mail(part(INVITATION.replace(old, new), "text/calendar"))).body_text


def test_an_answer_to_an_invitation_says_what_it_is():
    answer = INVITATION.replace("METHOD:REQUEST", "METHOD:REPLY").replace(
        "LOCATION:Room 5", "ATTENDEE;PARTSTAT=DECLINED;CN=Bob:mailto:bob@other.example.net"
    )
    assert "Bob <bob@other.example.net>: declined" in parse(mail(part(answer, "text/calendar"))).body_text


FLOWED = """Hello,

this is a paragraph \nthat was broken \nfor the way.
 From here it goes on.
> a question \n> in two lines
>> an older \n> one of them
-- \nAmina"""


def test_paragraphs_that_were_broken_for_the_way_are_whole_again():
    parsed = parse(mail(part(FLOWED, "text/plain; charset=utf-8; format=flowed")))
    assert parsed.body_text == (
        "Hello,\n\nthis is a paragraph that was broken for the way.\nFrom here it goes on.\n"
        "> a question in two lines\n>> an older\n> one of them\n-- \nAmina"
    )
    assert "broken \nfor" in parse(mail(part(FLOWED))).body_text


def test_a_text_without_spaces_is_joined_without_one():
    flowed = part("日本 \n語", "text/plain; charset=utf-8; format=Flowed; delsp=YES")
    assert parse(mail(flowed)).body_text == "日本語"


def uuencoded(data: bytes, name: str) -> str:
    """A file in the text, as programs of the nineties wrote it."""
    lines = [binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend"


def test_a_file_in_the_text_becomes_an_attachment():
    data = bytes(range(256)) * 3
    parsed = parse(mail(part(f"Here it is.\n\n{uuencoded(data, 'my file.bin')}\n\nThat was it.")))
    assert parsed.body_text == "Here it is.\n\n\nThat was it."
    assert (parsed.attachments[0].name, parsed.attachments[0].content) == ("my file.bin", data)


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 at the beginning\nof this story",
        "begin 644 x.bin\nM" + "!" * 60 + "\nand no end",
        uuencoded(b"x" * 100, "x").replace("\nend", ""),
        uuencoded(b"x" * 100, "x").replace("`\nend", "end"),
        "begin 644 empty\n`\nend",
    ],
)
def test_what_only_looks_like_a_file_in_the_text_stays_text(text):
    parsed = parse(mail(part(text)))
    assert (parsed.body_text, parsed.attachments) == (text, ())


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="bill.pdf"', "bill.pdf"),
        ("attachment; filename=my bill.pdf", "my bill.pdf"),
        ('attachment; filename="semi;colon.pdf"; size=5', "semi;colon.pdf"),
        ('attachment; filename="a \\"quoted\\" one.pdf"', "a _quoted_ one.pdf"),
        ("attachment; filename*=UTF-8''Rechnung%20M%C3%A4rz.pdf", "Rechnung März.pdf"),
        ("attachment; filename*=iso-8859-1'de'Rechnung%20M%E4rz.pdf", "Rechnung März.pdf"),
        ("attachment; filename=old.pdf; filename*=utf-8''neu%C3%BC.pdf", "neuü.pdf"),
        ("attachment; filename*0*=UTF-8''Rech%C3; filename*1*=%BCn; filename*2=g.pdf", "Rechüng.pdf"),
        ('attachment; filename*1="ber.pdf"; filename*0="num"', "number.pdf"),
        ("attachment; filename*=no%20charset.pdf", "no charset.pdf"),
        ("attachment; filename*=unicode_escape''%5Cx41.pdf", "x41.pdf"),
        ('attachment; filename="=?utf-8?B?UmVjaG51bmcgTcOkcnoucGRm?="', "Rechnung März.pdf"),
        ('attachment; filename="=?utf-8?Q?Rechnung_M=C3?=\n =?utf-8?Q?=A4rz.pdf?="', "Rechnung März.pdf"),
        ('attachment; filename="Rechnung März.pdf"', "Rechnung März.pdf"),
        ('attachment; filename="never ends.pdf', "never ends.pdf"),
        ('ATTACHMENT; FILENAME="LOUD.PDF"', "LOUD.PDF"),
        ('attachment; filename=""; size=5', "named.pdf"),
        ("attachment", "named.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\bill.pdf"', "bill.pdf"),
        ('attachment; filename="bill\u202efdp.exe"', "billfdp.exe"),
        ('attachment; filename=first.pdf; filename=second.pdf', "first.pdf"),
    ],
)  # fmt: skip
def test_files_keep_the_names_that_their_senders_meant(header, name):
    body = part("JVBERi0=", "application/pdf; name=named.pdf", Content_Disposition=header)
    assert parse(mail(several("mixed", PLAIN, body))).attachments[0].name == name


def test_a_name_in_bytes_of_its_own_charset_is_read_by_that_of_the_mail():
    file = part("x", "application/pdf; charset=koi8-r; name=@", Content_Disposition="attachment")
    raw = mail(several("mixed", PLAIN, file)).replace(b"name=@", b"name=" + "счёт.pdf".encode("koi8-r"))
    assert parse(raw).attachments[0].name == "счёт.pdf"


def test_files_without_names_get_usual_ones():
    kinds = ["application/pdf", "application/octet-stream", "image/jpeg", "text/calendar"]
    body = several("mixed", PLAIN, *(part("x", kind, Content_Disposition="attachment") for kind in kinds))
    names = [file.name for file in parse(mail(body)).attachments]
    assert names == ["part-1.pdf", "part-2", "part-3.jpg", "invitation.ics"]


SAMPLES = {
    "iso-8859-1": ("Grüße, 5 €".encode("cp1252"), "Grüße, 5 €"),
    "iso-8859-15": ("5 €".encode("iso8859-15"), "5 €"),
    "iso-8859-1 ": ("Grüße".encode(), "Grüße"),
    "windows-1252": ("naïve café".encode(), "naïve café"),
    "us-ascii": ("Grüße".encode("cp1252"), "Grüße"),
    "utf-8": ("Grüße".encode("cp1252"), "Grüße"),
    "x-unknown": ("Grüße".encode(), "Grüße"),
    "": ("Grüße".encode(), "Grüße"),
    "koi8-r": ("Привет".encode("koi8-r"), "Привет"),
    "windows-1251": ("Привет".encode("cp1251"), "Привет"),
    "gb2312": ("你好 镕".encode("gb18030"), "你好 镕"),
    "gb18030": ("你好 €".encode("gb18030"), "你好 €"),
    "big5": ("您好".encode("big5"), "您好"),
    "shift_jis": ("こんにちは①".encode("cp932"), "こんにちは①"),
    "windows-31j": ("こんにちは①".encode("cp932"), "こんにちは①"),
    "euc-jp": ("こんにちは".encode("euc_jp"), "こんにちは"),
    "iso-2022-jp": ("こんにちは".encode("iso2022_jp"), "こんにちは"),
    "us-ascii; x=y": ("こんにちは".encode("iso2022_jp"), "こんにちは"),
    "ks_c_5601-1987": ("안녕".encode("cp949"), "안녕"),
    "windows-874": ("สวัสดี".encode("cp874"), "สวัสดี"),
    "iso-8859-8-i": ("שלום".encode("iso8859-8"), "שלום"),
    "utf-16": ("Grüße".encode("utf-16"), "Grüße"),
    "utf-16le": ("Grüße".encode("utf-16-le"), "Grüße"),
    "utf-16be": (b"only plain bytes!", "only plain bytes!"),
    "utf-7": (b"+ADw-script+AD4-", "+ADw-script+AD4-"),
    "unicode_escape": (b"\\x41", "\\x41"),
    "punycode": (b"abc-def", "abc-def"),
    "idna": (b"xn--caf-dma", "xn--caf-dma"),
    "zlib": (b"x\x9cK", "xœK"),
}


@pytest.mark.parametrize("label", SAMPLES)
def test_text_is_read_whatever_its_label_says(label):
    data, text = SAMPLES[label]
    encoded = base64.b64encode(data).decode()
    content_type = f"text/plain; charset={label}" if label else "text/plain"
    assert parse(mail(part(encoded, content_type, Content_Transfer_Encoding="base64"))).body_text == text


def test_a_page_tells_its_charset_itself_where_the_mail_does_not():
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>@</p></html>'
    raw = mail(part(page, "text/html")).replace(b"@", "Привет".encode("koi8-r"))
    assert parse(raw).body_text == "Привет"


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8*de?b?R3LDvMOfZQ==?= und mehr", "Grüße und mehr"),
        ("=?utf-8?Q?Gr=C3?=\r\n =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?Q?a?= =?iso-8859-1?Q?=FC?=", "aü"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("Re: =?utf-8?Q?a=20b?=, c", "Re: a b, c"),
        ("=?utf-8?Q?with spaces inside?=", "with spaces inside"),
        ("=?utf-8?Q?what=3F?=", "what?"),
        ("=?utf-8?Q?=41?=", "A"),
        ("=?utf-8?Q??=", ""),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?never ends", "=?utf-8?Q?never ends"),
        ("=?utf-8?Q?broken =?utf-8?Q?whole?=", "=?utf-8?Q?broken whole"),
        ("=?utf-8?B?R3LDvMOfZ?=", "Grüße"[:4]),
        ("=?utf-7?Q?+ADw-?=", "+ADw-"),
        ("Grüße", "Grüße"),
        ("tab\tand   spaces", "tab and spaces"),
        ("x" * 50_000, "x" * 998),
    ],
)  # fmt: skip
def test_subjects_are_read(value, subject):
    assert parse(written(Subject=value)).subject == subject


def test_a_subject_in_bytes_is_read_by_the_charset_of_the_mail():
    raw = written(Subject="@", Content_Type="text/plain; charset=gb18030").replace(
        b"@", "你好".encode("gb18030")
    )
    assert parse(raw).subject == "你好"
    assert parse(written(Subject="@").replace(b"@", "Grüße".encode("cp1252"))).subject == "Grüße"


HEADS = [
    (b"Subject: one\n two\n\tthree\n\nbody", "one two three", "body"),
    (b"From: a@b.example\r\nSubject: x\r\n\r\nbody", "x", "body"),
    (b"From: a@b.example\rSubject: x\r\rbody", "x", "body"),
    (b"From: a@b.example\r\r\nSubject: x\r\r\n\r\r\nbody", "x", "body"),
    (b"From jill  Thu Mar  5 10:12:00 2026\nSubject: x\n\nbody", "x", "body"),
    (b"Subject: x\nbody without an empty line\nmore", "x", "body without an empty line\nmore"),
    (b"no head at all, only: words\nand more", "", "no head at all, only: words\nand more"),
    (b"\nSubject: not a head\n", "", "Subject: not a head"),
    (b"\xef\xbb\xbfSubject: x\n\nbody", "x", "body"),
    (b"Subject : x\nNONSENSE\nTo: c@d.example\n\nbody", "x", "body"),
    (b" folded: from the beginning\nSubject: x\n\nbody", "x", "body"),
    (b"Subject: x", "x", ""),
    (b"Subject: first\nSubject: second\n\n", "first", ""),
    (b"", "", ""),
]


@pytest.mark.parametrize(("raw", "subject", "text"), HEADS)
def test_heads_of_every_shape_are_read(raw, subject, text):
    parsed = parse(raw)
    assert (parsed.subject, parsed.body_text) == (subject, text)


def test_a_head_that_is_too_long_leaves_its_sender_in_doubt():
    padding = b"X-Padding: 1\n" * 3000
    raw = b"From: amina@school.example.org\n" + padding + b"From: charlie@evil.example.net\n\nbody"
    parsed = parse(raw)
    assert parsed.sender_doubt == "its head is too long to be read in full"
    assert parsed.body_text == "body"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<a@b.example>", "<a@b.example>"),
        ("  <a@b.example> (comment)", "<a@b.example>"),
        ("<a\r\n @b.example>", "<a@b.example>"),
        ("a@b.example", "<a@b.example>"),
        ("nonsense", ""),
        ("<>", ""),
    ],
)
def test_message_ids_stand_in_their_brackets(value, found):
    assert parse(written(Message_ID=value)).message_id == found


def test_authentication_results_are_told_topmost_first_and_unfolded():
    raw = b"".join(b"Authentication-Results: mx%d.example.com;\r\n\tdkim=pass\x00\r\n" % n for n in range(12))
    told = parse(raw + written()).authentication
    assert told[0] == "mx0.example.com; dkim=pass"
    assert len(told) == 10
