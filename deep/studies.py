"""Studies of the networks, made known without importing PyTorch."""

from collections.abc import Mapping

from benchmark.study import PROGRESSIVE, Arm, StudyTask, register_study
from deep.source_training import StudyTraining, training_pixels


@register_study(
    PROGRESSIVE,
    source="anps",
    extractors=training_pixels,
    settings=StudyTraining(),
    quick=StudyTraining(passes=6, fine_tuning_passes=1),
    libraries=("torch",),
)
def compare_progressive(task: StudyTask) -> Mapping[str, Arm]:
    """CNN, PCNN, and the same fine-tuning with random removal and with none (Algorithm 1)."""
    from deep.progressive_study import learn_arms

    return learn_arms(task)
