"""This package's encoder, loaded with DistilBERT's weights, computes what transformers computes."""

import numpy as np
import pytest
from parity_values import assert_close, load, under

from lesson import tree
from lesson.finetuning.distilbert import (
    distilbert,
    distilbert_backward,
    distilbert_classifier,
    distilbert_classifier_backward,
    load_distilbert,
    load_distilbert_classifier,
)
from lesson.finetuning.distilbert_names import distilbert_module

VALUES = load("distilbert")
STATE, HEADS = under("params/", VALUES), int(VALUES["num_heads"])
IS_TOKEN = VALUES["ids"] != 0


def test_the_hidden_states_are_the_same():
    params, config = load_distilbert(STATE, HEADS)
    assert (config.vocabulary, config.width, config.num_layers, config.hidden_width, config.longest) == (
        17,
        12,
        3,
        20,
        9,
    )
    hidden, _ = distilbert(params, VALUES["ids"], config)
    assert_close(hidden[IS_TOKEN], VALUES["hidden_float64"][IS_TOKEN])


def test_in_single_precision_too():
    params, config = load_distilbert({name: array.astype(np.float32) for name, array in STATE.items()}, HEADS)
    assert all(leaf.dtype == np.float32 for leaf in tree.flatten(params).values())
    hidden, _ = distilbert(params, VALUES["ids"], config)
    np.testing.assert_allclose(hidden[IS_TOKEN], VALUES["hidden_float32"][IS_TOKEN], rtol=0, atol=1e-5)


def test_so_are_the_gradients():
    params, config = load_distilbert(STATE, HEADS)
    _, cache = distilbert(params, VALUES["ids"], config)
    grads = tree.flatten(distilbert_backward(VALUES["d_hidden"], cache)[1])
    assert grads.keys() == tree.flatten(params).keys()
    assert_frozen(grads, under("grads/", VALUES))


def assert_frozen(grads, frozen):
    for path, grad in grads.items():
        module, _, kind = path.rpartition("/")
        name = "distilbert.embeddings.LayerNorm" if module == "embedding_norm" else distilbert_module(module)
        # A table that was divided by the root of the width has that much more slope.
        wanted = frozen[f"{name}.{kind}"] * np.sqrt(12) if path.startswith("embedding/") else frozen[f"{name}.{kind}"].T
        assert_close(grad, wanted)


def test_with_its_head_the_logits_are_the_same():
    params, config = load_distilbert_classifier(STATE, HEADS)
    logits, _ = distilbert_classifier(params, VALUES["ids"], config)
    assert logits.shape == (2, 2)
    assert_close(logits, VALUES["logits_float64"])
    single, config = load_distilbert_classifier({name: each.astype(np.float32) for name, each in STATE.items()}, HEADS)
    assert all(leaf.dtype == np.float32 for leaf in tree.flatten(single).values())
    logits, _ = distilbert_classifier(single, VALUES["ids"], config)
    np.testing.assert_allclose(logits, VALUES["logits_float32"], rtol=0, atol=1e-5)


def test_and_so_are_the_gradients_from_the_logits():
    params, config = load_distilbert_classifier(STATE, HEADS)
    _, cache = distilbert_classifier(params, VALUES["ids"], config)
    grads = distilbert_classifier_backward(VALUES["d_logits"], cache)[1]
    assert tree.flatten(grads).keys() == tree.flatten(params).keys()
    frozen = under("logits_grads/", VALUES)
    assert_frozen(tree.flatten(grads["body"]), frozen)
    for name, module in {"hidden": "pre_classifier", "output": "classifier"}.items():
        for kind, grad in grads["head"][name].items():
            assert_close(grad, frozen[f"{module}.{kind}"].T)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("classifier.weight", None, "with a matrix 'classifier.weight', got none"),
        ("classifier.bias", np.zeros(3), r"wanted an array of shape \(2,\) as 'classifier.bias', got shape \(3,\)"),
        (
            "pre_classifier.weight",
            np.zeros((12, 11)),
            r"wanted an array of shape \(12, 12\) as 'pre_classifier.weight'",
        ),
        ("pre_classifier.bias", np.full(12, np.nan), "wanted finite numbers as 'pre_classifier.bias', got float64"),
        ("distilbert.embeddings.LayerNorm.bias", np.full(12, np.inf), "wanted finite numbers as 'embeddings.LayerNorm"),
        ("classifier.bias", np.zeros(2, np.int64), "wanted finite numbers as 'classifier.bias', got int64"),
    ],
)
def test_a_damaged_head_is_refused(name, array, message):
    state = {key: value for key, value in STATE.items() if key != name} | ({} if array is None else {name: array})
    with pytest.raises(ValueError, match=message):
        load_distilbert_classifier(state, HEADS)


def test_without_a_head_the_names_have_no_prefix():
    bare = {name.removeprefix("distilbert."): array for name, array in STATE.items() if name.startswith("distilbert.")}
    bare["embeddings.position_ids"] = np.arange(9)[None]
    one, other = (tree.flatten(load_distilbert(state, HEADS)[0]) for state in (STATE, bare))
    assert one.keys() == other.keys() and all(np.array_equal(leaf, other[path]) for path, leaf in one.items())


LAYER = "distilbert.transformer.layer"


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        (f"{LAYER}.1.attention.q_lin.weight", None, "wanted an array of shape .12, 12. as .*1.attention.q_lin.weight"),
        (
            f"{LAYER}.2.ffn.lin2.weight",
            np.zeros((20, 12)),
            r"wanted an array of shape \(12, 20\) .*got shape \(20, 12\)",
        ),
        ("distilbert.embeddings.word_embeddings.weight", None, "with a matrix 'embeddings.word_emb.*, got none"),
        ("distilbert.embeddings.word_embeddings.weight", np.zeros(3), r"with a matrix .*, got shape \(3,\)"),
        (f"{LAYER}.0.attention.extra", np.zeros(3), "wanted a state dict of DistilBERT, got 'transformer.layer.0.att"),
    ],
)
def test_another_models_state_is_refused(name, array, message):
    state = {key: value for key, value in STATE.items() if key != name} | ({} if array is None else {name: array})
    with pytest.raises(ValueError, match=message):
        load_distilbert(state, HEADS)
    with pytest.raises(ValueError, match="wanted a multiple of num_heads 5"):
        load_distilbert(STATE, 5)


def test_what_is_no_state_dict_is_refused():
    with pytest.raises(ValueError, match="wanted a state dict, arrays by name, got list"):
        load_distilbert([1])
    with pytest.raises(ValueError, match=r"with a matrix 'embeddings.word_embeddings.weight', got none"):
        load_distilbert({})
