"""Every registered method holds every demand of the contract, and each demand is broken by some method."""

import dataclasses
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmark.contract import checks
from benchmark.contract.checks import ContractError, Subject, checks_of
from benchmark.method import NotAvailable
from benchmark.registry import load_registry

METHODS = list(load_registry())

SHORT = {"CNN-weights": {"passes": 12}, "PCNN-weights": {"passes": 4}} | {
    f"{name}-weights": {"passes": 2} for name in ("2CONV-3FC", "3CONV-2FC", "3CONV-4FC")
}
"""Passes over the source: few, since how well a network has learned is of no matter here."""


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Subject]:
    """One subject a method; all share one folder, so images are drawn and features computed once."""
    folder = tmp_path_factory.mktemp("contract")
    known: dict[str, Subject] = {}

    def subject(name: str) -> Subject:
        if name not in known:
            imports = () if name in METHODS else ("toy_methods",)
            known[name] = Subject(load_registry(imports)[name], folder, imports, SHORT)
        return known[name]

    return subject


@pytest.fixture
def no_smuggled_labels() -> Iterator[None]:
    """What `FileSmuggler` leaves in the system's temporary folder is gone before and after."""
    from toy_methods import FileSmuggler  # not above: it registers the toys, and they hold no demand

    def clear() -> None:
        for path in Path(tempfile.gettempdir()).glob(f"{FileSmuggler.NAME}*"):
            path.unlink(missing_ok=True)

    clear()
    yield
    clear()


@pytest.mark.parametrize(
    ("method", "check"),
    [(spec.name, check) for spec in load_registry().values() for check in checks_of(spec)],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_method_holds(
    method: str, check: Callable[[Subject], None], subjects: Callable[[str], Subject]
) -> None:
    try:
        check(subjects(method))
    except NotAvailable as reason:
        pytest.skip(f"{method} {reason}")


@pytest.mark.parametrize(
    ("method", "check", "error", "message"),
    [
        ("FileSmuggler", checks.check_null, ContractError, "labels shuffled at random are predicted"),
        ("Transductive", checks.check_each_image_alone, ContractError, "scores one at a time differ"),
        ("Transductive", checks.check_test_images_unseen, ContractError, "with the other test images"),
        ("Restless", checks.check_repeats, ContractError, "two fits with the same random_state differ"),
        ("Clinging", checks.check_refit, ContractError, "a second fit differs from a first"),
        ("Sloppy", checks.check_inputs_unchanged, ContractError, "fit may not write into labels"),
        ("Sloppy", checks.check_probabilities, ContractError, "fit returns self; it returned NoneType"),
        ("Sloppy", checks.check_estimator, ContractError, "clone.. keeps every parameter"),
        ("Undeclared", checks.check_sealed, ContractError, "pixels of 33 x 33 were not prepared"),
        ("Failing", checks.check_sealed, ContractError, "ArithmeticError: this method always fails"),
        ("Fragile", checks.check_odd_images, ZeroDivisionError, "division by zero"),
        ("Fragile", checks.check_stored, AttributeError, "<lambda>"),
        ("Contrary", checks.check_one_class, ContractError, "trained on positives alone"),
    ],
)
def test_each_demand_can_be_broken(
    method: str,
    check: Callable[[Subject], None],
    error: type[Exception],
    message: str,
    subjects: Callable[[str], Subject],
    no_smuggled_labels: None,
) -> None:
    with pytest.raises(error, match=message):
        check(subjects(method))


def test_poison_is_tasted_where_test_labels_reach_the_method(
    subjects: Callable[[str], Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    import toy_methods

    subject = subjects("GlobalMemory")
    checks.check_test_labels_unseen(subject)

    def leaky(self: Subject, dataset: object, train: np.ndarray, test: np.ndarray) -> np.ndarray:
        method = self.build()
        toy_methods.MEMORY.update(zip(dataset.images._keys.tolist(), dataset.labels.tolist(), strict=True))  # type: ignore[attr-defined]
        return self.score(method.fit(dataset.images[train], dataset.labels[train]), dataset.images[test])  # type: ignore[attr-defined]

    monkeypatch.setattr(Subject, "run", leaky)
    with pytest.raises(ContractError, match="changed with the labels of the test images"):
        checks.check_test_labels_unseen(dataclasses.replace(subject))
