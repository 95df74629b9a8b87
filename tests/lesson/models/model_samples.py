"""Small random models, and strategies for ids, that several tests share."""

import numpy as np
from hypothesis import strategies as st

from lesson import tree
from lesson.models.classifier import init_classifier
from lesson.models.config import ABSOLUTE_POSITIONS, POSITIONS, ClassifierConfig, LanguageModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model
from lesson.models.seq2seq import init_seq2seq

V = 7
SIZES = {"width": 8, "num_heads": 2, "hidden_width": 12, "longest": 40}


def tokens(rows, length):
    """Ids without padding."""
    return st.lists(
        st.lists(st.integers(1, V - 1), min_size=length, max_size=length), min_size=rows, max_size=rows
    ).map(np.array)


def _settings(positions):
    return st.fixed_dictionaries(
        {
            "positions": st.sampled_from(positions),
            "norm": st.sampled_from(["layer", "rms"]),
            "norm_first": st.booleans(),
            "num_key_heads": st.sampled_from([None, 1]),
        }
    )


def scrambled(params, rng):
    """Move all parameters off their starting values, so that nothing holds by being zero or one."""
    return tree.map(lambda leaf: leaf + 0.3 * rng.standard_normal(leaf.shape), params)


@st.composite
def language_models(draw, positions=POSITIONS):
    """(params, config) of a random decoder-only model."""
    config = LanguageModelConfig(V, tied=draw(st.booleans()), **SIZES, **draw(_settings(positions)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return scrambled(init_language_model(rng, config), rng), config


@st.composite
def seq2seqs(draw):
    """(params, config) of a random encoder-decoder."""
    tables = {"shared": draw(st.booleans()), "tied": draw(st.booleans())}
    config = Seq2SeqConfig(V, **tables, **SIZES, **draw(_settings(ABSOLUTE_POSITIONS)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return scrambled(init_seq2seq(rng, config), rng), config


@st.composite
def classifiers(draw, positions=ABSOLUTE_POSITIONS):
    """(params, config) of a random classifier with a lexicon."""
    config = ClassifierConfig(V, num_labels=3, lexicon_scale=0.6, **SIZES, **draw(_settings(positions)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return scrambled(init_classifier(rng, config, opinions=rng.standard_normal(V)), rng), config


@st.composite
def spread(draw, ids):
    """Put each row's tokens, in their order, at places of a longer row; the rest is padding."""
    rows, length = ids.shape
    longer = length + draw(st.integers(1, 4))
    wide = np.zeros((rows, longer), ids.dtype)
    for row in range(rows):
        places = draw(st.permutations(range(longer)))[:length]
        wide[row, np.sort(places)] = ids[row]
    return wide
