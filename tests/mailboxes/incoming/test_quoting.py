"""What is new in an answer: exactly what its author wrote, whatever program in whatever language wrote around it."""

import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailboxes.incoming.mail_programs import (
    ADDRESS,
    ANSWERS,
    APPLE,
    GMAIL,
    HISTORY,
    LANGUAGES,
    PROGRAMS,
    THUNDERBIRD,
    Mail,
    in_blocks,
    introduction,
    marked,
    outlook_block,
    quoted,
    wrapped,
)
from mailboxes.incoming.mails import stored
from mailboxes.incoming.quoted_texts import (
    ANSWERING_SUBJECTS,
    APPS,
    BELOW,
    FORWARDED,
    FORWARDING_SUBJECTS,
    LETTERS,
    TRICKY,
    WHOLE,
)
from upheld.mailboxes.parsing import parse
from upheld.mailboxes.parsing.html_text import text_of
from upheld.mailboxes.parsing.quoting import Folded, fold

FORMS = ("plain", "html", "both")
NEW = {
    "gmail-reply-english": "Still black.",
    "gmail-reply-german": "Immer noch schwarz.",
    "outlook-reply-english": "Still black.\n\nRegards\nAmina",
    "outlook-reply-german": "Immer noch schwarz.",
    "outlook-original-message": "Still black.",
    "apple-mail-reply": "Still black.",
    "thunderbird-reply-german": "Habe ich getan. Immer noch schwarz.",
    "html-only": "Still black & cold.\n\n- one\n- two",
}


def folded(mail: Mail, form: str, *, subject: str = "") -> Folded:
    """The mail as it comes with its plain part alone, its HTML alone, or both."""
    text = text_of(mail.markup) if form == "html" else mail.text
    return fold(text, "" if form == "plain" else mail.markup, subject=subject)


def lines_of(text: str) -> list[str]:
    return sorted(line.strip() for line in text.split("\n") if line.strip())


def assert_nothing_is_lost(text: str, found: Folded) -> None:
    assert sorted(lines_of(found.new) + lines_of(found.quoted)) == lines_of(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_is_what_its_author_wrote(program, language, form):
    answer = ANSWERS[language]
    mail = PROGRAMS[program](answer, language)
    found = folded(mail, form)
    assert found.new == answer
    assert "power key for ten seconds" in found.quoted
    assert_nothing_is_lost(text_of(mail.markup) if form == "html" else mail.text, found)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentences", [GMAIL, APPLE, THUNDERBIRD], ids=["gmail", "apple-mail", "thunderbird"])
def test_answers_between_questions_stay_with_their_questions(sentences, language, form):
    sentence = introduction(sentences, language)
    first, second = ANSWERS[language].split("\n\n")
    text = f"{sentence}\n\n> Which number has it?\n\n{first}\n\n> Is the light on?\n\n{second}"
    rest = "> The end of the mail\n> Bob"
    markup = (
        f'<div class="gmail_attr moz-cite-prefix">{marked(sentence)}<br></div>'
        '<blockquote type="cite">Which number has it?</blockquote>'
        f'{in_blocks(first)}<blockquote type="cite">Is the light on?</blockquote>{in_blocks(second)}'
        '<blockquote type="cite"><div>The end of the mail</div><div>Bob</div></blockquote>'
    )
    found = folded(Mail(f"{text}\n\n{rest}\n", markup), form)
    assert found.new == text
    assert found.quoted == rest


@pytest.mark.parametrize("width", [50, 60, 72, 78])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_may_be_broken_wherever_a_program_breaks_it(language, width):
    name = "Support of the Device Desk, Northern Harbour Schools"
    sentence = wrapped(GMAIL[language].format(name=name, address=ADDRESS), width)
    assert "\n" in sentence
    for history in ("> old words", "old words\nin two lines"):
        found = fold(f"{ANSWERS[language]}\n\n{sentence}\n\n{history}\n")
        assert found.new == ANSWERS[language]


@pytest.mark.parametrize("name", TRICKY)
def test_hard_ones(name):
    text, new = TRICKY[name]
    found = fold(text)
    assert found.new == new
    assert_nothing_is_lost(text, found)


@pytest.mark.parametrize("below", BELOW + APPS)
def test_what_further_programs_write_below_an_answer(below):
    found = fold(f"It is black.\n\nAmina\n\n{below}\n")
    assert found.new == "It is black.\n\nAmina"
    assert_nothing_is_lost(f"It is black.\n\nAmina\n\n{below}", found)


@pytest.mark.parametrize("name", LETTERS)
def test_letters_that_only_look_like_answers_stay_whole(name):
    for letter in (LETTERS[name], f"Good morning,\n\n{LETTERS[name]}"):
        assert fold(letter) == Folded(letter, "")


@pytest.mark.parametrize("name", WHOLE)
def test_a_mail_of_which_nothing_would_be_left_stays_whole(name):
    assert fold(WHOLE[name]) == Folded(WHOLE[name], "")
    assert fold(f"Good morning,\n\n{WHOLE[name]}").new == "Good morning,"


@pytest.mark.parametrize("note", ["", "Please look at this.\n\n"], ids=["alone", "with-a-note"])
@pytest.mark.parametrize("name", FORWARDED)
def test_what_somebody_passes_on_is_content(name, note):
    text = note + FORWARDED[name]
    tidy = "\n".join(line.rstrip() for line in text.split("\n"))
    assert fold(text) == Folded(tidy, "")
    assert fold(text, subject="broken", answers=False) == Folded(tidy, "")


def test_the_signature_of_a_note_above_what_is_passed_on_is_folded():
    for name, text in FORWARDED.items():
        found = fold(f"Please look.\n\n-- \nAmina\nRoom 12\n\n{text}")
        assert found.new.startswith("Please look.\n\n" + text[:10]), name
        assert found.quoted == "-- \nAmina\nRoom 12".replace("-- ", "--")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", ["outlook-desktop", "outlook-web", "outlook-phone"])
def test_the_subject_tells_a_forward_from_an_answer(program, language, form):
    mail = PROGRAMS[program](ANSWERS[language], language)
    for subject in FORWARDING_SUBJECTS:
        if subject.startswith("VS:") and language == "fi":
            continue
        found = folded(mail, form, subject=subject)
        assert "power key for ten seconds" in found.new, subject
        assert found.new.startswith(ANSWERS[language]), subject
    for subject in ANSWERING_SUBJECTS:
        assert folded(mail, form, subject=subject).new == ANSWERS[language], subject


def test_an_abbreviation_that_means_forward_in_danish_means_answer_in_finnish():
    for language, forwarded in (("da", True), ("nb", True), ("fi", False)):
        mail = PROGRAMS["outlook-desktop"](ANSWERS[language], language)
        found = fold(mail.text, subject="VS: rikki")
        assert ("power key" in found.new) is forwarded


def test_what_is_passed_on_in_a_form_that_is_not_known_keeps_its_signature():
    text = "Please look.\n\nΠροωθημένο μήνυμα\nΑπό: Ben\n\nbroken\n\n-- \nBen"
    assert fold(text, subject="Fwd: broken") == Folded(text.replace("-- ", "--"), "")


def test_where_history_stood_between_new_lines_one_blank_line_does():
    found = fold("Black.\n\n\nAm 03.03.26 um 09:12 schrieb Bob:\n> old\n\n\n\nAnd cold.\n-- \nAmina\n")
    assert found.new == "Black.\n\nAnd cold."
    assert found.quoted == "Am 03.03.26 um 09:12 schrieb Bob:\n> old\n\n--\nAmina"


def test_a_first_letter_keeps_its_excerpt_and_what_it_passes_on():
    excerpt = "It says this\n\n> Error 5\n> Restart"
    assert fold(excerpt, subject="Printer", answers=False).new == excerpt
    assert fold(excerpt, subject="Re: Printer", answers=False).new == "It says this"
    block = "\n".join(f"{label} {value}" for label, value in outlook_block("en"))
    passed_on = f"What shall I do with this?\n\n{block}\n\nPlease pay."
    assert fold(passed_on, subject="A strange mail", answers=False).new == passed_on
    assert fold(passed_on, subject="A strange mail").new == "What shall I do with this?"


def test_a_text_of_too_many_lines_stays_whole():
    text = "Black.\n\n" + "> old\n" * 20_000
    assert fold(text) == Folded(text.rstrip("\n"), "")


@pytest.mark.parametrize("name", NEW)
def test_history_and_signature_are_folded(name):
    mail = parse(stored(name))
    assert mail.new_text == NEW[name]
    assert mail.quoted_text


@pytest.mark.parametrize("name", ["answers-between-questions", "forwarded", "plain"])
def test_what_may_be_new_stays_visible(name):
    mail = parse(stored(name))
    assert mail.new_text == mail.body_text
    assert mail.quoted_text == ""


# Laws.

PIECES = [
    *("", " ", "> old", ">> older", "-- ", "--", "________________________________", "Sent from my iPhone"),
    *(
        "On Tue, 3 Mar 2026 at 09:12, Bob <b@x.example> wrote:",
        "Am 03.03.26 um 09:12 schrieb Bob:",
        "Bob wrote:",
    ),
    *(
        "From: Bob <b@x.example>",
        "Sent: 3 March 2026",
        "To: Amina",
        "Subject: RE: x",
        "-----Original Message-----",
    ),
    *(
        "---------- Forwarded message ---------",
        "support@desk.example.com> wrote:",
        "words",
        "words:",
        "* *",
        "____",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=25).map("\n".join)
TAGS = [
    *(
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<br>",
        "<blockquote type=cite>",
        "<blockquote>",
        "</blockquote>",
        "<table>",
    ),
    *(
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<ul>",
        "<li>",
        "</ul>",
        "<hr>",
        "<pre>",
        "</pre>",
        "words",
        "\n",
    ),
    *(
        '<div class="gmail_quote">',
        '<div class="gmail_attr">',
        '<div id="divRplyFwdMsg">',
        "<hr id=zwchr>",
        "&nbsp;",
    ),
    *(
        '<div class="gmail_signature">',
        '<div class="yahoo_quoted">',
        "<div id=appendonsend>",
        "<a href='http://x.y'>",
    ),
    *(
        "</a>",
        "<img alt='a picture'>",
        "From: Bob",
        "On 3 Mar 2026 at 09:12, Bob wrote:",
        "<",
        ">",
        "<!--",
        "-->",
    ),
]
MARKUPS = st.lists(st.sampled_from(TAGS) | st.text(max_size=10), max_size=30).map("".join)
ANSWER_WORDS = st.lists(
    st.sampled_from(
        ["It is black.", "", "Number 4711", "- one", "Kind regards", "Amina", "Grüße, bis morgen"]
    ),
    min_size=1,
    max_size=8,
).map(lambda lines: "\n".join(lines).strip("\n"))


@given(TEXTS, st.booleans())
def test_no_line_is_lost_whatever_the_text(text, answers):
    assert_nothing_is_lost(text, fold(text, answers=answers))


@given(MARKUPS)
def test_no_line_is_lost_whatever_the_html(markup):
    text = text_of(markup)
    assert_nothing_is_lost(text, fold(text, markup))


@given(TEXTS, MARKUPS)
def test_no_line_is_lost_where_text_and_html_say_different_things(text, markup):
    assert_nothing_is_lost(text, fold(text, markup))


@given(MARKUPS, st.sampled_from(["words", "It is black", "4711"]))
def test_html_keeps_the_words_between_its_tags(markup, word):
    assert word in text_of(f"<p>{word}</p>{markup}")


@given(ANSWER_WORDS.filter(lambda answer: answer.strip()), TEXTS, st.sampled_from(LANGUAGES))
def test_an_answer_put_on_top_of_any_thread_is_found_again(answer, thread, language):
    below = "\n".join(f"> {line}".rstrip() for line in thread.split("\n"))
    assert fold(f"{answer}\n\n{introduction(GMAIL, language)}\n\n{below}\n").new == answer
    block = "\n".join(f"{label} {value}" for label, value in outlook_block(language))
    assert fold(f"{answer}\n\n{block}\n\n{thread}\n").new == answer


@given(
    ANSWER_WORDS.filter(lambda answer: answer.strip()),
    st.sampled_from(sorted(PROGRAMS)),
    st.sampled_from(sorted(PROGRAMS)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(LANGUAGES),
)
def test_an_answer_put_on_top_of_the_answer_of_another_program_is_found_again(
    answer, program, older, language, older_language
):
    # Where a program does not mark its history, the older mail's marks are taken for its own.
    assume(not (program.startswith("yahoo") and older.endswith("-below")))
    history = PROGRAMS[older](ANSWERS[older_language], older_language).text
    text = PROGRAMS[program.removesuffix("-below")](answer, language).text
    below = history if quoted(HISTORY) not in text else quoted(history)
    text = text.replace(quoted(HISTORY), below, 1).replace(HISTORY, below, 1)
    assert fold(text).new == answer


def test_how_many_cases_there_are(capsys):
    cases = len(PROGRAMS) * len(LANGUAGES) * len(FORMS) + 3 * len(LANGUAGES) * len(FORMS)
    with capsys.disabled():
        sys.stdout.write(f"\n{cases} answers, {len(TRICKY)} hard ones, {len(LETTERS)} letters ")
    assert cases > 800
