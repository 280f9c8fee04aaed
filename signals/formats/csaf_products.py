"""Which products a CSAF advisory is about: names of products and of their makers, out of its product tree."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from signals.formats.fields import name_in, names, object_in, objects_in
from signals.formats.reading import text_of
from signals.formats.vocabulary_suppliers import AFFECTED, REPAIRED

VEX = "csaf_vex"
NAMED = ("product_name", "product_family")
MOST_BRANCHES = 50_000


class Products:
    """The products of one advisory. Those that it says are not affected are left out."""

    def __init__(self, tree: Mapping[str, Any], vulnerabilities: Iterable[Mapping[str, Any]], category: str) -> None:
        self._concerned, self._told = _concerned(vulnerabilities, category)
        self._names: set[str] = set()
        self._vendors: set[str] = set()
        self._related = dict(_relations(tree))
        for names_above, product in _leaves(tree):
            self._add(names_above, product)

    @property
    def names(self) -> tuple[str, ...]:
        """Makers, products, maker with product, and full names; sorted, unique."""
        return names(self._names)

    @property
    def vendors(self) -> list[str]:
        """Makers of the products, sorted."""
        return sorted(self._vendors)

    def _add(self, above: Mapping[str, str], product: Mapping[str, Any]) -> None:
        own = text_of(product.get("product_id")) or ""
        ids = {own, *self._related.get(own, ())}
        if self._told and not ids & self._concerned:
            return
        vendor = above.get("vendor")
        products = [above[kind] for kind in NAMED if kind in above]
        self._vendors |= {vendor} if vendor else set()
        self._names |= {each for each in (vendor, name_in(product, "name"), *products) if each}
        self._names |= {f"{vendor} {each}" for each in products if vendor}


def _concerned(vulnerabilities: Iterable[Mapping[str, Any]], category: str) -> tuple[set[str], bool]:
    """Ids of products that are affected, and whether the advisory says so of any product.

    An advisory with only a repaired version is about everybody who has an older one; a VEX says it of that version.
    """
    wanted = AFFECTED if category == VEX else (*AFFECTED, *REPAIRED)
    found: set[str] = set()
    told = False
    for each in vulnerabilities:
        status = object_in(each, "product_status")
        told = told or bool(status)
        for name in wanted:
            ids = status.get(name)
            found |= {text_of(one) or "" for one in ids} if isinstance(ids, list) else set()
    return found - {""}, told


def _relations(tree: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Of each product the ids of the combinations in which it stands (`component X as part of Y`)."""
    found: dict[str, set[str]] = {}
    for each in objects_in(tree, "relationships", MOST_BRANCHES):
        combined = text_of(object_in(each, "full_product_name").get("product_id"))
        for name in ("product_reference", "relates_to_product_reference"):
            part = text_of(each.get(name))
            if combined and part:
                found.setdefault(part, set()).add(combined)
    yield from found.items()


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, str], Mapping[str, Any]]]:
    """Every product with the names of the branches above it, without recursion; the depth was checked in reading."""
    for product in objects_in(tree, "full_product_names", MOST_BRANCHES):
        yield {}, product
    waiting: list[tuple[Mapping[str, str], Mapping[str, Any]]] = [({}, tree)]
    while waiting:
        above, branch = waiting.pop()
        kind, name = name_in(branch, "category"), name_in(branch, "name")
        here = {**above, kind: name} if kind and name else above
        if "product" in branch:
            yield here, object_in(branch, "product")
        waiting += [(here, each) for each in objects_in(branch, "branches", MOST_BRANCHES)]
