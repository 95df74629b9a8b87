"""AdamW against PyTorch's, after each of 100 steps, to 1e-10."""

from parity_values import assert_close, load, under

from lesson.training import adamw


def test_adamw():
    values = load("adamw")
    gradients, after = under("gradients/", values), under("after/", values)
    lr, beta1, beta2, epsilon, decay = (
        float(values[name]) for name in ("lr", "beta1", "beta2", "epsilon", "weight_decay")
    )
    optimiser = adamw(lr, decay, keep=(beta1, beta2), epsilon=epsilon)
    params = under("start/", values)
    state = optimiser.init(params)
    steps = len(after["weight"])
    assert steps == 100
    for step in range(steps):
        params, state = optimiser.update({name: gradients[name][step] for name in params}, state, params)
        for name in params:
            assert_close(params[name], after[name][step])
