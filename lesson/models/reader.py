"""A trained classifier that is handed text: what the first classifier does with a sentence, for any other one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lesson.models.classifier import classifier
from lesson.models.config import ClassifierConfig
from lesson.models.gates import attention_weights
from lesson.models.tiny import Reading
from lesson.nn.softmax import softmax
from lesson.tokenizer import Vocabulary, pad_to_batch, split_words
from lesson.vocab import DEFAULT_LABELS


@dataclass(frozen=True)
class Reader:
    """A classifier's parameters and the vocabulary it learned them with.

    Marks such as commas are left out; a word that it never learned is `<unk>`. It reads no further than its positions
    go, where they are learned. Raises ValueError when words or labels are not as many as the model's.
    """

    params: dict = field(repr=False)
    config: ClassifierConfig
    vocabulary: Vocabulary = field(repr=False)
    labels: Sequence[str] = tuple(DEFAULT_LABELS)

    def __post_init__(self):
        if (len(self.vocabulary), len(self.labels)) != (self.config.vocabulary, self.config.num_labels):
            raise ValueError(
                f"wanted {self.config.vocabulary} words and {self.config.num_labels} labels, "
                f"got {len(self.vocabulary)} and {len(self.labels)}"
            )

    @property
    def vocab(self) -> list[str]:
        """All words it knows, by id."""
        return list(self.vocabulary.tokens)

    @property
    def token_to_id(self) -> dict[str, int]:
        """The id of every word it knows."""
        return self.vocabulary.ids

    def tokenize(self, text: str) -> list[int]:
        """Turn a text into ids, all of them.

        Raises ValueError when it is no string, or holds an unknown word and the vocabulary no `<unk>`.
        """
        return self.vocabulary.encode(split_words(text))

    def read(self, text: str) -> Reading:
        """Read a text once: its tokens, each label's probability, and the last layer's attention, averaged over heads.

        A text without a word is read as one `<pad>`.
        """
        ids = np.array(self._within_reach(text) or [self.config.pad])
        logits, cache = classifier(self.params, ids, self.config)
        *_, weights = attention_weights(cache).values()
        probs = dict(zip(self.labels, softmax(logits).tolist(), strict=True))
        return Reading(self.vocabulary.decode(ids, keep_specials=True), probs, weights.mean(axis=0))

    def predict_proba_batch(self, texts: Sequence[str]) -> np.ndarray:
        """Give the probabilities (N, L) of N texts, read in one padded batch."""
        ids, _ = pad_to_batch([self._within_reach(text) or [self.config.pad] for text in texts], pad=self.config.pad)
        logits, _ = classifier(self.params, ids, self.config)
        return softmax(logits)

    def _within_reach(self, text: str) -> list[int]:
        ends = self.config.positions == "learned"
        return self.tokenize(text)[: self.config.longest if ends else None]
