"""What leaves the house: only what every partner may see, of what is shared with them."""

from typing import get_args

import pytest

from domain import sharing
from domain.events.execution import AnyExecutionEvent
from domain.events.incident import AnyIncidentEvent
from domain.parties import Function
from domain.sharing_table import SEES, Kind, Relation
from domain.tlp import Tlp
from tests.builders import an_incident
from tests.facts_of_every_kind import EXECUTION_FACTS, INCIDENT_FACTS
from usecases.published import FIELDS, is_published, public_data

SHARED = INCIDENT_FACTS[:15]
"""Up to and with the crisis."""
PARTNERS = (
    (Relation.REGIO, Function.COORDINATOR),
    (Relation.POLITIE, Function.POLITIE),
    (Relation.OM, Function.OFFICIER),
)


def test_no_field_belongs_to_a_kind_that_one_of_the_partners_may_not_see() -> None:
    everybody = frozenset.intersection(*(SEES[partner] for partner in PARTNERS))
    hidden = {field for kind, fields in sharing.HIDDEN.items() if kind not in everybody for field in fields}
    assert {Kind.INCIDENT, Kind.EFFECTEN, Kind.TAKEN} <= everybody
    for fields in FIELDS.values():
        assert not fields & (hidden | {"rule", "supplier", "reason", "description", "contact", "text"})


def test_every_field_exists_on_a_fact_of_that_kind() -> None:
    kinds = {
        each.model_fields["type"].default: each for each in (*get_args(AnyIncidentEvent), *get_args(AnyExecutionEvent))
    }
    for kind, fields in FIELDS.items():
        assert fields <= kinds[kind].model_fields.keys()


@pytest.mark.parametrize("tlp", list(Tlp))
def test_only_what_partners_may_get_by_its_label(tlp: Tlp) -> None:
    incident = an_incident(*SHARED, tlp=tlp)
    published = [each.type for each in (*SHARED, *EXECUTION_FACTS) if is_published(incident, each.type)]
    assert bool(published) == (tlp not in (Tlp.RED, Tlp.AMBER_STRICT))
    assert "nl.incidenten.logboekregel-geschreven" not in published
    assert "nl.incidenten.kennisname-vastgesteld" not in published


def test_nothing_of_an_incident_that_is_not_shared_or_not_known() -> None:
    assert not is_published(an_incident(), "nl.incidenten.ernst-bepaald")
    assert not is_published(None, "nl.incidenten.ernst-bepaald")


def test_the_data_hold_only_the_fields_of_the_table() -> None:
    data = {"type": "nl.incidenten.melding-ontvangen", "services": ["a"], "intent_suspected": "ja", "supplier": "b"}
    assert public_data(data) == {"services": ["a"]}
