"""Read the frozen PyTorch values, and turn PyTorch's parameter layout into this package's."""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
TOLERANCE = 1e-10


def load(name: str) -> dict[str, np.ndarray]:
    """Read all arrays of one file (make_parity.py says what they are)."""
    with np.load(HERE / f"{name}.npz", allow_pickle=False) as file:
        return dict(file)


def under(prefix: str, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Pick what stands under a prefix, and drop the prefix."""
    return {key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)}


def linear_params(values: dict[str, np.ndarray], prefix: str) -> dict:
    """PyTorch keeps weights as (out, in)."""
    return {"weight": values[f"{prefix}weight"].T, "bias": values[f"{prefix}bias"]}


def norm_params(values: dict[str, np.ndarray], prefix: str) -> dict:
    """Both keep a norm's weight and bias alike."""
    return {"weight": values[f"{prefix}weight"], "bias": values[f"{prefix}bias"]}


def multi_head_params(values: dict[str, np.ndarray], prefix: str = "") -> dict:
    """PyTorch stacks query, key and value, and has a key bias, which must be (near) zero and is dropped."""
    weights = np.split(values[f"{prefix}in_proj_weight"], 3)
    query_bias, key_bias, value_bias = np.split(values[f"{prefix}in_proj_bias"], 3)
    assert np.abs(key_bias).max() <= TOLERANCE
    return {
        "query": {"weight": weights[0].T, "bias": query_bias},
        "key": {"weight": weights[1].T},
        "value": {"weight": weights[2].T, "bias": value_bias},
        "output": linear_params(values, f"{prefix}out_proj."),
    }


def assert_close(got: np.ndarray, wanted: np.ndarray) -> None:
    """Shapes equal, and no entry further off than the tolerance, absolute or relative."""
    assert np.shape(got) == np.shape(wanted)
    np.testing.assert_allclose(got, wanted, rtol=TOLERANCE, atol=TOLERANCE)
