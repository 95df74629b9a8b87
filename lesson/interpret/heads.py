"""Which heads an answer rests on: cut one out, put its average there, or put there what it said in another run."""

import numpy as np

from lesson import tree
from lesson.interpret.parts import forward_of, parts_of, require_same_padding
from lesson.interpret.question import Question, repeat, score, tokens_of
from lesson.models.gates import ATTENTIONS, attention_paths
from lesson.nn.attention import split_heads


def head_outputs(cache) -> dict[str, np.ndarray]:
    """Read out of a model's cache what each head mixed: {"encoder/0/attention": (..., H, T, K), ...}."""
    found = {}
    for part in ("encoder", "decoder"):
        blocks = getattr(cache, part).stack.blocks if hasattr(cache, part) else ()
        for number, block in enumerate(blocks):
            for name in ATTENTIONS:
                if (sublayer := getattr(block, name)) is not None:
                    inner = sublayer.inner
                    found[f"{part}/{number}/{name}"] = split_heads(inner.attend.output.x, inner.weights.shape[-3])
    return found


def mean_heads(question: Question) -> dict[str, np.ndarray]:
    """Average what each head mixed over all tokens of all questions: {"encoder/0/attention": (H, K), ...}."""
    _, cache = forward_of(question.config)(question.params, *question.inputs, question.config)
    is_token = dict(zip(parts_of(question.config), tokens_of(question), strict=True))
    return {path: _average_over_tokens(heads, is_token[_part(path)]) for path, heads in head_outputs(cache).items()}


def fix_head(params: dict, path: str, head: int, says: np.ndarray) -> dict:
    """Give a model in which a head says the same at all places, whatever it reads: zeros (K,), or its mean.

        b + says W_O,h, and W_O,h = 0: so that any measure of a model can be taken without the head

    path: as in "encoder/0/attention"        Raises ValueError for a path or a head that is not there.
    """
    flat, name = tree.flatten(params), f"{path}/output/weight"
    if path not in attention_paths(params):
        raise ValueError(f"wanted a path among {', '.join(attention_paths(params))}, got {path!r}")
    count = len(flat[name]) // len(says)
    if not 0 <= head < count or count * len(says) != len(flat[name]):
        raise ValueError(f"wanted a head from 0 to {count - 1} of width {len(flat[name])} / {count}, got {head}")
    rows = slice(head * len(says), (head + 1) * len(says))
    weight = flat[name].copy()
    weight[rows] = 0
    bias = flat.get(f"{path}/output/bias", 0.0) + says @ flat[name][rows]
    return tree.unflatten(flat | {name: weight, f"{path}/output/bias": bias})


def ablate_heads(question: Question, mean: bool = False) -> dict[str, np.ndarray]:
    """Say of each head what the score loses when it is silenced.

        loss_h = score - score(gate_h = 0)                              Michel et al. 2019, section 2.2
        mean: its average over all tokens of all questions stands in for it, as part of the output's bias:
        b + mean_h W_O,h                                                Wang et al. 2022 (arXiv 2211.00593)

    A head of constant output is no loss when its mean stays. Returns {"encoder/0/attention": (..., H), ...}.
    """
    _, cache = forward_of(question.config)(question.params, *question.inputs, question.config)
    averages = mean_heads(question) if mean else {}
    whole, losses = score(question), {}
    for path, heads in head_outputs(cache).items():
        number = heads.shape[-3]
        ones = [1] * (heads.ndim - 3)
        gates = {path: (1 - np.eye(number)).reshape(number, *ones, number)}
        altered = repeat(question, number)
        if mean:
            shift = _through_output(question.params, path, averages[path][:, np.newaxis])
            altered = _with_bias(altered, path, shift.reshape(number, *ones, 1, -1))
        losses[path] = np.moveaxis(whole - score(altered, gates=gates), 0, -1)
    return losses


def patch_heads(question: Question, other: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
    """Say of each head how the score moves when it says what it says in another run, all else being as it was.

        effect_h = score(head_h <- head_h of the other inputs) - score        Vig et al. 2020, the indirect effect

    other: inputs of the same shapes, padded alike   Returns {"encoder/0/attention": (..., H), ...}.
    """
    require_same_padding(question.inputs, other, question.config)
    forward, params, config = forward_of(question.config), question.params, question.config
    here, there = (head_outputs(forward(params, *inputs, config)[1]) for inputs in (question.inputs, other))
    whole, effects = score(question), {}
    for path, heads in here.items():
        # A head's output enters the sum before the bias, so a changed head is a changed bias.
        shift = _through_output(params, path, there[path] - heads)
        altered = _with_bias(repeat(question, heads.shape[-3]), path, np.moveaxis(shift, -3, 0))
        effects[path] = np.moveaxis(score(altered) - whole, 0, -1)
    return effects


def _through_output(params: dict, path: str, heads: np.ndarray) -> np.ndarray:
    """Carry each head (..., H, T, K) alone through its rows of the output map: (..., H, T, D)."""
    weight = tree.flatten(params)[f"{path}/output/weight"]
    return heads @ weight.reshape(heads.shape[-3], heads.shape[-1], -1)


def _with_bias(question: Question, path: str, shift: np.ndarray) -> Question:
    flat = tree.flatten(question.params)
    name = f"{path}/output/bias"
    return question._replace(params=tree.unflatten(flat | {name: flat.get(name, 0.0) + shift}))


def _average_over_tokens(heads: np.ndarray, is_token: np.ndarray) -> np.ndarray:
    """Average (..., H, T, K) over all leading axes and those T that are tokens (..., T): (H, K)."""
    rows = np.moveaxis(heads, -3, 0).reshape(heads.shape[-3], -1, heads.shape[-1])
    return rows[:, is_token.reshape(-1)].mean(axis=1)


def _part(path: str) -> str:
    return path.partition(tree.SEPARATOR)[0]
