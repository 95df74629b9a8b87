"""What attention says an answer rests on: not a cause, but a guess at one that can be scored like any other."""

import numpy as np

from lesson.interpret.parts import forward_of, parts_of
from lesson.interpret.question import Question, tokens_of
from lesson.interpret.rollout import attention_rollout, average_heads
from lesson.models.config import ClassifierConfig
from lesson.models.gates import attention_weights


def weights_of(question: Question) -> dict[str, np.ndarray]:
    """Give the weights of every head of every layer: {"decoder/0/cross_attention": (..., H, T, S), ...}."""
    return attention_weights(forward_of(question.config)(question.params, *question.inputs, question.config)[1])


def attention_blame(question: Question, rolled: bool = False) -> tuple[np.ndarray, ...]:
    """Blame each token by how much the place of the answer attends to it.

        q^T W_L, heads averaged; rolled: q^T R_L, through all layers        Abnar & Zuidema 2020, section 3

    q is 1 at the place of the answer; a classifier answers from the mean of all tokens, so there q is each one's share.
    An encoder-decoder's source is blamed by the last cross-attention; rolled, that goes on through the encoder.
    Returns for each input (..., S), zeros at padding.
    """
    weights, parts = weights_of(question), parts_of(question.config)
    stacks = {part: _averaged(weights, part, "attention") for part in parts}
    asker = _askers(question)[..., np.newaxis, :]
    *source, last = (_top(stacks[part], rolled) for part in parts)
    found = [asker @ last]
    if source:
        cross = asker @ _averaged(weights, "decoder", "cross_attention")[-1]
        found.insert(0, cross @ source[0] if rolled else cross)
    return tuple(
        np.where(is_token, row[..., 0, :], 0.0) for is_token, row in zip(tokens_of(question), found, strict=True)
    )


def _averaged(weights: dict[str, np.ndarray], part: str, name: str) -> list[np.ndarray]:
    paths = [path for path in weights if path.startswith(f"{part}/") and path.endswith(f"/{name}")]
    return [average_heads(weights[path]) for path in paths]


def _top(attentions: list[np.ndarray], rolled: bool) -> np.ndarray:
    return attention_rollout(attentions)[-1] if rolled else attentions[-1]


def _askers(question: Question) -> np.ndarray:
    """Give each position's share in the answer: (..., T), summing to 1."""
    if isinstance(question.config, ClassifierConfig):
        asks = tokens_of(question)[0]
    else:
        asks = (question.readout != 0).any(axis=-1)
    return asks / np.maximum(asks.sum(axis=-1, keepdims=True), 1)
