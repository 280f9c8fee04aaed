"""The description of our topics (AsyncAPI 3.0), made from the code: event types, their fields and their docstrings."""

from collections.abc import Mapping
from typing import Any, get_args

import yaml

from domain.events.core import Event, Mode, beside_fields
from domain.events.destruction import Vernietigd
from domain.events.execution import AnyExecutionEvent
from domain.events.incident import AnyIncidentEvent
from domain.picture import Card
from usecases.cloudevents import DIGITS, NO_OIN, source_of
from usecases.published import FIELDS
from usecases.topics import KEPT, PARTITIONS, Topic, name_of

PUBLISHED_TYPES: tuple[type[Event], ...] = (*get_args(AnyIncidentEvent), *get_args(AnyExecutionEvent), Vernietigd)

TOPICS: Mapping[Topic, tuple[str, str]] = {
    Topic.RECEIVED: ("Receipts as a door took them: headers and raw bytes. Internal.", "source"),
    Topic.OVERFLOW: ("Receipts of a source above its quota, read with time left over. Internal.", "source"),
    Topic.ACCEPTED: ("Signals that were read, in the normal form.", "municipality"),
    Topic.QUARANTINED: ("Receipts that could not be read: reason and reference only.", "source"),
    Topic.EVENTS: (
        (
            "Every fact of incidents and playbooks in the order of its number per stream, at least once. Internal. "
            "Of TLP:RED a reference only (stroom, versie, type). A message with key `canary` is no event."
        ),
        "stream id",
    ),
    Topic.PUBLISHED: (
        "Facts of shared incidents, with the fields that every partner may see; never TLP:RED or TLP:AMBER+STRICT.",
        "incident id",
    ),
    Topic.CARDS: (
        (
            "Cards of the live picture. Keep the highest (epoch, number). No value = the card is empty; headers "
            "`epoch` and `number` say which version. A contribution with `reference` is restricted or large: fetch "
            "it under your own rights."
        ),
        "card id",
    ),
    Topic.CHECKPOINTS: ("Signed checkpoints over the log, for witnesses.", "`checkpoint`"),
}


def document() -> dict[str, Any]:
    """The whole description, as plain values."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Driehoek",
            "version": "1",
            "description": "Topics of one instance. The names begin with its mode: `live.` or `oefening.`.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {topic.value: _channel(topic) for topic in Topic},
        "operations": {
            f"{_id(topic)}": {"action": "send", "channel": {"$ref": f"#/channels/{topic.value}"}} for topic in Topic
        },
        "components": {"messages": _messages(), "schemas": {"CloudEvent": _attributes(), "Card": _card()}},
    }


def text() -> str:
    """The document as it stands in `docs/asyncapi.yaml`."""
    head = "# Made from the code by streams/asyncapi.py; a test compares the two.\n"
    return head + yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)


def _channel(topic: Topic) -> dict[str, Any]:
    description, key = TOPICS[topic]
    kept = KEPT[topic]
    return {
        "address": f"{{mode}}.{topic.value}",
        "parameters": {"mode": {"enum": [mode.value for mode in Mode]}},
        "description": f"{description} Example: `{name_of(topic, Mode.LIVE)}`. Key: {key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _names(topic)},
        "bindings": {
            "kafka": {
                "partitions": PARTITIONS,
                "topicConfiguration": {
                    "cleanup.policy": ["compact" if kept.compacted else "delete"],
                    "retention.ms": int(kept.config["retention.ms"]),
                },
            }
        },
    }


def _names(topic: Topic) -> list[str]:
    if topic is Topic.EVENTS:
        return [_type(each) for each in PUBLISHED_TYPES]
    if topic is Topic.PUBLISHED:
        return [f"gedeeld.{name}" for name in FIELDS]
    return ["kaart"] if topic is Topic.CARDS else []


def _messages() -> dict[str, Any]:
    by_name = {_type(each): each for each in PUBLISHED_TYPES}
    own = {name: _message(name, each, _fields(each)) for name, each in by_name.items()}
    shared = {
        f"gedeeld.{name}": _message(name, by_name[name], fields | {"happened_at"}) for name, fields in FIELDS.items()
    }
    card = {"name": "kaart", "contentType": "application/json", "payload": {"$ref": "#/components/schemas/Card"}}
    return {**own, **shared, "kaart": card}


def _message(name: str, kind: type[Event], fields: frozenset[str]) -> dict[str, Any]:
    schema = kind.model_json_schema(mode="serialization")
    data = {
        "type": "object",
        "properties": {key: value for key, value in schema["properties"].items() if key in fields},
        **({"$defs": schema["$defs"]} if "$defs" in schema else {}),
    }
    own = {"type": "object", "properties": {"type": {"const": name}, "data": data}, "required": ["data"]}
    return {
        "name": name,
        "summary": " ".join((kind.__doc__ or "").split()),
        "contentType": "application/cloudevents+json",
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, own]},
    }


def _fields(kind: type[Event]) -> frozenset[str]:
    """What leaves the log: not the type (an attribute) and not the texts beside it."""
    return frozenset(kind.model_fields) - {"type"} - frozenset(beside_fields(kind))


def _attributes() -> dict[str, Any]:
    text_ = {"type": "string"}
    return {
        "type": "object",
        "description": "CloudEvents 1.0, NL GOV profile, structured mode. `time` is the moment of recording.",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": {"type": "string", "examples": [source_of(NO_OIN)]},
            "type": text_,
            "time": {"type": "string", "format": "date-time"},
            "subject": {"type": "string", "description": "Stream of the fact."},
            "datacontenttype": {"const": "application/json"},
            "sequence": {
                "type": "string",
                "pattern": f"^[0-9]{{{DIGITS},}}$",
                "description": "Gapless number of the fact in this log, padded; there is no `sequencetype`.",
            },
            "streamversion": {"type": "integer"},
            "tlp": text_,
            "mode": {"enum": [mode.value for mode in Mode]},
            "runid": text_,
            "correlationid": text_,
            "causationid": text_,
            "traceparent": text_,
        },
        "required": [
            "specversion",
            "id",
            "source",
            "type",
            "time",
            "subject",
            "sequence",
            "streamversion",
            "tlp",
            "mode",
        ],
    }


def _card() -> dict[str, Any]:
    return Card.model_json_schema(mode="serialization")


def _type(kind: type[Event]) -> str:
    return str(kind.model_fields["type"].default)


def _id(topic: Topic) -> str:
    return topic.value.replace(".", "-")


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201 - `python -m streams.asyncapi > docs/asyncapi.yaml`
