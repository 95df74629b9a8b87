"""Patterns of file names, as the addons' settings write them."""

from collections.abc import Iterable
from fnmatch import fnmatch


def is_among(name: str, patterns: Iterable[str]) -> bool:
    """Whether the last of the patterns that matches `name` is one without a ! before it.

    >>> is_among("a/b.whl", ["*.whl", "!a/*"])
    False
    """
    matching = [one for one in patterns if fnmatch(name, one.removeprefix("!"))]
    return bool(matching) and not matching[-1].startswith("!")
