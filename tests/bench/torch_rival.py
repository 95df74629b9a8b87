"""PyTorch's side of the race, on whatever Python has it: python torch_rival.py WEIGHTS.npz THREADS OPTIMISER

The model is nn.Transformer with this package's weights, in float64, eager, with the same loss and torch.optim.Adam
(OPTIMISER: "plain" as it comes, or "fused"). First it prints the loss; then, for every line read, "step" or "forward",
it does that once and prints the seconds. THREADS 0 leaves PyTorch its own number. Needs nothing of this repository.
"""

import math
import sys
import time

import numpy as np
import torch
from torch import nn


class Model(nn.Module):
    """nn.Transformer between two tables with sinusoids and an output layer."""

    def __init__(self, weights):
        super().__init__()
        vocabulary, width = weights["encoder/embedding/token/weight"].shape
        self.source, self.target = nn.Embedding(vocabulary, width), nn.Embedding(vocabulary, width)
        hidden = weights["encoder/0/feed_forward/hidden/weight"].shape[1]
        self.transformer = nn.Transformer(width, 4, 2, 2, hidden, dropout=0.0, batch_first=True, norm_first=True)
        self.output = nn.Linear(width, vocabulary)
        self.register_buffer("waves", sinusoids(64, width))
        load(self, weights)

    def forward(self, source, target):
        padding, scale = source == 0, math.sqrt(self.source.embedding_dim)
        x = self.source(source) * scale + self.waves[: source.shape[1]]
        y = self.target(target) * scale + self.waves[: target.shape[1]]
        causal = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
        return self.output(
            self.transformer(
                x,
                y,
                tgt_mask=causal,
                src_key_padding_mask=padding,
                tgt_key_padding_mask=target == 0,
                memory_key_padding_mask=padding,
            )
        )


def sinusoids(length, width):
    angles = torch.arange(length)[:, None] / 10_000 ** (torch.arange(0, width, 2) / width)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).reshape(length, width)


def load(model, weights):
    """Copy the weights to where PyTorch keeps them: (out, in), query, key and value in one; a key bias stays zero."""
    names = {"weight": "weight", "bias": "bias"}
    places = {model.source: "encoder/embedding/token", model.target: "decoder/embedding/token"}
    places[model.output] = "decoder/output"
    for part in ("encoder", "decoder"):
        stack = getattr(model.transformer, part)
        places[stack.norm] = f"{part}/norm"
        for number, layer in enumerate(stack.layers):
            at = f"{part}/{number}"
            places |= {layer.linear1: f"{at}/feed_forward/hidden", layer.linear2: f"{at}/feed_forward/output"}
            norms = ["attention_norm", "cross_attention_norm", "feed_forward_norm"][:: 1 if part == "decoder" else 2]
            places |= {getattr(layer, f"norm{i}"): f"{at}/{name}" for i, name in enumerate(norms, 1)}
            for attention, name in ((layer.self_attn, "attention"), (getattr(layer, "multihead_attn", None), "cross")):
                if attention is not None:
                    load_attention(attention, weights, f"{at}/{name.replace('cross', 'cross_attention')}")
                    places[attention.out_proj] = f"{at}/{name.replace('cross', 'cross_attention')}/output"
    with torch.no_grad():
        for module, at in places.items():
            for name in names:
                if f"{at}/{name}" in weights:
                    value = torch.tensor(weights[f"{at}/{name}"])
                    getattr(module, name).copy_(
                        value.T if isinstance(module, nn.Linear) and name == "weight" else value
                    )


def load_attention(attention, weights, at):
    parts = [torch.tensor(weights[f"{at}/{name}/weight"]).T for name in ("query", "key", "value")]
    biases = [torch.tensor(weights[f"{at}/{name}/bias"]) for name in ("query", "value")]
    with torch.no_grad():
        attention.in_proj_weight.copy_(torch.cat(parts))
        attention.in_proj_bias.copy_(torch.cat([biases[0], torch.zeros_like(biases[0]), biases[1]]))


def main(path, threads, optimiser):
    torch.set_default_dtype(torch.float64)
    if int(threads):
        torch.set_num_threads(int(threads))
    with np.load(path) as archive:
        weights = dict(archive)
    source, target = torch.tensor(weights.pop("source")), torch.tensor(weights.pop("target"))
    model = Model(weights)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True if optimiser == "fused" else None)

    def loss():
        logits = model(source, target[:, :-1])
        return nn.functional.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=0)

    def step():
        value = loss()
        adam.zero_grad()
        value.backward()
        adam.step()

    def forward():
        model.eval()
        with torch.no_grad():
            model(source, target[:, :-1])
        model.train()

    print(torch.__version__, torch.get_num_threads(), loss().item(), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        {"step": step, "forward": forward}[line.strip()]()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
