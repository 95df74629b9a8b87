"""coursekit lock | data | serve | browser | execute | repeat | new-lesson | words | bench | chunks | load | wasm

What a course's Makefile calls beside `jupyter lite`.
"""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="coursekit", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add(commands, "lock", _lock, "renew the runtime lock from jupyter_lite_config.json")
    data = _add(commands, "data", _data, "bring the files that a list names, checked by hash, beside the list")
    data.add_argument("lists", nargs="+", type=Path)
    serve = _add(commands, "serve", _serve, "serve a built site on this machine until Ctrl-C")
    serve.add_argument("site", type=Path)
    serve.add_argument("--port", type=int, default=8000)
    browser = _add(commands, "browser", _browser, "find or install a browser; print the path of a Chromium")
    browser.add_argument("engine", nargs="?", choices=("chromium", "firefox", "webkit"), default="chromium")
    execute = _add(commands, "execute", _execute, "run notebooks natively and store their outputs")
    execute.add_argument("notebooks", nargs="+", type=Path)
    repeat = _add(commands, "repeat", _repeat, "run notebooks again and again and compare them with what is committed")
    repeat.add_argument("notebooks", nargs="+", type=Path)
    repeat.add_argument("--runs", type=int, default=3, metavar="N", help="each in another order")
    repeat.add_argument("--seed", type=int, default=58, help="of the orders")
    new = _add(commands, "new-lesson", _new_lesson, "begin a lesson: a notebook that works, and its exercise's check")
    new.add_argument("name", help="such as 12-my-lesson")
    new.add_argument("--package", default="lesson", help="where the checks live: PACKAGE/checks")
    words = _add(
        commands, "words", _words, "collect a package's sentences for translators, and compile what they wrote"
    )
    words.add_argument("package", type=Path, help="its folder, with locale/ in it")
    words.add_argument("domain", help="the catalogue's name")
    words.add_argument("--data", metavar="MODULE:FUNCTION", help="take the sentences that a function gives")
    words.add_argument("--language", help="begin this one, such as fr")
    bench = _add(commands, "bench", _bench, "measure starts of the built site against a stock build")
    bench.add_argument("--site", type=Path, default=Path("build/site"))
    bench.add_argument("--output", type=Path, default=Path("build/bench-site.json"))
    bench.add_argument("--runs", type=int, default=3, metavar="N", help="starts of each site")
    bench.add_argument("--timeout", type=float, default=180, metavar="S", help="for each start")
    bench.add_argument("--only", default="", metavar="START", help="what begins so, such as cold")
    chunks = _add(commands, "chunks", _chunks, "name anew what of its code the notebook app loads at every start")
    chunks.add_argument("--site", type=Path, default=Path("build/site"))
    load = _add(commands, "load", _load, "measure what many learners cost a web server on this machine")
    load.add_argument("--site", type=Path, default=Path("build/site"))
    load.add_argument("--learners", type=int, nargs="+", default=[1, 30], metavar="N")
    load.add_argument("--visits", type=Path, default=Path("build/visits.json"), help="what visits ask, if recorded")
    load.add_argument("--record", action="store_true", help="have Chromium make those visits first")
    wasm = _add(commands, "wasm", _wasm, "run pytest, or a script, on the built site's Python in WebAssembly")
    wasm.add_argument("what", choices=("pytest", "run"))
    wasm.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen) or 0
    except (ValueError, RuntimeError, OSError) as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 1


def _add(commands: argparse._SubParsersAction, name: str, run: object, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    return command


def _lock(_: argparse.Namespace) -> None:
    from .runtime.renew import renew_from_config

    print(renew_from_config(Path("jupyter_lite_config.json")))


def _data(chosen: argparse.Namespace) -> None:
    from .data import bring

    for listed in chosen.lists:
        bring(listed)


def _serve(chosen: argparse.Namespace) -> None:
    from .server import serve_until_interrupted

    serve_until_interrupted(chosen.site, chosen.port)


def _browser(chosen: argparse.Namespace) -> None:
    from .testing import browser, engines

    if chosen.engine == "chromium":
        print(browser.ensure())
    else:
        engines.ensure(chosen.engine)


def _execute(chosen: argparse.Namespace) -> None:
    from .notebooks.execute import execute

    for path in chosen.notebooks:
        execute(path)
        print(path)


def _repeat(chosen: argparse.Namespace) -> int:
    from .notebooks.repeat import repeat

    return repeat(chosen.notebooks, chosen.runs, chosen.seed)


def _new_lesson(chosen: argparse.Namespace) -> None:
    from .notebooks.new_lesson import new_lesson

    for path in new_lesson(Path.cwd(), chosen.name, chosen.package):
        print(path)


def _words(chosen: argparse.Namespace) -> None:
    from . import words

    if chosen.data:
        template = words.collect_data(chosen.data, chosen.domain)
    else:
        template = words.collect(chosen.package, chosen.domain)
    for path in words.renew(chosen.package, template, chosen.language):
        print(path)


def _bench(chosen: argparse.Namespace) -> None:
    from .bench.command import bench

    print(bench(Path("jupyter_lite_config.json"), chosen.site, chosen.output, chosen.runs, chosen.timeout, chosen.only))


def _chunks(chosen: argparse.Namespace) -> None:
    from .bench.chunks import name_chunks

    print(*name_chunks(chosen.site, chosen.site.with_name("chunks")), sep="\n")


def _load(chosen: argparse.Namespace) -> None:
    from .bench import visits
    from .bench.load import load

    every = visits.whole(chosen.site)
    if chosen.record:
        from .bench.scribe import record

        visits.write(record(chosen.site), chosen.visits)
    made = visits.read(chosen.visits)
    print(load(chosen.site, [*made, *every], chosen.learners))
    if not made:
        print("`coursekit load --record` adds what a page to read and a notebook cost: Chromium makes those visits")


def _wasm(chosen: argparse.Namespace) -> int:
    from .testing import wasm

    run = wasm.run_pytest if chosen.what == "pytest" else wasm.run_script
    return run(Path.cwd(), chosen.arguments)


if __name__ == "__main__":
    sys.exit(main())
