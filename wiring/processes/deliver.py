"""`deliver`: sends what waits. An exercise has no channel at all, so that no message of it can get out."""

import asyncio

import structlog

from adapters.mail import MailChannel, MailServer
from adapters.store.directory import PgDirectory
from adapters.store.listening import Wakeups
from adapters.store.message_rows import NoticeRows
from domain.errors import AwayError
from domain.events.core import Mode
from usecases.deliver import Channel, Delivery, send_due
from wiring.parts import Parts
from wiring.settings import Settings

AWAY_SECONDS = 2.0
log = structlog.get_logger()


def channel_of(settings: Settings) -> Channel | None:
    """The mail server of a live instance; None in an exercise, or when there is none: then the screen is all."""
    if settings.mode is Mode.OEFENING or settings.smtp_host is None:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    return MailChannel(
        MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_from,
            username=settings.smtp_username,
            password=password,
        )
    )


async def sending(made: Parts, wakeups: Wakeups) -> None:
    """Send, over and over; with the database away, wait and try again."""
    delivery = Delivery(
        queue=NoticeRows(made.pool),
        channel=channel_of(made.settings),
        directory=PgDirectory(made.pool),
        clock=made.clock,
    )
    while True:
        try:
            if not await send_due(delivery):
                await wakeups.wait("notices")
        except AwayError as error:
            log.warning("nothing sent, tries again", error_code=error.code)
            await asyncio.sleep(AWAY_SECONDS)
