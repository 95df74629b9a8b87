"""The block wired both ways, from parts that are given: with its norms before what they serve, or after the sums.

Each sub-layer and each norm is a function of its own, drawn at random, so that a wrong one shows wherever it stands.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.norm import layer_norm

exercise = partial(Check, lesson="04-the-block")

PARTS = ("x", "attend", "feed", "norm_1", "norm_2")
ADDED = "Each half adds to what it read, so that what a word carried before is still there."
UNTOUCHED = "The stream itself is added untouched: x + attend(norm_1(x)). Only what attend reads is normalised."
SECOND = "The second half reads and adds to what the first one made: h + feed(norm_2(h)), with h instead of x."
SUM = "The norm stands around the sum: norm_1(x + attend(x))."
AFTER = "The second half reads and adds to what the first one made: norm_2(h + feed(h)), with h instead of x."
OWN = "Each half has its own norm: norm_1 with attend, norm_2 with feed."
LOOK_FIRST = "A block looks around first and thinks then: attend before feed."
INSIDE = "That is pre-norm, its norms inside. Post-norm has each norm around the sum: norm_1(x + attend(x))."
OUTSIDE = (
    "That is post-norm. Pre-norm normalises what a sub-layer reads, and leaves the sum alone: x + attend(norm_1(x))."
)


def _attention(width: int, rng: np.random.Generator) -> Callable:
    tables = rng.normal(size=(3, width, width)) / np.sqrt(width)
    return lambda x: scaled_dot_product_attention(*(x @ table for table in tables))[0]


def _feed(width: int, rng: np.random.Generator) -> Callable:
    inner, outer = rng.normal(size=(2, width, width)) / np.sqrt(width)
    return lambda x: np.maximum(x @ inner, 0) @ outer


def _norm(width: int, rng: np.random.Generator) -> Callable:
    params = {"weight": rng.normal(size=width) + 1, "bias": rng.normal(size=width)}
    return lambda x: layer_norm(params, x)[0]


def _parts(rng: np.random.Generator) -> list[tuple]:
    makers = (_attention, _feed, _norm, _norm)
    return [(2 * rng.normal(size=(t, d)) + 1, *(make(d, rng) for make in makers)) for t, d in ((5, 7), (4, 4), (1, 3))]


def _pre(x, attend, feed, norm_1, norm_2):
    h = x + attend(norm_1(x))
    return h + feed(norm_2(h))


def _post(x, attend, feed, norm_1, norm_2):
    h = norm_1(x + attend(x))
    return norm_2(h + feed(h))


def _two(first: Callable, second: Callable) -> Callable:
    """A block of two halves: h = first(x, attend, norm_1), then second(h, feed, norm_2, x)."""
    return lambda x, a, f, n_1, n_2: second(first(x, a, n_1), f, n_2, x)


def _add(x, sublayer, norm, *_):
    return x + sublayer(norm(x))


def _around(x, sublayer, norm, *_):
    return norm(x + sublayer(x))


def _bare(x, sublayer, norm, *_):
    return x + sublayer(x)


pre_norm_block = exercise(
    name="pre_norm_block",
    arguments=PARTS,
    cases=_parts,
    answer=_pre,
    mistakes=(
        Mistake("Norms after the sums", _post, OUTSIDE),
        Mistake("No residual", _two(lambda x, f, n: f(n(x)), lambda h, f, n, x: f(n(h))), f"Add x. {ADDED}"),
        Mistake("No residual around feed", _two(_add, lambda h, f, n, x: f(n(h))), f"Add h. {ADDED}"),
        Mistake("No residual around attend", _two(lambda x, f, n: f(n(x)), _add), f"Add x. {ADDED}"),
        Mistake(
            "x added once, at the end",
            _two(lambda x, f, n: f(n(x)), lambda h, f, n, x: x + f(n(h))),
            f"Each half needs its own plus: h = x + attend(norm_1(x)), then h + feed(norm_2(h)). {ADDED}",
        ),
        Mistake("The normalised x added, not x", _two(*[lambda x, f, n, *_: n(x) + f(n(x))] * 2), UNTOUCHED),
        Mistake("The normalised x added, not x", _two(lambda x, f, n: n(x) + f(n(x)), _add), UNTOUCHED),
        Mistake("Output normalised, not input", _two(*[lambda x, f, n, *_: x + n(f(x))] * 2), UNTOUCHED),
        Mistake("The second half adds to x", _two(_add, lambda h, f, n, x: x + f(n(h))), SECOND),
        Mistake("The second half reads x", _two(_add, lambda h, f, n, x: h + f(n(x))), SECOND),
        Mistake(
            "The second half reads the first write alone",
            lambda x, a, f, n_1, n_2: x + (y := a(n_1(x))) + f(n_2(y)),
            "What attend wrote is only a part of h. The second half reads the stream, x and that write together.",
        ),
        Mistake("x added once more", _two(_add, lambda h, f, n, x: x + h + f(n(h))), SECOND),
        Mistake("Norms exchanged", lambda x, a, f, n_1, n_2: _pre(x, a, f, n_2, n_1), OWN),
        Mistake("One norm used twice", lambda x, a, f, n_1, n_2: _pre(x, a, f, n_1, n_1), OWN),
        Mistake("No norm", _two(_bare, _bare), UNTOUCHED),
        Mistake("No norm before feed", _two(_add, _bare), SECOND),
        Mistake("No norm before attend", _two(_bare, _add), UNTOUCHED),
        Mistake("Feed before attend", lambda x, a, f, n_1, n_2: _pre(x, f, a, n_1, n_2), LOOK_FIRST),
        Mistake("Feed before attend", lambda x, a, f, n_1, n_2: _pre(x, f, a, n_2, n_1), LOOK_FIRST),
        Mistake("The second half is missing", _two(_add, lambda h, *_: h), SECOND),
        Mistake("Feed left out", _two(_add, lambda h, f, n, x: n(h)), SECOND),
        Mistake("Feed left out", _two(_add, lambda h, f, n, x: h + n(h)), SECOND),
    ),
    hints=(
        "Two halves of one form. What the first makes of `x` is all that the second reads: give it a name, say `h`.",
        "The first half: `h = x + attend(norm_1(x))`. `x` itself goes on untouched, only a copy is normalised.",
        "The second half is the first with `h` for `x`, `feed` for `attend` and `norm_2` for `norm_1`.",
    ),
    solution="""\
def pre_norm_block(x, attend, feed, norm_1, norm_2):
    h = x + attend(norm_1(x))
    return h + feed(norm_2(h))""",
    difficulty=2,
    importance=3,
    minutes=6,
)

post_norm_block = exercise(
    name="post_norm_block",
    arguments=PARTS,
    cases=_parts,
    answer=_post,
    mistakes=(
        Mistake("Norms before the sub-layers", _pre, INSIDE),
        Mistake("Residual outside the norm", _two(*[lambda x, f, n, *_: x + n(f(x))] * 2), SUM),
        Mistake("No residual", _two(lambda x, f, n: n(f(x)), lambda h, f, n, x: n(f(h))), f"{ADDED} {SUM}"),
        Mistake("No residual around feed", _two(_around, lambda h, f, n, x: n(f(h))), f"{ADDED} {AFTER}"),
        Mistake("No residual around attend", _two(lambda x, f, n: n(f(x)), _around), f"{ADDED} {SUM}"),
        Mistake("The second half adds to x", _two(_around, lambda h, f, n, x: n(x + f(h))), AFTER),
        Mistake("The second half reads x", _two(_around, lambda h, f, n, x: n(h + f(x))), AFTER),
        Mistake("The halves side by side, added", _two(_around, lambda h, f, n, x: h + n(x + f(x))), AFTER),
        Mistake("Residual outside the second norm", _two(_around, lambda h, f, n, x: h + n(f(h))), AFTER),
        Mistake("Norms exchanged", lambda x, a, f, n_1, n_2: _post(x, a, f, n_2, n_1), OWN),
        Mistake("One norm used twice", lambda x, a, f, n_1, n_2: _post(x, a, f, n_1, n_1), OWN),
        Mistake("No norm", _two(_bare, _bare), SUM),
        Mistake("First norm missing", _two(_bare, _around), SUM),
        Mistake("Second norm missing", _two(_around, _bare), AFTER),
        Mistake("Feed before attend", lambda x, a, f, n_1, n_2: _post(x, f, a, n_1, n_2), LOOK_FIRST),
        Mistake("Feed before attend", lambda x, a, f, n_1, n_2: _post(x, f, a, n_2, n_1), LOOK_FIRST),
        Mistake("Normalised before and after", _two(*[lambda x, f, n, *_: n(x + f(n(x)))] * 2), SUM),
        Mistake("The second half is missing", _two(_around, lambda h, *_: h), AFTER),
    ),
    hints=(
        "The same two halves as before, with each norm in another place. What does it now stand around?",
        "First the sum, then the norm of all of it: `h = norm_1(x + attend(x))`.",
        "The second half is the first with `h` for `x`, `feed` for `attend` and `norm_2` for `norm_1`.",
    ),
    solution="""\
def post_norm_block(x, attend, feed, norm_1, norm_2):
    h = norm_1(x + attend(x))
    return norm_2(h + feed(h))""",
    difficulty=1,
    importance=2,
    minutes=4,
)
