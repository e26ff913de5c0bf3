"""Tie groups in place of ranks: methods that share a letter cannot be told apart."""

import dataclasses
from collections.abc import Sequence

from benchmark.protocol.statistics import tie_letters
from benchmark.report.outcomes import Outcomes
from benchmark.report.pairs import FOLDS, MCNEMAR, Pair
from benchmark.report.resampling import Resampled

LEVEL = 0.05
METRIC = "accuracy"
DECIDES = MCNEMAR
"""The test whose letters stand in the printed tables.

It keeps its level on simulated methods that are equally good, be they stable or not, and finds about twice as
much as five folds do (`python -m benchmark power`). The letters by folds stand beside it in ``ties.csv``.
"""


@dataclasses.dataclass(frozen=True)
class Tie:
    """A method's place among the others; the fields are the columns of ``ties.csv``.

    Attributes
    ----------
    stage, subset, test : str
        By which test methods were told apart: `DECIDES`, or the corrected resampled t-test over folds;
        p-values adjusted by Holm, .05.
    method : str
        From the best to the worst.
    accuracy : float
        Of the pooled predictions, mean over seeds.
    letters : str
        Two methods share one exactly where the test does not tell them apart; the best has ``a``.
    """

    stage: str
    subset: str
    test: str
    method: str
    accuracy: float
    letters: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Tie))


def tie_groups(outcomes: Outcomes, resampled: Resampled, pairs: Sequence[Pair]) -> list[Tie]:
    """Letters of all complete methods of one stage and subset, by each test."""
    accuracy = {m: resampled.metrics[m, METRIC].value or 0.0 for m in outcomes.methods}
    order = sorted(accuracy, key=lambda method: -accuracy[method])
    found = []
    for test in (DECIDES, FOLDS):
        of_test = [pair for pair in pairs if pair.test == test and pair.metric == METRIC]
        if not of_test:
            continue
        apart = [
            frozenset((pair.method_a, pair.method_b))
            for pair in of_test
            if pair.p_holm is not None and pair.p_holm <= LEVEL
        ]
        letters = tie_letters(order, apart)
        found += [
            Tie(outcomes.stage, outcomes.subset, test, method, accuracy[method], letters[method])
            for method in order
        ]
    return found


def printed_letters(ties: Sequence[Tie]) -> dict[tuple[str, str, str], str]:
    """The letters of the printed tables by stage, subset and method.

    Empty where all methods of a subset are tied: letters would say nothing.
    """
    found = {(t.stage, t.subset, t.method): t.letters for t in ties if t.test == DECIDES}
    several = {(stage, subset) for (stage, subset, _), letters in found.items() if letters != "a"}
    return {key: letters for key, letters in found.items() if key[:2] in several}
