"""Is it fast, and against whom?  python tests/bench/speed.py [steps scaling writing pieces scoring] [--rounds N]

In WebAssembly: coursekit wasm run tests/bench/speed.py. The figures go to build/bench.json, medians and minima of
rounds in which the contestants take turns. PyTorch takes part natively where BENCH_TORCH_PYTHON names a Python that has
it, or this one has. Set OPENBLAS_NUM_THREADS=1, as `make bench` does: the race is one on one thread. The exit status
is 1 when an aim is missed.
"""

import argparse
import sys
from pathlib import Path

import pieces
import scaling
import scoring
import steps
import writing
from clock import load
from record import BENCH_JSON, WHERE, describe_platform, record

BENCHES = {"steps": steps, "scaling": scaling, "writing": writing, "pieces": pieces, "scoring": scoring}


def main(arguments: list[str] | None = None) -> int:
    """Measure, tell, write the figures down, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHES)}; all if none is given")
    parser.add_argument("--rounds", type=int, help="other than each bench's own number")
    parser.add_argument("--json", type=Path, default=BENCH_JSON, metavar="FILE", help="where the figures go")
    given = parser.parse_args(arguments)
    if not set(given.names) <= BENCHES.keys() or (given.rounds is not None and given.rounds < 1):
        parser.error(f"wanted names among {', '.join(BENCHES)} and 1 round or more, got {given.names}, {given.rounds}")
    missed = False
    for name in given.names or BENCHES:
        before = load()
        figures = BENCHES[name].measure(**({} if given.rounds is None else {"rounds": given.rounds}))
        busy = {"platform": describe_platform(), "load_before": before, "load_after": load()}
        record(busy | figures, "speed", name, WHERE, path=given.json)
        missed |= not all(aim["met"] for aim in figures.get("aims", {}).values())
        print(*BENCHES[name].lines(figures), sep="\n", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
