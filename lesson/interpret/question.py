"""What is asked of a model, and how its answer changes when tokens fade.

All methods that blame tokens ask one thing: every token gets a knob, 1 leaves its row of the table as it is and 0 puts
the baseline there, its place kept. Leaving out, gradients and curves are readings of this one function of the knobs.
"""

from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.interpret.parts import backward_of, forward_of, parts_of, read_logits, table_paths
from lesson.models.config import ClassifierConfig, ModelConfig
from lesson.nn.embedding import require_ids


class Question(NamedTuple):
    """A model, what it reads, and which of its logits matter.

    inputs: ids (..., S), and for an encoder-decoder the target's (..., T) too
    readout: a factor for each logit; the score of an answer is the sum of logits times factors
    baseline (D,): the row that stands for no token at all
    """

    params: dict
    config: ModelConfig
    inputs: tuple[np.ndarray, ...]
    readout: np.ndarray
    baseline: np.ndarray


def ask(
    params: dict,
    config: ModelConfig,
    inputs: tuple[np.ndarray, ...],
    answer: np.ndarray,
    place: np.ndarray | None = None,
    baseline: np.ndarray | None = None,
) -> Question:
    """Ask why the model gives this answer, and no other.

        score = logit_answer - mean of the other logits

    inputs: one array of ids (..., S), or source and target   answer (...): labels, or tokens that come after `place`
    place (...): where the model says the answer, None for a classifier   baseline (D,): zeros unless given
    Raises ValueError when these do not fit one another.
    """
    inputs = tuple(np.asarray(ids) for ids in inputs)
    labels = isinstance(config, ClassifierConfig)
    if len(inputs) != len(parts_of(config)):
        raise ValueError(f"wanted inputs for {' and '.join(parts_of(config))}, got {len(inputs)}")
    leading, answer = inputs[0].shape[:-1], np.asarray(answer)
    if labels != (place is None) or answer.shape != leading or np.shape(place) not in ((), leading):
        wanted = "no place" if labels else f"a place {leading}"
        raise ValueError(f"wanted an answer {leading} and {wanted}, got {answer.shape} and {np.shape(place)}")
    choices = config.num_labels if labels else config.vocabulary
    require_ids(answer, choices)
    contrast = np.full((*leading, choices), -1 / (choices - 1))
    np.put_along_axis(contrast, answer[..., np.newaxis], 1.0, axis=-1)
    if not labels:
        here = np.arange(inputs[-1].shape[-1]) == np.asarray(place)[..., np.newaxis]
        if not here.any(axis=-1).all():
            raise ValueError(f"wanted places from 0 to {inputs[-1].shape[-1] - 1}, got {place}")
        contrast = here[..., np.newaxis] * contrast[..., np.newaxis, :]
    baseline = np.zeros(config.width) if baseline is None else np.asarray(baseline)
    if baseline.shape != (config.width,):
        raise ValueError(f"wanted a baseline ({config.width},), got {baseline.shape}")
    return Question(params, config, inputs, contrast, baseline)


def score(question: Question, keep: tuple | None = None, gates: dict | None = None) -> np.ndarray:
    """Score the answer, with all tokens as they are or with some faded.

        sum readout * logits(row_t = baseline + keep_t (E_t - baseline))

    keep: for each input factors (..., S); axes before those of the ids hold as many versions of the question
    gates: factors (..., H) for heads by path        Returns (...).
    """
    params, inputs = (question.params, question.inputs) if keep is None else _faded(question, keep)
    logits, _ = forward_of(question.config)(params, *inputs, question.config, gates)
    return read_logits(question.readout, logits, question.config)


def slopes(question: Question, keep: tuple | None = None) -> tuple[np.ndarray, ...]:
    """Say how fast the score grows with each knob.

        d score / d keep_t = (d score / d row_t) . (E_t - baseline)

    keep as in `score`        Returns for each input (..., S), zeros at padding.
    """
    keep = tuple(np.ones(ids.shape) for ids in question.inputs) if keep is None else keep
    params, inputs = _faded(question, keep)
    logits, cache = forward_of(question.config)(params, *inputs, question.config)
    d_logits = np.zeros_like(logits)
    d_logits[..., : question.readout.shape[-1]] = question.readout
    grads = tree.flatten(backward_of(question.config)(d_logits, cache)[1])
    flat, found = tree.flatten(question.params), []
    for path, ids, own in zip(table_paths(question.params, question.config), question.inputs, inputs, strict=True):
        slope = np.sum(grads[path][own] * (flat[path][ids] - question.baseline), axis=-1)
        if "lexicon/weight" in grads:
            slope = slope + grads["lexicon/weight"][own] * flat["lexicon/weight"][ids]
        found.append(np.where(ids == question.config.pad, 0.0, slope))
    return tuple(found)


def repeat(question: Question, copies: int) -> Question:
    """Ask so many times at once, along a new first axis: for params or gates that differ along it."""
    inputs = tuple(np.broadcast_to(ids, (copies, *ids.shape)) for ids in question.inputs)
    return question._replace(inputs=inputs)


def tokens_of(question: Question) -> tuple[np.ndarray, ...]:
    """Say of each input which ids are no padding: booleans (..., S)."""
    return tuple(ids != question.config.pad for ids in question.inputs)


def give_rows(question: Question, rows: tuple[np.ndarray, ...], opinions: np.ndarray | float = 1.0) -> tuple:
    """Let every token read a row of its own, put below the table's: so tokens can be changed one by one.

    rows: for each input (..., S, D)   opinions (..., S): factors on what a lexicon says of each token
    Returns params and inputs. Padding stays padding. A tied model then has more logits, which are of no meaning.
    """
    flat, inputs = tree.flatten(question.params), []
    for path, ids, own in zip(table_paths(question.params, question.config), question.inputs, rows, strict=True):
        fresh = len(flat[path]) + np.arange(own[..., 0].size).reshape(own.shape[:-1])
        flat[path] = np.concatenate([flat[path], own.reshape(-1, own.shape[-1])])
        inputs.append(np.where(ids == question.config.pad, question.config.pad, fresh))
        if "lexicon/weight" in flat:
            said = np.broadcast_to(flat["lexicon/weight"][ids] * opinions, own.shape[:-1])
            flat["lexicon/weight"] = np.concatenate([flat["lexicon/weight"], said.reshape(-1)])
    return tree.unflatten(flat), tuple(inputs)


def _faded(question: Question, keep: tuple) -> tuple:
    flat, rows = tree.flatten(question.params), []
    for path, ids, kept in zip(table_paths(question.params, question.config), question.inputs, keep, strict=True):
        row = flat[path][ids] - question.baseline
        rows.append(question.baseline + np.asarray(kept, float)[..., np.newaxis] * row)
    return give_rows(question, tuple(rows), keep[0])
