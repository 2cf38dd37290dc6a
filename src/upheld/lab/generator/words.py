"""Texts with the spread of a living language: a few words everywhere, most words almost nowhere."""

from itertools import accumulate
from random import Random

VOCABULARY = 20_000
SENTENCES = 5_000
_ONSETS = (
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "g",
    "gl",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
    "v",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_CODAS = ("b", "ck", "d", "ft", "g", "l", "lm", "m", "n", "nd", "p", "r", "rk", "sk", "t", "x")


class Words:
    """Makes texts; the same random source gives the same texts."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.vocabulary = _vocabulary(random)
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self._sentences = [" ".join(self.pick(random.randint(6, 16))) + "." for _ in range(SENTENCES)]

    def pick(self, count: int) -> list[str]:
        """Return words by their frequency."""
        return self._random.choices(self.vocabulary, cum_weights=self._weights, k=count)

    def text(self) -> str:
        """Return some fifty words: known sentences, and a few words of this text's own."""
        return " ".join(self._random.choices(self._sentences, k=4)) + " " + " ".join(self.pick(4))

    def subject(self) -> str:
        return " ".join(self.pick(5)).capitalize()


def _vocabulary(random: Random) -> list[str]:
    known: dict[str, None] = {}
    while len(known) < VOCABULARY:
        syllables = random.choice((2, 2, 3, 3, 4))
        known["".join(_syllable(random) for _ in range(syllables))] = None
    return list(known)


def _syllable(random: Random) -> str:
    ending = random.choice(_CODAS) if random.random() < 0.4 else ""
    return random.choice(_ONSETS) + random.choice(_VOWELS) + ending
