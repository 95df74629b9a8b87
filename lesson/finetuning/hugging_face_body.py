"""The script that `hugging_face_script` writes, but for what differs from plan to plan."""

BODY = '''"""Fine-tune a DistilBERT classifier, phase after phase, each from the best weights of the one before.

    pip install torch transformers peft accelerate
    python this_script.py train.tsv test.tsv

Each line of the two files is a label (0, 1, ...), a tab, and a text.
"""

import argparse

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    EarlyStoppingCallback,
    Trainer,
    TrainingArguments,
)

CONSTANTS


class Texts(torch.utils.data.Dataset):
    """Labelled texts, as tokens padded to one length."""

    def __init__(self, path, tokenizer):
        with open(path, encoding="utf-8") as file:
            labels, texts = zip(*(line.rstrip("\\n").split("\\t", 1) for line in file if line.strip()))
        self.labels = torch.tensor([int(label) for label in labels])
        self.tokens = tokenizer(list(texts), truncation=True, padding=True, return_tensors="pt")

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, number):
        tokens = {name: self.tokens[name][number] for name in ("input_ids", "attention_mask")}
        return tokens | {"labels": self.labels[number]}


def level(name):
    """Say how high a parameter stands: 0 the embeddings, then the layers, on top the head."""
    if ".layer." in name:
        return int(name.split(".layer.")[1].split(".")[0]) + 1
    return 0 if "embeddings." in name else NUM_LAYERS + 1


def parameter_groups(model, rate, layer_decay):
    """Put together what moves at one rate; neither norms nor biases decay."""
    groups = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            is_spared = name.endswith("bias") or "norm" in name.lower()
            key = (rate * layer_decay ** (NUM_LAYERS + 1 - level(name)), 0.0 if is_spared else WEIGHT_DECAY)
            groups.setdefault(key, []).append(parameter)
    return [{"params": members, "lr": lr, "weight_decay": decay} for (lr, decay), members in groups.items()]


def run_phase(number, phase, model, train, test, output):
    """Train what a phase moves, and return the model with the best weights, an adapter merged."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(phase["frozen"])
    if phase["adapter"]:
        adapter = phase["adapter"]
        config = LoraConfig(
            r=adapter["r"], lora_alpha=adapter["lora_alpha"], target_modules=adapter["target_modules"], lora_dropout=0.0
        )
        model = get_peft_model(model, config)
    trainable = sum(each.numel() for each in model.parameters() if each.requires_grad)
    total = sum(each.numel() for each in model.parameters())
    print(f"phase {number}: trains {trainable:,} of {total:,} parameters", flush=True)
    arguments = TrainingArguments(
        output_dir=f"{output}/phase-{number}",
        learning_rate=phase["rate"],
        num_train_epochs=phase["epochs"],
        per_device_train_batch_size=BATCH,
        per_device_eval_batch_size=BATCH,
        gradient_accumulation_steps=ACCUMULATION,
        weight_decay=WEIGHT_DECAY,
        lr_scheduler_type="constant",
        max_grad_norm=1.0,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=True,
        metric_for_best_model="accuracy",
        greater_is_better=True,
        label_names=["labels"],
        report_to="none",
        seed=SEED,
    )
    optimiser = torch.optim.AdamW(parameter_groups(model, phase["rate"], phase["layer_decay"]))
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=train,
        eval_dataset=test,
        compute_metrics=lambda said: {"accuracy": float((said.predictions.argmax(-1) == said.label_ids).mean())},
        callbacks=[EarlyStoppingCallback(early_stopping_patience=PATIENCE)] if PATIENCE else [],
        optimizers=(optimiser, None),
    )
    trainer.train()
    print(f"phase {number}: accuracy {trainer.evaluate()['eval_accuracy']:.4f}", flush=True)
    return trainer.model.merge_and_unload() if phase["adapter"] else trainer.model


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--model", default=MODEL, help="a name on the hub, or a folder")
    parser.add_argument("--output", default="fine-tuned", help="the folder to write to")
    given = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(given.model)
    train, test = Texts(given.train, tokenizer), Texts(given.test, tokenizer)
    labels = int(max(train.labels.max(), test.labels.max())) + 1
    model = AutoModelForSequenceClassification.from_pretrained(given.model, num_labels=max(2, labels))
    for number, phase in enumerate(PHASES, start=1):
        model = run_phase(number, phase, model, train, test, given.output)
    model.save_pretrained(given.output)
    tokenizer.save_pretrained(given.output)


if __name__ == "__main__":
    main()
'''
