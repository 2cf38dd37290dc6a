"""A published policy: the document with its holiday dates written in."""

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from upheld.policy.compilation import compile_document
from upheld.policy.content import digest_of
from upheld.policy.document import Document
from upheld.policy.loading import dated_document, plain
from upheld.policy.policy import Policy

FORM = 1
_KEPT = 256
_policies: dict[str, Policy] = {}
_keeping = Lock()


def freeze(policy_text: str, years: Iterable[int], name: str = "policy.yaml") -> dict[str, Any]:
    """Return a JSON-able document with the holidays of `years` written in; raises PolicyError."""
    years = sorted(set(years))
    document = plain(dated_document(policy_text, name, years))
    return {"frozen": FORM, "years": years, "digest": digest_of(document), "document": document}


def from_frozen(frozen: Mapping[str, Any]) -> Policy:
    """Return the policy of a frozen document; needs no holiday library, and is cached by content.

    The digest is believed for what is cached and checked for what is not; raises ValueError when it does not
    fit the content, or when the form is not known.
    """
    digest = frozen["digest"]
    known = _policies.get(digest)
    if known is not None:
        return known
    if frozen.get("frozen") != FORM or digest_of(frozen["document"]) != digest:
        raise ValueError("this is not a frozen policy, or it was changed after it was frozen")
    policy = compile_document(Document.model_validate(frozen["document"]), digest)
    with _keeping:
        while len(_policies) >= _KEPT:
            _policies.pop(next(iter(_policies)))
        return _policies.setdefault(digest, policy)
