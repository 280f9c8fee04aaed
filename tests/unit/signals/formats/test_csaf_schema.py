"""Our reading of advisories beside the official schema: what the schema takes, we take."""

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.conftest import SHARED
from tests.unit.signals.asking import reading
from tests.unit.signals.formats.test_mutations import changed, places

FOLDER = SHARED / "schemas" / "csaf"
SAMPLES = sorted((SHARED / "samples" / "signals" / "csaf").glob("*.json"))


@cache
def official() -> Draft202012Validator:
    """The official schema, with the schemas of CVSS that it refers to."""
    files = {path.name: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
    named = [(f"https://www.first.org/cvss/{name}", Resource.from_contents(each)) for name, each in files.items()]
    registry: Registry[Any] = Registry().with_resources(named)
    schema = files["csaf_json_schema.json"]
    return Draft202012Validator(schema, registry=registry)


@pytest.mark.shared
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_the_schema_takes_we_take(path: Any) -> None:
    whole = json.loads(path.read_text())
    assert official().is_valid(whole)
    taken = 0
    for place in places(whole)[1:]:
        less = changed(whole, place, None, remove=True)
        if official().is_valid(less):
            taken += 1
            assert reading(less).verdict == "accepted", place
    assert taken > 5


@pytest.mark.shared
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "place", [("document",), ("document", "title"), ("document", "tracking"), ("product_tree",), ("vulnerabilities",)]
)
def test_a_wrong_type_is_refused_by_both(path: Any, place: tuple[str, ...]) -> None:
    wrong = changed(json.loads(path.read_text()), place, [5], remove=False)
    assert not official().is_valid(wrong)
    assert reading(wrong).verdict == "quarantined"
