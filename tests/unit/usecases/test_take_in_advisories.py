"""An advisory is noted where the register does not know its product, and raises something where it does."""

import json

import pytest

from domain.events.incident import IncidentGeopend
from domain.incidents import stream_of
from domain.register import Register
from tests.arriving import a_context, a_post, a_register, an_alert, bring, incidents
from tests.builders import UTRECHT
from tests.fakes import FakeRegisters, FakeStore
from usecases.context import Context
from usecases.intake_rows import Verdict


def an_advisory(product: str, *, version: str = "1") -> bytes:
    tree = {"full_product_names": [{"name": product, "product_id": "P1"}]}
    tracking = {"id": "A-1", "version": version, "current_release_date": "2026-11-24T08:00:00Z"}
    document = {"csaf_version": "2.0", "title": f"Lek in {product}", "tracking": tracking}
    return json.dumps({"document": document, "product_tree": tree}).encode()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def ctx(store: FakeStore) -> Context:
    made = a_context(store)
    known = a_register()
    services = dict(known.services)
    services["burgerzaken"] = services["burgerzaken"].model_copy(update={"products": ("NetScaler ADC",)})
    register = Register(municipality=UTRECHT, services=services, suppliers=known.suppliers, items=known.items)
    assert isinstance(made.registers, FakeRegisters)
    made.registers.registers[UTRECHT] = register
    return made


def verdicts(store: FakeStore) -> list[tuple[Verdict, str]]:
    return [(row.verdict, row.explanation) for row in store.rows.signals.values()]


async def test_what_matches_nothing_is_noted(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, an_advisory("Exchange Server 2019"), an_advisory("Exchange Server 2019"))

    assert [verdict for verdict, _ in verdicts(store)] == [Verdict.NOTED, Verdict.NOTED]
    assert "niet in uw register" in verdicts(store)[0][1]
    assert incidents(store) == []


async def test_a_product_of_the_register_opens_under_its_service_and_says_why(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, an_advisory("Citrix NetScaler ADC 13.1"))

    (incident,) = incidents(store)
    opened = store.events(stream_of(incident.incident_id))[0]
    assert isinstance(opened, IncidentGeopend)
    assert (opened.service, opened.supplier) == ("burgerzaken", "leverancier-a")
    assert opened.rule is not None
    assert opened.rule.inputs["product"] == "NetScaler ADC"


async def test_it_joins_what_is_open_about_that_service_and_a_later_version_joins_too(
    ctx: Context, store: FakeStore
) -> None:
    await bring(ctx, store, a_post(an_alert()), an_advisory("NetScaler ADC"), an_advisory("NetScaler ADC", version="2"))

    (incident,) = incidents(store)
    assert incident.signal_count == 3
    assert [verdict for verdict, _ in verdicts(store)] == [Verdict.IN_INCIDENT] * 3


async def test_the_same_advisory_twice_is_a_repeat(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, an_advisory("NetScaler ADC"), an_advisory("NetScaler ADC"))

    assert [verdict for verdict, _ in verdicts(store)] == [Verdict.IN_INCIDENT, Verdict.DUPLICATE]
