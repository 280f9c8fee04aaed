"""E-mail by SMTP. The text holds a number, what to do and until when; never the content of a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

import aiosmtplib

from domain.errors import AwayError
from usecases.ports import Notice

TIMEOUT_SECONDS = 20


class MailAwayError(AwayError):
    """De mailserver neemt het bericht nu niet aan. Er volgt vanzelf een nieuwe poging."""

    code = "mail-niet-bereikbaar"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where and as whom mail is handed over."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = None


class MailChannel:
    """Hands a notice to one mail server."""

    name = "mail"

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, notice: Notice, *, message_id: str, addresses: Sequence[str]) -> None:
        """Hand over the message; MailAwayError on any refusal, because the queue tries again."""
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = ", ".join(addresses)
        mail["Subject"] = notice.subject
        mail["Message-ID"] = message_id
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 5: no auto-replies to this
        mail.set_content(notice.body)
        try:
            await aiosmtplib.send(
                mail,
                hostname=self._server.host,
                port=self._server.port,
                username=self._server.username,
                password=self._server.password,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailAwayError from error
