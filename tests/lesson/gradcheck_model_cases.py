"""The gradient checks of whole models, rows of the table in `gradcheck_cases`; sizes are tiny, and distinct.

Every parameter of every layer is nudged four times, so models have one layer where two would show nothing more.
"""

from collections.abc import Callable

import numpy as np
from gradcheck_layer_cases import entering, nudge

from lesson.models.block import block, block_backward, init_block
from lesson.models.classifier import classifier, classifier_backward, init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, ModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model, language_model, language_model_backward
from lesson.models.lexicon import lexicon, lexicon_backward
from lesson.models.seq2seq import init_seq2seq, seq2seq, seq2seq_backward
from lesson.models.stack import init_stack, stack, stack_backward
from lesson.nn.masks import causal_mask

B, T, S, V, D, H, F, L = 2, 4, 8, 7, 6, 3, 5, 3
# GELU has no corner that a nudge could step over; ReLU is checked where its input is given.
SIZES = {"width": D, "num_heads": H, "hidden_width": F, "num_layers": 1, "activation": "gelu", "longest": 8}
SOURCE = np.array([[3, 5, 0, 4, 6, 1, 1, 2], [0, 0, 2, 6, 1, 0, 5, 0]])
TARGET = np.array([[1, 4, 4, 0], [0, 2, 5, 3]])
MODEL_CASES: dict[str, Callable] = {}

LANGUAGE_MODELS = {
    "pre-norm, 2 layers, sinusoidal": {"num_layers": 2},
    "post-norm, 2 layers, GELU by tanh": {"num_layers": 2, "norm_first": False, "activation": "gelu_tanh"},
    "RMS norm, no positions": {"norm": "rms", "positions": "none"},
    "post-norm, RMS norm, tied": {"norm": "rms", "norm_first": False, "tied": True},
    "learned positions, tied": {"positions": "learned", "tied": True},
    "rotary, grouped-query": {"positions": "rotary", "num_key_heads": 1},
    "ALiBi": {"positions": "alibi"},
    "dropout": {"dropout": 0.3},
}
SEQ2SEQS = {
    "post-norm, tied": {"norm_first": False, "tied": True},
    "shared and tied, learned positions": {"shared": True, "tied": True, "positions": "learned"},
    "rotary, RMS norm, shared, dropout": {"positions": "rotary", "norm": "rms", "shared": True, "dropout": 0.3},
}
case = entering(MODEL_CASES)


def model_case(forward: Callable, backward: Callable, rng: np.random.Generator, params: dict) -> tuple:
    """A model: its inputs are ids, so only parameters have gradients. Chance, for dropout, has to repeat itself."""
    return (
        lambda i: forward(i["params"], np.random.default_rng(7)),
        lambda d_output, cache: {"params": backward(d_output, cache)[1]},
        {"params": nudge(rng, params)},
    )


for name, settings in LANGUAGE_MODELS.items():

    @case(f"language model, {name}")
    def _(rng, settings=settings):
        config = LanguageModelConfig(V, **SIZES | settings)
        params = init_language_model(rng, config)
        return model_case(
            lambda p, chance: language_model(p, TARGET, config, rng=chance), language_model_backward, rng, params
        )


for name, settings in SEQ2SEQS.items():

    @case(f"encoder-decoder, {name}")
    def _(rng, settings=settings):
        config = Seq2SeqConfig(V, **SIZES | settings)
        params = init_seq2seq(rng, config)
        return model_case(
            lambda p, chance: seq2seq(p, SOURCE, TARGET, config, rng=chance), seq2seq_backward, rng, params
        )


@case("encoder-decoder, pre-norm, gated")
def _(rng):
    config = Seq2SeqConfig(V, **SIZES)
    gates = {"encoder/0/attention": rng.random(H), "decoder/0/cross_attention": np.array([[1, 0, 2], [0, 1, 1]])}
    params = init_seq2seq(rng, config)
    return model_case(lambda p, _: seq2seq(p, SOURCE, TARGET, config, gates), seq2seq_backward, rng, params)


@case("classifier")
def _(rng):
    config = ClassifierConfig(V, num_labels=L, **SIZES)
    params = init_classifier(rng, config)
    return model_case(lambda p, _: classifier(p, SOURCE, config), classifier_backward, rng, params)


@case("classifier, post-norm, lexicon, a text of padding")
def _(rng):
    config = ClassifierConfig(V, num_labels=L, lexicon_scale=0.6, **SIZES | {"norm_first": False})
    params, ids = init_classifier(rng, config, opinions=rng.standard_normal(V)), np.array([[0, 0, 0], [2, 0, 2]])
    return model_case(lambda p, _: classifier(p, ids, config), classifier_backward, rng, params)


@case("lexicon")
def _(rng):
    params = {"weight": rng.standard_normal(V)}
    return model_case(lambda p, _: lexicon(p, SOURCE, SOURCE != 0, L, 0.6), lexicon_backward, rng, params)


for norm_first in (True, False):

    @case(f"decoder layer, {'pre' if norm_first else 'post'}-norm")
    def _(rng, norm_first=norm_first):
        config = ModelConfig(V, **SIZES | {"norm_first": norm_first})
        return vectors_case(rng, block, block_backward, init_block(rng, config, reads_source=True), config)


@case("decoder, 2 layers that read one source")
def _(rng):
    config = ModelConfig(V, **SIZES)
    return vectors_case(rng, stack, stack_backward, init_stack(rng, config, 2, reads_source=True), config)


def vectors_case(rng, forward: Callable, backward: Callable, params: dict, config: ModelConfig) -> tuple:
    """Layers that take vectors and a source: both have gradients."""
    shapes = {"x": (B, T, D), "source": (B, S, D)}
    masks = {"may_attend": causal_mask(T), "may_attend_source": rng.random((B, 1, S)) < 0.7}
    inputs = {"params": nudge(rng, params), **{name: rng.standard_normal(shape) for name, shape in shapes.items()}}

    def both(d_output, cache):
        (d_x, d_source), grads = backward(d_output, cache)
        return {"params": grads, "x": d_x, "source": d_source}

    return lambda i: forward(i["params"], i["x"], i["source"], config=config, **masks), both, inputs
