"""A start that costs more than was agreed on fails the check, in one sentence with both figures."""

import json

import pytest
from coursekit.addons.budget import BudgetAddon
from coursekit.addons.packs import REMEMBERED, START
from coursekit.addons.runtime import LOCK, RECORD
from jupyterlite_core.manager import LiteManager

pytestmark = pytest.mark.native


@pytest.fixture
def addon(tmp_path):
    """Eight files of 10 bytes, of which a start loads four: neither what is packed nor what is in memory already."""
    pyodide = tmp_path / "site/static/pyodide"
    pyodide.mkdir(parents=True)
    lock = {"packages": {"a": {"file_name": "a.whl"}}}
    for name in ("core.wasm", "a.whl", "python_stdlib.zip", START, REMEMBERED, "background.pack", "early.mjs"):
        (pyodide / name).write_bytes(bytes(range(10)))
    (pyodide / LOCK).write_text(json.dumps(lock))
    (tmp_path / RECORD).parent.mkdir()
    (tmp_path / RECORD).write_text(json.dumps(dict.fromkeys(["core.wasm", "a.whl", "python_stdlib.zip", LOCK], "")))
    return BudgetAddon(manager=LiteManager(lite_dir=tmp_path, output_dir=tmp_path / "site"))


def test_a_start_within_its_budget_passes(addon):
    size = 30 + len((addon.manager.output_dir / "static/pyodide" / LOCK).read_bytes())
    addon.bytes, addon.requests = size, 4
    addon.check_python()
    addon.bytes = size - 1
    with pytest.raises(ValueError, match=rf"may cost {size - 1} bytes \(BudgetAddon.bytes\); it costs {size}$"):
        addon.check_python()


def test_one_file_too_many_is_said(addon):
    addon.requests = 3
    with pytest.raises(ValueError, match=r"may cost 3 requests .* it costs 4$"):
        addon.check_python()


def test_without_a_budget_everything_passes(addon):
    addon.check_python()
    addon.check_bench()


def test_the_last_bench_is_held_against_the_budget_where_it_measured(addon):
    addon.ratios = {"cold": {"first_output": 0.5, "bytes": 1}, "warm": {"first_output": 0.2}}
    addon.check_bench()
    report = addon.manager.lite_dir / addon.report
    report.write_text(json.dumps({"ratios": {"cold": {"first_output": 0.5, "bytes": 0.9}}}))
    addon.check_bench()
    report.write_text(json.dumps({"ratios": {"cold": {"first_output": 0.51, "bytes": 0.9}}}))
    with pytest.raises(ValueError, match=r"^cold: first_output may be 0.5 .* measured 0.51$"):
        addon.check_bench()
