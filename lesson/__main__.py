"""`python -m lesson`: three demonstrations in a terminal, or the texts you give it scored."""

import argparse
import os
import sys
from collections.abc import Iterator

from lesson.models.tiny import TinyTransformerClassifier, build_encoder_decoder_stack, fine_tuning_playbook
from lesson.plots.terminal import ASCII, BLOCKS, fit, printable, text_heatmap
from lesson.vocab import DEFAULT_VOCAB

DEMO_TEXTS = ["great product and amazing support", "terrible slow service", "not boring", "great, product."]
MOST_TOKENS = 10_000  # attention among these is 800 MB already


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        self.exit(2, f"{self.prog}: {message}; try --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstrations the arguments ask for, and return the exit status."""
    parser = _Parser(
        prog="python -m lesson",
        description="Simulate an encoder-decoder pass, print a fine-tuning playbook, and score texts with heatmaps.",
        epilog="Nothing here is trained: the classifier's weights are random, and a word list decides.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--text",
        action="append",
        metavar='"..."',
        help="score this text instead of running the demonstrations (repeatable)",
    )
    texts = parser.parse_args(arguments).text
    classifier = TinyTransformerClassifier()
    for position, text in enumerate(texts or [], start=1):
        length = len(classifier.tokenize(text))
        if length > MOST_TOKENS:
            parser.error(f"text {position}: wanted at most {MOST_TOKENS:,} words, got {length:,}")
    try:
        for part in _demonstrations(classifier, texts):
            print(part, flush=True)
    except BrokenPipeError:  # the reader has seen enough; what Python still flushes at its end must go nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _demonstrations(classifier: TinyTransformerClassifier, texts: list[str] | None) -> Iterator[str]:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    shades = BLOCKS if printable(BLOCKS, encoding) == BLOCKS else ASCII
    if texts is None:
        yield f"1. An encoder-decoder pass with random weights\n\n{_encoder_decoder(shades)}\n"
        yield f"2. A fine-tuning playbook\n\n{_playbook()}\n"
        yield "3. Texts scored, with their attention (mean over heads)\n"
    for text in texts or DEMO_TEXTS:
        yield _scored(classifier, text, shades, encoding) + "\n"


def _encoder_decoder(shades: str) -> str:
    source, target = [2, 3, 4, 5], [6, 7, 8]
    states = build_encoder_decoder_stack(source, target)
    shapes = "   ".join(f"{name} {values.shape}" for name, values in vars(states).items())
    queries, keys = ([DEFAULT_VOCAB[token] for token in tokens] for tokens in (target, source))
    return f"{shapes}\n\n{text_heatmap(states.cross_weights.mean(axis=0), queries, keys, shades=shades)}"


def _playbook() -> str:
    plan = fine_tuning_playbook()
    phases = plan.pop("discriminative_lrs")
    lines = [f"{name}: {value}" for name, value in plan.items()]
    for phase in phases:
        what = f"frozen {phase['frozen_layers']}" if "frozen_layers" in phase else f"adapter {phase['adapter']}"
        lines.append(f"phase {phase['phase']}: {what}, learning rate {phase['learning_rate']:.4g}")
    return "\n".join(lines)


def _scored(classifier: TinyTransformerClassifier, text: str, shades: str, encoding: str) -> str:
    tokens, probs, attention = classifier.read(text)
    shown = fit(printable(text, encoding), 60).rstrip()
    label = max(probs, key=probs.get)
    scores = ", ".join(f"{name} {share:.4f}" for name, share in probs.items())
    return f'"{shown}" is {label} ({scores})\n{text_heatmap(attention, tokens, shades=shades)}'


if __name__ == "__main__":
    sys.exit(main())
