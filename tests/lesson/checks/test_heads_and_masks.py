"""The second lesson's checks: right answers however spelled, and the commonest mistakes written in other ways."""

import numpy as np
from spelled import asked_of

from lesson.checks import heads_and_masks as checks


def split_by_pieces(x, num_heads):
    return np.stack(np.split(x, num_heads, axis=-1))


def attend(q, k, v, scale):
    s = q @ np.swapaxes(k, -1, -2) / scale
    w = np.exp(s - s.max(-1, keepdims=True))
    return w / w.sum(-1, keepdims=True) @ v


def head_by_head(x, source, tables, num_heads, width=None):
    a, b, c, d = tables
    k = x.shape[1] // num_heads
    cut = [slice(i * k, (i + 1) * k) for i in range(num_heads)]
    root = np.sqrt(width or k)
    return np.hstack([attend(x @ a[:, i], source @ b[:, i], source @ c[:, i], root) for i in cut]) @ d


def joined_in_blocks(x, source, tables, num_heads):
    a, b, c, d = tables
    heads = [split_by_pieces(e, num_heads) for e in (x @ a, source @ b, source @ c)]
    return attend(*heads, np.sqrt(heads[0].shape[-1])).reshape(x.shape) @ d


def masked_by_hand(scores, may_attend):
    weights = np.zeros_like(scores)
    for row, allowed, out in zip(scores, may_attend, weights, strict=True):
        if allowed.any():
            shares = np.exp(row[allowed] - row[allowed].max())
            out[allowed] = shares / shares.sum()
    return weights


def shares(scores):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def in_place(scores, may_attend):
    s = scores.copy()
    s[~may_attend] = -np.inf
    return shares(s)


def by_loop(size, allowed):
    return np.array([[allowed(t, s) for s in range(size)] for t in range(size)])


def notices(model, ids):
    other = np.append(ids[:-1], 9 - ids[-1])
    return [not np.allclose(a, b) for a, b in zip(model(ids), model(other), strict=True)]


def spoils(model, ids):
    before = model(ids)
    ids[-1] = (ids[-1] + 1) % 10
    return (before != model(ids)).any(-1)


def forgets_the_copy(model, ids):
    other = ids
    other[-1] = (other[-1] + 1) % 10
    return (model(ids) != model(other)).any(-1)


RIGHT = [
    ("split_heads", split_by_pieces),
    ("split_heads", lambda x, h: [x[:, i : i + x.shape[1] // h] for i in range(0, x.shape[1], x.shape[1] // h)]),
    ("split_heads", lambda x, h: x.T.reshape(h, -1, len(x)).transpose(0, 2, 1)),
    ("merge_heads", np.hstack),
    ("merge_heads", lambda heads: np.concatenate(list(heads), axis=1)),
    ("multi_head", head_by_head),
    ("masked_softmax", masked_by_hand),
    ("masked_softmax", lambda s, m: np.nan_to_num(in_place(s, m))),
    ("causal_mask", lambda size: np.tril(np.ones((size, size), dtype=bool))),
    ("causal_mask", lambda size: by_loop(size, lambda t, s: s <= t)),
    ("padding_mask", lambda ids, pad: np.array([[[i != pad for i in row]] for row in ids])),
    ("padding_mask", lambda ids, pad: ~np.expand_dims(ids == pad, -2)),
    ("who_notices", notices),
]
WRONG = [
    (
        "split_heads",
        "Reshaped without moving an axis",
        lambda x, h: np.stack(np.split(x.ravel(), h)).reshape(h, len(x), -1),
    ),
    ("split_heads", "Head axis not in front", lambda x, h: np.stack(np.split(x, h, axis=1), axis=1)),
    ("split_heads", "Every H-th number instead of neighbours", lambda x, h: np.stack([x[:, i::h] for i in range(h)])),
    ("split_heads", "Positions and width exchanged", lambda x, h: x.T.reshape(h, -1, len(x))),
    ("merge_heads", "Heads merged in the wrong order", lambda x: x.ravel().reshape(x.shape[1], -1)),
    ("merge_heads", "Heads interleaved", lambda x: np.stack(list(x), axis=-1).reshape(x.shape[1], -1)),
    ("merge_heads", "Heads under one another", np.vstack),
    ("merge_heads", "Heads added up", sum),
    ("multi_head", "Heads merged in the wrong order", joined_in_blocks),
    (
        "multi_head",
        "Scaled by the square root of D, not of K",
        lambda x, source, w, h: head_by_head(x, source, w, h, x.shape[1]),
    ),
    ("multi_head", "No scaling", lambda x, source, w, h: head_by_head(x, source, w, h, 1)),
    ("multi_head", "Keys and values of x, not of the source", lambda x, source, w, h: head_by_head(x, x, w, h)),
    ("multi_head", "One wide head", lambda x, source, w, h: head_by_head(x, source, w, 1)),
    (
        "multi_head",
        "Output table left out",
        lambda x, source, w, h: head_by_head(x, source, (*w[:3], np.identity(x.shape[1])), h),
    ),
    ("masked_softmax", "Mask added after the softmax", lambda s, m: np.where(m, shares(s), 0)),
    ("masked_softmax", "Mask inverted", lambda s, m: np.nan_to_num(in_place(s, ~m))),
    ("masked_softmax", "Mask inverted", lambda s, m: shares(np.where(m, -1e30, s)) * ~m),
    ("masked_softmax", "A row without keys becomes nan", in_place),
    ("masked_softmax", "A row without keys shares itself out", lambda s, m: shares(np.where(m, s, -1e30))),
    ("masked_softmax", "A row without keys shares itself out", lambda s, m: shares(s + np.where(m, 0, -1e9))),
    ("masked_softmax", "Forbidden scores set to zero", lambda s, m: shares(np.where(m, s, 0))),
    ("causal_mask", "Future leak", lambda size: by_loop(size, lambda t, s: s <= t + 1)),
    ("causal_mask", "The future instead of the past", lambda size: np.triu(np.ones((size, size))) > 0),
    ("causal_mask", "Mask inverted", lambda size: np.triu(np.ones((size, size), dtype=bool), k=1)),
    ("causal_mask", "A position that may not see itself", lambda size: by_loop(size, lambda t, s: s < t)),
    ("causal_mask", "Numbers, not True and False", lambda size: np.tril(np.ones((size, size), dtype=int))),
    ("padding_mask", "Mask inverted", lambda ids, pad: np.expand_dims(ids == pad, 1)),
    ("padding_mask", "Axis of the queries missing", lambda ids, pad: ~(ids == pad)),
    ("padding_mask", "Queries masked instead of keys", lambda ids, pad: (ids != pad)[..., None]),
    ("padding_mask", "Numbers, not True and False", lambda ids, pad: np.where(ids == pad, 0.0, 1.0)[:, None, :]),
    ("who_notices", "Nothing changed", forgets_the_copy),
    ("who_notices", "Answer inverted", lambda m, ids: [not seen for seen in notices(m, ids)]),
    ("who_notices", "One answer for all rows", lambda m, ids: any(notices(m, ids))),
    ("who_notices", "The last row left out", lambda m, ids: notices(m, ids)[:-1]),
]


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


def test_a_text_that_was_changed_for_the_caller_is_not_right():
    verdict = checks.who_notices(spoils)
    assert (verdict.status, verdict.mistake) == ("not right", "Input changed") and "`ids`" in repr(verdict)


def test_each_exercise_of_the_lesson_is_judged():
    assert set(checks.__all__) == {name for name, _ in RIGHT} and len(checks.__all__) == 7
