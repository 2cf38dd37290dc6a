"""Mails that were thought out to make a reader slow: a head, a piece that comes again and again, and an end."""

import base64
import struct
from collections.abc import Callable

HEAD = b"From: a@b.example\nTo: support@desk.example.com\nSubject: Re: x\nIn-Reply-To: <x@desk.example.com>\n"
TEXT = b"Content-Type: text/plain; charset=utf-8\n\n"
FLOWED = b"Content-Type: text/plain; charset=utf-8; format=flowed\n\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
BASE64 = b"Content-Transfer-Encoding: base64\n"
QUOTED = b"Content-Transfer-Encoding: quoted-printable\n"
DAEMON = b"From: mailer-daemon@b.example\nSubject: Undeliverable\nReturn-Path: <>\n"
REPORT = (
    DAEMON + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
)
CALENDAR = HEAD + b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n"

# Name, what comes first, what comes again and again, what comes last.
_REPEATED = {
    "blank lines": (HEAD + TEXT, b"\n", b""),
    "blank lines with spaces": (HEAD + TEXT, b" \n\t\n", b""),
    "quotations": (HEAD + TEXT, b"> x\ny\n\n", b""),
    "one ladder of quotation marks": (HEAD + TEXT, b">", b""),
    "many ladders of quotation marks": (HEAD + TEXT, b">" * 70 + b"\n", b""),
    "beginnings of introductions": (HEAD + TEXT, b"On \n", b""),
    "introductions": (HEAD + TEXT, b"On 3 March 2026 at 10:12 Bob <b@c.example> wrote:\n", b""),
    "introductions over several lines": (HEAD + TEXT, b"On 3 March 2026 at 10:12\nBob\n<b@c.example>\n", b""),
    "ends of introductions": (HEAD + TEXT, b"wrote:\n", b""),
    "header lines": (HEAD + TEXT, b"From: x\n", b""),
    "header blocks": (HEAD + TEXT, b"From: x\nSent: y\n\nTo: z\n", b""),
    "signatures": (HEAD + TEXT, b"-- \n", b""),
    "signatures with names": (HEAD + TEXT, b"-- \nAmina\n\n", b""),
    "devices": (HEAD + TEXT, b"Sent from my phone\n", b""),
    "rules": (HEAD + TEXT, b"_____________\n", b""),
    "one line of dashes": (HEAD + TEXT, b"-", b""),
    "forward marks": (HEAD + TEXT, b"---------- Forwarded message\n", b""),
    "one word": (HEAD + TEXT, b"x", b""),
    "spaces": (HEAD + TEXT, b" ", b"x"),
    "tabs and spaces": (HEAD + TEXT, b"\t ", b"x"),
    "carriage returns": (HEAD + TEXT, b"\r", b""),
    "doubled line ends": (HEAD + TEXT, b"\r\r\n", b""),
    "zeroes": (HEAD + TEXT, b"\0", b""),
    "bytes of no character": (HEAD + TEXT, b"\xff\xc3", b""),
    "addresses": (DAEMON + TEXT, b"a@", b""),
    "codes": (DAEMON + TEXT, b"5.1.", b""),
    "flowed lines": (HEAD + FLOWED, b"x \n", b""),
    "flowed ladders": (HEAD + FLOWED, b"> \n>> \n", b""),
    "one flowed ladder": (HEAD + FLOWED, b"> ", b""),
    "beginnings of files": (HEAD + TEXT, b"begin 644 a\n", b""),
    "files that never end": (HEAD + TEXT, b"begin 644 a\nM" + b"!" * 60 + b"\n", b""),
    "one file that never ends": (HEAD + TEXT + b"begin 644 a\n", b"M" + b"!" * 60 + b"\n", b""),
    "one file": (HEAD + TEXT + b"begin 644 a\n", b"M" + b"!" * 60 + b"\n", b"`\nend\n"),
    "open comments": (HEAD + HTML, b"<!--", b""),
    "open tags": (HEAD + HTML, b"<a ", b""),
    "deep tags": (HEAD + HTML, b"<div>", b""),
    "deep quotations": (HEAD + HTML, b"<blockquote>x", b""),
    "deep lists": (HEAD + HTML, b"<ul><li>", b""),
    "deep formats": (HEAD + HTML, b"<b><i>", b""),
    "ends of tags": (HEAD + HTML, b"</div>", b""),
    "tags within each other": (HEAD + HTML, b"<b><p></b></p>", b""),
    "tables": (HEAD + HTML, b"<table><tr><td>", b""),
    "rows": (HEAD + HTML + b"<table>", b"<tr><td>x<td>y", b""),
    "cells": (HEAD + HTML + b"<table><tr>", b"<td>x", b""),
    "open scripts": (HEAD + HTML, b"<script>", b""),
    "open styles": (HEAD + HTML, b"<style>a{", b""),
    "one attribute": (HEAD + HTML + b'<a href="', b"x", b""),
    "one attribute with spaces": (HEAD + HTML + b"<a href=", b" ", b""),
    "attributes": (HEAD + HTML + b"<a ", b"a=b ", b""),
    "attributes without values": (HEAD + HTML + b"<a ", b"a ", b""),
    "open quotes": (HEAD + HTML, b'<a b="', b""),
    "quotes and slashes": (HEAD + HTML + b"<a ", b"\"'/", b""),
    "styles in attributes": (HEAD + HTML, b'<p style="margin:0;border:none">x', b""),
    "links": (HEAD + HTML, b'<a href="http://x.example/">y</a>', b""),
    "characters by number": (HEAD + HTML, b"&#1", b""),
    "one number": (HEAD + HTML + b"&#", b"1", b";"),
    "ampersands": (HEAD + HTML, b"&", b""),
    "names of characters": (HEAD + HTML, b"&amp;", b""),
    "open brackets": (HEAD + HTML, b"<", b""),
    "less and more": (HEAD + HTML, b"<>", b""),
    "declarations": (HEAD + HTML, b"<!x", b""),
    "sections": (HEAD + HTML, b"<![CDATA[", b""),
    "charsets of a page": (HEAD + b"Content-Type: text/html\n\n", b"<meta charset", b""),
    "recipients": (HEAD + b"Cc: ", b"x@y.example, ", b""),
    "recipients in many headers": (HEAD, b"Cc: x@y.example\n", b""),
    "escaped quotes": (HEAD + b"Cc: ", b'\\"', b""),
    "quotes": (HEAD + b"Cc: ", b'"a" ', b""),
    "comments in comments": (HEAD + b"Cc: ", b"(", b""),
    "groups": (HEAD + b"Cc: ", b"a:;", b""),
    "brackets": (HEAD + b"Cc: ", b"<", b""),
    "encoded words": (HEAD + b"Subject: ", b"=?a?q?", b""),
    "encoded words that end": (HEAD + b"Subject: ", b"=?utf-8?q?x?= ", b""),
    "encoded words that end together": (HEAD + b"Subject: ", b"=?utf-8?q?x", b"?="),
    "one encoded word": (HEAD + b"Subject: =?utf-8?b?", b"eHh4", b"?="),
    "folded lines": (HEAD + b"X: y\n", b" z\n", b""),
    "many headers": (HEAD, b"X: y\n", b""),
    "one header": (HEAD + b"X: ", b"y", b""),
    "lines that are no headers": (HEAD, b"xy\n", b""),
    "colons": (HEAD, b":", b""),
    "references": (HEAD + b"References: ", b"<a@b.example> ", b""),
    "open references": (HEAD + b"References: ", b"<a", b""),
    "message ids": (HEAD + b"Message-ID: ", b"<a b", b""),
    "authentication": (HEAD, b"Authentication-Results: x; dkim=pass\n", b""),
    "dates": (HEAD + b"Date: ", b"Thu, ", b""),
    "boundaries": (HEAD + MIXED, b"--b\n\n", b""),
    "lines like boundaries": (HEAD + MIXED, b"--bx\n", b""),
    "boundaries with spaces": (HEAD + MIXED, b"--b" + b" " * 50 + b"x\n", b""),
    "boundaries to be guessed": (HEAD + b"Content-Type: multipart/mixed\n\n", b"--x\n", b""),
    "dashes to be guessed": (HEAD + b"Content-Type: multipart/mixed\n\n", b"--", b""),
    "parts in parts": (HEAD + MIXED, b"--b\nContent-Type: multipart/mixed; boundary=b\n\n", b""),
    "parts of text": (HEAD + MIXED, b"--b\nContent-Type: text/plain\n\nx\n", b""),
    "parts of HTML": (HEAD + MIXED, b"--b\nContent-Type: text/html\n\n<p>x\n", b""),
    "parts with names": (HEAD + MIXED, b'--b\nContent-Type: a/b; name="=?a?q?x"\n\nx\n', b""),
    "parts that are mails": (HEAD + MIXED, b"--b\nContent-Type: message/rfc822\n\nSubject: x\n\nx\n", b""),
    "mails in mails": (HEAD, b"Content-Type: message/rfc822\n\n", b""),
    "parameters": (HEAD + b"Content-Type: text/plain", b'; a*0="x"', b""),
    "continued parameters": (HEAD + b"Content-Type: text/plain", b"; name*1*=%41", b"\n\nx"),
    "semicolons": (HEAD + b"Content-Type: text/plain", b";", b"\n\nx"),
    "semicolons and spaces": (HEAD + b"Content-Type: text/plain", b"; ", b"\n\nx"),
    "quotes of parameters": (HEAD + b"Content-Type: text/plain; a", b'="', b"\n\nx"),
    "comments of a type": (HEAD + b"Content-Type: text/plain", b"(", b"\n\nx"),
    "equal signs": (HEAD + QUOTED + TEXT, b"=", b""),
    "soft ends of lines": (HEAD + QUOTED + TEXT, b"=\n", b""),
    "spaces before ends of lines": (HEAD + QUOTED + TEXT, b" ", b"\n"),
    "broken base64": (HEAD + BASE64 + TEXT, b"A!", b""),
    "padded base64": (HEAD + BASE64 + TEXT, b"QQ==\n", b""),
    "base64 of nothing": (HEAD + BASE64 + TEXT, b"=", b""),
    "lines of a report": (REPORT, b"a: b\n", b""),
    "blocks of a report": (REPORT, b"Final-Recipient: rfc822; a@b.example\n\n", b""),
    "blocks of a report that say more": (REPORT, b"Action: delivered\nStatus: 2.0.0\n\n", b""),
    "folds of a report": (REPORT + b"Action: x\n", b" y\n", b""),
    "words of a report": (DAEMON + TEXT, b"could not be delivered, delivery has not ", b""),
    "copies in a report": (DAEMON + TEXT, b"Message-ID: <\n", b""),
    "lines of a calendar": (CALENDAR, b"X-A:b\n", b""),
    "folds of a calendar": (CALENDAR + b"DESCRIPTION:", b"x\n ", b""),
    "parameters of a calendar": (CALENDAR + b"DTSTART", b';A="b"', b":x"),
    "events of a calendar": (CALENDAR, b"BEGIN:VALARM\n", b""),
    "backslashes of a calendar": (CALENDAR + b"DESCRIPTION:", b"\\", b""),
}


def _repeated(head: bytes, piece: bytes, end: bytes) -> Callable[[int], bytes]:
    return lambda size: head + piece * (size // len(piece)) + end


def _numbered(head: bytes, piece: bytes) -> Callable[[int], bytes]:
    """A mail whose pieces all differ: `%d` is a number."""
    return lambda size: (
        head + b"".join(piece.replace(b"%d", b"%d" % n) for n in range(size // (len(piece) + 3)))
    )


def _winmail(inside: bytes) -> bytes:
    data = b"\x78\x9f\x3e\x22\1\0" + inside
    return HEAD + BASE64 + b"Content-Type: application/ms-tnef\n\n" + base64.encodebytes(data)


def _attributes(size: int) -> bytes:
    return _winmail(struct.pack("<BIIH", 2, 0x69002, 0, 0) * (size // 15))


def _properties(size: int) -> bytes:
    row = struct.pack("<I", 2**31) + struct.pack("<HHI", 3, 1, 1) * (size // 12)
    return _winmail(struct.pack("<BII", 1, 0x69003, len(row)) + row + b"\0\0")


def _rich_text(packed: bytes) -> bytes:
    row = struct.pack("<IHHII", 1, 0x102, 0x1009, 1, len(packed)) + packed + b"\0" * (-len(packed) % 4)
    return _winmail(struct.pack("<BII", 1, 0x69003, len(row)) + row + b"\0\0")


def _stored(piece: bytes) -> Callable[[int], bytes]:
    def mail(size: int) -> bytes:
        text = b"{\\rtf1 " + piece * (size // 2 // len(piece))
        return _rich_text(struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text)

    return mail


def _bomb(size: int) -> bytes:
    packed = (b"\xff" + b"\x0c\xff" * 8) * (size // 400)
    return _rich_text(struct.pack("<II4sI", len(packed) + 12, 2**31, b"LZFu", 0) + packed)


def _nested(size: int) -> bytes:
    levels = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(size // 60)
    )
    return HEAD + b"Content-Type: multipart/mixed; boundary=b0\n\n" + levels


MAILS: dict[str, Callable[[int], bytes]] = {name: _repeated(*mail) for name, mail in _REPEATED.items()} | {
    "recipients that differ": _numbered(HEAD + b"Cc: ", b"u%d@x.example, "),
    "attributes that differ": _numbered(HEAD + HTML + b"<a ", b"a%d=b "),
    "tags that differ": _numbered(HEAD + HTML, b"<t%d>"),
    "lines that differ": _numbered(HEAD + TEXT, b"this is line %d\n"),
    "headers that differ": _numbered(HEAD, b"X-%d: y\n"),
    "parameters that differ": _numbered(HEAD + b"Content-Type: text/plain", b"; name*%d=x"),
    "references that differ": _numbered(HEAD + b"References: ", b"<%d@x.example> "),
    "charsets that differ": _numbered(HEAD + MIXED, b"--b\nContent-Type: text/plain; charset=c%d\n\nx\n"),
    "parts in parts that differ": _nested,
    "attributes of a winmail.dat": _attributes,
    "properties of a winmail.dat": _properties,
    "braces of rich text": _stored(b"{"),
    "words of rich text": _stored(b"\\par "),
    "letters of rich text": _stored(b"\\'e4"),
    "markup in rich text": _stored(b"{\\*\\htmltag <b>}"),
    "backslashes of rich text": _stored(b"\\"),
    "packed rich text": _bomb,
}
