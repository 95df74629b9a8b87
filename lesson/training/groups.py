"""Different treatment for different weights, chosen by their paths: freezing, layer-wise rates, decay for some."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import cache

from lesson import tree
from lesson.training.flat import fill
from lesson.training.optimisers import Optimiser, Rate, adam, adamw, still

Patterns = str | Sequence[str]


def matching(patterns: Patterns) -> Callable[[str], bool]:
    """Say of a path whether it matches one of the patterns, or lies below one; "*" stands for anything, "/" included.

    >>> is_encoder = matching("encoder")
    >>> is_encoder("encoder/0/query/weight"), is_encoder("encoders/0"), matching(("*/bias", "x"))("a/bias")
    (True, False, True)
    """
    patterns = (patterns,) if isinstance(patterns, str) else tuple(patterns)
    return lambda path: any(fnmatchcase(path, each) or fnmatchcase(path, f"{each}/*") for each in patterns)


def grouped(*groups: tuple[Patterns, Optimiser]) -> Optimiser:
    """Let each weight be updated by the first optimiser whose patterns match its path.

        grouped(("embedding", still()), ("encoder/0", adam(1e-4)), ("*", adam(1e-3)))

    Raises ValueError when a weight matches no pattern, or when patterns match no weight: misspelt ones would otherwise
    freeze nothing, silently.
    """

    choices = [matching(patterns) for patterns, _ in groups]
    optimisers = [optimiser for _, optimiser in groups]

    @cache
    def group_of(path):
        for number, matches in enumerate(choices):
            if matches(path):
                return number
        raise ValueError(f"wanted a group for every weight, got none for {path!r}")

    def split(params):
        parts = [{} for _ in groups]
        for path, leaf in tree.flatten(params).items():
            parts[group_of(path)][path] = leaf
        return [tree.unflatten(part) for part in parts]

    def init(params):
        paths = tree.flatten(params).keys()
        for (patterns, _), matches in zip(groups, choices, strict=True):
            if not any(matches(path) for path in paths):
                raise ValueError(f"wanted patterns that match a weight, got {patterns!r} for {', '.join(paths)}")
        return {str(i): each.init(part) for i, (each, part) in enumerate(zip(optimisers, split(params), strict=True))}

    def update(grads, state, params):
        updated, after = {}, {}
        for i, (each, part, slopes) in enumerate(zip(optimisers, split(params), split(grads), strict=True)):
            new, after[str(i)] = each.update(slopes, state[str(i)], part)
            updated.update(tree.flatten(new))
        return fill(params, updated), after

    return Optimiser(init, update)


def frozen(patterns: Patterns, optimiser: Optimiser) -> Optimiser:
    """Let an optimiser update all weights but those whose paths match; these stay bit for bit what they are."""
    return grouped((patterns, still()), ("*", optimiser))


def adamw_sparing(patterns: Patterns, rate: Rate, decay: float = 0.01, **settings) -> Optimiser:
    """AdamW whose decay spares the weights that match, as in adamw_sparing(("*bias", "*norm*"), 1e-3)."""
    return grouped((patterns, adam(rate, **settings)), ("*", adamw(rate, decay, **settings)))
