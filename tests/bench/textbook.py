"""The same transformer as a textbook has it, to measure against: layers are objects, and a loop runs over the heads.

Plain good NumPy, nothing slowed down on purpose: whole batches, `@` for every product, no loop over examples or
positions. Every layer keeps what its backward pass needs, and holds each weight beside its gradient.
"""

import math

import numpy as np


class Parameter:
    """A weight and its gradient."""

    def __init__(self, value):
        self.value, self.gradient = value.copy(), np.zeros_like(value)


class Linear:
    def __init__(self, weight, bias=None):
        self.weight = Parameter(weight)
        self.bias = None if bias is None else Parameter(bias)

    def forward(self, x):
        self.x = x
        output = x @ self.weight.value
        return output if self.bias is None else output + self.bias.value

    def backward(self, d_output):
        rows = d_output.reshape(-1, d_output.shape[-1])
        self.weight.gradient = self.x.reshape(-1, self.x.shape[-1]).T @ rows
        if self.bias is not None:
            self.bias.gradient = rows.sum(axis=0)
        return d_output @ self.weight.value.T


class LayerNorm:
    def __init__(self, weight, bias):
        self.weight, self.bias = Parameter(weight), Parameter(bias)

    def forward(self, x):
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        self.deviation = np.sqrt(variance + 1e-5)
        self.normalised = (x - mean) / self.deviation
        return self.normalised * self.weight.value + self.bias.value

    def backward(self, d_output):
        self.weight.gradient = (d_output * self.normalised).sum(axis=(0, 1))
        self.bias.gradient = d_output.sum(axis=(0, 1))
        d = d_output * self.weight.value
        along = (d * self.normalised).mean(axis=-1, keepdims=True)
        return (d - d.mean(axis=-1, keepdims=True) - self.normalised * along) / self.deviation


class Embedding:
    def __init__(self, table):
        self.table = Parameter(table)
        self.scale = math.sqrt(table.shape[1])

    def forward(self, ids):
        self.ids = ids
        places, width = np.arange(ids.shape[1])[:, None], self.table.value.shape[1]
        angles = places / 10_000 ** (np.arange(0, width, 2) / width)
        waves = np.zeros((ids.shape[1], width))
        waves[:, 0::2], waves[:, 1::2] = np.sin(angles), np.cos(angles)
        return self.table.value[ids] * self.scale + waves

    def backward(self, d_output):
        self.table.gradient = np.zeros_like(self.table.value)
        np.add.at(self.table.gradient, self.ids, d_output * self.scale)


class Head:
    def __init__(self, query, key, value):
        self.query, self.key, self.value = query, key, value

    def forward(self, x, source, mask):
        self.q, self.k, self.v = self.query.forward(x), self.key.forward(source), self.value.forward(source)
        scores = self.q @ self.k.transpose(0, 2, 1) / math.sqrt(self.q.shape[-1])
        self.weights = softmax(np.where(mask, scores, -1e9))
        return self.weights @ self.v

    def backward(self, d_output):
        d_weights = d_output @ self.v.transpose(0, 2, 1)
        d_scores = self.weights * (d_weights - (d_weights * self.weights).sum(axis=-1, keepdims=True))
        d_scores /= math.sqrt(self.q.shape[-1])
        d_value = self.weights.transpose(0, 2, 1) @ d_output
        d_source = self.key.backward(d_scores.transpose(0, 2, 1) @ self.q) + self.value.backward(d_value)
        return self.query.backward(d_scores @ self.k), d_source


class MultiHeadAttention:
    def __init__(self, heads, output):
        self.heads, self.output = heads, output

    def forward(self, x, source, mask):
        return self.output.forward(np.concatenate([head.forward(x, source, mask) for head in self.heads], axis=-1))

    def backward(self, d_output):
        parts = np.split(self.output.backward(d_output), len(self.heads), axis=-1)
        d_x, d_source = zip(*(head.backward(part) for head, part in zip(self.heads, parts, strict=True)), strict=True)
        return sum(d_x), sum(d_source)


class FeedForward:
    def __init__(self, hidden, output):
        self.hidden, self.output = hidden, output

    def forward(self, x):
        self.bent = np.maximum(self.hidden.forward(x), 0)
        return self.output.forward(self.bent)

    def backward(self, d_output):
        return self.hidden.backward(self.output.backward(d_output) * (self.bent > 0))


class Layer:
    """Pre-norm: every sub-layer reads a normalised x and adds to x. A decoder's layer also reads a source."""

    def __init__(self, attention, attention_norm, feed, feed_norm, cross=None, cross_norm=None):
        self.attention, self.attention_norm = attention, attention_norm
        self.cross, self.cross_norm = cross, cross_norm
        self.feed, self.feed_norm = feed, feed_norm

    def forward(self, x, mask, source=None, source_mask=None):
        normed = self.attention_norm.forward(x)
        x = x + self.attention.forward(normed, normed, mask)
        if self.cross is not None:
            x = x + self.cross.forward(self.cross_norm.forward(x), source, source_mask)
        return x + self.feed.forward(self.feed_norm.forward(x))

    def backward(self, d):
        d = d + self.feed_norm.backward(self.feed.backward(d))
        d_source = 0
        if self.cross is not None:
            d_x, d_source = self.cross.backward(d)
            d = d + self.cross_norm.backward(d_x)
        d_query, d_keys = self.attention.backward(d)
        return d + self.attention_norm.backward(d_query + d_keys), d_source


class Stack:
    def __init__(self, embedding, layers, norm):
        self.embedding, self.layers, self.norm = embedding, layers, norm

    def forward(self, ids, *masks_and_source):
        x = self.embedding.forward(ids)
        for layer in self.layers:
            x = layer.forward(x, *masks_and_source)
        return self.norm.forward(x)

    def backward(self, d):
        d, total = self.norm.backward(d), 0
        for layer in reversed(self.layers):
            d, d_source = layer.backward(d)
            total = total + d_source
        self.embedding.backward(d)
        return total


class Transformer:
    def __init__(self, encoder, decoder, output):
        self.encoder, self.decoder, self.output = encoder, decoder, output

    def forward(self, source, target):
        source_mask = (source != 0)[:, None, :]
        causal = np.tril(np.ones((target.shape[1], target.shape[1]), bool)) & (target != 0)[:, None, :]
        memory = self.encoder.forward(source, source_mask)
        return self.output.forward(self.decoder.forward(target, causal, memory, source_mask))

    def backward(self, d_logits):
        self.encoder.backward(self.decoder.backward(self.output.backward(d_logits)))

    def loss_and_gradients(self, source, target):
        """Give the mean surprise at the next tokens, padding left out; the gradients stay in the parameters."""
        logits, answers = self.forward(source, target[:, :-1]), target[:, 1:]
        kept = answers != 0
        shares, rows = softmax(logits), np.arange(answers.size)
        d_logits = shares.copy()
        d_logits.reshape(len(rows), -1)[rows, answers.ravel()] -= 1
        self.backward(d_logits * kept[..., None] / kept.sum())
        right = shares.reshape(len(rows), -1)[rows, answers.ravel()]
        return -(np.log(right) * kept.ravel()).sum() / kept.sum()


class Adam:
    def __init__(self, parameters, rate, keep=(0.9, 0.999), epsilon=1e-8):
        self.parameters, self.rate, self.keep, self.epsilon, self.step = parameters, rate, keep, epsilon, 0
        self.means = [np.zeros_like(parameter.value) for parameter in parameters]
        self.squares = [np.zeros_like(parameter.value) for parameter in parameters]

    def update(self):
        self.step += 1
        b1, b2 = self.keep
        for parameter, mean, square in zip(self.parameters, self.means, self.squares, strict=True):
            mean += (1 - b1) * (parameter.gradient - mean)
            square += (1 - b2) * (parameter.gradient**2 - square)
            scale = np.sqrt(square / (1 - b2**self.step)) + self.epsilon
            parameter.value -= self.rate / (1 - b1**self.step) * mean / scale


def softmax(x):
    y = np.exp(x - x.max(axis=-1, keepdims=True))
    return y / y.sum(axis=-1, keepdims=True)
