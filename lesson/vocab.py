"""The words the first classifier knows, its labels, and the opinion it has of each word before it has read anything."""

from collections.abc import Sequence

PAD, UNKNOWN = "<pad>", "<unk>"

DEFAULT_VOCAB = [
    *(PAD, UNKNOWN, "great", "bad", "product", "service", "love", "hate"),
    *("fast", "slow", "support", "terrible", "amazing", "not", "boring", "exciting"),
]
DEFAULT_LABELS = ["negative", "positive"]

LEXICON = {
    **{"great": 1.1, "amazing": 1.0, "love": 1.2, "fast": 0.6, "support": 0.5},
    **{"bad": -1.0, "terrible": -1.3, "hate": -1.2, "slow": -0.8, "boring": -0.7, "not": -0.4, "service": -0.1},
}


def number_tokens(vocab: Sequence[str]) -> dict[str, int]:
    """Give every token its position as id, and `<unk>` the next free id when the vocabulary has none.

    Raises ValueError when the vocabulary is empty, or a token is repeated or no string.

    >>> number_tokens(["good", "bad"])
    {'good': 0, 'bad': 1, '<unk>': 2}
    """
    tokens = require_names("vocab", "token", vocab, at_least=1)
    ids = {token: position for position, token in enumerate(tokens)}
    ids.setdefault(UNKNOWN, len(tokens))
    return ids


def require_names(argument: str, kind: str, names: Sequence[str], at_least: int) -> list[str]:
    """Return distinct strings as a list of our own, or raise ValueError saying what was wanted and what came.

    >>> require_names("labels", "label", ["good", "good"], at_least=2)
    Traceback (most recent call last):
    ValueError: labels: wanted every label once, got 'good' more than once
    """
    if isinstance(names, str) or not hasattr(names, "__iter__"):
        raise ValueError(f"{argument}: wanted a sequence of {kind}s, got {names!r}")
    names, seen = list(names), set()
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"{argument}: wanted every {kind} to be a string, got {name!r}")
        if name in seen:
            raise ValueError(f"{argument}: wanted every {kind} once, got {name!r} more than once")
        seen.add(name)
    if len(names) < at_least:
        raise ValueError(f"{argument}: wanted at least {at_least} {kind}{'s' * (at_least > 1)}, got {len(names)}")
    return names
