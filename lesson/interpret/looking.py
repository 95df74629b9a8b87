"""What attention says an answer rests on: not a cause, but a guess at one that can be scored like any other."""

import numpy as np

from lesson.interpret.flow import flow_through
from lesson.interpret.parts import forward_of, parts_of
from lesson.interpret.question import Question, tokens_of
from lesson.interpret.rollout import attention_rollout, average_heads, with_residual
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
    stacks, cross = _attentions(question)
    asker = _askers(question)[..., np.newaxis, :]
    *source, last = (attention_rollout(stack)[-1] if rolled else stack[-1] for stack in stacks)
    found = [asker @ last]
    if source:
        found.insert(0, asker @ cross @ source[0] if rolled else asker @ cross)
    return _one_row_each(question, found)


def flow_blame(question: Question) -> tuple[np.ndarray, ...]:
    """Blame each token by how much can flow down to it from the place of the answer.

        q^T F, F as in `attention_flow`        Abnar & Zuidema 2020, section 3

    q as in `attention_blame`. To an encoder-decoder's source the last cross-attention is the topmost storey of pipes.
    Returns for each input (..., S), zeros at padding. Raises ValueError for a batch where there are more than two.
    """
    stacks, cross = _attentions(question)
    asker = _askers(question)[..., np.newaxis, :]
    *source, last = ([with_residual(attention) for attention in stack] for stack in stacks)
    found = [asker @ flow_through(last)]
    if source:
        found.insert(0, asker @ flow_through([*source[0], cross]))
    return _one_row_each(question, found)


def _attentions(question: Question) -> tuple[list[list[np.ndarray]], np.ndarray | None]:
    """Give each stack's self-attention by layer, heads averaged, and the last cross-attention if there is one."""
    weights, parts = weights_of(question), parts_of(question.config)
    cross = _averaged(weights, "decoder", "cross_attention")[-1] if len(parts) > 1 else None
    return [_averaged(weights, part, "attention") for part in parts], cross


def _one_row_each(question: Question, found: list[np.ndarray]) -> tuple[np.ndarray, ...]:
    return tuple(
        np.where(is_token, row[..., 0, :], 0.0) for is_token, row in zip(tokens_of(question), found, strict=True)
    )


def _averaged(weights: dict[str, np.ndarray], part: str, name: str) -> list[np.ndarray]:
    paths = [path for path in weights if path.startswith(f"{part}/") and path.endswith(f"/{name}")]
    return [average_heads(weights[path]) for path in paths]


def _askers(question: Question) -> np.ndarray:
    """Give each position's share in the answer: (..., T), summing to 1."""
    if isinstance(question.config, ClassifierConfig):
        asks = tokens_of(question)[0]
    else:
        asks = (question.readout != 0).any(axis=-1)
    return asks / np.maximum(asks.sum(axis=-1, keepdims=True), 1)
