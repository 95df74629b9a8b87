"""Words in pieces: which pair occurs most often."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

WEIGHED = "A word that occurs 5 times brings each of its pairs 5 times: add the word's count, not 1."
INSIDE = "No piece ever joins two words: count the pairs of each word by itself."
TIE = "Of pairs that are equally frequent, take the first by alphabet, so that everybody learns the same pieces."


def _count(words: dict, each: Callable = pairwise, weighed: bool = True) -> Counter:
    counts = Counter()
    for pieces, count in words.items():
        for pair in each(pieces):
            counts[pair] += count if weighed else 1
    return counts


def _best(counts: Counter) -> tuple[str, str]:
    return min(counts, key=lambda pair: (-counts[pair], pair))


def _apart(pieces: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs that share no piece with the same pair before them, as a text's `count` finds them."""
    found, free = [], {}
    for i, pair in enumerate(pairwise(pieces)):
        if free.get(pair, 0) <= i:
            found.append(pair)
            free[pair] = i + 2
    return found


def _across(words: dict) -> tuple[str, str]:
    return _best(Counter(pairwise(piece for word, count in words.items() for piece in word * count)))


most_frequent_pair = exercise(
    name="most_frequent_pair",
    arguments=("words",),
    cases=lambda rng: [
        ({tuple("low"): 5, tuple("lower"): 2, tuple("newest"): 6, tuple("widest"): 3},),
        ({tuple("ba"): 5, tuple("cd"): 1, tuple("cde"): 1},),
        ({tuple("exs"): 4, tuple("eys"): 4},),
        ({tuple("zy"): 2, tuple("ab"): 2},),
        ({tuple("aaa"): 2, tuple("bc"): 3},),
        ({("l", "ow"): 5, ("s", "l", "ow"): 2, ("l", "o", "st"): 1},),
    ],
    answer=lambda words: _best(_count(words)),
    mistakes=(
        Mistake("Each word counted once", lambda words: _best(_count(words, weighed=False)), WEIGHED),
        Mistake("Each word counted once", lambda words: _count(words, weighed=False).most_common(1)[0][0], WEIGHED),
        Mistake("Pairs across words", _across, INSIDE),
        Mistake(
            "Pair with its count",
            lambda words: (_best(_count(words)), max(_count(words).values())),
            "The pair alone is wanted, a tuple of two pieces.",
        ),
        Mistake("The count, not the pair", lambda words: max(_count(words).values()), "Wanted is which pair it is."),
        Mistake(
            "Joined already", lambda words: "".join(_best(_count(words))), "Return the two pieces, not yet joined."
        ),
        Mistake(
            "All pairs counted, none chosen",
            lambda words: dict(_count(words)),
            "These are the counts. Choose the largest.",
        ),
        Mistake(
            "Single pieces counted",
            lambda words: max(sorted(_count(words, each=list)), key=_count(words, each=list).get),
            "Count neighbours, two pieces at a time: zip(word, word[1:]) goes through them.",
        ),
        Mistake("Tie: the last by alphabet", lambda words: max((n, pair) for pair, n in _count(words).items())[1], TIE),
        Mistake("Tie: the first that was seen", lambda words: _count(words).most_common(1)[0][0], TIE),
        Mistake(
            "Overlapping pairs counted once",
            lambda words: _best(_count(words, each=_apart)),
            '"aaa" holds the pair (a, a) twice, at places 0 and 1. The count takes all neighbours.',
        ),
        Mistake(
            "Least frequent",
            lambda words: min(_count(words), key=lambda pair: (_count(words)[pair], pair)),
            "Joining what is frequent makes texts short. Take the largest count.",
        ),
    ),
    hints=(
        "First count all pairs of neighbours, then choose. A Counter holds the counts.",
        "`for pieces, count in words.items():` and in it `for pair in zip(pieces, pieces[1:]):`, adding `count`.",
        "`min(counts, key=lambda pair: (-counts[pair], pair))` is the most frequent, of a tie the first by alphabet.",
    ),
    solution="""\
def most_frequent_pair(words):
    counts = Counter()
    for pieces, count in words.items():
        for pair in zip(pieces, pieces[1:]):
            counts[pair] += count
    return min(counts, key=lambda pair: (-counts[pair], pair))""",
    difficulty=2,
    importance=3,
    minutes=7,
)
