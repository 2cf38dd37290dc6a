"""What is new in an answer."""

import pytest

from mailboxes.incoming.mails import stored
from upheld.mailboxes.parsing import parse
from upheld.mailboxes.parsing.quoting import fold

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


@pytest.mark.parametrize(
    "text",
    [
        "On Monday Bob wrote:\nplease restart. That does not help.",
        "From: the cellar\nwe hear a noise",
        "> only a quotation",
        "On 5 Mar 2026 at 10:12, Bob <bob@x.example> wrote:\n> only a quotation",
        "Van: is broken\n\nto the left",
    ],
)
def test_a_text_of_which_nothing_would_be_left_or_that_only_looks_like_history_is_not_folded(text):
    assert fold(text).new == text


@pytest.mark.parametrize(
    "introduction",
    [
        "On Thu, 5 Mar 2026 at 10:12, Bob <bob@x.example> wrote:",
        "Am 05.03.2026 um 10:12 schrieb Bob <bob@x.example>:",
        "Le jeu. 5 mars 2026 à 10:12, Bob <bob@x.example> a écrit :",
        "El jue, 5 mar 2026 a las 10:12, Bob (<bob@x.example>) escribió:",
        "Op do 5 mrt 2026 om 10:12 schreef Bob <bob@x.example>:",
    ],
)
def test_introductions_in_several_languages(introduction):
    folded = fold(f"Still black.\n\n{introduction}\n\nold words\n")
    assert folded.new == "Still black."
    assert introduction in folded.quoted
