"""Message-IDs that name a ticket: made by us, believed only when we made them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.rules.tokens import make_message_id, read_message_id

KEY = b"a key that only the desk has"
RANDOM = "k3j9x7q2m5"


def test_a_message_id_of_ours_names_its_ticket():
    made = make_message_id(KEY, 1042, RANDOM, "desk.example.com")
    assert made.startswith("<u.1042.k3j9x7q2m5.")
    assert made.endswith("@desk.example.com>")
    assert read_message_id(KEY, made) == 1042


@given(ticket=st.integers(1, 10**17), random=st.from_regex(r"\A[a-z0-9]{8,40}\Z"))
def test_any_ticket_is_read_back(ticket, random):
    assert read_message_id(KEY, make_message_id(KEY, ticket, random, "example.org")) == ticket


def test_letter_case_brackets_and_domain_may_change_on_the_way():
    made = make_message_id(KEY, 7, RANDOM, "example.org")
    assert read_message_id(KEY, made.upper()) == 7
    assert read_message_id(KEY, made.strip("<>")) == 7
    assert read_message_id(KEY, f"  {made}\r\n") == 7
    assert read_message_id(KEY, made.replace("example.org", "moved.example.net")) == 7


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("u.1042.", "u.1043."),
        lambda text: text.replace(RANDOM, RANDOM[::-1]),
        lambda text: text.replace("<u.", "<v."),
        lambda text: text.replace("@", ".x@"),
        lambda text: text + text,
        lambda text: text[:-3] + " b>",
        lambda text: "",
        lambda text: "<" + "a" * 100_000 + ">",
    ],
)
def test_a_changed_message_id_names_nothing(change):
    assert read_message_id(KEY, change(make_message_id(KEY, 1042, RANDOM, "example.org"))) is None


def test_another_key_names_nothing():
    assert read_message_id(b"another key", make_message_id(KEY, 1042, RANDOM, "example.org")) is None


def test_a_mail_without_a_ticket_names_none():
    assert read_message_id(KEY, make_message_id(KEY, 0, RANDOM, "example.org")) is None


@pytest.mark.parametrize("random", ["short", "UPPERCASE1", "with.dots1", "", "x" * 41, "new\nline00"])
def test_a_poor_random_part_is_refused(random):
    with pytest.raises(ValueError, match="random"):
        make_message_id(KEY, 1, random, "example.org")


@pytest.mark.parametrize("domain", ["", "two words", "a@b", "a>b", "line\nend", "x" * 181])
def test_a_poor_domain_is_refused(domain):
    with pytest.raises(ValueError, match="domain"):
        make_message_id(KEY, 1, RANDOM, domain)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    assert read_message_id(KEY, text) is None
