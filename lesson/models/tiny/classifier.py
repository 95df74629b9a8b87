"""A text classifier of one attention layer with random weights, and a word list that decides for it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lesson.models.tiny.config import TransformerConfig, make_generator, require_config, require_ids, require_whole
from lesson.models.tiny.network import Observer, group_by_length, require_weight, score, weight_plan
from lesson.nn.softmax import softmax
from lesson.vocab import DEFAULT_LABELS, DEFAULT_VOCAB, LEXICON, PAD, UNKNOWN, number_tokens, require_names


class Reading(NamedTuple):
    """One text read once: its T tokens, each label's probability, and attention (T, T), the mean over heads."""

    tokens: list[str]
    probs: dict[str, float]
    attention: np.ndarray


class TinyTransformerClassifier:
    """Score texts with self-attention, a feed-forward layer, a mean over positions, and a lexicon on top.

        logits = network(ids) + lexicon_scale * sum_t lexicon_weights[ids_t] * [-1, +1, 0, ...]

    The weights are plain attributes (embed (V, D), W_q, W_k, W_v, W_o (D, D), ff_w1 (D, F), ff_b1, ff_w2 (F, D),
    ff_b2, classifier_w (D, L), classifier_b, lexicon_weights (V,), lexicon_scale): read them, replace them. V counts
    the ids in use, whatever config.vocab_size says. Nothing here is trained, and it shows:

    - The order of the words cannot matter: there are no positions, and the mean forgets what order there was.
    - The lexicon decides: over the 2,184 texts of three different known words the label is the sign of the lexicon's
      sum in 89 %; its share of logit 1 - logit 0 is spread +- 1.58, the network's own is 0.37 +- 0.015 throughout.
      So "not bad" is 79 % negative, "not great" 77 % positive. Set lexicon_scale to 0 and see.
    - Words are cut at white space, "!" and "?" only, so "great, product." is two unknown words.

    Raises ValueError when the labels are fewer than two or repeated, a vocabulary token is repeated, or a size is
    wrong; and when scoring, naming the weight, if one was replaced by something non-finite or of another shape.
    """

    def __init__(
        self,
        vocab: Sequence[str] | None = None,
        labels: Sequence[str] | None = None,
        config: TransformerConfig | None = None,
        random_state: int | np.random.Generator | None = 58,
    ) -> None:
        self.token_to_id = number_tokens(DEFAULT_VOCAB if vocab is None else vocab)
        self.vocab = list(DEFAULT_VOCAB if vocab is None else vocab)
        self.labels = require_names("labels", "label", DEFAULT_LABELS if labels is None else labels, at_least=2)
        self.config = require_config(config)
        self.lexicon_weights = np.array([LEXICON.get(token, 0.0) for token in self.token_to_id])
        self.lexicon_scale = 0.6
        rng = make_generator(random_state)
        for name, (shape, deviation) in self._plan().items():
            setattr(self, name, rng.normal(0, deviation, shape))

    def tokenize(self, text: str) -> list[int]:
        """Turn a text into token ids: lower case, "!" and "?" become spaces, white space parts the words.

        Raises ValueError when the text is no string.

        >>> TinyTransformerClassifier().tokenize("GREAT product! great, product.")
        [2, 4, 1, 1]
        """
        if not isinstance(text, str):
            raise ValueError(f"wanted a text (a string), got {type(text).__name__}")
        unknown = self.token_to_id[UNKNOWN]
        words = text.lower().replace("!", " ").replace("?", " ").split()
        return [self.token_to_id.get(word, unknown) for word in words]

    def pad(self, ids: Sequence[int], length: int) -> np.ndarray:
        """Cut ids to a length, or fill them up with the id of `<pad>` (0 in a vocabulary without it).

        >>> TinyTransformerClassifier().pad([2, 4], 4)
        array([2, 4, 0, 0])
        """
        return np.array(self._pad(list(ids), require_whole("length", length, at_least=0)), dtype=int)

    def forward(self, ids: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Score one text given as ids (T,): logits (L,) and attention weights (H, T, T); no ids are read as one pad.

        Raises ValueError when an id is no whole number or lies outside the vocabulary.
        """
        ids = np.array(self._or_pad(require_ids("ids", ids, len(self.token_to_id))))
        logits, weights = self.forward_batch(ids[None], np.ones((1, len(ids)), dtype=bool))
        return logits[0], weights[0]

    def forward_batch(self, ids: np.ndarray, may_attend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score a padded batch: what is not to be attended to changes no number, and its weights are exactly 0.

        ids (B, T)   may_attend (B, T), boolean, True where there is a token; at least one in each row
        Returns logits (B, L) and attention weights (B, H, T, T).
        """
        ids = require_ids("ids", ids, len(self.token_to_id), axes=2)
        may_attend = np.asarray(may_attend)
        if may_attend.dtype != bool or may_attend.shape != ids.shape:
            got = f"{may_attend.dtype} of shape {may_attend.shape}"
            raise ValueError(f"may_attend: wanted booleans of shape {ids.shape}, got {got}")
        if not may_attend.any(axis=1).all():
            raise ValueError("may_attend: wanted at least one token in each text, got a text without any")
        batch, length = ids.shape
        weights = np.empty((batch, self.config.num_heads, length, length))

        def keep(rows: slice, block: np.ndarray) -> None:
            weights[:, :, rows] = block

        return self._score(ids, may_attend, keep), weights

    def predict_proba(self, text: str) -> dict[str, float]:
        """Give every label its probability: the softmax of the logits."""
        return self._name(self.predict_proba_batch([text])[0])

    def predict_proba_batch(self, texts: Sequence[str]) -> np.ndarray:
        """Score N texts in one padded, masked pass: probabilities (N, L), one column a label.

        The numbers are those of `predict_proba` to rounding. Texts that differ wildly in length are scored in groups
        of similar length, and a very long one in blocks of queries, so that memory stays small.
        Raises ValueError when texts is a single string or holds something that is none.
        """
        if isinstance(texts, str) or not hasattr(texts, "__iter__"):
            raise ValueError(f"texts: wanted a sequence of strings, got {texts!r}")
        ids = [self._or_pad(self.tokenize(text)) for text in texts]
        lengths = np.array([len(each) for each in ids], dtype=int)
        probs = np.empty((len(ids), len(self.labels)))
        for group in group_by_length(lengths, self.config.num_heads):
            longest = int(lengths[group[-1]])
            batch = np.array([self._pad(ids[text], longest) for text in group])
            probs[group] = softmax(self._score(batch, np.arange(longest) < lengths[group, None]))
        return probs

    def classify(self, text: str) -> str:
        """Name the most probable label, the first of several that tie."""
        probs = self.predict_proba(text)
        return max(probs, key=probs.get)

    def attention_heatmap(self, text: str) -> np.ndarray:
        """Give the attention weights (T, T) of a text, averaged over the heads; row = query, column = key."""
        return self.read(text).attention

    def read(self, text: str) -> Reading:
        """Read a text once and tell its tokens, probabilities and attention.

        A token whose id lies past the vocabulary (`<unk>`, where the vocabulary has none) is called `<extra>`.
        """
        ids = np.array(self._or_pad(self.tokenize(text)))
        attention = np.empty((len(ids), len(ids)))

        def keep(rows: slice, block: np.ndarray) -> None:
            attention[rows] = block[0].mean(axis=0)

        logits = self._score(ids[None], np.ones((1, len(ids)), dtype=bool), keep)
        tokens = [self.vocab[each] if each < len(self.vocab) else "<extra>" for each in ids]
        return Reading(tokens, self._name(softmax(logits[0])), attention)

    @property
    def _pad_id(self) -> int:
        return self.token_to_id.get(PAD, 0)

    def _plan(self) -> dict[str, tuple[tuple[int, ...], float]]:
        config = require_config(self.config)
        return weight_plan(len(self.token_to_id), config.d_model, config.ff_dim, len(self.labels))

    def _or_pad(self, ids: Sequence[int]) -> Sequence[int]:
        return ids if len(ids) else [self._pad_id]

    def _pad(self, ids: list[int], length: int) -> list[int]:
        return ids[:length] + [self._pad_id] * (length - len(ids))

    def _name(self, probs: np.ndarray) -> dict[str, float]:
        return dict(zip(self.labels, probs.tolist(), strict=True))

    def _score(self, ids: np.ndarray, may_attend: np.ndarray, observe: Observer | None = None) -> np.ndarray:
        # The weights are anyone's to replace, or to change in place: so they are looked at whenever they are used.
        weights = {name: require_weight(name, getattr(self, name), shape) for name, (shape, _) in self._plan().items()}
        lexicon = require_weight("lexicon_weights", self.lexicon_weights, (len(self.token_to_id),))
        scale = require_weight("lexicon_scale", self.lexicon_scale, ())
        logits = score(weights, self.config.num_heads, ids, may_attend, observe)
        opinion = scale * (lexicon[ids] * may_attend).sum(axis=1)
        logits[:, 0] -= opinion
        logits[:, 1] += opinion
        return logits
