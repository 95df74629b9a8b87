"""The residual stream, read and rewritten between layers."""

import numpy as np

from lesson import tree
from lesson.interpret.parts import (
    count_layers,
    forward_of,
    keep_layers,
    parts_of,
    require_same_padding,
    table_paths,
)
from lesson.interpret.question import Question, give_rows, repeat, score
from lesson.models.config import ModelConfig
from lesson.models.gates import residual_stream


def logit_lens(params: dict, config: ModelConfig, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    """Hear what the model would say if it stopped thinking after each layer.

        logits_l = output(norm(stream after l layers))        nostalgebraist 2020, "interpreting GPT: the logit lens"

    Which is to say: the upper layers are taken off, the last norm and the output stay. In an encoder-decoder it is the
    decoder that stops. Returns (L + 1, ..., T, V), or (L + 1, ..., L) of a classifier; the last is the whole model's.
    """
    part = parts_of(config)[-1]
    layers = range(count_layers(params, part) + 1)
    return np.stack([forward_of(config)(keep_layers(params, part, 0, stop), *inputs, config)[0] for stop in layers])


def score_from(question: Question, part: str, layer: int, stream: np.ndarray) -> np.ndarray:
    """Score the answer of a model whose "encoder" or "decoder" starts at a layer, with a stream that is given.

    stream (..., T, D), what enters that layer; leading axes beyond the ids' hold as many versions of the question
    Returns (...). The layers below are taken off, and every token reads a row that makes the stream so.
    A classifier's lexicon goes on reading the question's own words. Raises ValueError for an unknown part or layer.
    """
    parts = parts_of(question.config)
    if part not in parts:
        raise ValueError(f"wanted a part of {', '.join(parts)}, got {part!r}")
    _, cache = forward_of(question.config)(question.params, *question.inputs, question.config)
    flat, rows = tree.flatten(question.params), []
    for name, path, ids in zip(parts, table_paths(question.params, question.config), question.inputs, strict=True):
        row = np.broadcast_to(flat[path][ids], (*stream.shape[:-2], *ids.shape[-1:], stream.shape[-1]))
        if name == part:
            embedded = getattr(cache, part)
            row = row + (stream - embedded.stack.stream[0]) / embedded.embed.scale
        rows.append(row)
    params, inputs = give_rows(question, tuple(rows))
    return score(question._replace(params=keep_layers(params, part, layer), inputs=inputs))


def patch_stream(question: Question, other: tuple[np.ndarray, ...], part: str) -> np.ndarray:
    """Say of each layer and position how the score moves when the stream there is that of another run.

        effect_lt = score(stream_l,t <- stream_l,t of the other inputs) - score
                                                                Meng et al. 2022 (arXiv 2202.05262), section 2.1

    other: inputs of the same shapes, padded alike   part: "encoder" or "decoder"
    Returns (L + 1, ..., T), by what enters layer 0, ..., L - 1, and what leaves the last.
    """
    require_same_padding(question.inputs, other, question.config)
    forward, params, config = forward_of(question.config), question.params, question.config
    here, there = (residual_stream(forward(params, *each, config)[1])[part] for each in (question.inputs, other))
    length = here[0].shape[-2]
    # (T, 1, ..., T, 1): version t changes position t.
    chosen = np.eye(length, dtype=bool).reshape(length, *[1] * (here[0].ndim - 2), length, 1)
    whole, versions = score(question), repeat(question, length)
    effects = [
        score_from(versions, part, layer, np.where(chosen, b, a)) - whole
        for layer, (a, b) in enumerate(zip(here, there, strict=True))
    ]
    return np.moveaxis(np.stack(effects), 1, -1)
