"""Sizes and seeds of the two tiny models, and the checks that say in one sentence what is wrong with them."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np


@dataclass
class TransformerConfig:
    """Sizes: V words, D numbers a word, H heads of width K = D / H, F hidden numbers in the feed-forward layer.

    Raises ValueError when a size is no whole number of at least 1, or num_heads does not divide d_model. The fields
    can be changed later, so the models check them again.

    >>> TransformerConfig(d_model=8, num_heads=3)
    Traceback (most recent call last):
    ValueError: wanted a d_model that num_heads divides, got d_model=8 and num_heads=3
    """

    vocab_size: int = 16
    d_model: int = 8
    num_heads: int = 2
    ff_dim: int = 16

    def __post_init__(self) -> None:
        require_config(self)


def require_config(config: TransformerConfig | None) -> TransformerConfig:
    """Return a usable configuration (the default for None), or raise ValueError naming the field that is not."""
    if config is None:
        return TransformerConfig()
    if not isinstance(config, TransformerConfig):
        raise ValueError(f"config: wanted a TransformerConfig, got {config!r}")
    for field in fields(config):
        require_whole(field.name, getattr(config, field.name), at_least=1)
    if config.d_model % config.num_heads:
        raise ValueError(
            f"wanted a d_model that num_heads divides, got d_model={config.d_model} and num_heads={config.num_heads}"
        )
    return config


def require_whole(name: str, value: int, at_least: int) -> int:
    """Return a whole number that is large enough, or raise ValueError; True and 8.0 are none."""
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name}: wanted a whole number of at least {at_least}, got {value!r}") from None
    if number < at_least:
        raise ValueError(f"{name}: wanted a whole number of at least {at_least}, got {number}")
    return number


def require_ids(name: str, ids: Sequence[int] | np.ndarray, num_ids: int, axes: int = 1) -> np.ndarray:
    """Return token ids as an array, or raise ValueError when one is no whole number from 0 to num_ids - 1."""
    shape = " x ".join("BT"[-axes:])
    try:
        array = np.asarray(ids)
    except ValueError:  # rows of unequal length
        raise ValueError(f"{name}: wanted token ids in an array {shape}, got rows of unequal length") from None
    if array.ndim != axes:
        raise ValueError(f"{name}: wanted token ids in an array {shape}, got shape {array.shape}")
    if array.size == 0:
        return array.astype(int)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: wanted whole numbers as token ids, got {array.dtype} ({array.flat[0]!r} ...)")
    if array.min() < 0 or array.max() >= num_ids:
        stray = array[(array < 0) | (array >= num_ids)][0]
        raise ValueError(f"{name}: wanted token ids from 0 to {num_ids - 1}, got {stray}")
    return array.astype(int, copy=False)


def make_generator(random_state: int | np.random.Generator | None) -> np.random.Generator:
    """Return the one generator a model draws all its weights from, or raise ValueError when it can have none."""
    try:
        return np.random.default_rng(random_state)
    except (TypeError, ValueError):
        raise ValueError(
            f"random_state: wanted a whole number of at least 0, a Generator or None, got {random_state!r}"
        ) from None
