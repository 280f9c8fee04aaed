"""`serve`: the API, the pages and the websocket. It starts without Kafka, and without the database answers 503."""

import asyncio
import socket
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import structlog
import uvicorn
import uvloop
from typing_extensions import override

from adapters.kafka.producer import Producer
from adapters.store.heartbeats import Heartbeats
from domain.errors import AwayError, DriehoekError
from wiring.logs import configure
from wiring.output import stop as stop_with
from wiring.parts import Parts, parts
from wiring.processes.checks import check_database, check_out_of_reach, check_topics
from wiring.processes.house import House, build
from wiring.processes.listening import Address, address_of, listen
from wiring.settings import Settings
from wiring.supervisor import stop_requested
from wiring.together import first_of

LARGEST_FRAME = 64 * 1024
GRACE_SECONDS = 4
CHECK_SECONDS = 5.0
AGAIN_SECONDS = 2.0
BEAT_SECONDS = 5.0
CLOSE_SECONDS = 2.0
log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: we stop it, and clean up after it."""

    @contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield


def run(settings: Settings) -> None:
    """Serve until SIGTERM; one clear line and exit code 1 when something is set wrong."""
    configure(process="serve", level=settings.log_level)
    try:
        address = address_of(settings)
        with listen(address) as door:
            uvloop.run(_serve(settings, address, door))
    except* (DriehoekError, ValueError) as group:
        stop_with(str(first_of(group)))


async def _serve(settings: Settings, address: Address, door: socket.socket) -> None:
    stop = stop_requested()
    async with parts(settings, process="serve") as made:
        await _checked_once(made)
        house = build(made, address)
        server = Server(_config(settings, house, address))
        works = _works(made, house)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        stopping = asyncio.create_task(stop.wait())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait([serving, stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            server.should_exit = True
            await asyncio.gather(serving, return_exceptions=True)
            ended = [task for task in tasks if task.done()]
            await _closed(house, [stopping, *tasks])
        for task in ended:
            task.result()


def _works(made: Parts, house: House) -> Sequence[Coroutine[Any, Any, None]]:
    """What goes on beside answering. None of these ends by itself, unless something is set wrong."""
    return (
        house.hub.run(),
        house.feed.run(),
        house.door.keep(),
        house.wakeups.run(),
        _warm(house.producer),
        _beat(made),
        _check_later(made),
    )


def _config(settings: Settings, house: House, address: Address) -> uvicorn.Config:
    return uvicorn.Config(
        house.app,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=settings.trusted_proxy is not None,
        forwarded_allow_ips=settings.trusted_proxy or "",
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=settings.tls_cert if address.own_tls else None,
        ssl_keyfile=settings.tls_key if address.own_tls else None,
    )


async def _checked_once(made: Parts) -> bool:
    """Whether schema and mode are right. Raises what is set wrong; a database that is away is waited for."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check_database(made)
    except (AwayError, TimeoutError) as error:
        log.warning("database-not-checked", reason=type(error).__name__)
        return False
    return True


async def _check_later(made: Parts) -> None:
    """Check again until there is an answer: the database, then Kafka. Then wait for ever."""
    checked = False
    while True:
        checked = checked or await _checked_once(made)
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check_topics(made.settings)
                await check_out_of_reach(made)
        except (AwayError, TimeoutError) as error:
            log.warning("kafka-not-checked", reason=type(error).__name__)
        else:
            if checked:
                break
        await asyncio.sleep(AGAIN_SECONDS)
    await asyncio.Event().wait()


async def _warm(producer: Producer) -> None:
    """Connect to Kafka before the first signal comes; without it signals go to the spool."""
    while True:
        try:
            await producer.start()
        except DriehoekError as error:
            log.warning("kafka-not-reached", error_code=error.code)
        await asyncio.sleep(AGAIN_SECONDS)


async def _beat(made: Parts) -> None:
    hearts = Heartbeats(made.pool)
    while True:
        with suppress(DriehoekError):
            await hearts.beat("serve")
        await asyncio.sleep(BEAT_SECONDS)


async def _closed(house: House, tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """Let go of everything, within a bounded time."""
    for task in tasks:
        task.cancel()
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await asyncio.gather(*tasks, return_exceptions=True)
            await house.producer.stop()
