"""Which topics a cluster has, with the ids by which a topic that was made anew is told from the old one.

aiokafka speaks Metadata up to version 5, which knows no topic ids; version 12 (Kafka 2.8 and newer) does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

NAME = CompactString("utf-8")
UUID_BYTES = 16


class Uuid(AbstractType[UUID]):  # type: ignore[misc]  # the library has no types
    """A UUID as sixteen bytes."""

    @classmethod
    def encode(cls, value: UUID) -> bytes:
        """Write it."""
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        """Read it."""
        return UUID(bytes=data.read(UUID_BYTES))


class MetadataResponseV12(Response):  # type: ignore[misc]  # the library has no types
    """Brokers, cluster id, topics with ids and partitions."""

    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(("node_id", Int32), ("host", NAME), ("port", Int32), ("rack", NAME), ("tags", TaggedFields)),
        ),
        ("cluster_id", NAME),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("topic", NAME),
                ("topic_id", Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class MetadataRequestV12(RequestStruct):  # type: ignore[misc]  # the library has no types
    """The question by name; nothing is made by asking."""

    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 12
    RESPONSE_TYPE = MetadataResponseV12
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", Uuid), ("topic", NAME), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class MetadataRequest(Request[MetadataRequestV12]):  # type: ignore[misc]  # the library has no types
    """Ask about these topics."""

    API_KEY = 3

    def __init__(self, topics: Collection[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[MetadataRequestV12]) -> MetadataRequestV12:
        """The question in this version."""
        make, rights = False, False
        return request_struct_class([(UUID(int=0), name, {}) for name in self._topics], make, rights, {})


@dataclass(frozen=True, slots=True)
class TopicInfo:
    """A topic as the cluster knows it. `fault`: the class of the broker's error, None when it is well."""

    name: str
    topic_id: UUID
    leaders: tuple[int, ...]
    fault: type[errors.KafkaError] | None


@dataclass(frozen=True, slots=True)
class ClusterInfo:
    """A cluster and the topics that were asked about."""

    cluster_id: str
    topics: tuple[TopicInfo, ...]


async def metadata_of(admin: AIOKafkaAdminClient, topics: Collection[str]) -> ClusterInfo:
    """What the cluster says about these topics, those that are missing included."""
    answer: Any = await admin._send_request(MetadataRequest(sorted(topics)))  # noqa: SLF001 - there is no public way
    found = answer.to_object()
    return ClusterInfo(found["cluster_id"] or "", tuple(_topic(each) for each in found["topics"]))


def _topic(given: dict[str, Any]) -> TopicInfo:
    fault = errors.for_code(given["error_code"])
    return TopicInfo(
        name=given["topic"],
        topic_id=given["topic_id"],
        leaders=tuple(each["leader"] for each in given["partitions"]),
        fault=None if fault is errors.NoError else fault,
    )
