"""The house stands: imports point down only, and coming in loads NumPy and nothing else."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lesson

ROOT = Path(lesson.__file__).parent
FLOORS = {
    **{"tree": 0, "gradcheck": 0, "vocab": 0, "tokenizer": 0, "byte_pairs": 0, "shipped": 0, "tasks": 0, "words": 0},
    **{"nn": 1, "training": 1},
    **{"models": 2},
    **{"plots": 3, "checks": 3, "interpret": 3, "recipes": 3, "finetuning": 3},
    **{"widgets": 4},
    **{"__init__": 5, "__main__": 5},
}
ONLY_HOME = {"matplotlib": {"plots"}, "ipywidgets": {"widgets"}, "IPython": {"plots", "widgets", "checks"}}
MODULES = sorted(ROOT.rglob("*.py"))


def room(path):
    """Name what stands directly under lesson/: a package such as nn, or a module such as tree."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path):
    """List the dotted names a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: wanted absolute imports, which say the floor"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    here = room(path)
    assert here in FLOORS, f"{here}: wanted a floor in the table above"
    for name in imported(path):
        package, *rest = name.split(".")
        if package == "lesson" and rest and (ROOT / rest[0]).exists() | (ROOT / f"{rest[0]}.py").exists():
            assert rest[0] == here or FLOORS[rest[0]] <= FLOORS[here], f"{here} imports {name}, which is above it"
            known = rest[0] in (here, "words") or here != "plots"
            assert known, f"plots take arrays and know nothing of the lesson but its words, got {name}"
        elif package == "lesson":
            assert FLOORS[here] == 5, f"{here} imports {name} from the front door, which is above it"
        else:
            assert here in ONLY_HOME.get(package, {here}), f"{package} lives in {ONLY_HOME[package]}, got {name}"


def test_the_check_sees_what_it_looks_for():
    names = {name for path in MODULES for name in imported(path)}
    assert {"lesson.nn.softmax.softmax", "numpy"} <= names
    assert {room(path) for path in MODULES} >= {"nn", "models", "plots", "tree", "__init__"}


@pytest.mark.native
def test_importing_the_lesson_loads_numpy_and_nothing_else():
    code = """if True:
        import sys, numpy.random
        before = set(sys.modules)
        import lesson
        print(*sorted({name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))
    """
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["lesson"]


def test_the_nine_names_are_the_front_door():
    assert sorted(lesson.__all__) == sorted(
        [
            *("TransformerConfig", "EncoderDecoderStates", "DEFAULT_VOCAB", "DEFAULT_LABELS"),
            *("TinyTransformerClassifier", "build_encoder_decoder_stack", "fine_tuning_playbook"),
            *("demo_attention_visualisation", "run_demo_classification"),
        ]
    )
    assert all(hasattr(lesson, name) for name in lesson.__all__)
