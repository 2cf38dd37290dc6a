"""What is new in an answer, and what is quoted history or a signature. `fold` is all that others need."""

from upheld.mailboxes.parsing.quoting.folding import Folded, fold

__all__ = ["Folded", "fold"]
