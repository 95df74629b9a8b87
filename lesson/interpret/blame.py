"""Which tokens an answer rests on: three readings of the knobs that fade them."""

import numpy as np

from lesson.interpret.question import Question, score, slopes, tokens_of


def gradient_times_input(question: Question) -> tuple[np.ndarray, ...]:
    """Blame each token by the slope where nothing has faded yet.

        (E_t - baseline) . d score / d E_t        Shrikumar et al. 2016 (arXiv 1605.01713), "gradient * input"

    Exact for a model that is linear in its rows; elsewhere it sees no further than the next step.
    Returns for each input (..., S), zeros at padding.
    """
    return slopes(question)


def integrated_gradients(question: Question, points: int = 32) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Blame each token by its slope on the whole way from no tokens to all of them.

        blame_t = (E_t - baseline) . integral_0^1 d score / d row_t (baseline + a (E - baseline)) da
                                                                            Sundararajan et al. 2017, eq. 1
        sum_t blame_t = score - score of the baselines: completeness        ibid., proposition 1

    The integral is a sum over Gauss-Legendre points. Where layers have kinks or norms nearly divide by zero it takes
    many of them, so the second result says what is missing: (...), the sum minus what it should be.
    Returns for each input (..., S), and the gap. Raises ValueError for fewer than 1 point.
    """
    if points < 1:
        raise ValueError(f"wanted 1 point or more, got {points}")
    places, shares = np.polynomial.legendre.leggauss(points)
    blame = tuple(np.zeros(ids.shape) for ids in question.inputs)
    for place, share in zip((places + 1) / 2, shares / 2, strict=True):
        found = slopes(question, tuple(np.full(ids.shape, place) for ids in question.inputs))
        blame = tuple(total + share * slope for total, slope in zip(blame, found, strict=True))
    nothing = score(question, tuple(np.zeros(ids.shape) for ids in question.inputs))
    return blame, sum(each.sum(axis=-1) for each in blame) - (score(question) - nothing)


def leave_one_out(question: Question) -> tuple[np.ndarray, ...]:
    """Blame each token by what the score loses without it.

        blame_t = score - score(keep_t = 0)        Li et al. 2016 (arXiv 1612.08220), eq. 1, not divided by the score

    What two tokens say alike, neither is blamed for. Returns for each input (..., S), zeros at padding.
    """
    whole, found = score(question), []
    for number, is_token in enumerate(tokens_of(question)):
        length = is_token.shape[-1]
        one_out = 1 - np.eye(length).reshape(length, *[1] * (is_token.ndim - 1), length)
        keep = [np.ones((length, *ids.shape)) for ids in question.inputs]
        keep[number] = keep[number] * one_out
        loss = np.moveaxis(whole - score(question, tuple(keep)), 0, -1)
        found.append(np.where(is_token, loss, 0.0))
    return tuple(found)
