"""TLS in front of a PostgreSQL, as a pooler does it: the build in the wheel has none of its own."""

import asyncio
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.certificates import Certificates

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""What a client sends that wants TLS (PostgreSQL, message formats)."""
CHUNK = 65536


@contextmanager
def tls_front(port: int, behind: int, pem: Certificates) -> Iterator[None]:
    """Listen with TLS on `port` of loopback for the server on `behind`; who asks for no TLS is let go."""
    loop, listening = asyncio.new_event_loop(), threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem.certificate, pem.key)
    front = _Front(behind, context)

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(asyncio.start_server(front.serve, "127.0.0.1", port))
        listening.set()
        loop.run_forever()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    listening.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


class _Front:
    def __init__(self, behind: int, context: ssl.SSLContext) -> None:
        self._behind = behind
        self._context = context

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if await reader.readexactly(len(SSL_REQUEST)) == SSL_REQUEST:
                writer.write(b"S")
                await writer.start_tls(self._context)
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._behind)
                await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
