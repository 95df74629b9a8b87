"""The tiny classifier: the ancestor's numbers, one by one and in batches, and every bad input by name."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson import TinyTransformerClassifier, TransformerConfig
from lesson.models.tiny import network
from lesson.vocab import DEFAULT_VOCAB

ANCESTOR = json.loads((Path(__file__).parents[1] / "data" / "ancestor_values.json").read_text(encoding="utf-8"))
WORDS = [*DEFAULT_VOCAB, "Great", "unheard", "привет", "שלום", "🙂"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
VOCABULARIES = {
    "as delivered": None,
    "without <unk>": ["<pad>", "great", "bad", "not"],
    "without <pad>": ["great", "<unk>", "bad", "not"],
    "with neither": ["great", "bad"],
}


@pytest.fixture(scope="module")
def classifier():
    return TinyTransformerClassifier()


@st.composite
def classifiers(draw):
    num_heads, head_width = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    config = TransformerConfig(draw(st.integers(1, 3)), num_heads * head_width, num_heads, draw(st.integers(1, 9)))
    labels = draw(st.sampled_from([None, ["no", "yes", "perhaps"], list("abcd")]))
    vocab = VOCABULARIES[draw(st.sampled_from(sorted(VOCABULARIES)))]
    return TinyTransformerClassifier(vocab, labels, config, draw(st.integers(0, 2**32)))


def by_formula(classifier, ids):
    """The network once more, written position by position and head by head from the description, with no batch."""
    c, width = classifier, classifier.config.d_model // classifier.config.num_heads
    x = [c.embed[token] for token in ids]
    mixed, weights = np.zeros((len(ids), c.config.d_model)), []
    for start in range(0, c.config.d_model, width):
        head = slice(start, start + width)
        scores = [[(a @ c.W_q)[head] @ (b @ c.W_k)[head] / np.sqrt(width) for b in x] for a in x]
        shares = [np.exp(row) / np.exp(row).sum() for row in scores]
        mixed[:, head] = [sum(p * (b @ c.W_v)[head] for p, b in zip(row, x, strict=True)) for row in shares]
        weights.append(shares)
    out = [np.maximum(row @ c.W_o @ c.ff_w1 + c.ff_b1, 0) @ c.ff_w2 + c.ff_b2 for row in mixed]
    logits = np.mean(out, axis=0) @ c.classifier_w + c.classifier_b
    opinion = c.lexicon_scale * sum(c.lexicon_weights[token] for token in ids)
    logits[:2] += [-opinion, opinion]
    return logits, np.array(weights)


@pytest.mark.parametrize("wanted", ANCESTOR["classifier_default"], ids=lambda case: case["text"] or "empty")
def test_the_ancestors_values(classifier, wanted):
    text = wanted["text"]
    assert classifier.tokenize(text) == wanted["ids"]
    logits, weights = classifier.forward(wanted["ids"])
    np.testing.assert_allclose(logits, wanted["logits"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(weights.mean(axis=0), wanted["heat"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(classifier.attention_heatmap(text), wanted["heat"], rtol=0, atol=1e-12)
    assert classifier.predict_proba(text) == pytest.approx(wanted["probs"], abs=1e-12)
    assert classifier.classify(text) == wanted["label"]


@settings(max_examples=30, deadline=None)
@given(classifiers(), TEXTS)
def test_any_size_seed_vocabulary_and_label_set_follows_the_formula(classifier, text):
    ids = classifier.tokenize(text)
    logits, weights = classifier.forward(ids)
    wanted_logits, wanted_weights = by_formula(classifier, ids or [classifier.token_to_id.get("<pad>", 0)])
    np.testing.assert_allclose(logits, wanted_logits, rtol=0, atol=1e-12)
    np.testing.assert_allclose(weights, wanted_weights, rtol=0, atol=1e-12)


def test_weights_are_drawn_in_the_ancestors_order():
    config = TransformerConfig(d_model=6, num_heads=3, ff_dim=5)
    classifier = TinyTransformerClassifier(["great", "bad"], list("xyz"), config, random_state=7)
    rng = np.random.default_rng(7)
    drawn = {
        **{"embed": (0.2, (3, 6)), "W_q": (0.3, (6, 6)), "W_k": (0.3, (6, 6)), "W_v": (0.3, (6, 6))},
        **{"W_o": (0.2, (6, 6)), "ff_w1": (0.2, (6, 5)), "ff_b1": (0.1, 5), "ff_w2": (0.2, (5, 6))},
        **{"ff_b2": (0.05, 6), "classifier_w": (0.4, (6, 3)), "classifier_b": (0.1, 3)},
    }
    for name, (deviation, shape) in drawn.items():
        np.testing.assert_array_equal(getattr(classifier, name), rng.normal(0, deviation, shape), err_msg=name)


def test_the_lexicon_is_the_ancestors(classifier):
    wanted = [0, 0, 1.1, -1.0, 0, -0.1, 1.2, -1.2, 0.6, -0.8, 0.5, -1.3, 1.0, -0.4, -0.7, 0]
    assert classifier.lexicon_weights.tolist() == wanted
    assert classifier.lexicon_scale == 0.6


def test_tokenize(classifier):
    assert classifier.tokenize("GREAT?!bad\t not\n<unk> <pad>") == [2, 3, 13, 1, 0]
    assert classifier.tokenize(" ! ? ") == []
    assert TinyTransformerClassifier(["great", "bad"]).tokenize("bad news great") == [1, 2, 0]


@pytest.mark.parametrize(("vocab", "filler"), [(None, 0), (["a", "<pad>"], 1), (["a", "b"], 0)])
def test_pad(vocab, filler):
    classifier = TinyTransformerClassifier(vocab)
    padded = classifier.pad([0, 0], 4)
    assert padded.dtype.kind == "i"
    assert padded.tolist() == [0, 0, filler, filler]
    assert classifier.pad([3, 4, 5], 2).tolist() == [3, 4]
    assert classifier.pad([], 0).tolist() == []


@settings(max_examples=40, deadline=None)
@given(classifiers(), st.lists(TEXTS, max_size=6))
def test_a_batch_gives_the_numbers_of_one_by_one(classifier, texts):
    batch = classifier.predict_proba_batch(texts)
    assert batch.shape == (len(texts), len(classifier.labels))
    for row, text in zip(batch, texts, strict=True):
        alone = classifier.predict_proba(text)
        assert list(alone) == classifier.labels
        np.testing.assert_allclose(row, list(alone.values()), rtol=0, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(classifiers(), st.integers(0, 2**32), st.booleans())
def test_padding_changes_nothing_wherever_it_stands_and_whatever_it_holds(classifier, seed, is_scattered):
    rng = np.random.default_rng(seed)
    ids = rng.integers(len(classifier.token_to_id), size=(4, 9))
    lengths = rng.integers(1, 10, size=4)
    may_attend = np.arange(9) < lengths[:, None]
    if is_scattered:
        may_attend = rng.permuted(may_attend, axis=1)
    logits, weights = classifier.forward_batch(ids, may_attend)
    for row, kept in enumerate(may_attend):
        alone, alone_weights = classifier.forward(ids[row, kept])
        np.testing.assert_allclose(logits[row], alone, rtol=0, atol=1e-12)
        np.testing.assert_allclose(weights[row][:, kept][:, :, kept], alone_weights, rtol=0, atol=1e-12)
        assert not weights[row][:, ~kept].any()
        assert not weights[row][:, :, ~kept].any()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 400), st.lists(TEXTS, min_size=1, max_size=6))
def test_blocks_and_groups_change_nothing(cells, texts):
    classifier = TinyTransformerClassifier()
    whole, heat = classifier.predict_proba_batch(texts), classifier.attention_heatmap(texts[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "CELLS", cells)
        np.testing.assert_allclose(classifier.predict_proba_batch(texts), whole, rtol=0, atol=1e-12)
        np.testing.assert_allclose(classifier.attention_heatmap(texts[0]), heat, rtol=0, atol=1e-12)


@given(st.lists(st.integers(1, 3000), max_size=30), st.integers(1, 4))
def test_groups_hold_every_text_once_and_fit_the_cells(lengths, num_heads):
    lengths = np.array(lengths, dtype=int)
    groups = list(network.group_by_length(lengths, num_heads))
    assert sorted(text for group in groups for text in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or len(group) * num_heads * lengths[group].max() ** 2 <= network.CELLS


@pytest.mark.slow
def test_ten_thousand_words_among_short_ones_score_as_they_do_alone():
    classifier = TinyTransformerClassifier()
    classifier.lexicon_scale = 0.0  # or it would leave nothing of the network to see
    words = np.random.default_rng(0).choice(DEFAULT_VOCAB, 10_000).tolist()
    texts = ["not bad", " ".join(words), "great"]
    long, short = classifier.predict_proba_batch(texts)[[1, 0]]
    assert short == pytest.approx(list(classifier.predict_proba("not bad").values()), abs=1e-12)
    # Attention without positions only counts words, so the text can be read word by word, weighted by its counts.
    counts = np.bincount(classifier.tokenize(texts[1]), minlength=16)
    q, k, v = (
        (classifier.embed @ w).reshape(16, 2, 4).swapaxes(0, 1)
        for w in (classifier.W_q, classifier.W_k, classifier.W_v)
    )
    shares = np.exp(q @ k.swapaxes(1, 2) / 2) * counts
    mixed = (shares / shares.sum(axis=-1, keepdims=True)) @ v
    hidden = np.maximum(np.concatenate(mixed, axis=1) @ classifier.W_o @ classifier.ff_w1 + classifier.ff_b1, 0)
    network_logits = (counts @ hidden / 10_000 @ classifier.ff_w2 + classifier.ff_b2) @ classifier.classifier_w
    margin = np.diff(network_logits + classifier.classifier_b).item()
    assert long[1] == pytest.approx(1 / (1 + np.exp(-margin)), abs=1e-12)


@pytest.mark.slow
def test_memory_stays_small_with_one_long_text_among_many_short_ones(classifier):
    texts = ["not bad"] * 255 + ["great " * 5_000]
    tracemalloc.start()
    classifier.predict_proba_batch(texts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6  # padded to one length, the attention weights alone would take 102 GB


@pytest.mark.parametrize("text", ["", "   ", "!?", "nothing known here", "🙂 🙃", "שלום עולם", "\ud800", "\x00", "İ"])
def test_any_string_can_be_read(classifier, text):
    probs = classifier.predict_proba(text)
    assert sum(probs.values()) == pytest.approx(1)
    assert classifier.attention_heatmap(text).sum(axis=1) == pytest.approx(1)


def test_empty_is_one_pad_even_where_there_is_none():
    for vocab in VOCABULARIES.values():
        classifier = TinyTransformerClassifier(vocab)
        pad = classifier.token_to_id.get("<pad>", 0)
        np.testing.assert_array_equal(classifier.forward([])[0], classifier.forward([pad])[0])
        np.testing.assert_array_equal(classifier.forward(np.array([]))[1], np.ones((2, 1, 1)))


def test_reading_names_tokens_past_the_vocabulary():
    assert TinyTransformerClassifier().read("great thing").tokens == ["great", "<unk>"]
    assert TinyTransformerClassifier(["great", "bad"]).read("great thing").tokens == ["great", "<extra>"]
    assert TinyTransformerClassifier(["great", "bad"]).read("").tokens == ["great"]
    assert TinyTransformerClassifier().read("").tokens == ["<pad>"]


@given(st.permutations(["not", "great", "bad", "product", "love"]))
def test_defect_the_order_of_words_cannot_matter(words):
    classifier = TinyTransformerClassifier()
    wanted = classifier.predict_proba("not great bad product love")
    assert classifier.predict_proba(" ".join(words)) == pytest.approx(wanted, abs=1e-12)


def test_defect_the_lexicon_decides(classifier):
    """Over all 2,184 texts of three words in any order, all known and different: the figures of the docstring."""
    words = [word for word in DEFAULT_VOCAB if not word.startswith("<")]
    texts = [[a, b, c] for a in words for b in words for c in words if len({a, b, c}) == 3]
    assert len(texts) == 2184
    ids = np.array([classifier.tokenize(" ".join(text)) for text in texts])
    probs = classifier.predict_proba_batch([" ".join(text) for text in texts])
    opinion = classifier.lexicon_weights[ids].sum(axis=1)
    agree = (probs[:, 1] > probs[:, 0]) == (opinion > 0)
    assert round(agree.mean(), 2) == 0.89
    own = np.diff(np.log(probs))[:, 0] - 2 * classifier.lexicon_scale * opinion
    assert (round(own.mean(), 2), round(own.std(), 3)) == (0.37, 0.015)
    assert round((2 * classifier.lexicon_scale * opinion).std(), 2) == 1.58


def test_defect_negation_is_counted_not_understood(classifier):
    assert round(classifier.predict_proba("not bad")["negative"], 2) == 0.79
    assert round(classifier.predict_proba("not great")["positive"], 2) == 0.77


def test_defect_punctuation_hides_words(classifier):
    assert classifier.tokenize("great, product.") == [1, 1]


def test_without_its_lexicon_the_network_hardly_moves():
    classifier = TinyTransformerClassifier()
    classifier.lexicon_scale = 0.0
    probs = classifier.predict_proba_batch(["great", "terrible", "not", "product", ""])
    assert np.ptp(probs[:, 1]) < 0.05


@pytest.mark.parametrize("method", ["tokenize", "predict_proba", "classify", "attention_heatmap", "read"])
@pytest.mark.parametrize("text", [None, 3, b"great", ["great"]])
def test_a_text_that_is_no_string(classifier, method, text):
    with pytest.raises(ValueError, match=rf"wanted a text \(a string\), got {type(text).__name__}"):
        getattr(classifier, method)(text)


@pytest.mark.parametrize(("texts", "got"), [("great", "'great'"), (5, "5"), (["great", None], "NoneType")])
def test_a_batch_that_is_none(classifier, texts, got):
    with pytest.raises(ValueError, match=f"got {got}"):
        classifier.predict_proba_batch(texts)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([2, 16], "from 0 to 15, got 16"),
        ([-1, 2], "from 0 to 15, got -1"),
        ([1.0], "whole numbers as token ids, got float64"),
        ([True], "whole numbers as token ids, got bool"),
        (["great"], "whole numbers as token ids"),
        ([2**70], "whole numbers as token ids, got object"),
        ([[1, 2]], r"array T, got shape \(1, 2\)"),
        ([[1], [1, 2]], "rows of unequal length"),
        (3, r"array T, got shape \(\)"),
    ],
)
def test_bad_ids(classifier, ids, message):
    with pytest.raises(ValueError, match=f"ids: wanted .*{message}"):
        classifier.forward(ids)


@pytest.mark.parametrize(
    ("may_attend", "message"),
    [
        (np.ones((2, 2)), r"booleans of shape \(2, 2\), got float64"),
        (np.ones((2, 3), bool), r"booleans of shape \(2, 2\), got bool of shape \(2, 3\)"),
        (np.array([[True, True], [False, False]]), "at least one token in each text"),
    ],
)
def test_bad_masks(classifier, may_attend, message):
    with pytest.raises(ValueError, match=f"may_attend: wanted {message}"):
        classifier.forward_batch(np.array([[1, 2], [3, 4]]), may_attend)


@pytest.mark.parametrize("length", [-1, 2.0, None, True])
def test_bad_pad_lengths(classifier, length):
    with pytest.raises(ValueError, match=f"length: wanted a whole number of at least 0, got {length}"):
        classifier.pad([1], length)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": ["one"]}, "labels: wanted at least 2 labels, got 1"),
        ({"labels": []}, "labels: wanted at least 2 labels, got 0"),
        ({"labels": ["a", "b", "a"]}, "labels: wanted every label once, got 'a'"),
        ({"labels": ["a", None]}, "labels: wanted every label to be a string, got None"),
        ({"labels": "ab"}, "labels: wanted a sequence of labels, got 'ab'"),
        ({"vocab": ["great", "great"]}, "vocab: wanted every token once, got 'great'"),
        ({"config": {"d_model": 8}}, "config: wanted a TransformerConfig"),
        ({"random_state": -1}, "random_state: wanted a whole number .*got -1"),
        ({"random_state": "seed"}, "random_state: wanted a whole number .*got 'seed'"),
    ],
)
def test_bad_constructor_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        TinyTransformerClassifier(**arguments)


WEIGHTS = [
    *("embed", "W_q", "W_k", "W_v", "W_o", "ff_w1", "ff_b1", "ff_w2", "ff_b2", "classifier_w", "classifier_b"),
    *("lexicon_weights", "lexicon_scale"),
]


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_weight_that_is_not_finite_is_named_even_when_changed_in_place(name, value):
    classifier = TinyTransformerClassifier()
    if name == "lexicon_scale":
        classifier.lexicon_scale = value
    else:
        getattr(classifier, name).flat[-1] = value
    for use in (lambda: classifier.forward([1]), lambda: classifier.predict_proba_batch(["great"])):
        with pytest.raises(ValueError, match=f"^{name}: wanted finite numbers, got {value}"):
            use()


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_weight_of_another_shape_is_named(name):
    classifier = TinyTransformerClassifier()
    setattr(classifier, name, np.zeros((3, 5)))
    with pytest.raises(ValueError, match=rf"^{name}: wanted shape .*, got \(3, 5\)"):
        classifier.predict_proba("great")
    setattr(classifier, name, "heavy")
    with pytest.raises(ValueError, match=f"^{name}: wanted numbers of shape"):
        classifier.predict_proba("great")


def test_a_configuration_spoilt_later_is_noticed():
    classifier = TinyTransformerClassifier()
    classifier.config.num_heads = 3
    with pytest.raises(ValueError, match="d_model=8 and num_heads=3"):
        classifier.predict_proba("great")


def test_replaced_weights_are_used_and_the_default_lists_stay_clean():
    classifier = TinyTransformerClassifier()
    classifier.classifier_w = np.zeros((8, 2)).tolist()
    classifier.classifier_b = np.log([1, 3])
    assert classifier.predict_proba("product")["positive"] == pytest.approx(0.75)
    classifier.vocab.append("more")
    classifier.labels.append("neutral")
    assert len(TinyTransformerClassifier().vocab) == 16
    assert len(TinyTransformerClassifier().labels) == 2
