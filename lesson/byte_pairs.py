"""Byte-pair encoding, learned from scratch: start from bytes, and keep joining the pair that is most frequent.

Because the smallest pieces are the 256 bytes, nothing is unknown: any string at all can be written, and read back.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from lesson.tokenizer import SPECIALS

# The special tokens keep the ids they have elsewhere; <unk> too, although bytes leave nothing unknown.
FIRST_BYTE = len(SPECIALS)
FIRST_MERGE = FIRST_BYTE + 256

# A word takes the space before it along, so that spaces cost nothing; no merge ever joins two words.
_WORDS = re.compile(r" ?\w+| ?[^\w\s]+|\s+")


@dataclass(frozen=True)
class BytePairs:
    """The merges in the order in which they were learned: merge number i joins two ids into the id FIRST_MERGE + i.

    Raises ValueError when a merge joins an id that does not exist yet, or repeats an earlier merge.
    """

    merges: tuple[tuple[int, int], ...]

    def __post_init__(self):
        try:
            merges = tuple((int(left), int(right)) for left, right in self.merges)
        except (TypeError, ValueError):
            raise ValueError(f"wanted merges that are pairs of ids, got {self.merges!r}") from None
        object.__setattr__(self, "merges", merges)
        if len(set(self.merges)) < len(self.merges):
            raise ValueError("wanted each merge once, got one that is repeated")
        for number, pair in enumerate(self.merges):
            if not all(FIRST_BYTE <= index < FIRST_MERGE + number for index in pair):
                raise ValueError(f"wanted merge {number} to join ids of bytes or earlier merges, got {pair}")

    def __len__(self) -> int:
        return FIRST_MERGE + len(self.merges)

    @cached_property
    def pieces(self) -> tuple[bytes, ...]:
        """The bytes that every id stands for; none for the special tokens."""
        pieces = [b""] * FIRST_BYTE + [bytes([value]) for value in range(256)]
        for left, right in self.merges:
            pieces.append(pieces[left] + pieces[right])
        return tuple(pieces)

    @cached_property
    def _rank(self) -> dict[tuple[int, int], int]:
        return {pair: number for number, pair in enumerate(self.merges)}

    def encode(self, text: str) -> list[int]:
        """Write a text as ids: in every word, join the earliest-learned pair for as long as there is one."""
        if not isinstance(text, str):
            raise ValueError(f"wanted a text (str), got {type(text).__name__}")
        known: dict[str, list[int]] = {}
        ids = []
        for word in _WORDS.findall(text):
            if word not in known:
                known[word] = self._encode_word(word)
            ids += known[word]
        return ids

    def _encode_word(self, word: str) -> list[int]:
        ids = _bytes_of(word)
        while len(ids) > 1:
            pair = min(pairwise(ids), key=lambda pair: self._rank.get(pair, len(self.merges)))
            if pair not in self._rank:
                break
            ids = join_pair(ids, pair, FIRST_MERGE + self._rank[pair])
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Read ids back; the text that was encoded comes back exactly, special tokens are left out.

        Ids that no text encodes to (a model may write them) can break off inside a character: the broken bytes then
        read as the replacement character. Raises ValueError for an id outside the vocabulary.
        """
        ids = list(ids)
        for index in ids:
            if not 0 <= index < len(self):
                raise ValueError(f"wanted token ids from 0 to {len(self) - 1}, got {index}")
        return _text_of(b"".join(self.pieces[index] for index in ids))

    def describe(self, first: int = 10) -> str:
        """Show the first merges, one a line: the two pieces, and what they join to."""
        lines = []
        for number, (left, right) in enumerate(self.merges[:first]):
            a, b, joined = (_show(self.pieces[index]) for index in (left, right, FIRST_MERGE + number))
            lines.append(f"{FIRST_MERGE + number:5d}  {a} + {b} -> {joined}")
        return "\n".join(lines)


def learn_byte_pairs(texts: Iterable[str], merges: int) -> BytePairs:
    """Learn merges from texts: join the most frequent pair inside words, count again, repeat.

    Sennrich, Haddow and Birch 2016, algorithm 1, on bytes. Stops early when every pair left occurs once. Ties go to the
    pair with the smallest ids, so the same texts give the same merges. Raises ValueError when a text is no string.

    >>> print(learn_byte_pairs(["low lower lowest"], 2).describe())
      260  "l" + "o" -> "lo"
      261  "lo" + "w" -> "low"
    """
    if isinstance(texts, str):
        raise ValueError("wanted several texts, got one string: put it into a list")
    if merges < 0:
        raise ValueError(f"wanted a number of merges of 0 or more, got {merges}")
    texts = list(texts)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("wanted texts that are all strings")
    word_counts = Counter(word for text in texts for word in _WORDS.findall(text))
    words, counts = [_bytes_of(word) for word in word_counts], list(word_counts.values())
    learned: list[tuple[int, int]] = []
    pairs = _PairCounts(words, counts)
    while len(learned) < merges and (best := pairs.most_frequent()):
        for word in list(pairs.places[best]):
            pairs.remove(word, words[word], counts[word])
            words[word] = join_pair(words[word], best, FIRST_MERGE + len(learned))
            pairs.add(word, words[word], counts[word])
        learned.append(best)
    return BytePairs(tuple(learned))


class _PairCounts:
    """How often each pair occurs, and in which words; a merge then touches only the words that hold its pair."""

    def __init__(self, words: Sequence[Sequence[int]], counts: Sequence[int]):
        self.counts: Counter = Counter()
        self.places: defaultdict = defaultdict(set)
        for word, (ids, count) in enumerate(zip(words, counts, strict=True)):
            self.add(word, ids, count)

    def add(self, word: int, ids: Sequence[int], count: int) -> None:
        for pair in pairwise(ids):
            self.counts[pair] += count
            self.places[pair].add(word)

    def remove(self, word: int, ids: Sequence[int], count: int) -> None:
        for pair in pairwise(ids):
            self.counts[pair] -= count
            self.places[pair].discard(word)
            if not self.counts[pair]:
                del self.counts[pair], self.places[pair]

    def most_frequent(self) -> tuple[int, int] | None:
        best = max(self.counts, key=lambda pair: (self.counts[pair], -pair[0], -pair[1]), default=None)
        return best if best and self.counts[best] > 1 else None


def join_pair(ids: Sequence[int], pair: tuple[int, int], joined: int) -> list[int]:
    """Replace each occurrence of a pair by one id, from left to right.

    >>> join_pair([5, 5, 5, 6], (5, 5), 9)
    [9, 5, 6]
    """
    result: list[int] = []
    position = 0
    while position < len(ids):
        if tuple(ids[position : position + 2]) == pair:
            result.append(joined)
            position += 2
        else:
            result.append(ids[position])
            position += 1
    return result


def _bytes_of(word: str) -> list[int]:
    # A lone surrogate is no character, yet a Python string may hold one: it gets the three bytes it would have had.
    return [FIRST_BYTE + byte for byte in word.encode("utf-8", "surrogatepass")]


def _text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _show(piece: bytes) -> str:
    text = piece.decode("utf-8", "backslashreplace")
    return f'"{text}"'
