"""Every refusal there is leaves as a problem with a status, what happened, where, and what to do."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import adapters
import api
import dashboards
import domain
import playbooks
import signals
import usecases
from api.problems import STATUS, TITLES, TO_DO, status_of
from domain.errors import DriehoekError

PACKAGES = (domain, signals, playbooks, usecases, adapters, api, dashboards)


def _all(kind: type[DriehoekError]) -> Iterator[type[DriehoekError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _all(below)


def every_error() -> list[type[DriehoekError]]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    found = {each for each in _all(DriehoekError) if not each.__module__.startswith("tests")}
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: str(kind.__name__))
def test_a_refusal_has_a_status_a_code_and_a_sentence(kind: type[DriehoekError]) -> None:
    error = kind("x") if kind.__init__ is not DriehoekError.__init__ else kind()
    status = status_of(error)
    assert status in TITLES
    assert status in TO_DO
    assert status != 500
    assert error.code.replace("-", "").isalnum()
    assert (kind.__doc__ or "").strip().endswith((".", "?", "!"))


def test_narrow_classes_stand_before_wide_ones() -> None:
    kinds = list(STATUS)
    for place, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[place + 1 :]), kind
