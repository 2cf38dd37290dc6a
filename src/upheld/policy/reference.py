"""Every key of a policy document, as a page; made from the schema, so that the two cannot differ."""

from collections.abc import Iterator
from typing import Any

from upheld.policy.document import schema

Schema = dict[str, Any]

_COMMON = ("assumed", "note", "cites", "accept")
_ID = r"^[a-z][a-z0-9_]{0,62}$"
_PLAIN = {"string": "text", "boolean": "true or false", "integer": "a number", "null": "null"}
_HEAD = """\
# Every key of a policy document

This page is made from the published [JSON Schema](schema/document.schema.json) by `upheld policy reference`; a test
keeps the two equal. [The guide](guide.md) shows how a document comes about. Editors that know JSON Schema complete and
check keys while you type: put this line at the top of the document, with the address at which you keep the schema
(`upheld policy schema > policy.schema.json` writes it).

    # yaml-language-server: $schema=policy.schema.json

An *id* is a short name of lower-case letters, digits and underscores that other
blocks use; it never changes, while labels may.

## In every block
"""


def reference() -> str:
    """Return the page as Markdown."""
    whole = schema()
    parts: dict[str, Schema] = whole["$defs"]
    common = {name: whole["properties"][name] for name in _COMMON}
    lines = [_HEAD, "These keys may stand in any block.", "", *_table(common, [], parts)]
    lines += ["", "## The document", "", *_table(_own(whole), whole["required"], parts)]
    for name in _in_order(whole, parts):
        part = parts[name]
        lines += ["", f"## {_title(name)}", "", *_paragraph(part), *_where(name, whole, parts), ""]
        lines += _table(_own(part), part.get("required", []), parts)
    return "\n".join(lines) + "\n"


def _own(part: Schema) -> dict[str, Schema]:
    return {name: each for name, each in part["properties"].items() if name not in _COMMON}


def _in_order(whole: Schema, parts: dict[str, Schema]) -> list[str]:
    """Return the blocks as a reader meets them from the top of a document."""
    found: dict[str, None] = {}

    def visit(part: Schema) -> None:
        for value in _own(part).values():
            for name in _blocks(value):
                if name not in found and "properties" in parts[name]:
                    found[name] = None
                    visit(parts[name])

    visit(whole)
    return list(found)


def _blocks(value: Schema) -> Iterator[str]:
    """Yield the names of the blocks that a value refers to."""
    if "$ref" in value:
        yield value["$ref"].rsplit("/", 1)[1]
    for inner in (*value.get("anyOf", ()), value.get("items"), value.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from _blocks(inner)


def _where(name: str, whole: Schema, parts: dict[str, Schema]) -> list[str]:
    owners = {"the document": whole, **{_title(each): parts[each] for each in _in_order(whole, parts)}}
    places = [
        f"`{key}` of {owner}"
        for owner, part in owners.items()
        for key, value in _own(part).items()
        if name in _blocks(value)
    ]
    return [f"Stands under {', '.join(places)}."] if places else []


def _title(name: str) -> str:
    words = "".join(f" {each.lower()}" if each.isupper() else each for each in name.removesuffix("Part"))
    return words.strip().capitalize()


def _paragraph(part: Schema) -> list[str]:
    return [" ".join(part.get("description", "").split()), ""]


def _table(values: dict[str, Schema], required: list[str], parts: dict[str, Schema]) -> list[str]:
    lines = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    for name, value in values.items():
        default = "required" if name in required else _default(value)
        meaning = " ".join(value.get("description", "").split())
        lines.append(f"| `{name}` | {_said(value, parts)} | {default} | {meaning} |")
    return lines


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in ("", None, [], {}) or isinstance(default, dict):
        return "-"
    return f"`{str(default).lower() if isinstance(default, bool) else _listed(default)}`"


def _listed(default: Any) -> str:
    return f"[{', '.join(default)}]" if isinstance(default, list) else str(default)


def _said(value: Schema, parts: dict[str, Schema]) -> str:
    """Say in words what may be written."""
    if "anyOf" in value:
        return " or ".join(
            dict.fromkeys(_said(each, parts) for each in value["anyOf"] if each != {"type": "null"})
        )
    if "$ref" in value:
        return _referred(value["$ref"].rsplit("/", 1)[1], parts)
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{each}`" for each in value["enum"])
    if value.get("type") == "array":
        return f"list of: {_said(value['items'], parts)}"
    if value.get("type") == "object":
        return _mapping(value, parts)
    if "examples" in value:
        return "such as " + ", ".join(f"`{each}`" for each in value["examples"])
    if value.get("pattern") == _ID:
        return "an id"
    return _PLAIN.get(value.get("type", ""), "anything")


def _referred(name: str, parts: dict[str, Schema]) -> str:
    if "properties" in parts[name]:
        return f"[{_title(name)}](#{_title(name).lower().replace(' ', '-')})"
    return _said(parts[name], parts)


def _mapping(value: Schema, parts: dict[str, Schema]) -> str:
    patterns = value.get("patternProperties", {})
    inner: Schema = value.get("additionalProperties") or next(iter(patterns.values()), {})
    names = value.get("propertyNames", {})
    key = "an id" if _ID in patterns else _said(names, parts) if len(names) > 1 else "a name"
    return f"{key}: {_said(inner, parts)}"
