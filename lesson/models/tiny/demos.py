"""Two small demonstrations that hand back data: what a text attends to, and how texts are scored."""

from collections.abc import Sequence

from lesson.models.tiny.classifier import TinyTransformerClassifier


def demo_attention_visualisation(text: str, classifier: TinyTransformerClassifier | None = None) -> dict:
    """Return a text's "tokens" (T) and the "attention" (T, T) among them, averaged over the heads."""
    reading = (classifier or TinyTransformerClassifier()).read(text)
    return {"tokens": reading.tokens, "attention": reading.attention}


def run_demo_classification(texts: Sequence[str], classifier: TinyTransformerClassifier | None = None) -> list[dict]:
    """Return one dictionary a text: "text", "prediction", "probs" by label, "attention" (T, T); each text read once.

    Raises ValueError when texts is a single string or holds something that is none.
    """
    if isinstance(texts, str) or not hasattr(texts, "__iter__"):
        raise ValueError(f"texts: wanted a sequence of strings, got {texts!r}")
    classifier = classifier or TinyTransformerClassifier()
    results = []
    for text in texts:
        _, probs, attention = classifier.read(text)
        results.append({"text": text, "prediction": max(probs, key=probs.get), "probs": probs, "attention": attention})
    return results
