"""Byte-pair encoding: what is learned, and that every string comes back."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lesson.byte_pairs import _WORDS, FIRST_BYTE, FIRST_MERGE, BytePairs, _bytes_of, join_pair, learn_byte_pairs
from lesson.tokenizer import SPECIALS

SENTENCES = ["low lower lowest, slow slower", "not slow, not low; naïve café", "the newest and the lowest"]
LEARNED = learn_byte_pairs(SENTENCES, 20)

# st.text() leaves lone surrogates out; a Python string may hold them all the same.
ANY_STRING = st.text(st.characters(codec=None))


def recount(texts, merges):
    """The textbook's way: count all pairs anew for every merge."""
    words = Counter(word for text in texts for word in _WORDS.findall(text))
    split = {word: _bytes_of(word) for word in words}
    learned = []
    for number in range(merges):
        pairs = Counter()
        for word, ids in split.items():
            for pair in pairwise(ids):
                pairs[pair] += words[word]
        if not pairs or max(pairs.values()) < 2:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        learned.append(best)
        split = {word: join_pair(ids, best, FIRST_MERGE + number) for word, ids in split.items()}
    return tuple(learned)


@given(ANY_STRING)
@example("\ud800")
@example("\udc00\ud800 \udfff")
@example("\ud83d\ude00 and \U0001f600")
@example("\x00 \r\n\t  \u2028low")
@example("e\u0301\u200d\ufeff")
def test_any_string_comes_back_exactly(text):
    ids = LEARNED.encode(text)
    assert LEARNED.decode(ids) == text
    assert all(FIRST_BYTE <= index < len(LEARNED) for index in ids)


@given(st.lists(st.text("abc ", max_size=12), max_size=6), st.integers(0, 12))
def test_incremental_counts_learn_what_a_full_recount_learns(texts, merges):
    assert learn_byte_pairs(texts, merges).merges == recount(texts, merges)


def test_merges_are_learned_on_real_sentences():
    assert LEARNED.merges == recount(SENTENCES, 20)
    assert len(LEARNED.merges) > 10
    assert [LEARNED.pieces[index] for index in LEARNED.encode("low")] == [b"low"]


def test_encoding_shortens_and_never_joins_two_words():
    text = "lower slow"
    pieces = [LEARNED.pieces[index] for index in LEARNED.encode(text)]
    assert len(pieces) < len(text)
    assert b"".join(pieces).decode() == text
    assert all(b" " not in piece[1:] for piece in LEARNED.pieces)


def test_earlier_merges_win():
    # "abc" could become ab+c or a+bc; the merge learned first decides.
    a, b, c = _bytes_of("abc")
    assert BytePairs(((a, b), (b, c))).encode("abc") == [FIRST_MERGE, c]
    assert BytePairs(((b, c), (a, b))).encode("abc") == [a, FIRST_MERGE]


def test_learning_stops_when_nothing_repeats():
    assert learn_byte_pairs(["abcd"], 10).merges == ()
    assert learn_byte_pairs([], 10).merges == ()


def test_special_tokens_have_ids_of_their_own_and_read_as_nothing():
    assert LEARNED.pieces[: len(SPECIALS)] == (b"",) * len(SPECIALS)
    assert LEARNED.decode([2, *LEARNED.encode("low"), 3, 0, 0]) == "low"


@given(st.lists(st.integers(0, len(LEARNED) - 1)))
def test_ids_that_no_text_has_still_read_as_text(ids):
    assert isinstance(LEARNED.decode(ids), str)


def test_broken_bytes_read_as_the_replacement_character():
    assert LEARNED.decode(_bytes_of("é")[:1]) == "\N{REPLACEMENT CHARACTER}"


def test_merges_can_be_inspected():
    lines = LEARNED.describe(3).splitlines()
    assert lines[0].split() == ["260", '"l"', "+", '"o"', "->", '"lo"']
    assert len(lines) == 3
    assert r"\xc3" in BytePairs((tuple(_bytes_of("é")),)).describe()


def test_merges_read_from_json_make_the_same_encoder():
    again = BytePairs([list(pair) for pair in LEARNED.merges])
    assert again == LEARNED
    assert again.encode(SENTENCES[1]) == LEARNED.encode(SENTENCES[1])


@pytest.mark.parametrize("merges", [((4, FIRST_MERGE),), ((0, 4),), ((-1, 4),), ((4, 5), (4, 5)), ((4, 5, 6),), 7])
def test_impossible_merges_are_refused(merges):
    with pytest.raises(ValueError, match="wanted"):
        BytePairs(merges)


@pytest.mark.parametrize(
    "action",
    [
        lambda: learn_byte_pairs([b"low"], 3),
        lambda: learn_byte_pairs("low", 3),
        lambda: learn_byte_pairs(["low"], -1),
        lambda: LEARNED.encode(None),
        lambda: LEARNED.decode([len(LEARNED)]),
        lambda: LEARNED.decode([-1]),
    ],
)
def test_bad_input_is_refused(action):
    with pytest.raises(ValueError, match="wanted"):
        action()
