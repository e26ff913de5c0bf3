"""Methods that are made from a name: too many to be listed one by one, such as all networks of a library."""

import dataclasses
from collections.abc import Callable

from benchmark.method import FAMILIES, Method, MethodSpec
from benchmark.stages import CROSS_VALIDATION, Stage


@dataclasses.dataclass(frozen=True)
class MethodKind:
    """Methods of one kind: ``torchvision:resnet50`` is one of ``torchvision``.

    Attributes
    ----------
    prefix : str
        What stands before the colon.
    family : str
        One of `benchmark.method.FAMILIES`.
    make : callable
        Returns a new, unfitted estimator for what stands behind the colon; raises `ParameterError` where that
        means nothing to it.
    stages, libraries, summary
        As in `MethodSpec`.
    """

    prefix: str
    family: str
    make: Callable[[str], Method]
    stages: tuple[Stage, ...] = (CROSS_VALIDATION,)
    libraries: tuple[str, ...] = ()
    summary: str = ""

    def method(self, name: str) -> MethodSpec:
        """The method of that name, without the prefix."""

        def factory() -> Method:
            return self.make(name)

        factory.__module__ = self.make.__module__
        return MethodSpec(
            name=f"{self.prefix}:{name}",
            family=self.family,
            factory=factory,
            stages=self.stages,
            libraries=self.libraries,
            summary=self.summary,
        )


_kinds: list[MethodKind] = []


def register_kind(
    prefix: str,
    *,
    family: str = "user",
    stages: tuple[Stage, ...] = (CROSS_VALIDATION,),
    libraries: tuple[str, ...] = (),
) -> Callable[[Callable[[str], Method]], Callable[[str], Method]]:
    """Make known how methods called ``prefix:NAME`` are made; decorates a function of NAME.

    The parameters are those of `benchmark.method.register`.

    Examples
    --------
    >>> @register_kind("blur", family="user")
    ... def blurred(name):
    ...     return make_pipeline(Blur(float(name)), LogisticRegression())
    """
    if family not in FAMILIES:
        raise ValueError(f"family {family!r} of {prefix}:NAME is unknown; use one of {', '.join(FAMILIES)}")

    def decorate(make: Callable[[str], Method]) -> Callable[[str], Method]:
        summary = (make.__doc__ or "").strip().partition("\n")[0]
        _kinds.append(MethodKind(prefix, family, make, tuple(stages), tuple(libraries), summary))
        return make

    return decorate


def registered_kinds() -> tuple[MethodKind, ...]:
    """All kinds registered so far."""
    return tuple(_kinds)
