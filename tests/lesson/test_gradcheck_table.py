import gradcheck_cases as table
import pytest


def slow_if_large(name):
    return pytest.param(name, marks=pytest.mark.slow) if name in table.MODEL_CASES else name


@pytest.mark.parametrize("name", [slow_if_large(name) for name in table.CASES])
def test_every_leaf_agrees_with_central_differences(name):
    rows = table.run(name)
    assert rows
    assert {row.path: row.error for row in rows if row.error > table.TOLERANCE} == {}


def test_the_command_prints_every_row_and_its_status_tells(monkeypatch, capsys):
    monkeypatch.setattr(table, "CASES", {"linear": table.CASES["linear"]})
    assert table.main() == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()[:3]] == [
        ["linear:", "x"],
        ["linear:", "params/weight"],
        ["linear:", "params/bias"],
    ]
    monkeypatch.setattr(table, "TOLERANCE", 0)
    assert table.main() == 1
