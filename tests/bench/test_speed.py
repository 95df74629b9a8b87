"""The benches measure what they say: contestants that compute the same, products that are those of a step."""

import json
import sys

import clock
import numpy as np
import pieces
import products
import pytest
import rivals
import scaling
import setting
import speed
import steps
import writing
from clock import by_turns, median_ratio, milliseconds

SMALL = setting.draw_setting(batch=3, length=5)


def test_contestants_take_turns_and_the_first_rounds_do_not_count():
    calls = []
    contestants = {name: lambda name=name: calls.append(name) or float(len(calls)) for name in "ab"}
    taken = by_turns(contestants, rounds=2, warm_up=1)
    assert "".join(calls) == "ababab"
    assert taken == {"a": [3.0, 5.0], "b": [4.0, 6.0]}


def test_the_load_is_known_natively_only(monkeypatch):
    monkeypatch.setattr(clock.sys, "platform", "emscripten")
    assert clock.load() is None


def test_medians_minima_and_ratios():
    assert milliseconds([0.003, 0.001, 0.009]) == {"median_ms": 3.0, "min_ms": 1.0}
    assert median_ratio([2.0, 9.0, 8.0], [1.0, 3.0, 1.0]) == 3.0


def test_lesson_and_textbook_walk_the_same_way():
    ours, theirs = setting.lesson_step(SMALL), setting.textbook_step(SMALL)
    losses = [(ours(), theirs()) for _ in range(3)]
    assert np.allclose(*zip(*losses, strict=True), rtol=0, atol=1e-9)
    assert len(set(losses)) == 3
    assert np.allclose(setting.lesson_forward(SMALL)(), setting.textbook_forward(SMALL)(), rtol=0, atol=1e-10)


def test_the_noted_products_are_those_of_a_step():
    noted = products.note_products(setting.lesson_step(SMALL))
    # 33 linear maps, each with three products; six attentions, each with two forward and four backward.
    assert len(noted.pairs) == 33 * 3 + 6 * 6
    d, f, v, source, target = 32, 64, 14, 3 * 5, 3 * 6
    maps = (source * 2 * (4 * d * d + 2 * d * f) + target * 2 * (6 * d * d + 2 * d * f)) + target * d * v
    maps += source * 2 * 2 * d * d
    pairs = 3 * 2 * (5 * 5 + 6 * 6 + 6 * 5)
    assert noted.operations() == 2 * (3 * maps + 6 * pairs * d)
    for multiply, a, b in noted.pairs:
        assert np.allclose(multiply(a, b), np.einsum("...ik,...kj->...ij", a, b), atol=1e-12)


def test_the_step_is_no_longer_watched_afterwards():
    noted = products.note_products(setting.lesson_step(SMALL))
    before = len(noted.pairs)
    setting.lesson_step(SMALL)()
    assert len(noted.pairs) == before


@pytest.mark.parametrize("power", [1, 2])
def test_a_power_is_found(power):
    assert scaling.power((2, 4, 8), [3.0 * size**power for size in (2, 4, 8)]) == power


def test_the_scaling_tables_hold_every_size(monkeypatch):
    monkeypatch.setattr(scaling, "BATCHES", (1, 2, 3))
    monkeypatch.setattr(scaling, "LENGTHS", (2, 3, 4, 5))
    figures = scaling.measure(rounds=1)
    assert [row["size"] for row in figures["step_by_batch"]["rows"]] == [1, 2, 3]
    assert [row["size"] for row in figures["attention_by_length"]["rows"]] == [2, 3, 4, 5]
    assert len(scaling.lines(figures)) == 9


def test_attention_of_a_length_has_that_length():
    d_q, d_k, d_v = scaling.attention_of_length(7)()
    assert d_q.shape == d_k.shape == d_v.shape == (4, 4, 7, 8)


def test_texts_written_both_ways_are_the_same_and_differ_from_prompt_to_prompt():
    (row,) = writing.measure(rounds=1, limits=(5,))["rows"]
    assert row["same_texts"]
    assert row["tokens"] == 5


def test_pieces_are_fewer_than_characters_and_read_back():
    figures = pieces.measure(rounds=1, words=200, merges=20)
    assert figures["round_trip"]
    assert figures["merges"] == 20
    assert figures["pieces"] < figures["characters"] == len(pieces.make_text(200))


@pytest.mark.native
def test_steps_tell_who_ran_and_what_came_of_the_aims(monkeypatch, tmp_path):
    program = tmp_path / "rival.py"
    program.write_text(
        "import sys\nprint('1.2.3', 2, 3.5, flush=True)\n"
        "for line in sys.stdin: print({'step': 1e-6, 'forward': 1e-5}[line.strip()], flush=True)\n"
    )
    monkeypatch.setattr(rivals, "PROGRAM", program)
    monkeypatch.setenv("BENCH_TORCH_PYTHON", sys.executable)
    monkeypatch.setattr(steps, "draw_setting", lambda: SMALL)
    figures = steps.measure(rounds=2)
    assert figures["torch"] == "1.2.3"
    assert figures["loss"]["torch"] == 3.5
    assert figures["loss"]["lesson"] == pytest.approx(figures["loss"]["textbook"], abs=1e-10)
    assert figures["forward"]["torch, fused Adam"]["median_ms"] == 0.01
    assert figures["alone"]["torch, fused Adam, its own threads"]["threads"] == 2
    assert len(figures["alone"]) == 6
    assert all(each["median_ms"] > 0 for each in figures["alone"].values())
    assert figures["aims"] == {"times_faster_than_torch": {"aim": 1.0, "got": 0.0, "met": False}}
    assert any("times_faster_than_torch: 0.0, wanted 1.0: missed" in line for line in steps.lines(figures))


def test_what_is_aimed_at_in_webassembly(monkeypatch):
    monkeypatch.setattr(steps, "WHERE", "wasm")
    step = {"lesson": {"median_ms": 2.0}, "times_faster_than_textbook": 1.5}
    aims = steps.judge({"step": step, "products": {"share_of_step": 0.59, "gigaflops": 1.6}})
    assert {name: aim["met"] for name, aim in aims.items()} == {
        "times_faster_than_textbook": True,
        "share_of_products": False,
        "gigaflops_of_products": True,
    }


def test_the_rival_to_beat_is_the_fastest_of_all(monkeypatch):
    monkeypatch.setattr(steps, "WHERE", "native")
    step = {"lesson": {"median_ms": 2.0}, "textbook": {"median_ms": 0.1}, "times_faster_than_textbook": 0.05}
    step |= {"torch": {"median_ms": 6.0}, "torch, fused Adam": {"median_ms": 5.0}}
    alone = {"lesson, 1 thread": {"median_ms": 2.0}, "lesson, its own threads": {"median_ms": 9.0}}
    alone |= {"torch, 1 thread": {"median_ms": 3.0}, "torch, its own threads": {"median_ms": 4.0}}
    figures = {"step": step, "products": {"share_of_step": 0.5, "gigaflops": 1.6}}
    assert steps.judge(figures)["times_faster_than_torch"] == {"aim": 1.0, "got": 2.5, "met": True}
    assert steps.judge(figures | {"alone": alone})["times_faster_than_torch"] == {"aim": 1.0, "got": 1.5, "met": True}


def test_without_a_python_for_it_there_is_no_rival(monkeypatch):
    monkeypatch.delenv("BENCH_TORCH_PYTHON", raising=False)
    monkeypatch.setattr(rivals.importlib.util, "find_spec", lambda name: None)
    assert rivals.torch_python() is None
    with rivals.start(SMALL, None, rivals.ONE_THREAD) as found:
        assert found == {}


def test_figures_are_told_and_written_down(tmp_path, capsys):
    path = tmp_path / "bench.json"
    assert speed.main(["pieces", "--rounds", "1", "--json", str(path)]) == 0
    figures = json.loads(path.read_text(encoding="utf-8"))["speed"]["pieces"][speed.WHERE]
    assert figures["round_trip"]
    assert {"platform", "load_before", "load_after"} < figures.keys()
    assert "characters a second" in capsys.readouterr().out


def test_a_missed_aim_is_told_by_the_exit_status(tmp_path, monkeypatch):
    for name, met in (("pieces", True), ("writing", False)):
        monkeypatch.setattr(speed.BENCHES[name], "measure", lambda met=met: {"aims": {"it": {"met": met}}})
        monkeypatch.setattr(speed.BENCHES[name], "lines", lambda figures: [])
    assert speed.main(["pieces", "--json", str(tmp_path / "bench.json")]) == 0
    assert speed.main(["writing", "pieces", "--json", str(tmp_path / "bench.json")]) == 1


@pytest.mark.parametrize("arguments", [["nonsense"], ["pieces", "--rounds", "0"]])
def test_what_is_not_there_is_not_measured(arguments, capsys):
    with pytest.raises(SystemExit):
        speed.main(arguments)
    assert "wanted names among steps, scaling" in capsys.readouterr().err
