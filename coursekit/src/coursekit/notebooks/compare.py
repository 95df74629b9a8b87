"""Compare a cell's outputs with the committed ones.

Text is equal up to a tolerance for its numbers, widgets by their state, pictures by being there and not blank.
"""

import base64
import io
import re

#: numbers that are no integers may differ by this much, absolutely or relatively: a unit of the last of four decimals
TOLERANCE = 1.5e-4

#: with the spaces before it: a minus sign, even that of -0.0, moves what stands beside it
_NUMBER = re.compile(r" *(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w])")
_PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_MODEL = "IPY_MODEL_"
PNG = "image/png"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def differences(expected: list[dict], got: list[dict], expected_models: dict, got_models: dict) -> list[str]:
    """Say how the outputs `got` differ from those `expected`; the models are widget states by model id."""
    expected, got = merged(expected), merged(got)
    if len(expected) != len(got):
        kinds = [[output["output_type"] for output in outputs] for outputs in (expected, got)]
        return [f"expected {len(expected)} outputs {kinds[0]}, got {len(got)} {kinds[1]}{_first_error(got)}"]
    found = []
    for number, (one, other) in enumerate(zip(expected, got, strict=True)):
        found += [f"output {number}: {text}" for text in _output(one, other, expected_models, got_models)]
    return found


def merged(outputs: list[dict]) -> list[dict]:
    """Join neighbouring pieces of one stream: how a stream is cut says nothing."""
    joined: list[dict] = []
    for output in outputs:
        same = joined and output["output_type"] == "stream" and joined[-1].get("name") == output.get("name")
        if same:
            joined[-1] = {**joined[-1], "text": _text(joined[-1]["text"]) + _text(output["text"])}
        else:
            joined.append(output)
    return joined


def same_text(expected: str, got: str, tolerance: float = TOLERANCE) -> bool:
    """Whether two texts are equal but for numbers, no integers, that differ by no more than the tolerance."""
    if _NUMBER.sub("#", expected) != _NUMBER.sub("#", got):
        return False
    pairs = zip(_NUMBER.findall(expected), _NUMBER.findall(got), strict=True)
    return all(_close(_number(one), _number(other), tolerance) for one, other in pairs)


def picture_problem(png: str) -> str | None:
    """Say what is wrong with a base64 PNG: unreadable, or one colour all over."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(base64.b64decode(png))) as image:
            extrema = image.convert("RGB").getextrema()
    except Exception as error:
        return f"the picture cannot be read: {error}"
    return "the picture is blank" if all(low == high for low, high in extrema) else None


def model_tree(model_id: str, models: dict) -> dict:
    """The widget `model_id` with every widget it refers to put in its place."""
    model = models.get(model_id)
    if model is None:
        return {"model": "no such widget"}
    return {"model": model["model_name"], **{key: _resolve(value, models) for key, value in model["state"].items()}}


def _resolve(value: object, models: dict) -> object:
    if isinstance(value, str) and value.startswith(_MODEL):
        return model_tree(value.removeprefix(_MODEL), models)
    if isinstance(value, list):
        return [_resolve(item, models) for item in value]
    if isinstance(value, dict):
        if WIDGET_VIEW in value:
            value = {**value, WIDGET_VIEW: model_tree(value[WIDGET_VIEW]["model_id"], models)}
        return {key: _resolve(item, models) for key, item in value.items()}
    return value


def tree_differences(expected: object, got: object, path: str = "") -> list[str]:
    """Say where two trees of plain values differ."""
    if isinstance(expected, dict) and isinstance(got, dict):
        found = [f"{path}/{key}: only one of the two has it" for key in sorted(expected.keys() ^ got.keys())]
        for key in sorted(expected.keys() & got.keys()):
            compare = _pictures if key == PNG else tree_differences
            found += compare(expected[key], got[key], f"{path}/{key}")
        return found
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = enumerate(zip(expected, got, strict=True))
        return [text for i, pair in pairs for text in tree_differences(*pair, f"{path}/{i}")]
    if isinstance(expected, str) and isinstance(got, str):
        return _texts(path, expected, got)
    same = expected == got or (_is_number(expected) and _is_number(got) and _close(expected, got, TOLERANCE))
    return [] if same else [f"{path}: expected {_short(expected)}, got {_short(got)}"]


def _output(expected: dict, got: dict, expected_models: dict, got_models: dict) -> list[str]:
    kind = expected["output_type"]
    if kind != got["output_type"]:
        return [f"expected {kind}, got {got['output_type']}{_first_error([got])}"]
    if kind == "stream":
        if expected["name"] != got["name"]:
            return [f"expected {expected['name']}, got {got['name']}: {_short(_text(got['text']))}"]
        return _texts("text", expected["text"], got["text"])
    if kind == "error":
        return [text for key in ("ename", "evalue") for text in _texts(key, expected.get(key, ""), got.get(key, ""))]
    found = [f"{mime}: only one of the two has it" for mime in sorted(expected["data"].keys() ^ got["data"].keys())]
    for mime in sorted(expected["data"].keys() & got["data"].keys()):
        found += _bundle(mime, expected["data"][mime], got["data"][mime], expected_models, got_models)
    return found


def _bundle(mime: str, expected: object, got: object, expected_models: dict, got_models: dict) -> list[str]:
    if mime == WIDGET_VIEW:
        sides = (("expected", expected["model_id"], expected_models), ("got", got["model_id"], got_models))
        lost = [side for side, model, models in sides if model not in models]
        if lost:
            return [f"widget: no state of what was {' and what was '.join(lost)}"]
        trees = [model_tree(model, models) for _, model, models in sides]
        return [f"widget {text}" for text in tree_differences(*trees)]
    if mime == PNG:
        return _pictures(expected, got, mime)
    if isinstance(expected, dict):
        return [f"{mime} {text}" for text in tree_differences(expected, got)]
    return _texts(mime, expected, got)


def _pictures(_: object, got: object, where: str) -> list[str]:
    problem = picture_problem(_text(got))
    return [f"{where}: {problem}"] if problem else []


def _texts(what: str, expected: object, got: object) -> list[str]:
    """Compare texts line by line, leaving aside what no two runs share: the bytes of pictures, and addresses."""
    problems = [text for png in _PICTURE.findall(_text(got)) for text in _pictures(None, png, what)]
    one, other = (_ADDRESS.sub("0x", _PICTURE.sub("(picture)", _text(value))) for value in (expected, got))
    if problems or same_text(one, other):
        return problems
    for wanted, came in zip(one.splitlines(), other.splitlines(), strict=False):
        if not same_text(wanted, came):
            return [f"{what}: expected {_short(wanted)}, got {_short(came)}"]
    return [f"{what}: expected {len(one.splitlines())} lines, got {len(other.splitlines())}"]


def _first_error(outputs: list[dict]) -> str:
    errors = [f": {one['ename']}: {one['evalue']}" for one in outputs if one["output_type"] == "error"]
    return errors[0] if errors else ""


def _text(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _number(text: str) -> int | float:
    return float(text) if set(text) & set(".eE") else int(text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _close(one: float, other: float, tolerance: float) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return one == other or abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))


def _short(value: object, most: int = 200) -> str:
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."
