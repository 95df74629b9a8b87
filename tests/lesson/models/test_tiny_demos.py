"""The two demonstrations hand back data, from one reading a text."""

import numpy as np
import pytest

from lesson import TinyTransformerClassifier, demo_attention_visualisation, run_demo_classification


def test_visualisation():
    shown = demo_attention_visualisation("Great thing")
    assert shown.keys() == {"tokens", "attention"}
    assert shown["tokens"] == ["great", "<unk>"]
    np.testing.assert_array_equal(
        shown["attention"], TinyTransformerClassifier().attention_heatmap("great thing"), strict=True
    )
    other = TinyTransformerClassifier(["great", "bad"], random_state=1)
    assert demo_attention_visualisation("great thing", other)["tokens"] == ["great", "<extra>"]


def test_classification():
    classifier = TinyTransformerClassifier(random_state=3)
    texts = ("great product", "terrible", "")
    results = run_demo_classification(texts, classifier)
    assert [result["text"] for result in results] == list(texts)
    for text, result in zip(texts, results, strict=True):
        assert result.keys() == {"text", "prediction", "probs", "attention"}
        assert result["prediction"] == classifier.classify(text)
        assert result["probs"] == pytest.approx(classifier.predict_proba(text), abs=1e-12)
        np.testing.assert_array_equal(result["attention"], classifier.attention_heatmap(text))
    assert run_demo_classification([]) == []


def test_each_text_is_read_once(monkeypatch):
    classifier, calls = TinyTransformerClassifier(), []
    score = classifier._score
    monkeypatch.setattr(classifier, "_score", lambda *inputs: calls.append(inputs) or score(*inputs))
    run_demo_classification(["great", "bad"], classifier)
    assert len(calls) == 2


@pytest.mark.parametrize(("texts", "got"), [("great", "'great'"), (None, "None"), ([b"great"], "bytes")])
def test_bad_texts(texts, got):
    with pytest.raises(ValueError, match=f"wanted .*got {got}"):
        run_demo_classification(texts)
