"""From the text of a policy document to a policy."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from upheld.policy.codes import forbids
from upheld.policy.compilation import compile_document
from upheld.policy.content import digest_of
from upheld.policy.document import Document
from upheld.policy.form_errors import read_form
from upheld.policy.holiday_dates import with_dates
from upheld.policy.policy import Policy
from upheld.policy.problems import PolicyError
from upheld.policy.reading import Reading, read
from upheld.policy.remarks import Remark
from upheld.policy.soundness import Trials, dated_remarks, problems_of

# A draft is read with the holidays of these years; publishing chooses its own.
DRAFT_YEARS = range(2020, 2036)


class Sound(NamedTuple):
    """A document that may be used, where everything in it stands, and what was found on the way.

    `dated` is the same document with its holidays as dates.
    """

    reading: Reading
    document: Document
    dated: Document
    trials: Trials
    remarks: list[Remark]


def load(text: str, name: str = "policy.yaml") -> Policy:
    """Read a policy document; raises PolicyError, whose problems carry line, column and remedy.

    Public holidays are those of the years 2020 to 2035; see `freeze` for a policy that is published.
    """
    dated = dated_document(text, name, DRAFT_YEARS)
    return compile_document(dated, digest_of(plain(dated)))


def read_sound(text: str, name: str, years: Iterable[int], *, thorough: bool = False) -> Sound:
    """Return the sound document of a text, with the holidays of some years; raises PolicyError."""
    reading = read(text, name)
    document = read_form(reading)
    _refuse(reading, problems_of(document))
    dated = with_dates(document, years, reading)
    trials = Trials(document, dated)
    remarks = dated_remarks(trials, thorough=thorough)
    _refuse(reading, [remark for remark in remarks if forbids(remark.code)])
    return Sound(reading, document, dated, trials, remarks)


def read_document(text: str, name: str) -> tuple[Reading, Document]:
    """Return the sound document of a text, and where everything in it stands; raises PolicyError."""
    sound = read_sound(text, name, DRAFT_YEARS)
    return sound.reading, sound.document


def dated_document(text: str, name: str, years: Iterable[int]) -> Document:
    """Return the sound document of a text with the holidays of some years written in; raises PolicyError."""
    return read_sound(text, name, years).dated


def plain(document: Document) -> dict[str, Any]:
    """Return a document as JSON-able data, without what it leaves at its default."""
    return document.model_dump(mode="json", exclude_defaults=True)


def _refuse(reading: Reading, remarks: list[Remark]) -> None:
    if remarks:
        raise PolicyError(reading.name, [reading.problem(*remark) for remark in remarks])
