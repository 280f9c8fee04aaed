"""Signals as they arrive: alerts of a monitoring system in receipts, batches of them, and a context to take them in."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from adapters import packaged
from domain.incidents import Incident
from domain.register import Register, Service, Supplier
from tests.builders import DINSDAG_0900, UTRECHT, an_id
from tests.fakes import FakeClock, FakeIds, FakeRegisters, FakeStore
from usecases.context import Context, Rules
from usecases.receipts import Arrival, Batch, Receipt
from usecases.take_in import Taken, take_in

DOOR = an_id(7)
TOPIC = "live.signals.received"
GEMEENTE_UTRECHT = f"gemeente:{UTRECHT}"


def the_rules() -> Rules:
    """The packaged configuration."""
    return Rules(
        regimes=packaged.regimes(),
        calendar=packaged.calendar(),
        reference=packaged.reference(),
        catalogue=packaged.catalogue(),
        proposals=packaged.proposal_rules(),
    )


def a_register(municipality: str = UTRECHT) -> Register:
    """Three services: two of the same supplier, one of another."""
    services = (
        Service(code="burgerzaken", name="Burgerzaken", supplier="leverancier-a", aliases=("bz-prod",)),
        Service(code="belastingen", name="Belastingen", supplier="leverancier-a"),
        Service(code="zaaksysteem", name="Zaaksysteem", supplier="leverancier-b"),
    )
    return Register(
        municipality=municipality,
        services={each.code: each for each in services},
        suppliers={code: Supplier(code=code, name=code) for code in ("leverancier-a", "leverancier-b")},
        items={},
    )


def a_context(store: FakeStore, *municipalities: str) -> Context:
    """Fakes around this store, five minutes after the signals were seen."""
    registers = {code: a_register(code) for code in municipalities or (UTRECHT,)}
    return Context(
        store=store,
        registers=FakeRegisters(registers),
        clock=FakeClock(DINSDAG_0900 + timedelta(minutes=5)),
        ids=FakeIds(),
        rules=the_rules(),
    )


def an_alert(
    service: str = "burgerzaken", name: str = "Traag", *, at: datetime = DINSDAG_0900, **labels: str
) -> dict[str, Any]:
    """One alert. A label `status` says `resolved`."""
    status = labels.pop("status", "firing")
    return {
        "status": status,
        "labels": {"alertname": name, "service": service, "severity": "critical", **labels},
        "annotations": {"summary": name},
        "startsAt": at.isoformat(),
    }


def a_post(*alerts: Mapping[str, Any]) -> bytes:
    """What Alertmanager posts."""
    return json.dumps({"version": "4", "groupKey": "{}:{}", "receiver": "driehoek", "alerts": alerts}).encode()


def a_receipt(
    number: int, body: bytes, *, organisation: str = GEMEENTE_UTRECHT, source: str = "bron-1", door: UUID = DOOR
) -> Receipt:
    """One answered request."""
    return Receipt(
        door=door,
        number=number,
        receipt_id=an_id(door.int % 1000 * 1_000_000 + number),
        source_id=source,
        organisation=organisation,
        received_at=DINSDAG_0900 + timedelta(minutes=4),
        media_type="application/json",
        hint=None,
        headers={},
        body=body,
    )


def a_batch(receipts: Sequence[Receipt], *, read_from: int = 0, partition: int = 0) -> Batch:
    """A batch of these receipts, one message each."""
    arrivals = [Arrival(offset=offset, receipt=each) for offset, each in enumerate(receipts, start=read_from)]
    return Batch(
        topic=TOPIC, partition=partition, read_from=read_from, read_to=read_from + len(arrivals), arrivals=arrivals
    )


async def bring(ctx: Context, store: FakeStore, *posts: bytes) -> Taken:
    """Post these, one receipt each, behind what was taken in before."""
    place = store.rows.positions.get((TOPIC, 0), 0)
    receipts = [a_receipt(place + number, post) for number, post in enumerate(posts, start=1)]
    return await take_in(ctx, a_batch(receipts, read_from=place))


def incidents(store: FakeStore) -> Sequence[Incident]:
    """All incidents, oldest first."""
    return sorted(store.rows.incidents.values(), key=lambda each: each.number)
