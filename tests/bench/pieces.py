"""How fast byte pairs are learned, and texts written in them."""

import numpy as np
from clock import by_turns, milliseconds, seconds

from lesson.byte_pairs import learn_byte_pairs

SYLLABLES = ("an", "ber", "con", "der", "ing", "lo", "ment", "pre", "ra", "tion", "un", "ver")


def make_text(words: int, seed: int = 0) -> str:
    """Draw a text from 2,000 made-up words, frequent ones and rare ones as in a language (Zipf)."""
    rng = np.random.default_rng(seed)
    known = ["".join(rng.choice(SYLLABLES, rng.integers(1, 5))) for _ in range(2000)]
    shares = 1 / np.arange(1, len(known) + 1)
    return " ".join(rng.choice(known, words, p=shares / shares.sum()))


def measure(rounds: int = 5, words: int = 20_000, merges: int = 500) -> dict:
    """Learn merges from a text, then write and read the same text."""
    text = make_text(words)
    pairs = learn_byte_pairs([text], merges)
    ids = pairs.encode(text)
    taken = by_turns(
        {
            "learn": lambda: seconds(lambda: learn_byte_pairs([text], merges)),
            "encode": lambda: seconds(lambda: pairs.encode(text)),
            "decode": lambda: seconds(lambda: pairs.decode(ids)),
        },
        rounds,
        warm_up=1,
    )
    times = {name: milliseconds(each) for name, each in taken.items()}
    speed = {name: round(len(text) / times[name]["median_ms"] * 1e3) for name in ("encode", "decode")}
    return {
        "rounds": rounds,
        "characters": len(text),
        "merges": len(pairs.merges),
        "pieces": len(ids),
        "round_trip": pairs.decode(ids) == text,
        **times,
        "characters_per_second": speed,
    }


def lines(figures: dict) -> list[str]:
    """Tell the figures."""
    told = [f"byte pairs  learn {figures['merges']} merges in {figures['learn']['median_ms']:.1f} ms"]
    return told + [
        f"byte pairs  {name} {speed:,} characters a second" for name, speed in figures["characters_per_second"].items()
    ]
