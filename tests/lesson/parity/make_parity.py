"""Freeze what PyTorch computes, so that the tests can compare without PyTorch.

    python -m venv /tmp/torchenv && /tmp/torchenv/bin/pip install torch==2.13.0 numpy==2.4.3
    /tmp/torchenv/bin/python tests/lesson/parity/make_parity.py

Everything is float64. Weights keep PyTorch's names, shapes and (out, in) layout; a reader transposes them.

    activations.npz     x, d_output; {gelu,gelu_tanh,relu,erf}/{output,d_x}
    layer_norm.npz      x, d_output, weight, bias, output, d_x, d_weight, d_bias   (epsilon 1e-5)
    cross_entropy.npz   logits (B, T, V), targets (B, T), ignore_index; smoothing_{0.0,0.1,1.0}/{loss,d_logits}
    multi_head.npz      num_heads; x, source, d_output; padding (B, S) and causal (T, T), True = may attend;
                        params/<name>; {self,causal,cross}/{output,weights,d_x,d_source,grads/<name>}
                        self: no mask; causal: causal mask; cross: x to source, its padding (d_source here only)
    grouped_query.npz   q (B, H, T, K), k, v (B, G, S, K), d_output; output, d_q, d_k, d_v   (H = 2 G)
    adamw.npz           start/<name>, gradients/<name> (100, ...), after/<name> (100, ...) after each step, for weight
                        (5, 3) and bias (3,); lr, beta1, beta2, epsilon, weight_decay (of both parameters)

and, <norm> being pre or post, with ReLU, no dropout, epsilon 1e-5:

    encoder_layer_<norm>.npz   num_heads, x (B, S, D), padding (B, S), d_output; params/<name>; output, d_x,
                               grads/<name>
    decoder_layer_<norm>.npz   num_heads, x (B, T, D), memory (B, S, D), padding (B, S) of the memory, causal (T, T)
                               of x, d_output; params/<name>; output, d_x, d_memory, grads/<name>
    transformer_<norm>.npz     nn.Transformer, 2 + 2 layers and the two final norms it always has: num_heads, source
                               (B, S, D), target (B, T, D), padding (B, S) of the source, causal (T, T), d_output;
                               params/<name>; output, d_source, d_target, grads/<name>

<name> is PyTorch's name of a parameter. Key biases are zero: this package has none, and their gradient is zero.
In d_output stands the gradient that was sent back: loss = sum(output * d_output).
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).parent
B, H, T, S, D, F, V = 2, 3, 5, 7, 6, 11, 13
PADDING = np.arange(S) < np.array([[S], [4]])
CAUSAL = np.tril(np.ones((T, T), bool))
LAYER = {"d_model": D, "nhead": H, "dim_feedforward": F, "dropout": 0.0, "batch_first": True}


def save(name: str, **arrays) -> None:
    """Write arrays (tensors too) under their names."""
    plain = {key: value.detach().numpy() if isinstance(value, torch.Tensor) else value for key, value in arrays.items()}
    np.savez_compressed(HERE / f"{name}.npz", **plain)


def normal(*shape: int) -> torch.Tensor:
    """Draw inputs that remember their gradients."""
    return torch.randn(*shape, requires_grad=True)


def scrambled(module: nn.Module) -> nn.Module:
    """Move every parameter off its starting value: zeros and ones would hide mistakes."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
            if name.endswith("in_proj_bias"):
                parameter[D : 2 * D] = 0
    return module


def under(prefix: str, module: nn.Module, gradients: bool = False) -> dict:
    """Collect a module's parameters, or their gradients, under a prefix."""
    chosen = ((name, p.grad if gradients else p) for name, p in module.named_parameters())
    return {f"{prefix}/{name}": value.detach().numpy().copy() for name, value in chosen}


def gradients_of(inputs: list, output: torch.Tensor, d_output: torch.Tensor, module: nn.Module | None = None) -> list:
    """Send one gradient back; nothing of an earlier one remains."""
    for leaf in [*inputs, *(module.parameters() if module else [])]:
        leaf.grad = None
    output.backward(d_output)
    return [leaf.grad.clone() for leaf in inputs]


def activations() -> None:
    x = torch.cat([torch.linspace(-9, 9, 181), torch.randn(100), torch.tensor([1e-300, -1e-12, 1e-5])]).requires_grad_()
    d_output, arrays = torch.randn(len(x)), {}
    functions = {
        "relu": torch.relu,
        "erf": torch.erf,
        "gelu": nn.functional.gelu,
        "gelu_tanh": lambda x: nn.functional.gelu(x, approximate="tanh"),
    }
    for name, function in functions.items():
        output = function(x)
        (d_x,) = gradients_of([x], output, d_output)
        arrays |= {f"{name}/output": output, f"{name}/d_x": d_x}
    save("activations", x=x, d_output=d_output, **arrays)


def layer_norm() -> None:
    module, x, d_output = scrambled(nn.LayerNorm(D)), normal(B, T, D), torch.randn(B, T, D)
    output = module(x)
    (d_x,) = gradients_of([x], output, d_output, module)
    gradients = {"d_weight": module.weight.grad, "d_bias": module.bias.grad}
    save("layer_norm", x=x, d_output=d_output, **dict(module.named_parameters()), output=output, d_x=d_x, **gradients)


def cross_entropy() -> None:
    ignore_index, arrays = 0, {}
    logits, targets = (3 * torch.randn(B, T, V)).requires_grad_(), torch.randint(1, V, (B, T))
    targets[0, 3:] = targets[1, 0] = ignore_index
    for smoothing in (0.0, 0.1, 1.0):
        loss = nn.functional.cross_entropy(
            logits.transpose(1, 2), targets, ignore_index=ignore_index, label_smoothing=smoothing
        )
        (d_logits,) = gradients_of([logits], loss, torch.tensor(1.0))
        arrays |= {f"smoothing_{smoothing}/loss": loss, f"smoothing_{smoothing}/d_logits": d_logits}
    save("cross_entropy", logits=logits, targets=targets, ignore_index=ignore_index, **arrays)


def multi_head() -> None:
    module = scrambled(nn.MultiheadAttention(D, H, batch_first=True))
    x, source, d_output, arrays = normal(B, T, D), normal(B, S, D), torch.randn(B, T, D), under("params", module)
    calls = {
        "self": (x, {}),
        "causal": (x, {"attn_mask": torch.tensor(~CAUSAL)}),
        "cross": (source, {"key_padding_mask": torch.tensor(~PADDING)}),
    }
    for name, (attended, masks) in calls.items():
        output, weights = module(x, attended, attended, average_attn_weights=False, **masks)
        inputs = [x, source] if attended is source else [x]
        d_inputs = gradients_of(inputs, output, d_output, module)
        arrays |= {f"{name}/output": output, f"{name}/weights": weights, f"{name}/d_x": d_inputs[0]}
        arrays |= {f"{name}/d_source": d_inputs[1]} if attended is source else {}
        arrays |= under(f"{name}/grads", module, gradients=True)
    save("multi_head", num_heads=H, x=x, source=source, d_output=d_output, padding=PADDING, causal=CAUSAL, **arrays)


def grouped_query() -> None:
    q, k, v, d_output = normal(B, 6, T, 4), normal(B, 3, S, 4), normal(B, 3, S, 4), torch.randn(B, 6, T, 4)
    output = nn.functional.scaled_dot_product_attention(q, k, v, enable_gqa=True)
    d_q, d_k, d_v = gradients_of([q, k, v], output, d_output)
    save("grouped_query", q=q, k=k, v=v, d_output=d_output, output=output, d_q=d_q, d_k=d_k, d_v=d_v)


def adamw() -> None:
    settings = {"lr": 0.01, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-9, "weight_decay": 0.1}
    params = {"weight": normal(5, 3), "bias": normal(3)}
    arrays = {f"start/{name}": p.detach().numpy().copy() for name, p in params.items()}
    optimiser = torch.optim.AdamW(
        params.values(),
        lr=settings["lr"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        weight_decay=settings["weight_decay"],
    )
    gradients, after = {name: [] for name in params}, {name: [] for name in params}
    for _ in range(100):
        for name, p in params.items():
            p.grad = torch.randn_like(p) + 0.5 * p.detach()
            gradients[name].append(p.grad.numpy().copy())
        optimiser.step()
        for name, p in params.items():
            after[name].append(p.detach().numpy().copy())
    for name in params:
        arrays |= {f"gradients/{name}": np.stack(gradients[name]), f"after/{name}": np.stack(after[name])}
    save("adamw", **settings, **arrays)


def layers(norm: str) -> None:
    first = norm == "pre"
    memory, d_source, d_target = normal(B, S, D), torch.randn(B, S, D), torch.randn(B, T, D)
    x, pad, future = normal(B, T, D), torch.tensor(~PADDING), torch.tensor(~CAUSAL)
    fixed = {"num_heads": H, "padding": PADDING}

    encoder = scrambled(nn.TransformerEncoderLayer(**LAYER, norm_first=first))
    output = encoder(memory, src_key_padding_mask=pad)
    (d_x,) = gradients_of([memory], output, d_source, encoder)
    arrays = {**fixed, "x": memory, "d_output": d_source, "output": output, "d_x": d_x}
    save(f"encoder_layer_{norm}", **arrays, **under("params", encoder), **under("grads", encoder, gradients=True))

    fixed |= {"causal": CAUSAL, "d_output": d_target}
    decoder = scrambled(nn.TransformerDecoderLayer(**LAYER, norm_first=first))
    output = decoder(x, memory, tgt_mask=future, memory_key_padding_mask=pad)
    d_x, d_memory = gradients_of([x, memory], output, d_target, decoder)
    arrays = {**fixed, "x": x, "memory": memory, "output": output, "d_x": d_x, "d_memory": d_memory}
    save(f"decoder_layer_{norm}", **arrays, **under("params", decoder), **under("grads", decoder, gradients=True))

    whole = scrambled(nn.Transformer(**LAYER, num_encoder_layers=2, num_decoder_layers=2, norm_first=first))
    output = whole(memory, x, tgt_mask=future, src_key_padding_mask=pad, memory_key_padding_mask=pad)
    d_memory, d_x = gradients_of([memory, x], output, d_target, whole)
    arrays = {**fixed, "source": memory, "target": x, "output": output, "d_source": d_memory, "d_target": d_x}
    save(f"transformer_{norm}", **arrays, **under("params", whole), **under("grads", whole, gradients=True))


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    for make in (activations, layer_norm, cross_entropy, multi_head, grouped_query, adamw):
        make()
    for norm in ("pre", "post"):
        layers(norm)
