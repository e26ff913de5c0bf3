"""What can be said of metrics and of their differences: intervals, tests, and ties instead of ranks.

Two kinds of interval, of two different things (`folds.OF`, `bootstrap.OF`):

- over *folds*, the corrected resampled t interval: of the method, were it trained anew on other images;
- over *images*, the BCa bootstrap of pooled out-of-fold predictions: of the models that were fitted here.
"""

from benchmark.protocol.statistics.bootstrap import bca_intervals
from benchmark.protocol.statistics.folds import (
    mean,
    paired_resampled_test,
    proportion_error,
    resampled_interval,
    standard_deviation,
)
from benchmark.protocol.statistics.mcnemar import mcnemar
from benchmark.protocol.statistics.ties import holm, tie_letters

__all__ = [
    "bca_intervals",
    "holm",
    "mcnemar",
    "mean",
    "paired_resampled_test",
    "proportion_error",
    "resampled_interval",
    "standard_deviation",
    "tie_letters",
]
