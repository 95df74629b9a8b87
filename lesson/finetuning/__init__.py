"""Fine-tuning: teach a trained model something new, moving only as much of it as a plan allows."""

from lesson.finetuning import methods
from lesson.finetuning.distilbert import (
    distilbert,
    distilbert_backward,
    distilbert_classifier,
    distilbert_classifier_backward,
    load_distilbert,
    load_distilbert_classifier,
)
from lesson.finetuning.hugging_face import hugging_face_script
from lesson.finetuning.lora import adapted, init_lora, merge_lora, merge_lora_backward, projections
from lesson.finetuning.measures import forgetting, weights_changed, weights_touched
from lesson.finetuning.parts import levels, part_names, part_paths
from lesson.finetuning.plan import read_playbook
from lesson.finetuning.resume import load_fine_tuning, load_model, save_fine_tuning
from lesson.finetuning.run import FineTuning, FineTuningState, Progress
from lesson.finetuning.words import describe_phases, describe_progress

__all__ = [
    "FineTuning",
    "FineTuningState",
    "Progress",
    "adapted",
    "describe_phases",
    "describe_progress",
    "distilbert",
    "distilbert_backward",
    "distilbert_classifier",
    "distilbert_classifier_backward",
    "forgetting",
    "hugging_face_script",
    "init_lora",
    "levels",
    "load_distilbert",
    "load_distilbert_classifier",
    "load_fine_tuning",
    "load_model",
    "merge_lora",
    "merge_lora_backward",
    "methods",
    "part_names",
    "part_paths",
    "projections",
    "read_playbook",
    "save_fine_tuning",
    "weights_changed",
    "weights_touched",
]
