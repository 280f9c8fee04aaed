"""Which advisories concern a municipality, and which only look like it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.register import Item, Register, Service, Supplier
from signals.advisories import concern, maker_of, meaning
from signals.normal import NormalSignal

REGISTER = Register(
    municipality="GM0344",
    services={
        each.code: each
        for each in (
            Service(code="burgerzaken", name="Burgerzaken", supplier="centric"),
            Service(
                code="thuiswerken", name="Thuiswerken", supplier="citrix", products=("NetScaler ADC", "Apache Log4j")
            ),
            Service(code="website", name="Website", supplier="bouwer", critical=True, products=("NetScaler ADC 13.1",)),
        )
    },
    suppliers={
        each.code: each
        for each in (
            Supplier(code="centric", name="Centric B.V."),
            Supplier(code="citrix", name="Citrix"),
            Supplier(code="bouwer", name="IT"),
        )
    },
    items={
        "fw": Item(code="fw", name="fw1", service="burgerzaken", observables=("198.51.100.7",), products=("FortiOS",))
    },
)
ADVISORY = NormalSignal(
    format="csaf",
    source_key="a",
    signal_key="a",
    content_hash="a",
    observed_at=datetime(2026, 1, 1, tzinfo=UTC),
    is_advisory=True,
)


def found(*products: str, supplier: str | None = None, observables: tuple[str, ...] = ()) -> str | None:
    advisory = replace(ADVISORY, products=products, supplier=supplier, observables=observables)
    match = concern(advisory, REGISTER)
    return f"{match.service}: {match.because}" if match else None


@pytest.mark.parametrize(
    "product", ["NetScaler ADC", "Citrix NetScaler-ADC (12.1)", "netscaler   adc", "ＮｅｔＳｃａｌｅｒ ADC"]
)
def test_a_product_is_found_by_its_whole_words(product: str) -> None:
    assert found("iets", product) == "thuiswerken: NetScaler ADC"


def test_what_is_critical_goes_first() -> None:
    assert found("Citrix NetScaler ADC 13.1 build 2") == "website: NetScaler ADC 13.1"


@pytest.mark.parametrize(
    "product", ["NetScaler", "ADC NetScaler", "NetScaler ADCplus", "Apache", "Apache Log4j2", "Log4j", "MyFortiOS", ""]
)
def test_half_a_name_or_another_word_is_not_the_product(product: str) -> None:
    assert found(product) is None


def test_a_supplier_counts_for_services_without_products() -> None:
    assert found("Iets van anderen", supplier="Centric") == "burgerzaken: Centric B.V."
    assert found("Centric iBurgerzaken 4") == "burgerzaken: Centric B.V."
    assert found(supplier="CENTRIC Netherlands N.V.") == "burgerzaken: Centric B.V."
    assert found("Citrix Workspace", supplier="Citrix") is None
    assert found("Concentric X", supplier="Nieuw Centric") is None
    assert found("IT beheer", supplier="IT") is None


def test_addresses_items_and_a_service_that_is_named() -> None:
    assert found(observables=("198.51.100.7",)) == "burgerzaken: 198.51.100.7"
    assert found(observables=("198.51.100.70",)) is None
    assert found("Fortinet FortiOS 7.2") == "burgerzaken: FortiOS"
    named = concern(replace(ADVISORY, service="website"), REGISTER)
    assert named is not None
    assert named.service == "website"


def test_what_concerns_nobody_means_nothing_and_a_real_signal_always_something() -> None:
    assert meaning(ADVISORY, REGISTER) is None
    real = meaning(replace(ADVISORY, is_advisory=False), REGISTER)
    assert real is not None
    assert real.product is None
    hit = meaning(replace(ADVISORY, products=("FortiOS",)), REGISTER)
    assert hit is not None
    assert (hit.service, hit.supplier, hit.product) == ("burgerzaken", "centric", "FortiOS")


@pytest.mark.parametrize(
    ("name", "words"),
    [("Centric B.V.", ("centric",)), ("N.V. Nuon", ("nv", "nuon")), ("BV", ("bv",)), ("A Corp Ltd", ("a",))],
)
def test_the_name_of_a_maker(name: str, words: tuple[str, ...]) -> None:
    assert maker_of(name) == words
