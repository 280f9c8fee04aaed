"""The description of the topics is what the code says."""

from pathlib import Path

import yaml

from domain.events.table import EVENTS
from streams.asyncapi import document, text
from usecases.topics import Topic

FILE = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


def test_the_file_equals_the_code() -> None:
    assert FILE.read_text() == text(), "write it with: python -m streams.asyncapi > docs/asyncapi.yaml"


def test_every_topic_and_every_published_type_is_described() -> None:
    described = yaml.safe_load(FILE.read_text())
    assert described == document()
    assert set(described["channels"]) == {topic.value for topic in Topic}
    types = {name for name in EVENTS if not name.startswith("nl.organisaties.")}
    assert set(described["channels"]["incidents.events"]["messages"]) == types
    assert all(
        message.get("summary") or name == "kaart" for name, message in described["components"]["messages"].items()
    )
