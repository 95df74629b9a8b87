"""Words in pieces: how to join a pair."""

from functools import partial
from itertools import pairwise

from lesson.byte_pairs import join_pair
from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

USED = "A piece can be joined once only: go on with the piece after the pair."
LEFT = "Start from the left: of three alike in a row, the first two are joined."
PIECES = "Pieces are whole: compare the list's items, not the letters of one long text."


def merge(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return join_pair(pieces, tuple(pair), "".join(pair))


def first_only(pieces: list[str], pair: tuple[str, str]) -> list[str]:
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
    merged = merge(pieces, pair)
    return merged if tuple(pieces[-2:]) == tuple(pair) and merged[-1] == "".join(pair) else merged[:-1]


def _in_spaces(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return " ".join(pieces).replace(" ".join(pair), "".join(pair)).split()


def _as_text(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    joined = "".join(pair)
    return [part for run in "".join(pieces).split(joined) for part in [*run, joined]][:-1]


def _either_way(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    return merge(merge(pieces, pair), tuple(pair)[::-1])


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
    answer=merge,
    mistakes=(
        Mistake("Only the first", first_only, "The pair may stand there again: join every occurrence."),
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
            lambda pieces, pair: " ".join(merge(pieces, pair)),
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
