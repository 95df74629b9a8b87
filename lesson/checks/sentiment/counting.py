"""Opinions added up, with and without their "not"."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.tasks.reviews_words import lexicon_score as add_up

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

EVERY_TIME = "A word that stands there twice counts twice: go through the words of the text, not through the list."
UNKNOWN = "Most words have no opinion, and the list leaves them out. `lexicon.get(word, 0.0)` gives 0 for those."
SUM = "Start with 0 before the loop, add inside it, and return after it."
TOO_FAR = 'A "not" here turns round the very next word and no other; yours turns others round too.'
FIRST_WORD = "The word before word 0 is words[-1] to Python, the last of the text. Ask only where i > 0."
WHICH = 'A "not" points to what follows it: word i is turned round if word i - 1 is "not".'

SILENT = '"not bad" is praise, not silence. Subtract the opinion, and do not add it as well: the two would cancel.'


def _mean(values: list[float]) -> float:
    return sum(values) / max(len(values), 1)


lexicon_score = exercise(
    name="lexicon_score",
    arguments=("words", "lexicon"),
    cases=lambda rng: [
        (["bad", "fastest", "bad", "slow"], {"fast": 0.5, "bad": -1.25, "slow": -0.75}),
        (["a", "great", "great", "film"], {"great": 1.1, "film": 0.2}),
        (["a", "plain", "film"], {"great": 1.1}),
        ([], {"great": 1.1}),
    ],
    answer=add_up,
    mistakes=(
        Mistake("Each word counted once", lambda words, lexicon: add_up(sorted(set(words)), lexicon), EVERY_TIME),
        Mistake("Unknown words raise an error", lambda words, lexicon: sum(lexicon[word] for word in words), UNKNOWN),
        Mistake(
            "Parts of words counted",
            lambda words, lexicon: sum(opinion for word, opinion in lexicon.items() if word in " ".join(words)),
            '"fast" in "fastest" is True for texts. Compare whole words: look each one up in the lexicon.',
        ),
        Mistake(
            "Averaged, not summed",
            lambda words, lexicon: _mean([lexicon.get(word, 0.0) for word in words]),
            "An average lets every neutral word water the opinion down. Wanted is the sum.",
        ),
        Mistake(
            "Averaged, not summed",
            lambda words, lexicon: _mean([lexicon[word] for word in words if word in lexicon]),
            "An average says the same of one complaint and of ten. Wanted is the sum.",
        ),
        Mistake(
            "The sign alone",
            lambda words, lexicon: np.sign(add_up(words, lexicon)),
            "How strong the opinion is belongs to the answer: return the sum itself.",
        ),
        Mistake(
            "Words counted, not weighed",
            lambda words, lexicon: sum(np.sign(lexicon.get(word, 0.0)) for word in words),
            "Each word brings its own number from the lexicon, not just +1 or -1.",
        ),
        Mistake(
            "The last word alone",
            lambda words, lexicon: lexicon.get(words[-1], 0.0) if words else 0.0,
            f"Each word replaces what was there before. {SUM}",
        ),
        Mistake(
            "The last word alone",
            lambda words, lexicon: ([0.0] + [lexicon[word] for word in words if word in lexicon])[-1],
            f"Each opinion replaces what was there before. {SUM}",
        ),
        Mistake(
            "The first word alone",
            lambda words, lexicon: lexicon.get(words[0], 0.0) if words else 0.0,
            f"A return inside the loop ends it at the first word. {SUM}",
        ),
        Mistake(
            "A list, not its sum",
            lambda words, lexicon: [lexicon.get(word, 0.0) for word in words],
            "These are the right numbers. Add them up.",
        ),
    ),
    hints=(
        "Go through the words one by one. What does the lexicon say of each, and what if it says nothing?",
        "`lexicon.get(word, 0.0)` is the word's number, or 0 where it has none.",
        "`sum(lexicon.get(word, 0.0) for word in words)`, or a loop that adds up.",
    ),
    solution="""\
def lexicon_score(words, lexicon):
    return sum(lexicon.get(word, 0.0) for word in words)""",
    difficulty=1,
    importance=3,
    minutes=4,
)


def _turned(is_turned: Callable[[list[str], int], bool], turn: float = -1.0) -> Callable:
    """Add up, with the words times `turn` whose place among the words is turned round."""

    def score(words, lexicon):
        factors = [turn if is_turned(words, i) else 1.0 for i in range(len(words))]
        return sum(lexicon.get(word, 0.0) * factor for word, factor in zip(words, factors, strict=True))

    return score


def _right_after(words: list[str], i: int) -> bool:
    return i > 0 and words[i - 1] == "not"


def _next_opinion(words: list[str], lexicon: dict[str, float]) -> float:
    waiting, total = False, 0.0
    for word in words:
        waiting = waiting or word == "not"
        if word in lexicon:
            total += -lexicon[word] if waiting else lexicon[word]
            waiting = False
    return total


def _turned_and_kept(words: list[str], lexicon: dict[str, float]) -> float:
    """Look ahead from each "not", past the end too, and come to the word after it once more."""
    return sum(
        -lexicon.get(words[i + 1], 0.0) if word == "not" else lexicon.get(word, 0.0) for i, word in enumerate(words)
    )


negated_score = exercise(
    name="negated_score",
    arguments=("words", "lexicon"),
    cases=lambda rng: [
        (["ok", "not", "bad", "sad", "it", "not"], {"ok": 1.1, "bad": -2.0, "sad": -0.6}),
        (["not", "it", "good"], {"good": 1.1}),
        (["not", "bad", "it", "not", "good"], {"good": 1.1, "bad": -2.0}),
        (["good", "it"], {"good": 1.1}),
        ([], {"good": 1.1}),
    ],
    answer=_turned(_right_after),
    mistakes=(
        Mistake("The first word looks at the last", _turned(lambda words, i: words[i - 1] == "not"), FIRST_WORD),
        Mistake("Reaches too far", _turned(lambda words, i: "not" in words[:i]), TOO_FAR),
        Mistake("Reaches too far", _turned(lambda words, i: words[:i].count("not") % 2 == 1), TOO_FAR),
        Mistake("Reaches too far", _turned(lambda words, i: "not" in words[max(0, i - 3) : i]), TOO_FAR),
        Mistake("Reaches too far", _turned(lambda words, i: "not" in words[max(0, i - 2) : i]), TOO_FAR),
        Mistake("Waits for the next opinion", _next_opinion, f'"not product great" praises. {TOO_FAR}'),
        Mistake("The whole text turned round", _turned(lambda words, i: "not" in words), TOO_FAR),
        Mistake(
            "Only the first not",
            _turned(lambda words, i: words.index("not") == i - 1 if "not" in words else False),
            "words.index finds the first one only. Look at each word and the one before it.",
        ),
        Mistake("Looks the wrong way", _turned(lambda words, i: words[i + 1 : i + 2] == ["not"]), WHICH),
        Mistake("Turns round what should stay", _turned(lambda words, i: not _right_after(words, i)), WHICH),
        Mistake("Negation ignored", add_up, f"This is the plain sum of exercise 1. {WHICH}"),
        Mistake("Negated words left out", _turned(_right_after, 0.0), SILENT),
        Mistake("Negated words left out", _turned_and_kept, SILENT),
        Mistake(
            "Every not costs something",
            lambda words, lexicon: add_up(words, {**lexicon, "not": -0.4}),
            'One fixed number for "not" makes "not bad" worse than "bad". It has to change the sign of what follows.',
        ),
        Mistake("Words raise an error", lambda words, lexicon: sum(lexicon[word] for word in words), UNKNOWN),
    ),
    hints=(
        "For each word you need one thing more than in exercise 1: the word before it.",
        "`for i, word in enumerate(words)` gives places too. The word before is `words[i - 1]`, but only if i > 0.",
        '`turned = i > 0 and words[i - 1] == "not"`; then subtract the opinion instead of adding it.',
    ),
    solution="""\
def negated_score(words, lexicon):
    score = 0.0
    for i, word in enumerate(words):
        opinion = lexicon.get(word, 0.0)
        turned = i > 0 and words[i - 1] == "not"
        score += -opinion if turned else opinion
    return score""",
    difficulty=2,
    importance=2,
    minutes=6,
)
