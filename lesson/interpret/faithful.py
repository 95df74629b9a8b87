"""How far blame can be trusted: against causes that are known, and against the model itself."""

import numpy as np

from lesson.interpret.question import Question, score, tokens_of


def precision(blame: np.ndarray, causes: np.ndarray, is_token: np.ndarray | None = None) -> np.ndarray:
    """Count how many of the k most blamed tokens are among the k causes.

        precision = |top_k(blame) and causes| / k, k the number of causes: so it is recall too

    blame (..., S)   causes (..., S), booleans   is_token (..., S): which positions may be chosen, all unless given
    Where tokens tie at the k-th place, each gets its fair part of it: equal blame for all scores what chance does.
    Returns (...). Raises ValueError when shapes differ, a row has no cause, or a cause is no token.

    >>> precision(np.array([0.9, 0.1, 0.5]), np.array([True, False, True])).item()
    1.0
    """
    blame, causes = np.asarray(blame, float), np.asarray(causes)
    is_token = np.ones(causes.shape, bool) if is_token is None else np.asarray(is_token)
    if blame.shape != causes.shape or is_token.shape != causes.shape:
        raise ValueError(f"wanted blame and causes of one shape, got {blame.shape}, {causes.shape}, {is_token.shape}")
    count = causes.sum(axis=-1, keepdims=True)
    if not count.all() or (causes & ~is_token).any():
        raise ValueError("wanted a cause or more in every row, all of them tokens")
    blame = np.where(is_token, blame, -np.inf)
    least = np.take_along_axis(-np.sort(-blame, axis=-1), count - 1, axis=-1)
    above, tied = blame > least, blame == least
    left = count - above.sum(axis=-1, keepdims=True)
    chosen = above + tied * left / tied.sum(axis=-1, keepdims=True)
    return (chosen * causes).sum(axis=-1) / count[..., 0]


def chance_precision(causes: np.ndarray, is_token: np.ndarray) -> np.ndarray:
    """Give the precision that blame drawn at random has on average: the share of causes among tokens. Returns (...)."""
    return np.sum(causes, axis=-1) / np.sum(is_token, axis=-1)


def deletion_curve(question: Question, blame: np.ndarray, which: int = 0) -> np.ndarray:
    """Take tokens away, the most blamed first, and score the answer after each: the faster it falls, the better.

        score(keep_t = 0 for the n most blamed), n = 0 ... S        Petsiuk et al. 2018 (arXiv 1806.07421), section 3.2

    blame (..., S) of input number `which`, whose padding is taken away last        Returns (..., S + 1).
    """
    return _curve(question, blame, which, lambda rank, count: rank >= count)


def insertion_curve(question: Question, blame: np.ndarray, which: int = 0) -> np.ndarray:
    """Start with baselines alone and put tokens back, the most blamed first: the faster the score rises, the better.

        score(keep_t = 1 for the n most blamed only), n = 0 ... S   Petsiuk et al. 2018 (arXiv 1806.07421), section 3.2

    As `deletion_curve`. Its last point is the whole question's score.
    """
    return _curve(question, blame, which, lambda rank, count: rank < count)


def area(curve: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """Average a curve (..., S + 1) over its steps by the trapezoid rule; lengths (...) say how many steps count.

    Returns (...). Raises ValueError for lengths that are not from 1 to S.

    >>> area(np.array([4.0, 2.0, 0.0, 0.0]), np.array(2)).item()
    2.0
    """
    middles = (curve[..., 1:] + curve[..., :-1]) / 2
    lengths = np.full(curve.shape[:-1], middles.shape[-1]) if lengths is None else np.asarray(lengths)
    if lengths.shape != curve.shape[:-1] or (lengths < 1).any() or (lengths > middles.shape[-1]).any():
        raise ValueError(f"wanted lengths {curve.shape[:-1]} from 1 to {middles.shape[-1]}, got {lengths}")
    counts = np.arange(middles.shape[-1]) < lengths[..., np.newaxis]
    return np.sum(middles * counts, axis=-1) / lengths


def curve_at(curve: np.ndarray, lengths: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Read curves (..., S + 1) at shares of their lengths, on straight lines: those of long and short texts then agree.

    lengths (...)   shares (N,) from 0 to 1        Returns (..., N). Raises ValueError for others.

    >>> curve_at(np.array([4.0, 2.0, 0.0, 9.0]), np.array(2), np.array([0.0, 0.25, 1.0])).tolist()
    [4.0, 3.0, 0.0]
    """
    lengths, shares = np.asarray(lengths), np.asarray(shares, float)
    if lengths.shape != curve.shape[:-1] or not ((lengths >= 1) & (lengths < curve.shape[-1])).all():
        raise ValueError(f"wanted lengths {curve.shape[:-1]} from 1 to {curve.shape[-1] - 1}, got {lengths}")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"wanted shares from 0 to 1, got {shares}")
    place = lengths[..., np.newaxis] * shares
    below = np.minimum(place.astype(int), lengths[..., np.newaxis] - 1)
    low, high = (np.take_along_axis(curve, below + step, axis=-1) for step in (0, 1))
    return low + (place - below) * (high - low)


def rank_correlation(a: np.ndarray, b: np.ndarray, where: np.ndarray | None = None) -> np.ndarray:
    """Say how far two rows of numbers put things into the same order, from -1 to 1.

        the correlation of ranks, equal numbers sharing the average of theirs        Spearman 1904

    a, b (..., S)   where (..., S): which to look at, all unless given
    Returns (...), 0 where all numbers of a row are equal: they say nothing of any order.

    >>> rank_correlation(np.array([1.0, 5.0, 9.0]), np.array([0.1, 0.2, 7.0])).item()
    1.0
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    where = np.ones(a.shape, bool) if where is None else np.asarray(where)
    if not a.shape == b.shape == where.shape:
        raise ValueError(f"wanted rows of one shape, got {a.shape}, {b.shape}, {where.shape}")
    x, y = (_centred_ranks(row, where) for row in (a, b))
    size = np.sqrt(np.sum(x * x, axis=-1) * np.sum(y * y, axis=-1))
    return np.sum(x * y, axis=-1) / np.where(size > 0, size, 1.0)


def _curve(question: Question, blame: np.ndarray, which: int, keeps) -> np.ndarray:
    is_token = tokens_of(question)[which]
    if np.shape(blame) != is_token.shape:
        raise ValueError(f"wanted blame {is_token.shape}, one number a token, got {np.shape(blame)}")
    order = np.argsort(-np.where(is_token, blame, -np.inf), axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1)
    counts = np.arange(is_token.shape[-1] + 1).reshape(-1, *[1] * is_token.ndim)
    keep = [np.ones((len(counts), *ids.shape)) for ids in question.inputs]
    keep[which] = keep[which] * keeps(rank, counts)
    return np.moveaxis(score(question, tuple(keep)), 0, -1)


def _centred_ranks(row: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Rank by counting who is below, half of those who are equal included; (..., S), summing to 0."""
    one, other = row[..., :, np.newaxis], row[..., np.newaxis, :]
    below = ((other < one) + 0.5 * (other == one)) * where[..., np.newaxis, :]
    rank = below.sum(axis=-1)
    middle = np.sum(rank * where, axis=-1, keepdims=True) / np.maximum(where.sum(axis=-1, keepdims=True), 1)
    return np.where(where, rank - middle, 0.0)
