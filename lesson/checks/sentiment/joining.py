"""Words in pieces: how to join a pair, and which one comes first."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from lesson.byte_pairs import join_pair
from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

USED = "A piece can be joined once only: go on with the piece after the pair."
LEFT = "Start from the left: of three alike in a row, the first two are joined."
PIECES = "Pieces are whole: compare the list's items, not the letters of one long text."
RANK = "What was learned first is joined first, everywhere in the word; then the next merge has its turn."


def _merge(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return join_pair(pieces, tuple(pair), "".join(pair))


def _first_only(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    for i, found in enumerate(pairwise(pieces)):
        if found == tuple(pair):
            return [*pieces[:i], "".join(pair), *pieces[i + 2 :]]
    return list(pieces)


def _from_right(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return join_pair(pieces[::-1], tuple(pair)[::-1], "".join(pair))[::-1]


def _overlapping(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    """Go on by one piece after a match, and leave out a piece that was the second of one."""
    result = []
    for i, piece in enumerate(pieces):
        if tuple(pieces[i : i + 2]) == tuple(pair):
            result.append("".join(pair))
        elif i == 0 or tuple(pieces[i - 1 : i + 1]) != tuple(pair):
            result.append(piece)
    return result


def _second_kept(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return ["".join(pair) if tuple(pieces[i : i + 2]) == tuple(pair) else piece for i, piece in enumerate(pieces)]


def _fixed_length(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    for i in range(len(pieces) - 1):
        if (pieces[i], pieces[i + 1]) == tuple(pair):
            pieces[i : i + 2] = ["".join(pair)]
    return pieces


def _last_lost(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    merged = _merge(pieces, pair)
    return merged if tuple(pieces[-2:]) == tuple(pair) and merged[-1] == "".join(pair) else merged[:-1]


def _in_spaces(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return " ".join(pieces).replace(" ".join(pair), "".join(pair)).split()


def _as_text(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    joined = "".join(pair)
    return [part for run in "".join(pieces).split(joined) for part in [*run, joined]][:-1]


def _either_way(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return _merge(_merge(pieces, pair), tuple(pair)[::-1])


merge_pair = exercise(
    name="merge_pair",
    arguments=("pieces", "pair"),
    cases=lambda rng: [
        (list("lotolos"), ("l", "o")),
        (list("aaa"), ("a", "a")),
        (["xa", "b", "a", "b"], ("a", "b")),
        (["a", "a", "a", "a", "a", "b"], ("a", "a")),
        (["es", "t", "es", "te"], ("es", "t")),
        (list("ba"), ("a", "b")),
        (["a"], ("a", "b")),
    ],
    answer=_merge,
    mistakes=(
        Mistake("Only the first", _first_only, "The pair may stand there again: join every occurrence."),
        Mistake("A piece joined twice", _overlapping, USED),
        Mistake("The second piece kept", _second_kept, USED),
        Mistake("The second piece kept", lambda pieces, pair: _second_kept(pieces, pair)[:-1], USED),
        Mistake(
            "The list gets shorter, the loop does not",
            _fixed_length,
            "range(len(pieces)) was settled before the first join. A while loop asks for the length each time.",
        ),
        Mistake("From right to left", _from_right, LEFT),
        Mistake("Pieces glued into one text", _as_text, PIECES),
        Mistake(
            "Pieces matched in part", _in_spaces, f'In "xa b" the text "a b" is found, though no piece is "a". {PIECES}'
        ),
        Mistake(
            "The last piece lost", _last_lost, "A loop over pairs ends one early: the last piece, if left over, stays."
        ),
        Mistake("Matched in either order", _either_way, "(l, o) is not (o, l): the order is part of the pair."),
        Mistake(
            "Joined with a space",
            lambda pieces, pair: join_pair(pieces, tuple(pair), " ".join(pair)),
            "The new piece is both texts with nothing between them: pair[0] + pair[1].",
        ),
        Mistake(
            "Joined to a text, not a list",
            lambda pieces, pair: " ".join(_merge(pieces, pair)),
            "A list of pieces is wanted: what is merged next has to find them.",
        ),
        Mistake(
            "Nothing joined",
            lambda pieces, pair: list(pieces),
            "pieces[i:i+2] is a list, and pair a tuple: they are "
            "never equal. Compare tuple(pieces[i:i+2]), or piece by piece.",
        ),
    ),
    hints=(
        "Walk along with a place i. At each place: do the two pieces from here on make the pair?",
        "If they do, put the joined piece in their place. Either way go on by 1, while two pieces are left.",
        "In a copy of the list, `pieces[i : i + 2] = [pair[0] + pair[1]]` puts one piece in the place of two.",
    ),
    solution="""\
def merge_pair(pieces, pair):
    pieces, i = list(pieces), 0
    while i < len(pieces) - 1:
        if (pieces[i], pieces[i + 1]) == pair:
            pieces[i : i + 2] = [pair[0] + pair[1]]
        i += 1
    return pieces""",
    difficulty=2,
    importance=2,
    minutes=7,
)


def _encode(word: str, merges: list[tuple[str, str]], join: Callable = _merge) -> list[str]:
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
            partial(_encode, join=_first_only),
            "A merge applies wherever its pair stands, not only at the first place.",
        ),
        Mistake(
            "Only the first merge", lambda word, merges: _encode(word, merges[:1]), "A return inside the loop ends it."
        ),
        Mistake(
            "Each merge starts from letters again",
            lambda word, merges: _merge(list(word), merges[-1]),
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
