"""Puts everything in one serve process together: door, pages, hub, live feed, health. Nothing starts here."""

import os
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from adapters.kafka.producer import Producer
from adapters.store.cards import PgCards
from adapters.store.doors import PgDoors
from adapters.store.listening import Wakeups
from adapters.store.readings import PgReadings
from adapters.store.spool import SpoolRows
from api.app import Web, create_app
from api.identity import CookieRules
from api.incidents import People
from api.signals import DoorDesk
from dashboards.app import create_renderer, create_router
from dashboards.hub import Hub
from usecases.access import sign_in
from usecases.access.sign_in import Access, Present
from usecases.door_numbers import DoorNumbers
from usecases.fresh_cards import fresh_cards
from usecases.known_sources import KnownSources
from usecases.picture import Picture
from usecases.quota import Quota
from usecases.reading import Desk
from usecases.receipt_wire import Wire
from usecases.receive import Door, DoorParts
from usecases.topics import Topic, name_of
from wiring.in_flight import in_flight_of
from wiring.kafka import connection_of
from wiring.parts import Parts, access_of
from wiring.processes.last_known import LastKnown
from wiring.processes.listening import Address
from wiring.processes.live_feed import LiveFeed
from wiring.processes.vitals import Screens, Vitals
from wiring.services.again import DoorAgain
from wiring.services.services import services

ACK_SECONDS = 2.0
"""The door waits half a second; a producer without an answer for this long is made anew."""
CHANNELS = ("events", "rights")


@dataclass(frozen=True)
class ReceivedTopic:
    """`usecases.receive.Queue` on the producer."""

    producer: Producer
    topic: str

    async def send(self, wire: Wire) -> None:
        """Wait for the acknowledgement."""
        await self.producer.send(self.topic, wire.key, wire.value, wire.headers)


@dataclass(frozen=True, kw_only=True)
class House:
    """What runs, and what must be closed at the end."""

    app: FastAPI
    hub: Hub
    feed: LiveFeed
    door: Door
    wakeups: Wakeups
    producer: Producer


def build(made: Parts, address: Address) -> House:
    """Everything of this process, on these parts."""
    access, mode = access_of(made), made.settings.mode
    producer = Producer(connection_of(made.settings), ack_seconds=ACK_SECONDS)
    doors = PgDoors(made.pool, process=f"serve-{os.getpid()}")
    door = _door(made, producer, doors)
    readings = PgReadings(made.pool, LastKnown(in_flight_of(made.settings, made.pool)))
    vitals = Vitals(made, readings)
    again = DoorAgain(door=door, clock=made.clock)
    offered = services(made, access, readings=readings, again=again, states=vitals.parts)
    renderer = create_renderer(offered)
    hub = Hub(offered, renderer, process=made.ids.new().hex[:12])
    vitals.screens = Screens(hub)
    wakeups = _wakeups(made)
    app = create_app(
        Web(
            door=DoorDesk(door=door, sources=KnownSources(access), quota=Quota(), receipts=doors, clock=made.clock),
            people=People(
                ctx=made.context,
                desk=Desk(readings=readings, rules=made.context.rules, clock=made.clock, mode=mode),
                origins=offered.site.origins,
            ),
            watch=vitals.watch(),
            who=partial(_present, access),
            cookie=CookieRules.of(mode=mode.value, secure=address.secure),
            pages=create_router(offered, renderer=renderer, hub=hub),
        )
    )
    feed = _feed(made, vitals.screens, wakeups)
    return House(app=app, hub=hub, feed=feed, door=door, wakeups=wakeups, producer=producer)


def _door(made: Parts, producer: Producer, doors: PgDoors) -> Door:
    topic = name_of(Topic.RECEIVED, made.settings.mode)
    parts = DoorParts(
        queue=ReceivedTopic(producer, topic),
        spool=SpoolRows(made.pool),
        bodies=doors,
        clock=made.clock,
        ids=made.ids,
    )
    return Door(parts, DoorNumbers(made.ids.new(), doors))


def _wakeups(made: Parts) -> Wakeups:
    url = made.settings.database_url
    return Wakeups(url.get_secret_value() if url else "", CHANNELS)


def _feed(made: Parts, screens: Screens, wakeups: Wakeups) -> LiveFeed:
    cards = PgCards(made.pool, made.settings.mode)
    picture = Picture(cards=cards, rules=made.context.rules, clock=made.clock)
    return LiveFeed(
        hub=screens,
        fresh=partial(fresh_cards, picture),
        log=cards,
        clock=made.clock,
        client=connection_of(made.settings).client_options(),
        topic=name_of(Topic.CARDS, made.settings.mode),
        events=wakeups.listener("events"),
        rights=wakeups.listener("rights"),
    )


async def _present(access: Access, token: str) -> Present:
    return await sign_in.present(access, token=token)
