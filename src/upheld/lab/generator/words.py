"""Texts with the spread of a living language: a few words everywhere, most words almost nowhere."""

from itertools import accumulate
from random import Random

VOCABULARY = 20_000
SENTENCES = 5_000
LONGEST = 120
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

    def told_by(self, random: Random) -> "Words":
        """Return the same words and sentences, from which another source picks."""
        told = object.__new__(Words)
        told.__dict__ |= self.__dict__ | {"_random": random}
        return told

    def pick(self, count: int) -> list[str]:
        """Return words by their frequency."""
        return self._random.choices(self.vocabulary, cum_weights=self._weights, k=count)

    def text(self) -> str:
        """Return known sentences, and a few words of this text's own; most are short, some fill pages."""
        sentences = min(int(self._random.paretovariate(1.5) * 1.5), LONGEST)
        said = self._random.choices(self._sentences, k=sentences)
        return " ".join([*said, *self.pick(6)])

    def subject(self) -> str:
        """Return a few words."""
        return " ".join(self.pick(self._random.choice((3, 4, 4, 5, 5, 5, 6, 7, 9)))).capitalize()


def _vocabulary(random: Random) -> list[str]:
    known: dict[str, None] = {}
    while len(known) < VOCABULARY:
        syllables = random.choice((2, 2, 3, 3, 4))
        known["".join(_syllable(random) for _ in range(syllables))] = None
    return list(known)


def _syllable(random: Random) -> str:
    ending = random.choice(_CODAS) if random.random() < 0.4 else ""
    return random.choice(_ONSETS) + random.choice(_VOWELS) + ending
