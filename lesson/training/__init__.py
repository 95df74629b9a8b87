"""How weights learn: optimisers, schedules, gradients, the loop and its checkpoints."""

from lesson.training.batches import shuffled
from lesson.training.checkpoints import load_checkpoint, load_training, save_checkpoint, save_training
from lesson.training.gradients import accumulated, clip, norm, split_batch
from lesson.training.groups import adamw_sparing, frozen, grouped, matching
from lesson.training.loop import NotFinite, Report, TrainingState, begin, train, train_steps
from lesson.training.optimisers import Optimiser, adam, adamw, momentum, sgd, still
from lesson.training.schedules import cosine, inverse_square_root, warm_up

__all__ = [
    "NotFinite",
    "Optimiser",
    "Report",
    "TrainingState",
    "accumulated",
    "adam",
    "adamw",
    "adamw_sparing",
    "begin",
    "clip",
    "cosine",
    "frozen",
    "grouped",
    "inverse_square_root",
    "load_checkpoint",
    "load_training",
    "matching",
    "momentum",
    "norm",
    "save_checkpoint",
    "save_training",
    "sgd",
    "shuffled",
    "split_batch",
    "still",
    "train",
    "train_steps",
    "warm_up",
]
