"""What a run is going to do, and what it is doing, in plain text."""

from lesson.finetuning.plan import Phase
from lesson.finetuning.run import FineTuning, Progress


def describe_phases(run: FineTuning) -> str:
    """Write a line for each phase: what stands still, how fast the rest moves, and how many numbers that are."""
    lines = []
    for phase, (trainable, total) in zip(run.plan.phases, run.count_trainable(), strict=True):
        pace = f"rate {phase.rate:g}" + (f", times {phase.layer_decay:g} a level" if phase.layer_decay < 1 else "")
        share = f"trains {trainable:,} of {total:,} parameters ({trainable / total:.1%})"
        lines.append(f"phase {phase.number}: {_what(phase)}, {pace}, {phase.epochs} epochs, {share}")
    return "\n".join(lines)


def describe_progress(run: FineTuning, progress: Progress) -> str:
    """Write one line about a step, with the score if an epoch ended with it."""
    phase, report = run.plan.phases[progress.phase - 1], progress.report
    where = f"phase {phase.number} of {len(run.plan.phases)}, epoch {progress.epoch} of {phase.epochs}"
    score = "" if report.score is None else f", {report.score:.1%} right"
    return f"{where}, step {report.step}: loss {report.loss:.4f}{score}"


def _what(phase: Phase) -> str:
    if phase.adapter is not None:
        return f"LoRA rank {phase.adapter.rank} on {'+'.join(phase.adapter.names)}, all else frozen"
    return "nothing frozen" if phase.frozen is None else f"{phase.frozen} frozen"
