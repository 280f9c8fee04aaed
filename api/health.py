"""`/health/live`, `/health/ready` and `/metrics`: for machines that watch us. They tell states, never content."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What health looks at. Each check answers True when its part can be used now.

    `needed` must all be true to be ready; `wished` (Kafka) may be away: people go on, signals are spooled.
    """

    needed: Mapping[str, Callable[[], Awaitable[bool]]]
    wished: Mapping[str, Callable[[], Awaitable[bool]]]
    figures: Callable[[], Awaitable[Mapping[str, float]]]


def create_router(watch: Watch) -> APIRouter:
    """Routes without sign-in; nothing here depends on Kafka or PostgreSQL being there."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health")
    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        needed = {name: await check() for name, check in watch.needed.items()}
        wished = {name: await check() for name, check in watch.wished.items()}
        good = all(needed.values())
        return JSONResponse(
            {"status": "ready" if good else "not-ready", "parts": {**needed, **wished}},
            status_code=200 if good else 503,
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(exposition(await watch.figures()), media_type=CONTENT_TYPE_LATEST)

    return router


def exposition(figures: Mapping[str, float]) -> bytes:
    """Figures in the Prometheus text format; the names and their meaning are in `METRICS`."""
    registry = CollectorRegistry()
    for name, value in figures.items():
        Gauge(f"driehoek_{name}", METRICS[name], registry=registry).set(value)
    return generate_latest(registry)


METRICS: Mapping[str, str] = {
    "receipts_received": "Receipts that were answered with 202",
    "receipts_read": "Receipts that were read",
    "receipts_quarantined": "Receipts in quarantine",
    "receipts_spooled": "Receipts waiting in the spool because Kafka was away",
    "receipts_in_flight": "Receipts in Kafka that intake has not read",
    "receipts_redelivered": "Copies of receipts that were already handled",
    "receipts_lost": "Receipts that Kafka threw away before they were read",
    "signals": "Signals found in what was read",
    "signals_in_incidents": "Signals that belong to an incident",
    "signals_noted": "Signals understood, nothing to raise",
    "signals_duplicates": "Signals that were repeats",
    "signals_refused_rows": "Rows that could not be read",
    "ledger_balanced": "1 when both balances are exact, 0 when signals are lost or doubled",
    "alarms": "Alarms that stand on the health page now",
    "canary_age_seconds": "Age of the canary that went through the whole chain",
    "websocket_viewers": "Open pages",
    "clock_skew_seconds": "Difference between this machine's clock and the database's",
    "relay_backlog": "Events that were not published to Kafka yet",
    "notices_waiting": "Messages that were not sent yet",
}
"""Every metric there is, with what it means; alarms are in infra/observability."""
