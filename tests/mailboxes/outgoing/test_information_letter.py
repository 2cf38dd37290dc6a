"""The letter with which a customer is asked for what their request lacks."""

from harbour_office import Office, read, text_of
from kinds import ALL_KINDS


def asked(office: Office, **data: object) -> str:
    mail = read(office.notice("information", {**ALL_KINDS["information"], "subject": "Leaking boat", **data}))
    return f"{mail['Subject']}\n{text_of(mail)}"


def test_it_says_what_is_asked_in_the_words_of_the_policy_and_where_to_fill_it_in(office: Office) -> None:
    said = asked(office)
    assert "- Serial number: On the back" in said and "- Room" in said
    assert "/information/" in said and "/r/" in said


def test_it_says_whether_anything_waits(office: Office) -> None:
    assert "The time for the solution does" in asked(office)
    assert "Nothing waits for this" in asked(office, waits=False)


def test_before_an_address_is_proven_it_holds_no_word_of_the_request(office: Office) -> None:
    assert "Leaking boat" not in asked(office, confirmed=False)
    assert "Leaking boat" in asked(office)


def test_it_answers_by_itself(office: Office) -> None:
    mail = read(office.notice("information", ALL_KINDS["information"]))
    assert mail["Auto-Submitted"] == "auto-replied"
