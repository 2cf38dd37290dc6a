"""What every block of a policy document has in common, and the texts that are read when a document is checked."""

from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from upheld.clock import zone
from upheld.policy.phrases import (
    read_amount,
    read_date,
    read_days,
    read_delay,
    read_hours,
    read_promise,
    read_span,
    read_wall_time,
)

# What editors check while somebody types; the readers know the rest.
_LENGTH = r"\d{1,6} (working|elapsed) (minute|hour)s?|\d{1,6} elapsed days?"
_DAYS = r"\d{1,4} business days?( at the same time| at close| of \d{1,4} working (minutes?|hours?))?"
_CLOCK = r"\d\d:\d\d"


def _typed(example: str, *more: str, pattern: str) -> Any:
    return Field(examples=[example, *more], json_schema_extra={"pattern": f"^({pattern})$"})


def _checked(reader: Any) -> AfterValidator:
    def check(text: str) -> str:
        reader(text)
        return text

    return AfterValidator(check)


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Ids = Annotated[list[Id], Field(min_length=1)]
AmountText = Annotated[str, _checked(read_amount), _typed("72 elapsed hours", pattern=_LENGTH)]
PromiseText = Annotated[
    str,
    _checked(read_promise),
    _typed(
        *("16 working hours", "2 business days", "cut-off 12:00"),
        pattern=f"{_LENGTH}|{_DAYS}|cut-off {_CLOCK}|best effort|discretionary",
    ),
]
DelayText = Annotated[
    str,
    _checked(read_delay),
    _typed("at once", "2 elapsed hours", "2 business days", pattern=f"at once|{_LENGTH}|{_DAYS}"),
]
SpanText = Annotated[
    str, _checked(read_span), _typed("1 working hour", "2 business days", pattern=f"{_LENGTH}|{_DAYS}")
]
HoursText = Annotated[
    str,
    _checked(read_hours),
    _typed(
        *("07:30-12:00, 13:00-17:00", "closed"),
        pattern=rf"closed|{_CLOCK}\s*[-–]\s*{_CLOCK}(\s*,\s*{_CLOCK}\s*[-–]\s*{_CLOCK})*",
    ),
]
DaysText = Annotated[str, _checked(read_days), Field(examples=["mon-fri"])]
DateText = Annotated[str, _checked(read_date), _typed("2026-12-25", pattern=r"\d{4}-\d\d-\d\d")]
WallTime = Annotated[
    str,
    _checked(read_wall_time),
    _typed("2026-03-20 16:50", pattern=rf"\d{{4}}-\d\d-\d\d {_CLOCK}(:\d\d)?"),
]
ZoneName = Annotated[str, _checked(zone), Field(examples=["Europe/London"])]
Words = Annotated[str, Field(max_length=2000)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,62}$")]


class Part(BaseModel):
    """Any block of a document."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, use_attribute_docstrings=True
    )

    assumed: bool = False
    """The source does not say this; the author supplied it. `note` says why."""
    note: Words = ""
    """A remark for whoever reads the document, and for the page."""
    cites: list[Words] = []
    """Sentences of the source page, or parts of them, on which this block rests; each must stand there."""
    accept: dict[Code, Words] = {}
    """Findings of `policy check` that are meant, by code, with the reason."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                near = get_close_matches(key, cls.model_fields, n=1)
                remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(cls.model_fields)}"
                message = "there is no key {key}; {remedy}"
                raise PydanticCustomError("unknown_key", message, {"key": key, "remedy": remedy})
        return data


class ChoicePart(Part):
    """Something that a ticket may have one of: a plan, region, reason, product, team or kind of request."""

    id: Id
    """How other blocks, stories and conditions name it."""
    label: Words = ""
    """What people call it; the id, when left out."""
    meaning: Words = ""
    """What it is, in the words of the page."""
