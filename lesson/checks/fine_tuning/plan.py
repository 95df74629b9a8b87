"""What a plan of fine-tuning moves, and what decays."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.finetuning.moving import is_spared

exercise = partial(Check, lesson="10-fine-tuning-playbook")

PREFIX = "`encoder/1` means what lies below it, `encoder/1/...`: compare with the slash, `path.startswith(name + '/')`."
SPARED = "Two kinds are spared: a path that ends in `bias`, and one with a part that ends in `norm`."


def _below(path: str, frozen: tuple[str, ...]) -> bool:
    return path.startswith(tuple(f"{name}/" for name in frozen))


def _decayed(w: np.ndarray, g: np.ndarray, rate: float, decay: float) -> np.ndarray:
    return (1 - rate * decay) * w - rate * g


def _stepping(is_frozen: Callable = _below, moved: Callable = _decayed, still: Callable = lambda w, *_: w) -> Callable:
    """Step all weights: `moved(w, g, rate, decay)` for those that move, `still` for the others."""

    def step(weights, gradients, frozen, rate, decay):
        return {
            path: (still if is_frozen(path, frozen) else moved)(w, gradients[path], rate, decay)
            for path, w in weights.items()
        }

    return step


def _weights(rng: np.random.Generator, paths: tuple[str, ...]) -> dict[str, np.ndarray]:
    return {path: rng.normal(size=(3, 5)) for path in paths}


def _step_cases(rng: np.random.Generator) -> list[tuple]:
    stack = ("embedding/token", "encoder/0/query", "encoder/1/query", "encoder/1/value", "encoder/10/query")
    plain = ("embedding/token", "encoder/0/query", "output/weight")
    plans = [
        ((*stack, "decoder/embedding/token", "output/weight"), ("embedding", "encoder/1")),
        (plain, ()),
        (plain, ("embedding", "encoder")),
    ]
    return [(_weights(rng, paths), _weights(rng, paths), frozen, 0.1, 0.5) for paths, frozen in plans]


frozen_step = exercise(
    name="frozen_step",
    arguments=("weights", "gradients", "frozen", "rate", "decay"),
    cases=_step_cases,
    answer=_stepping(),
    mistakes=(
        Mistake(
            "Gradient set to zero, decay goes on",
            _stepping(still=lambda w, g, rate, decay: (1 - rate * decay) * w),
            "A zero gradient is no standstill: the decay shrinks the weight at every step. Hand back the very weight.",
        ),
        Mistake(
            "Moves without its decay",
            _stepping(moved=lambda w, g, rate, decay: w - rate * g),
            "A weight that moves also shrinks: multiply it by 1 - rate * decay before the step.",
        ),
        Mistake(
            "Decay not times the rate",
            _stepping(moved=lambda w, g, rate, decay: (1 - decay) * w - rate * g),
            "The factor is 1 - rate * decay: a decay that does not heed the rate eats the weights at a low rate.",
        ),
        Mistake(
            "Uphill",
            _stepping(moved=lambda w, g, rate, decay: (1 - rate * decay) * w + rate * g),
            "The gradient points to where the loss grows: subtract it.",
        ),
        Mistake(
            "Frozen and moving exchanged",
            _stepping(lambda path, frozen: not _below(path, frozen)),
            "The names are those of what stands still.",
        ),
        Mistake(
            "encoder/1 freezes encoder/10 too", _stepping(lambda path, frozen: path.startswith(tuple(frozen))), PREFIX
        ),
        Mistake(
            "A name found anywhere in the path",
            _stepping(lambda path, frozen: any(name in path for name in frozen)),
            f"The decoder has an embedding too, and that one is not frozen. {PREFIX}",
        ),
        Mistake(
            "Only the first name frozen", _stepping(lambda path, frozen: _below(path, frozen[:1])), "There may be more."
        ),
        Mistake(
            "Frozen weights set to zero",
            _stepping(still=lambda w, *_: 0 * w),
            "What stands still keeps its value; it is the step that is zero.",
        ),
        Mistake("Nothing frozen", _stepping(lambda path, frozen: False), PREFIX),
        Mistake("Everything frozen", _stepping(lambda path, frozen: True), f"What is not named moves. {PREFIX}"),
        Mistake(
            "Frozen weights left out",
            lambda weights, gradients, frozen, *pace: {
                path: _decayed(w, gradients[path], *pace) for path, w in weights.items() if not _below(path, frozen)
            },
            "A model needs all its weights: hand back the frozen ones as they came.",
        ),
    ),
    hints=(
        "Walk through `weights.items()`, and decide for each path whether it stands still.",
        "`any(path.startswith(name + '/') for name in frozen)` is true for what stands still.",
        "Else the new weight is `(1 - rate * decay) * w - rate * gradients[path]`; collect all in a new dict.",
    ),
    solution="""\
def frozen_step(weights, gradients, frozen, rate, decay):
    after = {}
    for path, w in weights.items():
        is_frozen = any(path.startswith(name + "/") for name in frozen)
        after[path] = w if is_frozen else (1 - rate * decay) * w - rate * gradients[path]
    return after""",
    difficulty=2,
    importance=3,
    minutes=8,
)


def _for_each(does: Callable[[str], bool]) -> Callable:
    return lambda paths: [bool(does(path)) for path in paths]


def _decay_cases(rng: np.random.Generator) -> list[tuple]:
    block = [
        *("encoder/0/attention/query/weight", "encoder/0/attention/query/bias", "encoder/0/attention_norm/weight"),
        *("encoder/0/attention_norm/bias", "encoder/0/feed_forward/output/weight", "encoder/norm/weight"),
    ]
    ends = ["encoder/embedding/token/weight", "output/weight", "output/bias"]
    return [(block + ends,), (ends,), (["decoder/3/feed_forward_norm/weight", "decoder/norm/bias"],)]


decays = exercise(
    name="decays",
    arguments=("paths",),
    cases=_decay_cases,
    answer=_for_each(lambda path: not is_spared(path)),
    mistakes=(
        Mistake("Spared and decayed exchanged", _for_each(is_spared), "True stands for what decays."),
        Mistake(
            "Norms decay",
            _for_each(lambda path: not path.endswith("bias")),
            f"A norm's weight rests at 1, not at 0: decay pulls it to where it says nothing. {SPARED}",
        ),
        Mistake(
            "Biases decay",
            _for_each(lambda path: "norm" not in path),
            f"A bias only moves where zero is; there is nothing to keep small. {SPARED}",
        ),
        Mistake(
            "Only parts called norm found",
            _for_each(lambda path: "norm" not in path.split("/") and not path.endswith("bias")),
            f"`attention_norm` is a norm too. {SPARED}",
        ),
        Mistake(
            "Only names with _norm found",
            _for_each(lambda path: "_norm" not in path and not path.endswith("bias")),
            f"The stack has a norm of its own, `encoder/norm`. {SPARED}",
        ),
        Mistake(
            "Embeddings spared too",
            _for_each(lambda path: not is_spared(path) and "embedding" not in path),
            f"Some do so; here, as in the package, tables of words decay. {SPARED}",
        ),
        Mistake("Everything decays", _for_each(lambda path: True), SPARED),
        Mistake(
            "Spared only if both",
            _for_each(lambda path: not (path.endswith("bias") and "norm" in path)),
            f"Spared is what is a bias or a norm's: `or`, not `and`. {SPARED}",
        ),
    ),
    hints=(
        "Two questions of each path: is it a bias, and is it a norm's?",
        "`path.endswith('bias')` answers the first; `'norm' in path` is enough for the second.",
        "`[not (path.endswith('bias') or 'norm' in path) for path in paths]`.",
    ),
    solution="""\
def decays(paths):
    return [not (path.endswith("bias") or "norm" in path) for path in paths]""",
    difficulty=1,
    importance=2,
    minutes=4,
)
