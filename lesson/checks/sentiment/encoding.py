"""Words in pieces: which pair comes first."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from lesson.checks.core import Check, Mistake
from lesson.checks.sentiment.joining import first_only, merge

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

RANK = "What was learned first is joined first, everywhere in the word; then the next merge has its turn."


def _encode(word: str, merges: list[tuple[str, str]], join: Callable = merge) -> list[str]:
    pieces = list(word)
    for pair in merges:
        pieces = join(pieces, pair)
    return pieces


def _by_choice(choose: Callable) -> Callable:
    """Join one pair at a time, the one that `choose(places, ranks, lengths)` prefers, until none is left."""

    def encode(word, merges):
        pieces = list(word)
        while found := [(i, pair) for i, pair in enumerate(pairwise(pieces)) if pair in merges]:
            i, pair = min(found, key=lambda each: choose(each[0], merges.index(each[1]), len("".join(each[1]))))
            pieces[i : i + 2] = ["".join(pair)]
        return pieces

    return encode


def _longest_piece(word: str, merges: list[tuple[str, str]]) -> list[str]:
    known, pieces = {"".join(pair) for pair in merges}, []
    while word:
        size = next((n for n in range(len(word), 1, -1) if word[:n] in known), 1)
        pieces.append(word[:size])
        word = word[size:]
    return pieces


encode = exercise(
    name="encode",
    arguments=("word", "merges"),
    cases=lambda rng: [
        ("abnana", [("n", "a"), ("a", "b"), ("b", "n")]),
        ("abc", [("a", "b"), ("b", "c"), ("a", "bc")]),
        ("abc", [("b", "c"), ("a", "b")]),
        ("lowlow", [("l", "o"), ("lo", "w")]),
        ("lowest", [("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w")]),
        ("abcd", [("c", "d"), ("a", "b"), ("b", "cd")]),
        ("box", [("l", "o")]),
        ("a", [("l", "o")]),
    ],
    answer=_encode,
    mistakes=(
        Mistake("From left to right, not by rank", _by_choice(lambda place, rank, size: place), RANK),
        Mistake("Last learned, first joined", lambda word, merges: _encode(word, merges[::-1]), RANK),
        Mistake("Last learned, first joined", _by_choice(lambda place, rank, size: -rank), RANK),
        Mistake(
            "Longest known piece first",
            _longest_piece,
            "That takes pieces from a list, as some tokenizers do. "
            "Byte pairs replay what they learned, merge after merge.",
        ),
        Mistake(
            "Each merge used once",
            partial(_encode, join=first_only),
            "A merge applies wherever its pair stands, not only at the first place.",
        ),
        Mistake(
            "Only the first merge", lambda word, merges: _encode(word, merges[:1]), "A return inside the loop ends it."
        ),
        Mistake(
            "Each merge starts from letters again",
            lambda word, merges: merge(list(word), merges[-1]),
            "What one merge made, the next one needs: keep its result in `pieces`.",
        ),
        Mistake("Letters alone", lambda word, merges: list(word), "These are the pieces at the start. Now join them."),
        Mistake("Nothing cut", lambda word, merges: [word], "Start from letters: list(word). Merges make them longer."),
    ),
    hints=(
        "Start with letters: `pieces = list(word)`. Then do what training did, in the same order.",
        "`for pair in merges:` goes from the first learned to the last; each one is joined wherever it stands.",
        "In the loop: `pieces = join_pair(pieces, pair, pair[0] + pair[1])`.",
    ),
    solution="""\
def encode(word, merges):
    pieces = list(word)
    for pair in merges:
        pieces = join_pair(pieces, pair, pair[0] + pair[1])
    return pieces""",
    difficulty=1,
    importance=3,
    minutes=5,
)
