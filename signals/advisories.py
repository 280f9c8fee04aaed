"""Whether an advisory concerns a municipality: its products and makers against the register. Pure, and bounded.

Names are compared as whole words, whatever case, punctuation and legal form. A product that the register names decides;
only services of which the register names no product are found by their supplier. Addresses and domains of the register
count as well. What matches nothing is noted.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.register import Register, Service
from signals import correlation
from signals.correlation import Meant
from signals.normal import NormalSignal

LONGEST_RUN = 8
"""Words in a row that a name of the register may have."""
MOST_WORDS = 30
SHORTEST = 3
"""A shorter name says too little to match by."""
WORD = re.compile(r"[^\W_]+")
LEGAL_FORMS = frozenset(
    {"bv", "nv", "vof", "inc", "incorporated", "ltd", "limited", "llc", "gmbh", "ag", "sa", "sas", "plc", "corp"}
    | {"corporation", "company", "co", "group", "groep", "holding", "international", "nederland"}
)
"""What follows the name of a company and does not tell it apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What an advisory touches here: the service, and the name by which it was found."""

    service: str | None
    supplier: str | None
    because: str


def meaning(signal: NormalSignal, register: Register) -> Meant | None:
    """What a signal means here; None when it is only noted: it is over or not real, or advice that concerns nothing."""
    if signal.is_noted:
        return None
    meant = correlation.meaning(signal, register)
    if not signal.is_advisory:
        return meant
    found = concern(signal, register)
    if found is None:
        return None
    return replace(
        meant, service=found.service or meant.service, supplier=found.supplier or meant.supplier, product=found.because
    )


def concern(signal: NormalSignal, register: Register) -> Concern | None:
    """The first service that the advisory touches: named, by product, by address, by supplier; critical ones first."""
    services = sorted(register.services.values(), key=lambda each: (not each.critical, each.code))
    return (
        _by_service(signal, register)
        or _by_product(signal, register, services)
        or _by_observable(signal, register)
        or _by_supplier(signal, register, services)
    )


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in one form: `NetScaler-ADC (13.1)` is netscaler, adc, 13, 1."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return tuple(WORD.findall(plain[:400])[:MOST_WORDS])


def maker_of(name: str) -> tuple[str, ...]:
    """The words of the name of a company, without its legal form: `Centric B.V.` is centric."""
    words = list(words_of(re.sub(r"\b(\w)\.(?=\w\b)", r"\1", name)))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return tuple(words)


def _by_service(signal: NormalSignal, register: Register) -> Concern | None:
    service = register.service(signal.service)
    return Concern(service=service.code, supplier=service.supplier, because=service.name) if service else None


def _by_product(signal: NormalSignal, register: Register, services: Sequence[Service]) -> Concern | None:
    items = sorted(register.items.values(), key=lambda each: each.code)
    named = [*(each.products for each in services), *(each.products for each in items)]
    wanted = {len(words_of(product)) for products in named for product in products}
    told = _runs(signal.products, wanted)
    for service in services:
        for product in service.products:
            if _is_told(product, told):
                return Concern(service=service.code, supplier=service.supplier, because=product)
    for item in items:
        for product in item.products:
            if _is_told(product, told):
                return _of_item(item.service, register, product)
    return None


def _by_observable(signal: NormalSignal, register: Register) -> Concern | None:
    seen = set(signal.observables)
    for item in sorted(register.items.values(), key=lambda each: each.code):
        for each in item.observables:
            if each.lower() in seen:
                return _of_item(item.service, register, each)
    return None


def _by_supplier(signal: NormalSignal, register: Register, services: Sequence[Service]) -> Concern | None:
    """Suppliers who are named as maker or publisher, or whose name begins the name of a product."""
    told = [maker_of(each) for each in (signal.supplier, *signal.products) if each]
    beginnings = {words[:length] for words in told for length in range(1, min(len(words), LONGEST_RUN) + 1)}
    for service in services:
        supplier = register.suppliers.get(service.supplier or "")
        if supplier is None or service.products:
            continue
        words = maker_of(supplier.name)
        if len("".join(words)) >= SHORTEST and words in beginnings:
            return Concern(service=service.code, supplier=supplier.code, because=supplier.name)
    return None


def _of_item(code: str | None, register: Register, because: str) -> Concern:
    service = register.services.get(code or "")
    return Concern(
        service=service.code if service else None, supplier=service.supplier if service else None, because=because
    )


def _is_told(product: str, told: frozenset[tuple[str, ...]]) -> bool:
    words = words_of(product)
    return len("".join(words)) >= SHORTEST and words in told


def _runs(products: Iterable[str], lengths: Iterable[int]) -> frozenset[tuple[str, ...]]:
    """Rows of whole words in these names, of these lengths: a name of the register is one of them, or is not told."""
    told = [words_of(name) for name in products]
    return frozenset(
        words[start : start + length]
        for length in lengths
        for words in told
        for start in range(len(words) - length + 1)
        if length <= LONGEST_RUN
    )
