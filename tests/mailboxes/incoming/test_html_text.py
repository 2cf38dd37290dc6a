"""HTML as a reader sees it, in lines; and what its structure says of the lines."""

import time

import pytest

from upheld.mailboxes.parsing.html_text import text_of
from upheld.mailboxes.parsing.quoting import fold

PAGES = {
    "blocks and breaks": (
        "<div>one</div><div>two<br>three</div><div><br></div><div>four</div>",
        "one\ntwo\nthree\n\nfour",
    ),
    "paragraphs": ("<p>one</p><p>two<br>three</p>four", "one\n\ntwo\nthree\n\nfour"),
    "the paragraphs of a word processor": (
        "<p class=MsoNormal>one<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>two</p>"
        "<p style='margin: 0cm'>three</p>",
        "one\n\ntwo\nthree",
    ),
    "spaces": ("a  b\n c&nbsp;d <b> e</b>f", "a b c d ef"),
    "characters by name and number": ("&lt;b&gt; &amp;amp; &#228;&#x20ac; &bogus;", "<b> &amp; ä€ &bogus;"),
    "a list": (
        "<p>We have</p><ul><li>one</li><li><p>two</p></li></ul>end",
        "We have\n\n- one\n\n- two\n\nend",
    ),
    "a list in a list": (
        "<ol><li>one<ul><li>a<li>b</ul></li><li>two</ol>",
        "1. one\n  - a\n  - b\n2. two",
    ),
    "a list that counts from five": ("<ol start=5><li>five</li><li>six</li></ol>", "5. five\n6. six"),
    "a table": (
        "<table><tr><th>Number</th><th>Room</th></tr><tr><td>4711</td><td><p>12</p></td></tr><tr><td>4712"
        "<td></td></tr></table>",
        "Number | Room\n4711 | 12\n4712",
    ),
    "a page laid out with a table": (
        "<table><tr><td><p>one</p><p>two</p></td><td>three</td></tr></table>",
        "one\n\ntwo\n\nthree",
    ),
    "a table in a table": (
        "<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td></tr></table>",
        "a | b\nc | d",
    ),
    "a link": (
        'See <a href="https://x.example/a?b=1&amp;c=2">this</a>.',
        "See this <https://x.example/a?b=1&c=2>.",
    ),
    "a link that says where it goes": (
        '<a href="https://www.x.example/a/">x.example/a</a> <a href="mailto:bob@x.example?subject=x">bob@x.example</a>',
        "x.example/a bob@x.example",
    ),
    "a link that says that it goes elsewhere": (
        '<a href="https://evil.example/">https://bank.example</a>',
        "https://bank.example <https://evil.example/>",
    ),
    "a link around a block": ('<a href="https://x.example"><div>Open</div></a>', "Open\n<https://x.example>"),
    "links that go nowhere": ('<a name=top>a</a> <a href="#x">b</a> <a href="javascript:c()">c</a>', "a b c"),
    "pictures": (
        '<img src="cid:a" alt="The  screen"> <img src=b alt=""> <img alt="😀"> <img alt=x width=1 height=1>',
        "[The screen] 😀",
    ),
    "text as it was typed": ("<pre>a  b\n\n  c</pre>d", "a  b\n\n  c\n\nd"),
    "a quotation in a quotation": (
        "a<blockquote type=cite>b<blockquote>c<br><br>d</blockquote></blockquote>e",
        "a\n\n> b\n>\n> > c\n> >\n> > d\n\ne",
    ),
    "the button for indenting": (
        '<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">indented</blockquote>',
        "indented",
    ),
    "a `>` within quotation marks": ('<img alt="a > b" src="x">c', "[a > b]c"),
    "comments and other things": (
        "a<!-- <p>no</p> -->b<![if !mso]>c<![endif]><?xml version='1'?>d<style>p{}</style><script>1<2</script>e",
        "abcde",
    ),
    "broken tags": ("a < b <3 </ x> c<p", "a < b <3 c"),
    "an attribute that does not end": ('a<p title="b>c<p>d', "a\n\nc\n\nd"),
    "line ends by number": ("a<pre>b&#13;&#10;c</pre>", "a\n\nb\nc"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_as_its_reader_sees_it(name):
    markup, text = PAGES[name]
    assert text_of(markup) == text


GREEK = (
    "Μαύρο.",
    "Από: Bob <bob@desk.example.com>",
    "Στάλθηκε: Τρίτη, 3 Μαρτίου 2026 9:12",
    "Προς: Amina",
    "Θέμα: Laptop",
    "old words",
)
STRUCTURES = {
    "headers in a language that is not known": (
        f'<div>{GREEK[0]}</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg">'
        + "<br>".join(line.replace("<", "&lt;") for line in GREEK[1:5])
        + f"</div><div>{GREEK[5]}</div>",
        GREEK[0],
    ),
    "the same without any ruler": (
        '<div>Μαύρο.</div><div id="divRplyFwdMsg">Από: Bob<br>Προς: Amina</div><div>old words</div>',
        GREEK[0],
    ),
    "the line that a word processor draws": (
        "<p class=MsoNormal>Μαύρο.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm "
        "0cm'><p class=MsoNormal>Από: Bob<br>Προς: Amina</p></div><p class=MsoNormal>old words</p>",
        GREEK[0],
    ),
    "a sentence in a language that is not known": (
        '<p>Μαύρο.</p><div class="moz-cite-prefix">Στις 3/3/26 09:12, ο/η Bob έγραψε:<br></div>'
        "<blockquote type=cite>old words</blockquote>",
        "Μαύρο.",
    ),
    "a mark of the end of a mail without a line below it": (
        '<div>Black.</div><div id="appendonsend"></div><div>Really.</div>',
        "Black.\nReally.",
    ),
    "a signature with words below it": (
        '<div>Black.</div><div class="gmail_signature">Amina<br>Room 12</div><div>Number 4711.</div>',
        "Black.\n\nNumber 4711.",
    ),
    "a mail within the element of the signature": (
        '<div class="gmail_signature">It is black.</div>',
        "It is black.",
    ),
    "indented words above the history": (
        '<div>Black:<blockquote style="margin:0 0 0 40px;border:none;padding:0px">Error 5</blockquote></div>'
        '<div class="gmail_quote"><div class="gmail_attr">On 3 Mar 2026 at 9:12 Bob wrote:</div>'
        '<blockquote class="gmail_quote">old</blockquote></div>',
        "Black:\n\nError 5",
    ),
    "words below an element that holds the history": (
        '<div>Black.</div><div class="ydp1yahoo_quoted"><div>On 3 Mar 2026 at 9:12 Bob wrote:</div><div>old</div>'
        "</div><div>And cold.</div>",
        "Black.\n\nAnd cold.",
    ),
    "a whole mail that is history": ('<div class="yahoo_quoted">old words</div>', "old words"),
    "a signature of a telephone's owner": (
        '<div>Black.</div><div id="ms-outlook-mobile-signature">Amina Yusuf<br>Room 12</div>'
        '<div class="ms-outlook-mobile-reference-message"><b>From:</b> Bob &lt;bob@desk.example.com&gt;<br>old</div>',
        "Black.",
    ),
    "an element of a page that never ends": (
        "<div>Black.</div><img id=signature><div>And cold.</div>",
        "Black.\nAnd cold.",
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_structure_says_what_words_cannot(name):
    markup, new = STRUCTURES[name]
    assert fold(text_of(markup), markup).new == new


def test_structure_helps_the_plain_text_beside_it():
    markup, new = STRUCTURES["headers in a language that is not known"]
    text = "\n".join([new, "________________________________", *GREEK[1:5], "", GREEK[5]])
    assert fold(text).new == text
    assert fold(text, markup).new == new
    markup, new = STRUCTURES["a sentence in a language that is not known"]
    text = "Μαύρο.\n\nΣτις 3/3/26 09:12, ο/η Bob\nέγραψε:\n> old words"
    assert "έγραψε" in fold(text).new
    assert fold(text, markup).new == new
    markup, new = STRUCTURES["a signature of a telephone's owner"]
    text = "Black.\n\nAmina Yusuf\nRoom 12\n\nFrom: Bob <bob@desk.example.com>\nSent: 3 March 2026\nTo: Amina\n\nold"
    assert fold(text).new == "Black.\n\nAmina Yusuf\nRoom 12"
    assert fold(text, markup).new == new


def test_structure_of_other_words_says_nothing():
    markup = STRUCTURES["headers in a language that is not known"][0]
    text = "Quite other words.\n\nIn two paragraphs."
    assert fold(text, markup).new == text


def test_words_that_stand_twice_in_the_text_are_no_place():
    markup = '<div>Black.</div><div id="divRplyFwdMsg">Από: Bob Ode, Harbour</div>'
    text = "Black.\n\nΑπό: Bob Ode, Harbour\n\nWhat is that?\n\nΑπό: Bob Ode, Harbour"
    assert fold(text, markup).new == text


GROWING = {
    **{
        piece: ("", piece)
        for piece in ("<a ", '<a b="', "<a b='", "<a b  = ", "<td>", "<p>x</p>", "&#1", "<ol><li>x")
    },
    "rows": ("<table>", "<tr><td>x<td>y"),
    "tables in tables": ("", "<table><tr><td>x"),
    "typed text": ("<pre>", "x\n"),
    "elements in elements": ("", '<div class="gmail_quote">'),
    "quotations": ("", '<div class="gmail_attr">x</div><blockquote>y</blockquote>z'),
    "signatures": ("", '<div class="gmail_signature">x</div>'),
    "links": ("", "<a href='https://x.example'>x"),
    "history": ("", '<div id="divRplyFwdMsg">x'),
}
GROWING_TEXTS = {
    "introductions": "On Tue, 3 Mar 2026 at 09:12, Bob of the Northern Harbour <b@x.example> wrotte:\n",
    "sentences that go on": "On Tue, 3 Mar 2026 at 09:12, Bob of the Northern Harbour and of the schools\n",
    "dates": "1.1.11 " * 80 + ":\n",
    "verbs": "I wrote " * 70 + ":\n",
    "labels": "From: x\nSent: \nTo: y\n",
    "quotations": "> x\ny:\n",
    "dashes": "-" * 500 + "\n",
    "signatures": "-- \n",
    "telephones": "Sent from my iPhone\n",
    "letters": "é" * 500 + "\n",
}


def assert_grows_with_its_text(work, small, large) -> None:
    """Compare processor time for a text and for one four times as long; the sum allows for noise."""

    def seconds(text: str) -> float:
        started = time.process_time()
        work(text)
        return time.process_time() - started

    least = min(seconds(small) for _ in range(3))
    assert min(seconds(large) for _ in range(2)) < 4 * 2.5 * least + 0.05


@pytest.mark.parametrize("name", GROWING)
def test_the_time_to_read_a_page_grows_with_it_and_no_faster(name):
    head, piece = GROWING[name]
    small, large = (head + piece * (size // len(piece)) for size in (10_000, 40_000))
    assert_grows_with_its_text(lambda markup: fold(text_of(markup), markup), small, large)
    assert_grows_with_its_text(lambda markup: fold("It is black.", markup), small, large)


@pytest.mark.parametrize("name", GROWING_TEXTS)
def test_the_time_to_fold_a_text_grows_with_it_and_no_faster(name):
    piece = GROWING_TEXTS[name]
    small, large = (piece * (lines // piece.count("\n")) for lines in (500, 2_000))
    assert_grows_with_its_text(fold, small, large)
