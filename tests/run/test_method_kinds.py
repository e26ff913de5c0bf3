"""Methods made from a name: found by it, not listed, and run like any other."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier

from benchmark.method import MethodSpec
from benchmark.method_kinds import MethodKind, register_kind
from benchmark.registry import Registry, UnknownMethodError
from benchmark.run.fingerprint import method_sources


def constant(share: str) -> DummyClassifier:
    """A constant answer."""
    return DummyClassifier(strategy="constant", constant=int(share))


REGISTRY = Registry(
    (MethodSpec("Plain", "user", DummyClassifier),), kinds=(MethodKind("constant", "user", constant),)
)


def test_a_name_makes_a_method() -> None:
    spec = REGISTRY["constant:1"]
    assert (spec.name, spec.family) == ("constant:1", "user")
    fitted = spec.build().fit(np.zeros((2, 1)), [0, 1])
    assert fitted.predict([[0.0]]).tolist() == [1]
    assert spec.build() is not spec.build()


def test_it_is_neither_listed_nor_counted() -> None:
    assert list(REGISTRY) == ["Plain"]
    assert len(REGISTRY) == 1


def test_its_source_is_that_of_the_function_that_makes_it() -> None:
    assert REGISTRY["constant:0"].factory.__module__ == __name__
    assert __name__ in method_sources(REGISTRY["constant:0"])


def test_an_unknown_prefix_is_answered_with_those_known() -> None:
    with pytest.raises(UnknownMethodError, match="constant:NAME"):
        REGISTRY["constnt:1"]


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="family 'strange'"):
        register_kind("x", family="strange")
