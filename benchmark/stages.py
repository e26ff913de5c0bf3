"""Where a method is tested, and which of the paper's tables that gives."""

from typing import Literal

Stage = Literal["source-test", "zero-transfer", "cross-validation"]

SOURCE_TEST: Stage = "source-test"
"""Untuned, on the part of the source that was held out: Tables 1 to 3."""

ZERO_TRANSFER: Stage = "zero-transfer"
"""Untuned, on every image of each subset of the target: Table 5."""

CROSS_VALIDATION: Stage = "cross-validation"
"""Fitted to the training folds, on the held-out fold: Table 6."""

STAGES: tuple[Stage, ...] = (SOURCE_TEST, ZERO_TRANSFER, CROSS_VALIDATION)
