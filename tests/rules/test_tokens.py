"""Message-IDs that name a ticket: made by us, believed only when we made them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.rules.tokens import (
    AgentToken,
    ParticipantToken,
    Purpose,
    make,
    make_for_agent,
    make_for_bounce,
    make_message_id,
    read,
    read_for_agent,
    read_for_bounce,
    read_message_id,
)

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


BIG = st.integers(1, 10**17)


@given(agent=BIG, ticket=BIG)
def test_an_agents_token_names_the_agent_and_the_ticket(agent, ticket):
    made = make_for_agent(KEY, AgentToken(agent, ticket))
    assert read_for_agent(KEY, made) == read_for_agent(KEY, made.upper()) == AgentToken(agent, ticket)
    assert read_for_agent(b"another key", made) is None


@given(notice=BIG)
def test_a_bounce_names_its_notice(notice):
    made = make_for_bounce(KEY, notice)
    assert read_for_bounce(KEY, made) == read_for_bounce(KEY, made.upper()) == notice
    assert read_for_bounce(b"another key", made) is None


def test_no_token_serves_another_purpose():
    agents, bounces = make_for_agent(KEY, AgentToken(7, 1)), make_for_bounce(KEY, 7)
    readers = make(KEY, Purpose.reply, ParticipantToken(7, 1))
    assert read(KEY, Purpose.reply, agents.removeprefix("a")) is None
    assert read_for_agent(KEY, f"a{readers}") is None
    assert read_for_bounce(KEY, f"b{readers}") is None
    assert read_for_bounce(KEY, agents) is read_for_agent(KEY, bounces) is None
    assert read(KEY, Purpose.reply, bounces) is read(KEY, Purpose.reply, agents) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("7-1042", "8-1042"),
        lambda text: text.replace("7-1042", "7-1043"),
        lambda text: text.replace("a7", "a07"),
        lambda text: text[1:],
        lambda text: text[:-1],
        lambda text: text + "a",
        lambda text: text + "\n",
        lambda text: "a" * 100_000,
    ],
)
def test_a_changed_token_of_an_agent_names_nobody(change):
    assert read_for_agent(KEY, change(make_for_agent(KEY, AgentToken(7, 1042)))) is None


def test_tokens_fit_into_an_address():
    """64 characters before the @; the mailbox's own name needs some of them."""
    assert len("support+" + make_for_agent(KEY, AgentToken(99_999, 999_999_999))) <= 64
    assert len("support+" + make_for_bounce(KEY, 10**17)) <= 64


@given(st.text(max_size=120))
def test_any_text_is_read_as_a_token_without_an_error(text):
    assert read_for_agent(KEY, text) is None
    assert read_for_bounce(KEY, text) is None
