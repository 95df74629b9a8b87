"""Real text, rated by people: sentences from reviews of films and of products (Hutto and Gilbert 2014).

The files are shipped with the course, under content/reviews, with their licence. A sentence counts as positive or
negative when its mean rating, from -4 to 4, is further than 0.5 from zero. Sentences of one review are all in the same
part, and no text is there twice, not even once in each domain.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from lesson.shipped import find
from lesson.tasks.reviews_words import LONGEST, opinions, read_lexicon, split_review, to_tokens, vocabulary_of
from lesson.tasks.task import PARTS, Examples, content_fraction
from lesson.tokenizer import Vocabulary, pad_to_batch
from lesson.vocab import DEFAULT_LABELS

DOMAINS = ("films", "products")
TEST_SHARE = 0.25
NEUTRAL = 0.5
# Another review says this and one word more.
NEARLY_TWICE = "you get what you pay for"


@dataclass(frozen=True)
class Snippets:
    """Sentences of one domain and part, whether they have a label or not.

    texts   ratings (N,), from -4 to 4   ids (N, S), padded with 0
    """

    texts: tuple[str, ...] = field(repr=False)
    ratings: np.ndarray = field(repr=False)
    ids: np.ndarray = field(repr=False)

    @property
    def labelled(self) -> np.ndarray:
        """Which sentences have a label (N,): those whose rating is far enough from zero."""
        return np.abs(self.ratings) > NEUTRAL

    @property
    def examples(self) -> Examples:
        """The sentences that have a label, and their labels: 0 negative, 1 positive."""
        return Examples(self.ids[self.labelled], (self.ratings[self.labelled] > 0).astype(np.int64))


@dataclass(frozen=True)
class Reviews:
    """One domain, as a task: `draw` gives each sentence at most once.

    opinions (V,): what the lexicon says of each token   encode: from a text to ids, as in train and test
    """

    name: str
    vocabulary: Vocabulary = field(repr=False)
    opinions: np.ndarray = field(repr=False)
    train: Snippets
    test: Snippets
    encode: Callable[[str], list[int]] = field(repr=False)
    labels: tuple[str, ...] = tuple(DEFAULT_LABELS)

    def draw(self, rng: np.random.Generator, count: int, part: str = "train") -> Examples:
        """Draw sentences of one part that have a label, none twice; raises ValueError when there are not so many."""
        if part not in PARTS:
            raise ValueError(f"wanted a part of {PARTS}, got {part!r}")
        examples = getattr(self, part).examples
        if not 0 <= count <= len(examples.target):
            raise ValueError(f"wanted a count from 0 to {len(examples.target)}, got {count}")
        chosen = rng.permutation(len(examples.target))[:count]
        return Examples(*(array[chosen] for array in examples))

    def batches(self, size: int, part: str = "train") -> Callable[[np.random.Generator, int], Examples]:
        """Give the `draw` that the training loop asks for a batch at every step."""
        return lambda rng, step: self.draw(rng, size, part)


@cache
def reviews(domain: str) -> Reviews:
    """Read one domain, "films" or "products"; both have one vocabulary, that of their training parts.

    Raises ValueError for another domain, or when the course's files are not there.
    """
    if domain not in DOMAINS:
        raise ValueError(f"wanted a domain of {DOMAINS}, got {domain!r}")
    rows, lexicon = _read_all(), read_lexicon()
    words = {text: split_review(text) for _, _, text, _ in rows}
    known = vocabulary_of(words[text] for _, _, text, is_test in rows if not is_test)

    def encode(text):
        return known.encode(to_tokens(words.get(text) or split_review(text), known, lexicon))

    def part(wanted):
        found = [(text, rating) for where, rating, text, is_test in rows if (where, is_test) == (domain, wanted)]
        texts, ratings = zip(*found, strict=True)
        return Snippets(texts, np.array(ratings), pad_to_batch([encode(text) for text in texts], LONGEST)[0])

    return Reviews(domain, known, opinions(known, lexicon), part(False), part(True), encode)


@cache
def _read_all() -> tuple[tuple[str, float, str, bool], ...]:
    """Read both domains: (domain, rating, text, whether it is kept for testing), each text once."""
    rows, seen = [], {NEARLY_TWICE}
    for domain in DOMAINS:
        for line in find(f"reviews/{domain}.txt").read_text(encoding="utf-8").splitlines():
            number, rating, text = line.split("\t")
            same = " ".join(word for word in split_review(text) if word.isalnum())
            if same and same not in seen:
                seen.add(same)
                rows.append((domain, float(rating), text, is_for_testing(domain, number)))
    return tuple(rows)


def is_for_testing(domain: str, number: str) -> bool:
    """Say whether a sentence, such as number "12_3", is kept for testing: as all of its review, here "12", is."""
    content = np.frombuffer(f"{domain} {number.partition('_')[0]}".encode(), np.uint8)
    return bool(content_fraction(content[np.newaxis])[0] < TEST_SHARE)
