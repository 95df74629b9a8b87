"""A classifier that is handed text says what it says of the same text as ids, however it is written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.models.classifier import classifier, init_classifier
from lesson.models.config import ClassifierConfig
from lesson.models.gates import attention_weights
from lesson.models.reader import Reader
from lesson.nn.softmax import softmax
from lesson.tokenizer import Vocabulary
from lesson.vocab import DEFAULT_VOCAB

WORDS = Vocabulary(tuple(DEFAULT_VOCAB))
CONFIG = ClassifierConfig(len(WORDS), width=8, num_layers=2, num_heads=2, positions="learned", longest=5)
READER = Reader(init_classifier(np.random.default_rng(58), CONFIG), CONFIG, WORDS)


@given(st.lists(st.sampled_from([*DEFAULT_VOCAB[2:], "zebra"]), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_it_reads_as_the_classifier_does(words):
    logits, cache = classifier(READER.params, WORDS.encode(words), CONFIG)
    reading = READER.read(", ".join(words).upper() + ".")
    assert reading.tokens == ["<unk>" if word == "zebra" else word for word in words]
    assert list(reading.probs.values()) == softmax(logits).tolist() and list(reading.probs) == ["negative", "positive"]
    np.testing.assert_array_equal(reading.attention, attention_weights(cache)["encoder/1/attention"].mean(axis=0))


def test_a_batch_says_what_each_text_alone_does():
    texts = ["great", "", "not a great product, is it", "bad service"]
    alone = [list(READER.read(text).probs.values()) for text in texts]
    np.testing.assert_allclose(READER.predict_proba_batch(texts), alone, rtol=1e-12)


@given(st.text(max_size=40))
@settings(max_examples=30, deadline=None)
def test_any_text_can_be_read_and_its_tokens_read_again(text):
    reading = READER.read(text)
    assert 1 <= len(reading.tokens) <= CONFIG.longest and np.isclose(sum(reading.probs.values()), 1)
    if reading.tokens != ["<pad>"]:
        assert READER.read(" ".join(reading.tokens)).tokens == reading.tokens


def test_it_reads_to_where_positions_end():
    assert len(READER.tokenize("not " * 9)) == 9
    assert READER.read("not " * 9).tokens == ["not"] * 5
    endless = ClassifierConfig(len(WORDS), width=8, num_heads=2)
    reader = Reader(init_classifier(np.random.default_rng(58), endless), endless, WORDS)
    assert len(reader.read("not " * 9).tokens) == 9


def test_a_vocabulary_of_another_size_is_refused():
    with pytest.raises(ValueError, match="wanted 16 words and 2 labels, got 2 and 2"):
        Reader(READER.params, CONFIG, Vocabulary(("<pad>", "<unk>")))
    with pytest.raises(ValueError, match="wanted 16 words and 2 labels, got 16 and 3"):
        Reader(READER.params, CONFIG, WORDS, labels=("a", "b", "c"))
