"""Start PyTorch, where there is one, in processes of their own, and ask them for their times."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from setting import Setting

from lesson import tree

PROGRAM = Path(__file__).with_name("torch_rival.py")
# Each is (threads, optimiser); 0 threads are as many as PyTorch chooses.
ONE_THREAD = {"torch": (1, "plain"), "torch, fused Adam": (1, "fused")}
OWN_THREADS = {"torch": (0, "plain"), "torch, fused Adam": (0, "fused")}


class Rival:
    """A running PyTorch: what it says of itself, the loss it starts with, and how long one more of its steps takes."""

    def __init__(self, process: subprocess.Popen):
        self._process = process
        self.version, threads, loss = self._process.stdout.readline().split()
        self.threads, self.loss = int(threads), float(loss)

    def timed(self, what: str) -> Callable[[], float]:
        """Make the function that has a "step" or a "forward" done, and gives the seconds PyTorch took."""

        def ask() -> float:
            self._process.stdin.write(f"{what}\n")
            self._process.stdin.flush()
            return float(self._process.stdout.readline())

        return ask


def torch_python() -> str | None:
    """Find a Python that has PyTorch: the one BENCH_TORCH_PYTHON names, else this one, else none."""
    if os.environ.get("BENCH_TORCH_PYTHON"):
        return os.environ["BENCH_TORCH_PYTHON"]
    return sys.executable if importlib.util.find_spec("torch") else None


@contextmanager
def start(setting: Setting, python: str | None, variants: dict) -> Iterator[dict[str, Rival]]:
    """Start each variant with these weights and this batch; without a Python for it, none."""
    if python is None:
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as processes:
        weights = Path(folder) / "weights.npz"
        np.savez(weights, source=setting.source, target=setting.target, **tree.flatten(setting.params))
        yield {
            name: Rival(
                processes.enter_context(
                    subprocess.Popen(
                        [python, "-W", "ignore", str(PROGRAM), str(weights), str(threads), optimiser],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                )
            )
            for name, (threads, optimiser) in variants.items()
        }
