"""One step of beam search."""

from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="07-generate-well")

TOGETHER = (
    "All beams compete for the places together: one may fill several, another none. Sort the whole table at once."
)
ENDED = "A text that has ended stays what it is: its one way on is token 0, padding, which costs nothing."
PAST = "What counts is the whole text so far: add each beam's total to its row, `totals[:, None] + steps`."
FLAT = "In the flat table V tokens follow each other for each beam: place // V is the beam, place % V the token."
BEST = "np.argsort puts the smallest first. Sort -totals, and the best come first."


def _table(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """The logarithm of the probability of every beam with every token, (W, V); an ended one goes on with token 0."""
    padded = np.where(np.arange(steps.shape[1]) == 0, 0.0, -np.inf)
    return totals[:, None] + np.where(ended[:, None], padded, steps)


def _best(table: np.ndarray, width: int) -> tuple:
    """The best places of a table (W, V): their beams, their tokens, what stands there."""
    places = np.argsort(-table, axis=None, kind="stable")[:width]
    return *np.divmod(places, table.shape[1]), table.ravel()[places]


def _beam_step(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    return _best(_table(totals, steps, ended), width)


def _best_of_each(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    table = _table(totals, steps, ended)
    own = np.where(table == table.max(axis=-1, keepdims=True), table, -np.inf)
    return _best(own, min(width, len(totals)))


def _past_forgotten(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    return _best(_table(0 * totals, steps, ended), width)


def _past_of_ended_alone(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    return _best(_table(np.where(ended, totals, 0.0), steps, ended), width)


def _multiplied(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    return _best(totals[:, None] * _table(0 * totals, steps, ended), width)


def _in_order(order, totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    """What comes out when the places are taken as `order(table, width)` says."""
    table = _table(totals, steps, ended)
    places = order(table, width)
    return *np.divmod(places, table.shape[1]), table.ravel()[places]


def _every_token_free(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    return _best(totals[:, None] + np.where(ended[:, None], 0.0, steps), width)


def _dropped(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    return _best(totals[:, None] + np.where(ended[:, None], -np.inf, steps), width)


def _probabilities(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    beams, tokens, best = _beam_step(totals, steps, ended, width)
    return beams, tokens, np.exp(best)


def _exchanged(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    beams, tokens, best = _beam_step(totals, steps, ended, width)
    return tokens, beams, best


def _divided_by_beams(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    beams, tokens, best = _beam_step(totals, steps, ended, width)
    return *np.divmod(beams * steps.shape[1] + tokens, len(totals)), best


def _without_totals(totals: np.ndarray, steps: np.ndarray, ended: np.ndarray, width: int) -> tuple:
    beams, tokens, best = _beam_step(totals, steps, ended, width)
    return beams, tokens, best - totals[beams]


def _case(rng: np.random.Generator, beams: int, tokens: int, width: int, ended: tuple[int, ...] = ()) -> tuple:
    """One beam ahead, the others close to what it leads to, so that all compete; token 0 is never written."""
    totals = np.append(-1.0, -np.sort(rng.uniform(1.8, 2.2, size=beams - 1)))
    shares = np.insert(rng.dirichlet(np.ones(tokens - 1), size=beams), 0, 0.0, axis=1)
    # The beam ahead has two good ways to go on, and so needs two places.
    shares[0] = np.concatenate([[0.0, 0.49, 0.48], 0.03 * rng.dirichlet(np.ones(tokens - 3))])
    with np.errstate(divide="ignore"):
        return totals, np.log(shares), np.isin(np.arange(beams), ended), width


beam_step = exercise(
    name="beam_step",
    arguments=("totals", "steps", "ended", "width"),
    returns=("beams", "tokens", "totals"),
    cases=lambda rng: [
        _case(rng, 3, 7, 3, ended=(1,)),
        _case(rng, 4, 5, 4),
        _case(rng, 1, 5, 3),
        _case(rng, 4, 4, 4, ended=(1, 2)),
        _case(rng, 2, 11, 5, ended=(1,)),
    ],
    answer=_beam_step,
    mistakes=(
        Mistake("Best of each beam only", _best_of_each, TOGETHER),
        Mistake(
            "Ended beams extended", lambda totals, steps, ended, width: _best(totals[:, None] + steps, width), ENDED
        ),
        Mistake("Ended beams lost", _dropped, f"{ENDED} It keeps its place as long as nothing better comes."),
        Mistake("Ended beams with every token", _every_token_free, f"{ENDED} All other tokens are impossible: -inf."),
        Mistake("Past forgotten", _past_forgotten, PAST),
        Mistake("Past forgotten", _past_of_ended_alone, PAST),
        Mistake(
            "Logarithms multiplied",
            _multiplied,
            "Probabilities are multiplied, so their logarithms are added: log(a b) = log a + log b.",
        ),
        Mistake(
            "Probabilities, not logarithms",
            _probabilities,
            "The totals stay logarithms: the product of many probabilities is soon too small for any number.",
        ),
        Mistake(
            "Totals of the last token only",
            _without_totals,
            "The beams are right; return their new totals, the old one of each with its step added.",
        ),
        Mistake("Worst kept", partial(_in_order, lambda t, width: np.argsort(t, axis=None)[:width]), BEST),
        Mistake(
            "Best last",
            partial(_in_order, lambda t, width: np.argsort(-t, axis=None, kind="stable")[:width][::-1]),
            f"They are the right ones, in the wrong order. {BEST}",
        ),
        Mistake("Beams and tokens exchanged", _exchanged, FLAT),
        Mistake("Divided by the number of beams", _divided_by_beams, FLAT),
        Mistake(
            "All kept",
            lambda totals, steps, ended, width: _beam_step(totals, steps, ended, steps.size),
            "Only `width` beams go on. Without the cut there would be V times as many at every step.",
        ),
    ),
    hints=(
        "Make a table (W, V): the total of every beam with every token behind it. Only then choose.",
        "`table = totals[:, None] + steps`; rows of ended beams become -inf but for token 0, where their total stays.",
        "`places = np.argsort(-table.ravel())[:width]`; then `places // V`, `places % V` and `table.ravel()[places]`.",
    ),
    solution="""\
def beam_step(totals, steps, ended, width):
    table = totals[:, None] + steps
    table[ended] = -np.inf
    table[ended, 0] = totals[ended]
    places = np.argsort(-table.ravel(), kind="stable")[:width]
    vocabulary = steps.shape[1]
    return places // vocabulary, places % vocabulary, table.ravel()[places]""",
    difficulty=3,
    importance=3,
    minutes=12,
)
