"""Letters in the desk's language: complete, exact to the minute, and the same conversation in each of them."""

import importlib.util
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from harbour_office import NOW, html_of, read, text_of
from hypothesis import given
from hypothesis import strategies as st
from kinds import ALL_KINDS, TO_CUSTOMER

from upheld.desks.models import SEARCH_CONFIGURATIONS
from upheld.mailboxes.outgoing.languages import LANGUAGES, language_for, language_of_letters
from upheld.mailboxes.outgoing.times import say_instant, say_span

_spec = importlib.util.spec_from_file_location(
    "catalogs", Path(__file__).parents[3] / "scripts" / "catalogs.py"
)
catalogs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(catalogs)

OTHERS = [language for language in LANGUAGES if language != "en"]
SUMMER = datetime(2026, 7, 1, 12, 20, 59, 999999, tzinfo=UTC)
MARCH = datetime(2026, 3, 24, 12, 20, tzinfo=UTC)


def speaks(office, language: str) -> None:
    office.desk.language = language
    office.desk.save()


def test_the_catalogs_are_of_the_languages_that_letters_are_written_in():
    assert sorted(catalogs.LANGUAGES) == sorted(OTHERS)
    assert set(LANGUAGES) <= set(SEARCH_CONFIGURATIONS)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_compiled(language):
    assert list(catalogs.problems(language)) == [], "run python scripts/catalogs.py"


@pytest.mark.parametrize("language", OTHERS)
def test_no_other_catalog_of_the_program_speaks_in_between(language):
    """Django puts the catalogs of all apps together; the same words may be another sentence there."""
    with translation.override(language):
        for message in catalogs.stored(language):
            if isinstance(message.id, str) and message.id:
                said = (
                    translation.pgettext(message.context, message.id)
                    if message.context
                    else translation.gettext(message.id)
                )
                assert said == message.string


@pytest.mark.parametrize("language", OTHERS)
def test_every_place_for_a_value_is_kept(language):
    for message in catalogs.stored(language):
        wanted = set(re.findall(r"%\(\w+\)[sd]", str(message.id)))
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            if message.id:
                assert set(re.findall(r"%\(\w+\)[sd]", text)) == wanted, message.id


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind not in ("reply", "account", "side")])
def test_no_sentence_is_left_in_english(office, kind):
    notice = office.notice(kind, ALL_KINDS[kind])
    english = said_in(read(notice))
    for language in OTHERS:
        speaks(office, language)
        notice.refresh_from_db()
        mail = read(notice)
        assert said_in(mail) & english == set(), language
        assert f'<html lang="{language}">' in html_of(mail)


def said_in(mail) -> set[str]:
    return {line for block in text_of(mail).split("\n\n") for line in sentences(block)}


def sentences(block: str) -> set[str]:
    """What is said in words of ours: no link, no word of a person or of the policy."""
    theirs = ("http", "We need", "We wait", "Subject: Printer", "> ", "Ticket: ")
    theirs += ("- Room", "- Serial number", "Answer with the number", "We cannot help", "Priya")
    names = {"Ticket: SDS-1042", "SDS-1042 Printer on fire"}
    return {line for line in block.splitlines() if not line.startswith(theirs) and line not in names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_changes_nothing_about_the_conversation(office, language):
    notices = [office.notice(kind, ALL_KINDS[kind]) for kind in TO_CUSTOMER]
    before = [read(notice) for notice in notices]
    speaks(office, language)
    after = [read(type(notice).objects.get(pk=notice.pk)) for notice in notices]
    for name in ("Message-ID", "References", "In-Reply-To", "Reply-To", "Auto-Submitted"):
        assert [mail[name] for mail in before] == [mail[name] for mail in after]
    subjects = {str(mail["Subject"]) for mail in after[1:]}
    assert subjects == {"Re: [SDS-1042] Printer on fire"}


def test_a_german_desk_acknowledges_in_german(office):
    speaks(office, "de")
    data = {**ALL_KINDS["acknowledgement"], "zone": "Europe/Berlin"}
    mail = read(office.notice("acknowledgement", data))
    assert mail["Subject"] == "[SDS-1042] Wir haben Ihre Anfrage erhalten"
    text = text_of(mail)
    assert "Sie hat die Nummer SDS-1042." in text
    assert "Bis Dienstag, 31. März 2026, 14:20 Uhr (Zeitzone Berlin, GMT+2) meldet sich" in text


def test_a_desk_whose_language_is_not_written_writes_english_throughout(office):
    speaks(office, "sv")
    text = text_of(read(office.notice("acknowledgement", ALL_KINDS["acknowledgement"])))
    assert "You will hear from a person by Tuesday 31 March 2026, 13:20 (London time, GMT+1)." in text


@pytest.mark.parametrize("given_language", ["", "xx", "DE-at", "de", "pt-BR", "../../etc"])
def test_a_language_is_one_that_we_write(given_language):
    assert language_of_letters(given_language) in LANGUAGES


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday 24 March 2026, 13:20 (Berlin time, GMT+1)"),
        ("de", "Dienstag, 24. März 2026, 13:20 Uhr (Zeitzone Berlin, GMT+1)"),
        ("es", "martes, 24 de marzo de 2026, 13:20 (zona horaria Berlin, GMT+1)"),
        ("fr", "mardi 24 mars 2026 à 13:20 (fuseau horaire Berlin, GMT+1)"),
        ("it", "martedì 24 marzo 2026, ore 13:20 (fuso orario Berlin, GMT+1)"),
        ("nl", "dinsdag 24 maart 2026, 13:20 uur (tijdzone Berlin, GMT+1)"),
        ("pt", "terça-feira, 24 de março de 2026, 13:20 (fuso horário Berlin, GMT+1)"),
    ],
)
def test_an_instant_is_said_as_its_language_says_it(language, said):
    with translation.override(language):
        assert say_instant(MARCH, "Europe/Berlin") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Mittwoch, 1. Juli"),
        ("fr", "mercredi 1er juillet"),
        ("it", "mercoledì 1º luglio"),
        ("nl", "woensdag 1 juli"),
    ],
)
def test_the_first_of_a_month_is_said_as_people_say_it(language, said):
    with translation.override(language):
        assert say_instant(SUMMER, "Europe/London").startswith(said)


@given(
    st.integers(0, 15 * 365 * 86400).map(lambda seconds: MARCH + timedelta(seconds=seconds, microseconds=7)),
    st.sampled_from(list(LANGUAGES)),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "UTC"]),
)
def test_no_language_tells_a_later_minute_than_the_one_that_counts(at, language, zone):
    with translation.override(language):
        said = say_instant(at, zone)
        assert say_instant(at.replace(second=0, microsecond=0), zone) == said
        assert re.search(r"\b\d\d:\d\d\b", said)[0] == f"{at.astimezone(_zone(zone)):%H:%M}"
        assert say_instant(at + timedelta(minutes=1), zone) != said


def _zone(name: str):
    from upheld.clock import zone

    return zone(name)


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "2 Tage 1 Stunde"), ("fr", "2 jours 1 heure"), ("nl", "2 dagen 1 uur"), ("it", "2 giorni 1 ora")],
)
def test_a_span_counts_in_its_language(language, said):
    with translation.override(language):
        assert say_span(timedelta(days=2, hours=1, minutes=5)) == said


def test_a_mail_about_signing_in_is_in_the_language_of_the_desk_that_somebody_knows(office):
    speaks(office, "fr")
    assert language_for("priya@desk.example") == "fr"
    assert language_for("Alice@reader.example") == "fr"
    assert language_for("nobody@elsewhere.example") == "fr"
    from upheld.desks.models import Desk

    Desk.objects.create(slug="b", name="B", number_prefix="B", language="nl", created_at=NOW)
    assert language_for("alice@reader.example") == "fr"
    assert language_for("nobody@elsewhere.example") == "en"
