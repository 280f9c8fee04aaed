"""Rows behind the pages on PostgreSQL: drafts, and the quarantine for offering again."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import orjson

from adapters.store.drafts import Drafts
from adapters.store.shelf import PgShelves

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WHO, RECEIPT = UUID(int=1), UUID(int=2)


async def test_a_draft_is_kept_replaced_and_forgotten(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "INSERT INTO account (account_id, login, home_organisation, state) VALUES ($1, 'x', 'gemeente:GM0344', '{}')",
        WHO,
    )
    drafts = Drafts(pool)
    assert await drafts.of(WHO) is None
    await drafts.keep(WHO, {"wat": ["half"]}, AT)
    await drafts.keep(WHO, {"wat": ["'heel'"], "dienst": ["a", "b"]}, AT)
    kept = await drafts.of(WHO)
    assert kept is not None
    assert (kept.at, kept.fields) == (AT, {"wat": ["'heel'"], "dienst": ["a", "b"]})
    await drafts.forget(WHO)
    assert await drafts.of(WHO) is None


async def test_a_receipt_comes_off_the_shelf_as_it_came_in(pool: asyncpg.Pool) -> None:
    headers = {"ce-id": "1", "content-type": "application/json", "driehoek-formaat": "alertmanager"}
    await pool.execute(
        "INSERT INTO quarantine (receipt_id, source_id, organisation, received_at, reasons, headers, raw)"
        " VALUES ($1, 'zabbix', 'gemeente:GM0344', $2, '{}', $3::jsonb, $4)",
        RECEIPT,
        AT,
        orjson.dumps(headers).decode(),
        b"{",
    )
    shelves = PgShelves(pool)
    async with shelves.begin_shelf() as shelf:
        assert await shelf.take(RECEIPT, ["gemeente:GM0310"]) is None
        found = await shelf.take(RECEIPT, ["gemeente:GM0344"])
        await shelf.resent(RECEIPT, AT)
    assert found is not None
    assert (found.post.body, found.post.media_type, found.post.hint) == (b"{", "application/json", "alertmanager")
    assert found.post.headers == {"ce-id": "1"}
    async with shelves.begin_shelf() as shelf:
        again = await shelf.take(RECEIPT, ["gemeente:GM0344"])
    assert again is not None
    assert again.resent_at == AT
