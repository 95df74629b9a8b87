"""Tales of one sentence, each word drawn with a known chance: what a language model makes of them can be checked."""

import math
from collections.abc import Sequence

import numpy as np

from lesson.tasks.task import PAD_ID, Examples, Task
from lesson.tokenizer import SPECIALS, Vocabulary

FULL_STOP = "."
BEGIN = "begin"
#: from each state: a word that may come, how likely it is there, and the state that it leads to
GRAMMAR: dict[str, tuple[tuple[str, float, str], ...]] = {
    BEGIN: (("the", 0.46, "subject"), ("nobody", 0.36, "one"), ("once", 0.18, "once")),
    "subject": (("dog", 0.32, "one"), ("cats", 0.25, "many"), ("cat", 0.23, "one"), ("dogs", 0.2, "many")),
    "one": (("sleeps", 0.5, "told"), ("sings", 0.3, "told"), ("near", 0.2, "one near")),
    "many": (("sing", 0.5, "told"), ("sleep", 0.3, "told"), ("near", 0.2, "many near")),
    "one near": (("the", 1.0, "one near the"),),
    "many near": (("the", 1.0, "many near the"),),
    # Whoever stands nearest to the verb need not be the one who acts.
    "one near the": (("dogs", 0.5, "one placed"), ("house", 0.3, "one placed"), ("cat", 0.2, "one placed")),
    "many near the": (("cat", 0.5, "many placed"), ("house", 0.3, "many placed"), ("dogs", 0.2, "many placed")),
    "one placed": (("sleeps", 0.6, "told"), ("sings", 0.4, "told")),
    "many placed": (("sing", 0.6, "told"), ("sleep", 0.4, "told")),
    "told": ((FULL_STOP, 0.75, BEGIN), ("again", 0.25, "again")),
    "again": ((FULL_STOP, 0.6, BEGIN), ("and", 0.4, "again and")),
    "again and": (("again", 1.0, "again"),),
    "once": (("upon", 1.0, "once upon"),),
    "once upon": (("a", 1.0, "once upon a"),),
    "once upon a": (("time", 1.0, "once upon a time"),),
    "once upon a time": (("there", 1.0, "there"),),
    "there": (("was", 1.0, "there was"),),
    "there was": (("a", 1.0, "there was a"),),
    "there was a": (("fox", 0.5, "over"), ("cat", 0.3, "over"), ("dog", 0.2, "over")),
    "over": ((FULL_STOP, 1.0, BEGIN),),
}  # fmt: skip
WORDS = Vocabulary((*SPECIALS, FULL_STOP, *sorted({arc[0] for arcs in GRAMMAR.values() for arc in arcs} - {FULL_STOP})))


def tales(length: int = 24) -> Task:
    """Tell tales one after the other, for as many tokens, each ended by a full stop; asked is each next word.

    A text begins with a full stop, so that whoever has read one may begin a tale. Raises ValueError for a length
    below 2.

    >>> source, _ = tales(length=9).draw(np.random.default_rng(2), 1)
    >>> " ".join(WORDS.decode(source[0]))
    '. the cat sleeps . nobody sleeps . the'
    """
    if length < 2:
        raise ValueError(f"wanted texts of 2 tokens or more, got length={length}")
    word, chance, leads_to = _tables()

    def generate(rng, count):
        source = np.full((count, length), WORDS.id(FULL_STOP))
        state = np.zeros(count, int)
        for place in range(1, length):
            arc = (rng.random((count, 1)) >= chance[state].cumsum(axis=-1)[:, :-1]).sum(axis=-1)
            source[:, place], state = word[state, arc], leads_to[state, arc]
        # The last word has no successor to be asked for.
        return Examples(source, np.pad(source[:, 1:], ((0, 0), (0, 1)), constant_values=PAD_ID))

    return Task("tales", WORDS, generate)


def tale_log_probability(words: Sequence[str]) -> float:
    """Add up the logarithms of the chances of these words, from the beginning of a tale; -inf if no tale has them.

    >>> round(math.exp(tale_log_probability(["nobody", "sleeps", "."])), 4)
    0.135
    """
    total, state = 0.0, BEGIN
    for word in words:
        arc = next((arc for arc in GRAMMAR[state] if arc[0] == word), None)
        if arc is None:
            return -math.inf
        total, state = total + math.log(arc[1]), arc[2]
    return total


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Write the grammar as arrays, a row a state, a column an arc: word ids, chances (0 for no arc), next states."""
    states, widest = list(GRAMMAR), max(map(len, GRAMMAR.values()))
    word, leads_to = np.zeros((2, len(states), widest), int)
    chance = np.zeros((len(states), widest))
    for row, arcs in enumerate(GRAMMAR.values()):
        for column, (token, share, state) in enumerate(arcs):
            word[row, column], chance[row, column] = WORDS.id(token), share
            leads_to[row, column] = states.index(state)
    return word, chance, leads_to
