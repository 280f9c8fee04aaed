"""`ledger`, `verify`, `rebuild`, `backup`, `restore`: whether everything is there, and getting it back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from wiring.commands.options import Data, Json, settings
from wiring.output import GOOD, NOT_GOOD, emit, say, stop
from wiring.settings import Settings

Anchor = Annotated[Path | None, typer.Option(help="controlepunten die een getuige bewaart, één JSON-object per regel")]
File = Annotated[Path, typer.Argument(help="bestand van de back-up")]
Result = dict[str, Any]
BROKER_SECONDS = 10.0


def ledger(data: Data = None, as_json: Json = False) -> None:
    """De twee balansen: elk ontvangstbewijs heeft een uitkomst, elk signaal een oordeel."""
    found = _run(_ledger(settings(data)))
    emit(found, as_json=as_json)
    raise typer.Exit(GOOD if found["balanced"] else NOT_GOOD)


def verify(data: Data = None, anchor: Anchor = None, as_json: Json = False) -> None:
    """Controleer of niemand het logboek heeft veranderd."""
    found = _run(_verify(settings(data), anchor))
    emit(found, as_json=as_json)
    raise typer.Exit(GOOD if found["ok"] else NOT_GOOD)


def rebuild(data: Data = None, as_json: Json = False) -> None:
    """Maak alle afgeleide rijen en kaarten opnieuw uit het logboek."""
    from wiring.maintenance import rebuild_all

    emit(_run(rebuild_all(settings(data))), as_json=as_json)


def backup(file: File, data: Data = None, as_json: Json = False) -> None:
    """Schrijf de hele database naar een bestand. Dit kan terwijl alles draait."""
    from wiring.maintenance import back_up

    emit(_run(back_up(settings(data), file.absolute())), as_json=as_json)


def restore(file: File, data: Data = None, as_json: Json = False) -> None:
    """Zet een back-up terug. Stop eerst `driehoek up` en alle processen."""
    from wiring.logs import configure
    from wiring.supervisor import AlreadyRunsError

    configure(process="restore", level="CRITICAL")  # a broker that starts is asked before it answers; that is no news
    if not file.exists():
        stop(f"Dit bestand is er niet: {file}")
    known = settings(data)
    try:
        found = _run(_restore(known, data.absolute() if data else None, file.absolute()))
    except AlreadyRunsError as error:
        stop(str(error))
    if not found["compared"]:
        say(f"Niet vergeleken met Kafka: {found['not_compared_because']}. Feiten van na de back-up zijn niet genoemd.")
    elif found["only_in_kafka"]:
        say(f"Kafka heeft {found['only_in_kafka']} feiten die de back-up niet heeft. Zie streams_only_in_kafka.")
    if found["held_notices"]:
        say(f"{found['held_notices']} berichten van voor de back-up worden niet verstuurd: ze kunnen al weg zijn.")
    if found["same_key"] is False:
        say("De controlepunten zijn met een andere sleutel gezet. Zet die sleutel ook terug; anders faalt `verify`.")
    emit(found, as_json=as_json)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """Do it; a fault is one clear line and exit code 1."""
    from domain.errors import DriehoekError

    try:
        return asyncio.run(work)
    except DriehoekError as error:
        stop(error.message)
    except TimeoutError:
        stop("Dit duurde te lang. Er is niets half gedaan.")
    except ValueError as error:  # a setting that this command needs is missing
        stop(str(error))


async def _ledger(known: Settings) -> Result:
    from adapters.store.connections import connected
    from adapters.store.readings import PgReadings
    from usecases.ledger import ledger as balances
    from wiring.in_flight import in_flight_of

    async with connected(_url(known), process="ledger") as pool:
        broker = _Broker(in_flight_of(known, pool))
        found = await balances(PgReadings(pool, broker))
    # What is still on its way can not make right what is right without it: `balanced` is true only when nothing is.
    unknown = {} if broker.answered else {"in_flight": None}
    return {**asdict(found.counted), **unknown, "balanced": found.balanced}


class _Broker:
    """Asks the broker what is on its way, for a bounded time; says so when it gives no answer."""

    def __init__(self, ask: Callable[[], Awaitable[int]]) -> None:
        self._ask = ask
        self.answered = False

    async def __call__(self) -> int:
        from domain.errors import AwayError

        try:
            async with asyncio.timeout(BROKER_SECONDS):
                found = await self._ask()
        except (AwayError, TimeoutError):
            say("Kafka antwoordt niet. Hoeveel ontvangsten nog onderweg zijn, is dus niet bekend.")
            return 0
        self.answered = True
        return found


async def _verify(known: Settings, anchor: Path | None) -> Result:
    from adapters.store.connections import connected, connection
    from adapters.store.signing import SigningKey
    from adapters.store.verify import Verifier
    from wiring.parts import rules

    key = SigningKey.read(known.signing_key) if known.signing_key else None
    if key is None:
        say("DRIEHOEK_SIGNING_KEY ontbreekt: handtekeningen zijn niet gecontroleerd.")
    async with connected(_url(known), process="verify") as pool, connection(pool) as sql:
        found = await Verifier(sql, key, _kept(anchor) if anchor else (), rules=rules()).run()
    return found.as_dict()


def _kept(anchor: Path) -> Sequence[Any]:
    from pydantic import ValidationError

    from domain.chain.checkpoint import Exported

    try:
        lines = [line for line in anchor.read_text().splitlines() if line.strip()]
        return [Exported.model_validate_json(line) for line in lines]
    except (OSError, ValidationError) as error:
        stop(f"Dit bestand met controlepunten is niet te lezen: {anchor} ({type(error).__name__})")


async def _restore(known: Settings, data: Path | None, file: Path) -> Result:
    from wiring.maintenance import restore as put_back
    from wiring.maintenance import servers_only

    async with servers_only(data):
        return await put_back(known, file)


def _url(known: Settings) -> str:
    return known.database_url.get_secret_value() if known.database_url else ""
