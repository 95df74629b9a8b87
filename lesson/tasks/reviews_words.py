"""Words of reviews, and what people think of them: a lexicon of rated words, read with or without their negations."""

from collections.abc import Iterable, Sequence

import numpy as np

from lesson.shipped import find
from lesson.tokenizer import SPECIALS, UNKNOWN, Vocabulary, build_vocabulary, split_words

LONGEST = 64
AT_LEAST = 4
MARKS = ("!", "?")
NEGATIONS = frozenset(
    (
        *("no", "not", "never", "none", "nothing", "neither", "nor", "nowhere", "cannot", "without"),
        *("hardly", "barely", "rarely", "seldom", "scarcely"),
    )
)
REACH, TURNED = 3, -0.74
STEPS = (1, 2, 3, 4)
HIDE_RATED, HIDE_OTHERS, COMMON = 0.6, 0.4, 220


def read_lexicon() -> dict[str, float]:
    """Read the mean rating, from -4 to 4, that ten people gave to each of 7,500 words (Hutto and Gilbert 2014)."""
    # Two of its bytes, in emoticons, are not UTF-8; a browser's drive reads any text as UTF-8 and puts this mark there.
    lines = find("reviews/lexicon.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    rows = (line.split("\t") for line in lines if line)
    return {word: float(rating) for word, rating, *_ in rows}


def split_review(text: str) -> list[str]:
    """Split a review into at most 64 words; of the punctuation, only what is loud is kept.

    >>> split_review("Great phone, isn't it?")
    ['great', 'phone', "isn't", 'it', '?']
    """
    words = split_words(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"), keep_punctuation=True)
    return [word for word in words if word in MARKS or any(map(str.isalnum, word))][:LONGEST]


def is_negated(words: Sequence[str], place: int) -> bool:
    """Say whether one of the three words before a place is a negation, as VADER's rule has it.

    >>> is_negated(["not", "a", "good", "one"], 2), is_negated(["good", "or", "not"], 0)
    (True, False)
    """
    return any(word in NEGATIONS or word.endswith("n't") for word in words[max(0, place - REACH) : place])


def lexicon_score(words: Sequence[str], lexicon: dict[str, float], negations: bool = False) -> float:
    """Add up what people think of the words; with negations, a negated word counts -0.74 times (VADER's rule).

    >>> lexicon_score(["not", "good"], {"good": 2.0}), lexicon_score(["not", "good"], {"good": 2.0}, negations=True)
    (2.0, -1.48)
    """
    factors = [TURNED if negations and is_negated(words, place) else 1.0 for place in range(len(words))]
    return sum(lexicon.get(word, 0.0) * factor for word, factor in zip(words, factors, strict=True))


def to_tokens(words: Sequence[str], known: Vocabulary, lexicon: dict[str, float]) -> list[str]:
    """Name each word by itself if it is known, else by how good or bad people find it, "<+2>", if they do.

    A negated word with a rating becomes "<not +2>": so the same list serves a model that adds up words.
    """
    tokens = []
    for place, word in enumerate(words):
        rating = lexicon.get(word, 0.0)
        if rating and is_negated(words, place):
            tokens.append(f"<not {_step(rating)}>")
        elif word in known.ids:
            tokens.append(word)
        else:
            tokens.append(f"<{_step(rating)}>" if rating else UNKNOWN)
    return tokens


def vocabulary_of(texts: Iterable[Sequence[str]]) -> Vocabulary:
    """Collect the words that occur four times or more, after tokens for rated words that occur less often."""
    steps = [f"{sign}{step}" for sign in "+-" for step in STEPS]
    rated = [f"<{negated}{step}>" for negated in ("", "not ") for step in steps]
    return build_vocabulary(texts, AT_LEAST, specials=(*SPECIALS, *rated))


def opinions(known: Vocabulary, lexicon: dict[str, float]) -> np.ndarray:
    """Give what the lexicon says of each token (V,); of a token for rated words, the middle of its step."""
    ratings = {}
    for sign, way in (("+", 1), ("-", -1)):
        for step in STEPS:
            ratings[f"<{sign}{step}>"] = way * (step - 0.5)
            ratings[f"<not {sign}{step}>"] = TURNED * way * (step - 0.5)
    return np.array([ratings.get(token, lexicon.get(token, 0.0)) for token in known.tokens])


def _step(rating: float) -> str:
    """Round a rating away from zero to a step, as in "+2"."""
    return f"{'+' if rating > 0 else '-'}{min(STEPS[-1], max(1, int(np.ceil(abs(rating)))))}"


def blurred(ids: np.ndarray, rng: np.random.Generator, known: Vocabulary, ratings: np.ndarray) -> np.ndarray:
    """Hide words at random, so that no single one is relied on: a rated word behind its step, another as unknown.

    Word dropout (Iyyer et al. 2015, section 3). What a rule of language hangs on stays: tokens that occur often and
    have no rating. ids (..., S)   ratings (V,), as `opinions` gives them        Returns ids of the same shape.
    """
    behind = np.array([known.id(f"<{_step(rating)}>" if rating else UNKNOWN) for rating in ratings])
    is_spared = (np.arange(len(known)) < COMMON) & (ratings == 0)
    is_step = [token.startswith("<") for token in known.tokens]
    share = np.where(ratings != 0, HIDE_RATED, HIDE_OTHERS) * ~(is_spared | is_step)
    return np.where(rng.random(ids.shape) < share[ids], behind[ids], ids)
