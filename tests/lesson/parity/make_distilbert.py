"""Freeze what transformers' own DistilBERT computes on random weights, so that the tests can compare without it.

    python -m venv /tmp/torchenv && /tmp/torchenv/bin/pip install torch==2.13.0 numpy==2.4.3 transformers==5.23.0
    /tmp/torchenv/bin/python tests/lesson/parity/make_distilbert.py

    distilbert.npz   num_heads, ids (B, S) padded with 0, d_hidden; params/<name>, float64;
                     hidden_float64, hidden_float32 (B, S, D), the latter with all weights in float32; grads/<name>;
                     d_logits, logits_float64, logits_float32 (B, L); logits_grads/<name>

<name> is that of DistilBertForSequenceClassification. In d_hidden and d_logits stand the gradients that were sent back,
from the hidden states (zero at padding) and from the classifier's head: grads and logits_grads are what came of them.
"""

from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from transformers import DistilBertConfig, DistilBertForSequenceClassification

torch.manual_seed(3)
CONFIG = DistilBertConfig(
    vocab_size=17, dim=12, n_layers=3, n_heads=3, hidden_dim=20, max_position_embeddings=9, attn_implementation="eager"
)
MODEL = DistilBertForSequenceClassification(CONFIG).double().eval()
with torch.no_grad():
    for parameter in MODEL.parameters():
        parameter.add_(0.3 * torch.randn_like(parameter))
IDS = np.array([[3, 1, 16, 4, 9, 2, 6], [5, 5, 11, 7, 0, 0, 0]])


def read(model):
    """Give the hidden states, with the graph behind them."""
    return model.distilbert(torch.tensor(IDS), attention_mask=torch.tensor(IDS != 0)).last_hidden_state


def classify(model):
    """Give the logits, with the graph behind them."""
    return model(torch.tensor(IDS), attention_mask=torch.tensor(IDS != 0)).logits


SINGLE, DOUBLE = read(deepcopy(MODEL).float()), read(MODEL)
D_HIDDEN = torch.randn_like(DOUBLE) * torch.tensor(IDS != 0)[..., None]
DOUBLE.backward(D_HIDDEN)
GRADS = {name: each.grad.numpy() for name, each in MODEL.named_parameters() if each.grad is not None}
MODEL.zero_grad(set_to_none=True)
SINGLE_LOGITS, LOGITS = classify(deepcopy(MODEL).float()), classify(MODEL)
D_LOGITS = torch.randn_like(LOGITS)
LOGITS.backward(D_LOGITS)
LOGITS_GRADS = {name: each.grad.numpy() for name, each in MODEL.named_parameters()}
np.savez_compressed(
    Path(__file__).with_name("distilbert.npz"),
    num_heads=CONFIG.n_heads,
    ids=IDS,
    d_hidden=D_HIDDEN.numpy(),
    hidden_float64=DOUBLE.detach().numpy(),
    hidden_float32=SINGLE.detach().numpy(),
    d_logits=D_LOGITS.numpy(),
    logits_float64=LOGITS.detach().numpy(),
    logits_float32=SINGLE_LOGITS.detach().numpy(),
    **{f"params/{name}": value for name, value in MODEL.state_dict().items()},
    **{f"grads/{name}": value for name, value in GRADS.items()},
    **{f"logits_grads/{name}": value for name, value in LOGITS_GRADS.items()},
)
