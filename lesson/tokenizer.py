"""Text to token ids and back: words, vocabularies, and padding to a batch.

The special tokens have one spelling and one order: `<pad>` is id 0 in every vocabulary of the course, so that zero
always means "nothing here".
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lesson.vocab import PAD, UNKNOWN

BEGIN, END = "<bos>", "<eos>"
SPECIALS = (PAD, UNKNOWN, BEGIN, END)

_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"


def split_words(text: str, keep_punctuation: bool = False) -> list[str]:
    """Split a text into lower-case words, without the marks that touch them.

    Letters, digits, underscores and combining marks belong to words, and so does an apostrophe between two of them.
    Every other visible character is a token of its own with `keep_punctuation`, and is left out without.
    Raises ValueError when the text is no string.

    >>> split_words("A great, product. Don't wait!")
    ['a', 'great', 'product', "don't", 'wait']
    """
    if not isinstance(text, str):
        raise ValueError(f"wanted a text (str), got {type(text).__name__}")
    text = text.lower()
    inside = [_belongs_to_a_word(character) for character in text]
    pieces = []
    for i, character in enumerate(text):
        joins = character in _APOSTROPHES and 0 < i < len(text) - 1 and inside[i - 1] and inside[i + 1]
        if inside[i] or joins:
            pieces.append(character)
        elif keep_punctuation:
            pieces.append(f" {character} ")
        else:
            pieces.append(" ")
    return "".join(pieces).split()


def _belongs_to_a_word(character: str) -> bool:
    # Marks (category M) carry the vowels of Devanagari and the accents of decomposed Latin: `str.isalnum` drops them.
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


@dataclass(frozen=True)
class Vocabulary:
    """Tokens in a fixed order; a token's id is its position.

    >>> words = Vocabulary(("<pad>", "<unk>", "great", "product"))
    >>> words.encode(["great", "zebra"]), words.decode([2, 3, 0])
    ([2, 1], ['great', 'product'])
    """

    tokens: tuple[str, ...]

    def __post_init__(self):
        object.__setattr__(self, "tokens", tuple(self.tokens))
        for token, times in Counter(self.tokens).items():
            if not isinstance(token, str):
                raise ValueError(f"wanted tokens that are strings, got {token!r}")
            if times > 1:
                raise ValueError(f"wanted each token once, got {token!r} {times} times")

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of every token."""
        return {token: index for index, token in enumerate(self.tokens)}

    def id(self, token: str) -> int:
        """Look up one token's id; raises ValueError when the vocabulary does not hold it."""
        if token not in self.ids:
            raise ValueError(f"wanted a token of this vocabulary of {len(self)}, got {token!r}")
        return self.ids[token]

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Turn tokens into ids; an unknown one becomes `<unk>`, or raises ValueError where there is no `<unk>`."""
        unknown = self.ids.get(UNKNOWN)
        return [self.id(token) if unknown is None else self.ids.get(token, unknown) for token in tokens]

    def decode(self, ids: Iterable[int], keep_specials: bool = False) -> list[str]:
        """Turn ids into tokens, up to the first `<eos>`; raises ValueError for an id outside the vocabulary.

        With `keep_specials` nothing is left out; without, `<pad>`, `<bos>`, `<eos>` and all that follows `<eos>` are.
        """
        tokens = []
        for index in ids:
            if not 0 <= index < len(self):
                raise ValueError(f"wanted token ids from 0 to {len(self) - 1}, got {index}")
            tokens.append(self.tokens[index])
        if keep_specials:
            return tokens
        end = tokens.index(END) if END in tokens else len(tokens)
        return [token for token in tokens[:end] if token not in (PAD, BEGIN)]


def build_vocabulary(
    token_lists: Iterable[Iterable[str]], at_least: int = 1, largest: int | None = None, specials=SPECIALS
) -> Vocabulary:
    """Collect a vocabulary: the specials, then tokens by falling count (ties by alphabet).

    Tokens seen fewer than `at_least` times are left out, and so is what would exceed `largest` tokens in all.

    >>> build_vocabulary([["b", "a"], ["b"]], specials=("<pad>", "<unk>")).tokens
    ('<pad>', '<unk>', 'b', 'a')
    """
    specials = tuple(specials)
    if largest is not None and largest < len(specials):
        raise ValueError(f"wanted room for the {len(specials)} special tokens, got largest={largest}")
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    kept = [token for token in ranked if counts[token] >= at_least and token not in specials]
    return Vocabulary((*specials, *kept)[:largest])


def pad_to_batch(
    sequences: Sequence[Sequence[int]], length: int | None = None, pad: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Put sequences of ids of different lengths into one array, filled up at the right.

    Returns ids (B, T) and may_attend (B, T), True where an id was given; T is `length`, or the longest sequence's.
    Raises ValueError when a sequence is longer than `length`: nothing is cut off unasked.

    >>> pad_to_batch([[5, 6], [7]])[0].tolist()
    [[5, 6], [7, 0]]
    """
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
    longest = int(lengths.max(initial=0))
    length = longest if length is None else length
    if longest > length:
        raise ValueError(f"wanted sequences of at most {length} ids, got one of {longest}")
    may_attend = np.arange(length) < lengths[:, None]
    ids = np.full(may_attend.shape, pad, dtype=np.int64)
    ids[may_attend] = [index for sequence in sequences for index in sequence]
    return ids, may_attend
