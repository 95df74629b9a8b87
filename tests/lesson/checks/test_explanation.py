"""Checks of "Is attention an explanation?": right answers however spelled, mistakes written in other ways."""

import numpy as np
from spelled import asked_of

from lesson.checks import explanation as checks


def without(score, x):
    keep = 1 - np.eye(len(x))
    return np.array([score(x)] * len(x)) - [score(row[:, None] * x) for row in keep]


def puts_back(score, x):
    whole, losses = score(x), []
    for row in x:
        kept = row.copy()
        row[:] = 0
        losses.append(whole - score(x))
        row[:] = kept
    return losses


def never_puts_back(score, x):
    whole, losses = score(x), []
    for t in range(len(x)):
        x[t] = 0
        losses.append(whole - score(x))
    return losses


def aliased(score, x):
    losses = []
    for t in range(len(x)):
        other = x
        other[t] = 0
        losses.append(score(x) - score(other))
    return losses


def columns(score, x):
    losses = []
    for t in range(x.shape[1]):
        other = np.array(x)
        other[:, t] = 0
        losses.append(score(x) - score(other))
    return losses


def patched(rest, here, there):
    choose = np.eye(len(here), dtype=bool)[..., None]
    return [rest(mixed) - rest(here) for mixed in np.where(choose, there, here)]


def patched_in_place(rest, here, there):
    before, effects = rest(here), []
    for t in range(len(here)):
        here[t] = there[t]
        effects.append(rest(here) - before)
    return effects


def rolled(attentions, share=0.5):
    table = np.eye(attentions.shape[1])
    for a in attentions:
        table = share * table + (1 - share) * np.einsum("ts,su->tu", a, table)
    return table


def scored(weights, ids, asked, step=1):
    total = []
    for t, letter in enumerate(ids):
        if asked[t]:
            places = [s + step for s in range(t) if ids[s] == letter]
            total.append(weights[t, [s for s in places if 0 <= s <= t]].sum())
    return np.mean(total)


def first_time(weights, ids, asked):
    return np.mean([weights[t, list(ids).index(ids[t]) + 1] for t in np.flatnonzero(asked)])


def bare_words(attentions):
    table = np.eye(attentions.shape[1])
    for a in attentions:
        table = 0.5 * a @ table + 0.5 * np.eye(len(a))
    return table


def scores_in_turn(score, x):
    left = []
    for row in x:
        row[:] = 0
        left.append(score(x))
    return left


def silenced(heads, head):
    gate = np.ones(heads.shape[1])
    gate[head] = 0
    return heads * gate[:, None, None]


def averaged(heads, head):
    flat = heads.transpose(1, 0, 2, 3).reshape(heads.shape[1], -1, heads.shape[-1])
    return np.where((np.arange(heads.shape[1]) == head)[:, None, None], flat[head].mean(0), heads)


def best(blame, causes):
    ranked = sorted(range(len(blame)), key=lambda place: blame[place], reverse=True)
    wanted = {int(place) for place in np.flatnonzero(causes)}
    return len(wanted & set(ranked[: len(wanted)])) / len(wanted)


def deleted(score, blame, order=None):
    order = np.argsort(blame)[::-1] if order is None else order
    return [score(np.isin(np.arange(len(blame)), order[count:]) * 1) for count in range(len(blame) + 1)]


RIGHT = [
    ("leave_one_out", without),
    ("leave_one_out", puts_back),
    ("patch", patched),
    ("rollout", rolled),
    ("rollout", lambda a: np.linalg.multi_dot([*(a[::-1] + np.eye(a.shape[1])), np.eye(a.shape[1])]) / 2 ** len(a)),
    ("induction_score", scored),
    ("ablate_head", averaged),
    ("precision", best),
    ("precision", lambda blame, causes: np.mean(causes[blame >= np.sort(blame)[-causes.sum()]])),
    ("deletion_curve", deleted),
]
WRONG = [
    ("leave_one_out", "Sign turned round", lambda score, x: -without(score, x)),
    ("leave_one_out", "The score that is left, not what was lost", lambda score, x: score(x) - without(score, x)),
    ("leave_one_out", "Never put back", never_puts_back),
    ("leave_one_out", "Not a copy", aliased),
    ("leave_one_out", "Columns instead of rows", columns),
    ("leave_one_out", "Sign lost", lambda score, x: [abs(loss) for loss in without(score, x)]),
    (
        "leave_one_out",
        "Row removed, not set to zero",
        lambda score, x: [score(x) - score(np.concatenate([x[:t], x[t + 1 :]])) for t in range(len(x))],
    ),
    ("leave_one_out", "All but one left out", lambda score, x: [score(e[:, None] * x) for e in np.eye(len(x))]),
    ("patch", "Runs exchanged", lambda rest, here, there: patched(rest, there, here)),
    ("patch", "Sign turned round", lambda rest, here, there: [-e for e in patched(rest, here, there)]),
    ("patch", "Never put back", patched_in_place),
    ("patch", "Not a copy", lambda rest, here, there: [rest(here) - rest(here)] * len(here)),
    ("patch", "All rows at once", lambda rest, here, there: rest(there) - rest(here)),
    (
        "patch",
        "The score, not its change",
        lambda rest, here, there: [e + rest(here) for e in patched(rest, here, there)],
    ),
    ("patch", "Set to zero, not to the other run's row", lambda rest, here, there: -without(rest, here)),
    ("rollout", "Residual forgotten", lambda a: rolled(a, 0.0)),
    ("rollout", "Layers multiplied in the wrong order", lambda a: rolled(a[::-1])),
    ("rollout", "Rows that no longer sum to 1", lambda a: rolled(a) * 2 ** len(a)),
    ("rollout", "Residual only once", lambda a: (rolled(a, 0.0) + np.eye(a.shape[1])) / 2),
    ("rollout", "Layers averaged, not multiplied", lambda a: sum(a) / len(a)),
    ("rollout", "The last layer alone", lambda a: rolled(a[-1:])),
    ("rollout", "Multiplied cell by cell", lambda a: np.multiply.reduce((a + np.eye(a.shape[1])) / 2)),
    ("induction_score", "Off by one: the letter itself", lambda w, ids, asked: scored(w, ids, asked, 0)),
    ("induction_score", "Off by one: before instead of after", lambda w, ids, asked: scored(w, ids, asked, -1)),
    ("induction_score", "Averaged over all places", lambda w, ids, asked: scored(w, ids, np.ones(len(ids), bool))),
    ("induction_score", "Added up, not averaged", lambda w, ids, asked: scored(w, ids, asked) * asked.sum()),
    ("induction_score", "Rows and columns exchanged", lambda w, ids, asked: scored(w.T, ids, asked)),
    ("induction_score", "Only one of the times", first_time),
    ("rollout", "Residual of the words, not of the layer below", bare_words),
    ("patch", "All rows at once", lambda rest, here, there: [rest(there) - rest(here) for _ in here]),
    ("leave_one_out", "Never put back", scores_in_turn),
    ("ablate_head", "Silenced, not averaged", silenced),
    ("ablate_head", "Wrong axis: a text instead of a head", lambda h, i: averaged(h.swapaxes(0, 1), i).swapaxes(0, 1)),
    ("ablate_head", "Wrong axis: a place instead of a head", lambda h, i: averaged(h.swapaxes(1, 2), i).swapaxes(1, 2)),
    ("ablate_head", "Head removed", lambda h, i: h[:, [j for j in range(h.shape[1]) if j != i]]),
    ("ablate_head", "Only the average returned", lambda h, i: np.einsum("btk->k", h[:, i]) / (len(h) * h.shape[2])),
    ("precision", "The least blamed instead of the most", lambda blame, causes: best(-blame, causes)),
    ("precision", "Sign lost", lambda blame, causes: best(abs(blame), causes)),
    ("precision", "Counted, not divided", lambda blame, causes: best(blame, causes) * causes.sum()),
    ("precision", "Divided by the number of tokens", lambda blame, causes: best(blame, causes) * causes.mean()),
    ("precision", "Only the most blamed token", lambda blame, causes: 1.0 * causes[np.argsort(blame)[-1]]),
    ("deletion_curve", "The least blamed first", lambda score, blame: deleted(score, blame, np.argsort(blame))),
    ("deletion_curve", "In the order of the text", lambda score, blame: deleted(score, blame, np.arange(len(blame)))),
    (
        "deletion_curve",
        "Order taken for rank",
        lambda score, blame: deleted(score, blame, np.argsort(np.argsort(-blame))),
    ),
    ("deletion_curve", "The whole text is missing", lambda score, blame: deleted(score, blame)[1:]),
    ("deletion_curve", "The empty text is missing", lambda score, blame: deleted(score, blame)[:-1]),
]


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


def test_heads_changed_for_the_caller_are_not_right():
    def spoils(heads, head):
        heads[:, head] = heads[:, head].mean(axis=(0, 1))
        return heads

    verdict = checks.ablate_head(spoils)
    assert (verdict.status, verdict.mistake) == ("not right", "Input changed") and "`heads`" in repr(verdict)


def test_each_exercise_of_the_lesson_is_judged():
    assert set(checks.__all__) == {name for name, _ in RIGHT} and len(checks.__all__) == 7
