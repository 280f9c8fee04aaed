"""The published description: the same as the code, and in the form of the NL API Design Rules."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import description
from api.headers import VERSION
from tests.unit.api.site import Site

FILE = Path(__file__).parents[3] / "docs" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(description())


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in DOCUMENT["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


def test_the_file_is_what_the_code_says() -> None:
    assert FILE.read_text() == description()


async def test_everybody_may_read_it_at_its_place() -> None:
    async with Site().client() as nobody:
        answer: httpx.Response = await nobody.get("/v1/openapi.json")
    assert answer.json() == DOCUMENT
    assert answer.headers["access-control-allow-origin"] == "*"


def test_it_names_version_server_and_contact() -> None:
    assert DOCUMENT["info"]["version"] == VERSION
    assert DOCUMENT["servers"] == [{"url": "/v1"}]
    assert DOCUMENT["info"]["contact"].keys() == {"name", "url", "email"}


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_paths_are_kebab_case_without_a_slash_at_the_end(path: str) -> None:
    for segment in path.strip("/").split("/"):
        assert re.fullmatch(r"\{[^}]+\}|[a-z0-9-]+(\.json)?", segment)
    assert not path.endswith("/")


@pytest.mark.parametrize(("path", "verb", "operation"), list(operations()), ids=str)
def test_each_operation_documents_its_answers(path: str, verb: str, operation: dict[str, Any]) -> None:
    assert operation["summary"], (path, verb)
    for status, answer in operation["responses"].items():
        assert "API-Version" in answer["headers"]
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"]
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query":
            assert re.fullmatch(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*", parameter["name"])


def test_every_reference_leads_somewhere() -> None:
    for name in re.findall(r'"#/components/schemas/([^"]+)"', description()):
        assert name in DOCUMENT["components"]["schemas"]
