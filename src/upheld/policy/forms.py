"""The forms of standings and ledgers as JSON, made from the types themselves: one cannot change without the other."""

from dataclasses import fields
from datetime import datetime, timedelta
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from upheld.policy.document import schema as document_schema
from upheld.policy.ledger import Ledger
from upheld.policy.standing import VERSION, Standing
from upheld.policy.story_form import story_schema

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
InstantText = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        description="An instant in UTC, with microseconds.",
    ),
]
Micros = Annotated[int, Field(ge=0, description="A length of time in microseconds.")]
_made: dict[type, type[BaseModel]] = {}


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the published JSON Schemas by name: of a policy document, a story, a standing and a ledger."""
    return {
        "document": document_schema(),
        "story": story_schema(),
        "standing": standing_schema(),
        "ledger": ledger_schema(),
    }


def standing_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `Standing.to_json` gives."""
    form = create_model(
        "Standing",
        __base__=form_of(Standing),
        version=(Annotated[int, Field(ge=VERSION, le=VERSION)], ...),
        id=(str | int | None, None),
    )
    return _published(form, f"Upheld standing, version {VERSION}")


def ledger_schema() -> dict[str, Any]:
    """Return the JSON Schema of one ledger as `upheld policy explain --json` gives it."""
    return _published(form_of(Ledger), "Upheld ledger, version 1")


def form_of(kind: type) -> type[BaseModel]:
    """Return the form of a dataclass: instants as text, lengths of time as integers."""
    if kind not in _made:
        hints = get_type_hints(kind)
        listed: dict[str, Any] = {each.name: (_plain(hints[each.name]), ...) for each in fields(kind)}
        config = ConfigDict(extra="forbid")
        _made[kind] = create_model(kind.__name__, __config__=config, __doc__=kind.__doc__, **listed)
    return _made[kind]


def _plain(hint: Any) -> Any:
    if hint is datetime:
        return InstantText
    if hint is timedelta:
        return Micros
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return list[_plain(arguments[0])]  # type: ignore[misc]
    if origin is UnionType:
        result = _plain(arguments[0])
        for each in arguments[1:]:
            result = result | _plain(each)
        return result
    if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__"):
        return form_of(hint)
    if origin is not None and not isinstance(hint, type):
        return dict[str, Any]
    return hint


def _published(form: type[BaseModel], title: str) -> dict[str, Any]:
    schema = form.model_json_schema()
    schema["title"] = title
    return {"$schema": _DRAFT, **schema}
