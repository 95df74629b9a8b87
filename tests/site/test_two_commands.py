"""`make serve` as an author meets it: what is built already is not built again, and Ctrl-C stops it."""

import gzip
import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
NO_NETWORK = {
    "https_proxy": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1",
    "PIP_NO_INDEX": "1",
    "PIP_FIND_LINKS": "",
    "npm_config_offline": "true",
}


def test_a_second_build_downloads_nothing_and_does_almost_nothing(site):
    runtime = {path: path.stat().st_mtime_ns for path in (ROOT / "build/site/static/pyodide").iterdir()}
    command = ["make", "build"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **NO_NETWORK}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    log = (ROOT / "build/build.log").read_text()
    assert "fetching" not in log
    assert "compiling" not in log
    done_again = set(re.findall(r"^\.  (?!status)\w+:(course-[\w-]+:.*)$", log, re.MULTILINE))
    # The cache is looked through every time; nothing else of ours is done again.
    assert done_again <= {"course-runtime:fetch", "course-runtime:compile"}, done_again
    assert {path: path.stat().st_mtime_ns for path in runtime} == runtime


def test_make_serve_says_where_and_stops_on_ctrl_c(site):
    running = subprocess.Popen(
        ["make", "serve"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # in a job in the background it is ignored
    )
    try:
        address = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+/", line) for line in running.stdout)))
        with urllib.request.urlopen(address[0]) as answer:
            assert b"Transformers by Hand" in answer.read()
    finally:
        os.killpg(running.pid, signal.SIGINT)
        said, complained = running.communicate(timeout=20)
    assert "stopped" in said
    assert "Traceback" not in complained


def test_gitlab_publishes_the_site(site, tmp_path):
    pages = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())["pages"]
    build, *rest = pages["script"]
    assert build == "make build"  # as above, and done
    (tmp_path / "build").symlink_to(ROOT / "build")
    subprocess.run(" && ".join(rest), shell=True, check=True, cwd=tmp_path)
    (published,) = pages["artifacts"]["paths"]
    built, there = _sizes(ROOT / "build/site"), _sizes(tmp_path / published)
    packed = {path for path in there if path.suffix == ".gz"}
    assert {path: size for path, size in there.items() if path not in packed} == built
    assert {".html", ".ipynb", ".js", ".json", ".mjs", ".wasm"} <= {path.with_suffix("").suffix for path in packed}
    for path in packed:
        whole = (tmp_path / published / path).with_suffix("")
        assert gzip.decompress((tmp_path / published / path).read_bytes()) == whole.read_bytes()
    assert not any(path.is_symlink() for path in (tmp_path / published).rglob("*"))


def _sizes(folder):
    return {path.relative_to(folder): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
