"""Sizes that cannot be are refused where they are written down, and again where they are used."""

from dataclasses import asdict

import numpy as np
import pytest

from lesson import TinyTransformerClassifier, TransformerConfig, build_encoder_decoder_stack

SIZES = ["vocab_size", "d_model", "num_heads", "ff_dim"]


def test_defaults_and_order_are_the_ancestors():
    assert asdict(TransformerConfig()) == {"vocab_size": 16, "d_model": 8, "num_heads": 2, "ff_dim": 16}
    assert TransformerConfig(5, 6, 3, 7) == TransformerConfig(vocab_size=5, d_model=6, num_heads=3, ff_dim=7)
    assert TransformerConfig(d_model=np.int64(6)).d_model == 6


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("value", [0, -2, 2.0, "8", None, True, np.nan])
def test_sizes(name, value):
    with pytest.raises(ValueError, match=f"{name}: wanted a whole number of at least 1, got {value!r}"):
        TransformerConfig(**{name: value})


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="num_heads divides, got d_model=7 and num_heads=2"):
        TransformerConfig(d_model=7)


@pytest.mark.parametrize("name", SIZES)
def test_sizes_changed_later_are_checked_again(name):
    config = TransformerConfig()
    setattr(config, name, 0)
    with pytest.raises(ValueError, match=f"{name}: wanted"):
        TinyTransformerClassifier(config=config)
    with pytest.raises(ValueError, match=f"{name}: wanted"):
        build_encoder_decoder_stack([1], [1], config)
