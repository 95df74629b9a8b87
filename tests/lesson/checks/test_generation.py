"""Generation: right answers however they are spelled, and the mistakes people make, written their way."""

import numpy as np
from spelled import asked_of

from lesson.checks import generation as checks
from lesson.models.sample import keep_top_p
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.softmax import softmax


def written(next_scores, prompt, stop, limit):
    """Greedy as a `while` loop that grows an array."""
    ids, count = np.array(prompt), 0
    while count < limit:
        ids, count = np.append(ids, np.argmax(next_scores(ids)[len(ids) - 1])), count + 1
        if ids[-1] == stop:
            break
    return ids


def until_the_end(next_scores, prompt, stop, limit):
    text = list(prompt)
    while text[-1] != stop and len(text) < len(prompt) + limit:
        text += [next_scores(text)[-1].argmax()]
    return text


def returned_early(next_scores, prompt, stop, limit):
    text = list(prompt)
    for _ in range(limit):
        text.append(next_scores(text)[-1].argmax())
        return text


def for_ever(next_scores, prompt, stop, limit):
    text = list(prompt)
    for _ in range(limit):
        text.append(np.argsort(next_scores(text)[-1])[-1])
    return text


def before_it_is_written(next_scores, prompt, stop, limit):
    text = list(prompt)
    for _ in range(limit):
        token = next_scores(text)[-1].argmax()
        if token == stop:
            break
        text.append(token)
    return text


def from_the_whole_table(next_scores, prompt, stop, limit):
    text = list(prompt)
    for _ in range(limit):
        text.append(np.argmax(next_scores(text)))
        if text[-1] == stop:
            break
    return text


def as_last(scores, ids):
    return np.tile(scores[-1], (len(ids), 1))


def by_a_heap(scores, k):
    best = sorted(range(len(scores)), key=lambda i: (-scores[i], i))[:k]
    return [score if i in best else float("-inf") for i, score in enumerate(scores)]


def by_a_threshold(scores, k):
    kept = scores.copy()
    kept[kept < np.partition(scores, -k)[-k]] = -np.inf
    return kept


def by_a_loop(scores, p, late=True):
    """Nucleus token by token; without `late` the one that crosses p is missed."""
    shares, kept, summed = softmax(scores), np.full(len(scores), -np.inf), 0.0
    for i in np.argsort(-shares):
        summed += shares[i]
        if not late and summed > p:
            break
        kept[i] = scores[i]
        if summed >= p:
            break
    return kept


def searched(scores, p):
    order = np.argsort(scores)[::-1]
    count = np.searchsorted(np.cumsum(softmax(scores)[order]), p) + 1
    kept = np.full_like(scores, -np.inf)
    kept[order[:count]] = scores[order[:count]]
    return kept


def one_by_one(totals, steps, ended, width, pad=True, add=lambda total, step: total + step):
    """Beam search's step as loops over tuples."""
    found = []
    for beam, (total, row) in enumerate(zip(totals, steps, strict=True)):
        if ended[beam] and pad:
            found.append((total, beam, 0))
        else:
            found += [(add(total, step), beam, token) for token, step in enumerate(row)]
    found.sort(key=lambda each: -each[0])
    kept = found[:width]
    return [b for _, b, _ in kept], [t for _, _, t in kept], [total for total, _, _ in kept]


def each_for_itself(totals, steps, ended, width):
    steps = np.where(ended[:, None], np.where(np.arange(steps.shape[1]), -np.inf, 0), steps)
    tokens = steps.argmax(axis=1)
    new = totals + steps.max(axis=1)
    order = np.argsort(-new)[:width]
    return order, tokens[order], new[order]


def flat(totals, steps, ended, width, key=lambda table: -table, parts=lambda place, count: divmod(place, count)):
    table = totals[:, None] + steps
    table[ended] = [-np.inf] * steps.shape[1]
    table[ended, 0] = totals[ended]
    place = np.argsort(key(table.ravel()))[:width]
    return *parts(place, steps.shape[1]), table.ravel()[place]


def cached(word, places, keys, values, weights, at=0, seen=None):
    """By the package's attention."""
    x = (word + places[len(keys) + at])[None]
    k, v = np.concatenate([keys, x @ weights[1]]), np.concatenate([values, x @ weights[2]])
    output, _ = scaled_dot_product_attention(x @ weights[0], k[:seen], v[:seen])
    return output[0], k, v


RIGHT = [
    ("greedy", written),
    ("tempered", lambda s, t: np.exp((s - s.max()) / t) / np.exp((s - s.max()) / t).sum()),
    ("tempered", lambda s, t: softmax((s - s.mean()) / t)),
    ("top_k", by_a_heap),
    ("top_k", lambda s, k: np.where(np.argsort(np.argsort(-s, kind="stable")) < k, s, -np.inf)),
    ("top_p", by_a_loop),
    ("top_p", searched),
    ("beam_step", one_by_one),
    ("beam_step", flat),
    ("length_score", lambda total, length, penalty: total * (6 / (length + 5)) ** penalty),
    ("cached_step", cached),
]  # fmt: skip

WRONG = [
    ("greedy", "Stopped by the prompt", until_the_end),
    ("greedy", "One token only", returned_early),
    ("greedy", "Never stops", for_ever),
    ("greedy", "Stop token not written", before_it_is_written),
    ("greedy", "Largest of the whole table", from_the_whole_table),
    ("greedy", "Prompt left out", lambda f, prompt, *rest: written(f, prompt, *rest)[len(prompt) :]),
    ("greedy", "One token too many", lambda f, prompt, stop, limit: written(f, prompt, stop, limit + 1)),
    ("greedy", "Only the last token read", lambda f, *rest: written(lambda ids: as_last(f(ids[-1:]), ids), *rest)),
    ("greedy", "Nothing new read", lambda f, text, *rest: written(lambda ids: as_last(f(text), ids), text, *rest)),
    ("greedy", "Scores of the wrong position", lambda f, *rest: written(lambda ids: np.roll(f(ids), -1, 0), *rest)),
    ("greedy", "Smallest score", lambda f, *rest: written(lambda ids: -f(ids), *rest)),
    ("tempered", "Multiplied, not divided", lambda s, t: softmax(s) ** t / (softmax(s) ** t).sum()),
    ("tempered", "Applied after the softmax", lambda s, t: np.exp(s) / np.exp(s).sum() / t),
    ("tempered", "Temperature without effect", lambda s, t: (softmax(s) / t) / (softmax(s) / t).sum()),
    ("tempered", "Overflow", lambda s, t: (x := np.exp(s / t)) / x.sum()),
    ("top_k", "Ties kept too", by_a_threshold),
    ("top_k", "The smallest kept", lambda s, k: np.where(np.isin(np.arange(len(s)), np.argsort(s)[:k]), s, -np.inf)),
    ("top_k", "The smallest kept", lambda s, k: [x if x <= sorted(s)[k - 1] else -np.inf for x in s]),
    ("top_k", "Zero, not -inf", lambda s, k: s * (np.argsort(np.argsort(-s, kind="stable")) < k)),
    ("top_k", "Only the kept ones", lambda s, k: sorted(s)[::-1][:k]),
    ("top_p", "The token that crosses p dropped", lambda s, p: by_a_loop(s, p, late=False)),
    ("top_p", "Added up in order of ids", lambda s, p: np.where(np.cumsum(softmax(s)) - softmax(s) < p, s, -np.inf)),
    ("top_p", "p as a threshold", lambda s, p: np.where(np.exp(s) / np.exp(s).sum() >= p, s, -np.inf)),
    ("top_p", "Shares, not scores", lambda s, p: softmax(searched(s, p))),
    ("top_p", "Sorted", lambda s, p: sorted(keep_top_p(s, p))[::-1]),
    ("beam_step", "Best of each beam only", each_for_itself),
    ("beam_step", "Ended beams extended", lambda *given: one_by_one(*given, pad=False)),
    ("beam_step", "Past forgotten", lambda *given: one_by_one(*given, add=lambda total, step: step)),
    ("beam_step", "Worst kept", lambda *given: flat(*given, key=lambda table: table)),
    ("beam_step", "Beams and tokens exchanged", lambda *given: flat(*given, parts=lambda at, v: (at % v, at // v))),
    ("beam_step", "Probabilities, not logarithms", lambda *given: (*flat(*given)[:2], np.exp(flat(*given)[2]))),
    ("length_score", "Mean per token", lambda total, length, penalty: np.divide(total, length)),
    ("length_score", "Divided by 6 too early", lambda total, length, penalty: total / (5 + length / 6) ** penalty),
    ("length_score", "Multiplied, not divided", lambda total, length, penalty: total * ((5 + length) / 6) ** penalty),
    ("cached_step", "Place of the token before", lambda *given: cached(*given, at=-1)),
    ("cached_step", "The token cannot see itself", lambda *given: cached(*given, seen=-1)),
    ("cached_step", "Memory not longer", lambda w, p, k, v, m: (cached(w, p, k, v, m)[0], k, v)),
    ("cached_step", "A table of one row", lambda *given: (cached(*given)[0][None], *cached(*given)[1:])),
    ("cached_step", "Always at place 0", lambda w, p, *rest: cached(w, np.tile(p[0], (len(p), 1)), *rest)),
]  # fmt: skip


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


def test_a_loop_without_an_end_is_told():
    def endless(next_scores, prompt, stop, limit):
        text = list(prompt)
        while next_scores(text)[-1].argmax() != stop:
            pass
        return text

    assert "is there a loop that never ends?" in checks.greedy(endless).text


def test_the_memory_that_came_is_left_as_it_was():
    """The solution appends to a copy, and a learner's own might not."""

    def in_place(word, places, keys, values, weights):
        output, new_keys, new_values = cached(word, places, keys, values, weights)
        keys *= 1.5
        return output, new_keys, new_values

    assert checks.cached_step(in_place).mistake == "Input changed"
