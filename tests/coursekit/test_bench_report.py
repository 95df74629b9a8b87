"""Medians, ratios and the table, from runs that were made up."""

import json

import pytest
from coursekit.bench.measure import Run
from coursekit.bench.report import MEASURES, summary, table

pytestmark = pytest.mark.native


def run(site: str, first_output: float, off_origin: tuple[str, ...] = (), condition: str = "cold") -> Run:
    rest = {"shell": 1.0, "first_widget": 2.0, "first_plot": 3.0, "requests": 100, "bytes": 12_345_678}
    return Run(site, condition, {**rest, "first_output": first_output}, off_origin)


def turns() -> list[Run]:
    times = {"stock": (20.0, 90.0, 10.0), "ours": (8.0, 1.0, 4.0)}
    return [run(site, times[site][number]) for number in range(3) for site in times]


def test_medians_are_of_each_site_alone():
    made = summary(turns())
    assert made["medians"]["cold"]["stock"]["first_output"] == 20.0
    assert made["medians"]["cold"]["ours"]["first_output"] == 4.0


def test_ratios_are_ours_over_stock():
    ratios = summary(turns())["ratios"]["cold"]
    assert ratios["first_output"] == pytest.approx(0.2)
    assert ratios["bytes"] == 1.0
    assert set(ratios) == set(MEASURES)


def test_every_run_and_every_refused_request_is_reported():
    made = summary([*turns(), run("ours", 5.0, ("GET http://elsewhere/", "GET http://elsewhere/2"))])
    assert [one["site"] for one in made["runs"]] == ["stock", "ours"] * 3 + ["ours"]
    assert made["off_origin"] == {"stock": 0, "ours": 2}


def test_a_run_without_a_measure_is_an_error():
    broken = run("ours", 5.0)
    del broken.measures["first_plot"]
    with pytest.raises(KeyError):
        summary([*turns(), broken])


def test_a_warm_start_is_compared_with_a_cold_one_of_stock_over_the_same_line():
    made = summary([*turns(), run("stock", 5.0, condition="warm"), run("ours", 2.0, condition="warm")])
    assert made["ratios"]["warm"]["first_output"] == pytest.approx(2 / 20)
    slow = [run("ours", 3.0, condition="warm, slow"), run("stock", 1.0, condition="warm, slow")]
    assert summary([*turns(), *slow])["ratios"]["warm, slow"] == {}
    assert "warm, slow: ours / stock" not in table(summary([*turns(), *slow]))


def test_the_summary_is_json():
    assert json.loads(json.dumps(summary(turns())))["medians"]["cold"]["ours"]["shell"] == 1.0


def test_the_table_has_a_line_for_each_run_the_medians_and_the_ratio():
    lines = table(summary(turns())).splitlines()
    assert len(lines) == 1 + 6 + 2 + 1
    assert len({len(line) for line in lines}) == 1
    assert lines[0].endswith("  bytes") and lines[1].startswith("cold: stock ")
    assert lines[1].split() == ["cold:", "stock", "1.0", "20.0", "2.0", "3.0", "100", "12,345,678"]
    assert lines[-1].split()[-6:] == ["1.00", "0.20", "1.00", "1.00", "1.00", "1.00"]
