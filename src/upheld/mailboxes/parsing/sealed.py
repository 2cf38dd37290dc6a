"""Mails that are encrypted or signed: what they say about themselves, for a person who wonders where the text is."""

from upheld.mailboxes.parsing.parts import Part

_PKCS7 = frozenset(["application/pkcs7-mime", "application/x-pkcs7-mime"])
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
ENCRYPTED = "it is encrypted; its text is in the files"
SIGNED_INSIDE = "its text is inside a signed file (S/MIME)"


def remarks(leaves: list[Part], text: str) -> list[str]:
    """Return what is to be said; nothing is decrypted and no signature is checked."""
    kinds = {leaf.typed["smime-type"].lower() for leaf in leaves if leaf.content_type in _PKCS7}
    found = []
    if "signed-data" in kinds:
        found.append(SIGNED_INSIDE)
    if kinds - {"signed-data", "certs-only"} or any("multipart/encrypted" in leaf.inside for leaf in leaves):
        found.append(ENCRYPTED)
    elif text.lstrip()[: len(_PGP_MESSAGE)] == _PGP_MESSAGE:
        found.append("its text is encrypted (PGP)")
    return found
