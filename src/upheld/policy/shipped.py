"""The policies that are shipped, as documents to start from."""

from importlib import resources
from importlib.resources.abc import Traversable


def _folder() -> Traversable:
    return resources.files("upheld.policy").joinpath("packs")


def packs() -> tuple[str, ...]:
    """Return the names of the shipped packs."""
    return tuple(
        sorted(each.name.removesuffix(".yaml") for each in _folder().iterdir() if each.name.endswith(".yaml"))
    )


def pack(name: str) -> str:
    """Return the text of a shipped pack; raises KeyError when there is none of that name."""
    if name not in packs():
        raise KeyError(name)
    return _folder().joinpath(f"{name}.yaml").read_text(encoding="utf-8")
