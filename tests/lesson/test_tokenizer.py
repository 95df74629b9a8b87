"""Words, vocabularies and padding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.tokenizer import (
    BEGIN,
    END,
    PAD,
    SPECIALS,
    UNKNOWN,
    Vocabulary,
    build_vocabulary,
    pad_to_batch,
    split_words,
)

WORDS = Vocabulary((PAD, UNKNOWN, BEGIN, END, "great", "product"))


def test_marks_that_touch_a_word_do_not_hide_it():
    assert WORDS.encode(split_words("Great, (product).")) == [4, 5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\n", []),
        ("Don't 'quote' me", ["don't", "quote", "me"]),
        ("rock'n'roll'", ["rock'n'roll"]),
        ("it\N{RIGHT SINGLE QUOTATION MARK}s", ["it\N{RIGHT SINGLE QUOTATION MARK}s"]),
        ("cafe\u0301 noir", ["cafe\u0301", "noir"]),
        ("\u0939\u093f\u0902\u0926\u0940 शब्द", ["\u0939\u093f\u0902\u0926\u0940", "शब्द"]),
        ("\u05e9\u05dc\u05d5\u05dd, עולם!", ["\u05e9\u05dc\u05d5\u05dd", "עולם"]),
        ("good\N{GRINNING FACE}bad", ["good", "bad"]),
        ("a\ud800b", ["a", "b"]),
        ("4 out-of 5_5", ["4", "out", "of", "5_5"]),
    ],
)
def test_split_words(text, words):
    assert split_words(text) == words


def test_punctuation_can_be_kept_as_tokens_of_its_own():
    assert split_words("Great, don't!", keep_punctuation=True) == ["great", ",", "don't", "!"]


@given(st.text())
def test_keeping_punctuation_loses_no_visible_character(text):
    # Lone surrogates are category Cs: neither words nor white space, hence kept too.
    kept = "".join(split_words(text, keep_punctuation=True))
    assert kept == "".join(text.lower().split())


@given(st.text())
def test_words_survive_being_split_again(text):
    words = split_words(text)
    assert split_words(" ".join(words)) == words


@pytest.mark.parametrize("text", [None, 3, b"great", ["great"]])
def test_only_strings_are_split(text):
    with pytest.raises(ValueError, match=f"wanted a text.*got {type(text).__name__}"):
        split_words(text)


def test_decoding_stops_at_the_end_token_and_drops_specials():
    ids = [2, 4, 1, 3, 5, 0]
    assert WORDS.decode(ids) == ["great", UNKNOWN]
    assert WORDS.decode(ids, keep_specials=True) == [BEGIN, "great", UNKNOWN, END, "product", PAD]


def test_without_an_unknown_token_an_unknown_word_is_an_error():
    with pytest.raises(ValueError, match="zebra"):
        Vocabulary(("a", "b")).encode(["a", "zebra"])


@pytest.mark.parametrize("index", [-1, 6, np.int64(99)])
def test_ids_outside_the_vocabulary_are_refused(index):
    with pytest.raises(ValueError, match=f"from 0 to 5, got {index}"):
        WORDS.decode([4, index])


@pytest.mark.parametrize("tokens", [("a", "b", "a"), ("a", 3)])
def test_a_vocabulary_holds_distinct_strings(tokens):
    with pytest.raises(ValueError, match="wanted"):
        Vocabulary(tokens)


@given(st.lists(st.sampled_from(WORDS.tokens[4:])))
def test_known_tokens_come_back(tokens):
    assert WORDS.decode(WORDS.encode(tokens)) == tokens


def test_a_vocabulary_is_built_by_count_then_alphabet():
    texts = [["b", "c", "a"], ["c", "a", END], ["d"]]
    assert build_vocabulary(texts).tokens == (*SPECIALS, "a", "c", "b", "d")
    assert build_vocabulary(texts, at_least=2).tokens == (*SPECIALS, "a", "c")
    assert build_vocabulary(texts, largest=5).tokens == (*SPECIALS, "a")
    with pytest.raises(ValueError, match="largest=3"):
        build_vocabulary(texts, largest=3)


@given(st.lists(st.lists(st.integers(1, 9), max_size=7), max_size=5), st.integers(0, 3))
def test_padding_keeps_every_id_in_place_and_marks_the_rest(sequences, spare):
    length = max(map(len, sequences), default=0) + spare
    ids, may_attend = pad_to_batch(sequences, length)
    assert ids.shape == may_attend.shape == (len(sequences), length)
    assert ids.dtype == np.int64 and may_attend.dtype == bool
    for sequence, row, mask in zip(sequences, ids, may_attend, strict=True):
        assert row.tolist() == sequence + [0] * (length - len(sequence))
        assert mask.tolist() == [True] * len(sequence) + [False] * (length - len(sequence))


def test_padding_never_cuts_off():
    with pytest.raises(ValueError, match="at most 2 ids, got one of 3"):
        pad_to_batch([[1, 2, 3], [4]], length=2)


def test_padding_may_use_another_id():
    ids, may_attend = pad_to_batch([[1, 0], []], pad=7)
    assert ids.tolist() == [[1, 0], [7, 7]]
    assert may_attend.tolist() == [[True, True], [False, False]]
