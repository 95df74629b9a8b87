"""Opinions, tables, means and pieces: right answers however they are spelled, and the mistakes people make."""

import re
from collections import Counter
from itertools import pairwise

import numpy as np
from spelled import asked_of

from lesson.checks import sentiment as checks


def by_loop(words, lexicon, turned=lambda words, i: False):
    total = 0
    for i in range(len(words)):
        if words[i] in lexicon:
            total += (-1) ** turned(words, i) * lexicon[words[i]]
    return total


def after_not(words, lexicon):
    total, turn = 0.0, 1.0
    for word in words:
        total += turn * lexicon.get(word, 0.0)
        turn = -1.0 if word == "not" else 1.0
    return total


def until_the_end(words, lexicon):
    total, turn = 0.0, 1.0
    for word in words:
        if word == "not":
            turn = -1.0
        total += turn * lexicon.get(word, 0.0)
    return total


def switching(words, lexicon):
    total, turn = 0.0, 1.0
    for word in words:
        if word == "not":
            turn = -turn
        else:
            total += turn * lexicon.get(word, 0.0)
    return total


def until_an_opinion(words, lexicon):
    total, negated = 0.0, False
    for word in words:
        if word == "not":
            negated = True
        elif word in lexicon:
            total += -lexicon[word] if negated else lexicon[word]
            negated = False
    return total


def looped_table(truth, said, n):
    table = np.zeros((n, n))
    for t, s in zip(truth, said, strict=True):
        table[t, s] += 1
    return table


def looking_ahead(words, lexicon):
    total = 0
    for i in range(len(words)):
        total += -lexicon.get(words[i + 1], 0) if words[i] == "not" else lexicon.get(words[i], 0)
    return total


def same_row_again(truth, said, n):
    table = [[0] * n] * n
    for t, s in zip(truth, said, strict=True):
        table[t][s] += 1
    return table


def one_by_one(hidden, is_token):
    return np.array([h[m].mean(axis=0) if m.any() else np.zeros(h.shape[1]) for h, m in zip(hidden, is_token)])  # noqa: B905


def counted(words, times=True, glue=False):
    counts = Counter()
    for pieces, count in words.items():
        for i in range(len(pieces) - 1):
            counts[pieces[i], pieces[i + 1]] += count if times else 1
        if glue and count > 1:
            counts[pieces[-1], pieces[0]] += count - 1
    return counts


def top(counts):
    return min(counts.items(), key=lambda item: (-item[1], item[0]))


def glued(words):
    counts, texts = counted(words, glue=True), list(words)
    for one, other in pairwise(texts):
        counts[one[-1], other[0]] += 1
    return sorted(counts, key=lambda pair: (-counts[pair], pair))[0]


def by_place(pieces, pair, step=2, keep_last=True):
    result, i = [], 0
    while i < len(pieces) - 1:
        if (pieces[i], pieces[i + 1]) == pair:
            result.append(pieces[i] + pieces[i + 1])
            i += step
        else:
            result.append(pieces[i])
            i += 1
    return result + pieces[i:] if keep_last else result


def every_match(pieces, pair):
    starts = {i for i in range(len(pieces) - 1) if (pieces[i], pieces[i + 1]) == pair}
    ends = {i + 1 for i in starts}
    return ["".join(pair) if i in starts else pieces[i] for i in range(len(pieces)) if i in starts or i not in ends]


def in_place(pieces, pair):
    pieces, i = list(pieces), 0
    while i < len(pieces) - 1:
        if tuple(pieces[i : i + 2]) == pair:
            pieces[i : i + 2] = ["".join(pair)]
        i += 1
    return pieces


def popped(pieces, pair):
    for i in range(len(pieces) - 1):
        if (pieces[i], pieces[i + 1]) == pair:
            pieces[i] += pieces.pop(i + 1)
    return pieces


def from_behind(pieces, pair):
    pieces = list(pieces)
    for i in range(len(pieces) - 2, -1, -1):
        if tuple(pieces[i : i + 2]) == pair:
            pieces[i : i + 2] = ["".join(pair)]
    return pieces


def lowest_rank_first(word, merges):
    pieces = list(word)
    while True:
        found = [pair for pair in pairwise(pieces) if pair in merges]
        if not found:
            return pieces
        pieces = in_place(pieces, min(found, key=merges.index))


def leftmost_first(word, merges):
    pieces, i = list(word), 0
    while i < len(pieces) - 1:
        if (pieces[i], pieces[i + 1]) in merges:
            pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
            i = 0
        else:
            i += 1
    return pieces


def longest_first(word, merges):
    known = sorted({a + b for a, b in merges}, key=len, reverse=True)
    return re.findall("|".join([*known, "."]), word)


def merged(word, merges, join=in_place):
    pieces = list(word)
    for pair in merges:
        pieces = join(pieces, pair)
    return pieces


RIGHT = [
    ("lexicon_score", by_loop),
    ("lexicon_score", lambda words, lexicon: float(np.sum([lexicon[w] for w in words if w in lexicon]))),
    ("negated_score", lambda words, lexicon: by_loop(words, lexicon, lambda ws, i: i > 0 and ws[i - 1] == "not")),
    ("negated_score", lambda words, lexicon: by_loop(["", *words], lexicon, lambda ws, i: ws[i - 1] == "not")),
    ("negated_score", after_not),
    ("confusion", looped_table),
    ("confusion", lambda t, s, n: np.eye(n, dtype=int)[t].T @ np.eye(n, dtype=int)[s]),
    ("confusion", lambda t, s, n: [[int(sum((t == i) & (s == j))) for j in range(n)] for i in range(n)]),
    ("mean_pool", one_by_one),
    ("mean_pool", lambda h, m: np.einsum("bsd,bs->bd", h, m / np.maximum(m.sum(-1, keepdims=True), 1))),
    ("mean_pool", lambda h, m: np.nan_to_num((h * m[:, :, None]).sum(1) / np.maximum(1e-9, m.sum(1))[:, None])),
    ("most_frequent_pair", lambda words: sorted(counted(words).items(), key=lambda kv: (-kv[1], kv[0]))[0][0]),
    (
        "most_frequent_pair",
        lambda words: min(p for p, n in counted(words).items() if n == max(counted(words).values())),
    ),
    ("merge_pair", by_place),
    ("merge_pair", in_place),
    ("encode", merged),
    ("encode", lowest_rank_first),
]

WRONG = [
    ("lexicon_score", "Each word counted once", lambda ws, lexicon: sum(n for w, n in lexicon.items() if w in ws)),
    ("lexicon_score", "Unknown words raise an error", lambda ws, lexicon: np.sum([lexicon[w] for w in ws])),
    ("lexicon_score", "Parts of words counted",
     lambda ws, lexicon: sum(n for w, n in lexicon.items() if any(w in each for each in ws))),
    ("lexicon_score", "Averaged, not summed", lambda ws, lexicon: by_loop(ws, lexicon) / (len(ws) or 1)),
    ("lexicon_score", "Words counted, not weighed",
     lambda ws, lexicon: sum(lexicon.get(w, 0) > 0 for w in ws) - sum(lexicon.get(w, 0) < 0 for w in ws)),
    ("negated_score", "The first word looks at the last",
     lambda words, lexicon: by_loop(words, lexicon, lambda ws, i: ws[i - 1] == "not")),
    ("negated_score", "Reaches too far", until_the_end),
    ("negated_score", "Reaches too far", switching),
    ("negated_score", "Waits for the next opinion", until_an_opinion),
    ("negated_score", "The whole text turned round",
     lambda ws, lexicon: -by_loop(ws, lexicon) if "not" in ws else by_loop(ws, lexicon)),
    ("negated_score", "Negated words left out", looking_ahead),
    ("negated_score", "Looks the wrong way",
     lambda words, lexicon: by_loop(words, lexicon, lambda ws, i: [*ws, ""][i + 1] == "not")),
    ("negated_score", "Negation ignored", by_loop),
    ("negated_score", "Negated words left out",
     lambda ws, lexicon: sum(lexicon.get(w, 0) for b, w in zip(["", *ws], ws, strict=False) if b != "not")),
    ("confusion", "Rows and columns exchanged", lambda t, s, n: looped_table(s, t, n)),
    ("confusion", "Shares of all, not counts", lambda t, s, n: looped_table(t, s, n) / len(t)),
    ("confusion", "Accuracy, not the table", lambda t, s, n: np.mean(t == s)),
    ("confusion", "Only labels that occur", lambda t, s, n: looped_table(t, s, max(t.max(), s.max()) + 1)),
    ("confusion", "Always two labels", lambda t, s, n: looped_table(t, s, 2)),
    ("confusion", "One row in the place of all", same_row_again),
    ("mean_pool", "Count lined up with the width", lambda h, m: np.einsum("bsd,bs->bd", h, m) / m.sum(1)),
    ("mean_pool", "Padding pooled", lambda h, m: np.stack([np.mean(each, 0) for each in h])),
    ("mean_pool", "Padding counted", lambda h, m: np.where(m[..., None], h, 0).mean(axis=1)),
    ("mean_pool", "Summed, not averaged", lambda h, m: np.einsum("bsd,bs->bd", h, m)),
    ("mean_pool", "All texts in one mean", lambda h, m: (h * m[..., None]).sum((0, 1)) / m.sum()),
    ("mean_pool", "Empty text divides by zero", lambda h, m: (h * m[..., None]).sum(1) / np.sum(m, 1)[:, None]),
    ("mean_pool", "Empty text divides by zero",
     lambda h, m: np.stack([each[keep].mean(0) for each, keep in zip(h, m, strict=True)])),
    ("mean_pool", "The padding alone", lambda h, m: one_by_one(h, np.logical_not(m))),
    ("most_frequent_pair", "Each word counted once", lambda words: top(counted(words, False))[0]),
    ("most_frequent_pair", "Pairs across words", glued),
    ("most_frequent_pair", "Tie: the first that was seen", lambda words: max(counted(words), key=counted(words).get)),
    ("most_frequent_pair", "Pair with its count", lambda words: top(counted(words))),
    ("merge_pair", "The second piece kept", lambda pieces, pair: by_place(pieces, pair, step=1)),
    ("merge_pair", "A piece joined twice", every_match),
    ("merge_pair", "The last piece lost", lambda pieces, pair: by_place(pieces, pair, keep_last=False)),
    ("merge_pair", "The list gets shorter, the loop does not", popped),
    ("merge_pair", "From right to left", from_behind),
    ("merge_pair", "Pieces matched in part",
     lambda pieces, pair: re.sub(re.escape(" ".join(pair)), "".join(pair), " ".join(pieces)).split(" ")),
    ("merge_pair", "Nothing joined", lambda pieces, pair: by_place(pieces, list(pair))),
    ("encode", "From left to right, not by rank", leftmost_first),
    ("encode", "Longest known piece first", longest_first),
    ("encode", "Last learned, first joined", lambda word, merges: merged(word, list(reversed(merges)))),
    ("encode", "Letters alone", lambda word, merges: [letter for letter in word]),
]  # fmt: skip


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)
