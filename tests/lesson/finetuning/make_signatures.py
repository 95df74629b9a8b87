"""Freeze which names transformers and peft know, so that the tests can compare without them.

python -m venv /tmp/torchenv && /tmp/torchenv/bin/pip install torch transformers==5.23.0 peft==0.21.2 accelerate
/tmp/torchenv/bin/python tests/lesson/finetuning/make_signatures.py
"""

import inspect
import json
from pathlib import Path

import peft
import transformers

KNOWN = (
    transformers.TrainingArguments,
    transformers.Trainer,
    transformers.EarlyStoppingCallback,
    peft.LoraConfig,
)
MODEL = transformers.DistilBertForSequenceClassification(
    transformers.DistilBertConfig(vocab_size=5, dim=4, n_layers=2, n_heads=2, hidden_dim=6, max_position_embeddings=3)
)
FROZEN = {
    "versions": {"transformers": transformers.__version__, "peft": peft.__version__},
    "keywords": {each.__name__: sorted(inspect.signature(each).parameters) for each in KNOWN},
    "imports": {
        module.__name__: [name for name in names if hasattr(module, name)]
        for module, names in {
            transformers: (
                *("AutoModelForSequenceClassification", "AutoTokenizer"),
                *("EarlyStoppingCallback", "Trainer", "TrainingArguments"),
            ),
            peft: ("LoraConfig", "get_peft_model"),
        }.items()
    },
    "parameters": {name: list(value.shape) for name, value in MODEL.state_dict().items()},
    "modules": [name for name, _ in MODEL.named_modules() if name],
}

if __name__ == "__main__":
    path = Path(__file__).with_name("hugging_face_names.json")
    path.write_text(json.dumps(FROZEN, indent=1) + "\n", encoding="utf-8")
