"""Rules propose from what has happened or can happen; they show what they used and what is missing; people decide."""

from dataclasses import replace

import pytest

from domain.duties.known_facts import KnownFacts
from domain.duties.proposal import facts_of, propose, reopen
from domain.severity import Severity
from tests.unit.domain.duties.test_vectors import REGIMES

CBW, GDPR, WWKE = (REGIMES.regime(each) for each in ("cbw", "gdpr", "wwke"))
NOTHING = KnownFacts()
SMALL = KnownFacts(outage_hours=1.0, expected_outage_hours=3.9, injury="nee", fits_budget="ja")


@pytest.mark.parametrize(
    ("known", "outcome", "ground"),
    [
        (NOTHING, None, None),
        (KnownFacts(outage_hours=3.9), None, None),
        (KnownFacts(outage_hours=4.0), "ja", "uitval-4-uur"),
        (KnownFacts(outage_hours=0.5, expected_outage_hours=4.0), "ja", "uitval-4-uur"),
        (KnownFacts(planned_maintenance="ja", outage_hours=9.0), "nee", None),
        (KnownFacts(fits_budget="nee"), "ja", "schade-boven-begroting"),
        (KnownFacts(injury="mogelijk"), "ja", "letsel-of-overlijden"),
        (KnownFacts(effects=("verkeer", "112")), "ja", "letsel-of-overlijden"),
        (KnownFacts(effects=("112",), injury="nee"), None, None),
        (KnownFacts(severity=Severity.ERNSTIG), "ja", "open-norm"),
        (SMALL, "nee", None),
        (replace(SMALL, fits_budget="onbekend"), None, None),
    ],
)
def test_an_incident_is_significant_by_what_it_led_or_can_lead_to(
    known: KnownFacts, outcome: str | None, ground: str | None
) -> None:
    proposal = propose(CBW, known)
    assert proposal.outcome == outcome
    assert proposal.grounds == ((ground,) if ground else ())
    assert (proposal.used is None) == (outcome is None)


@pytest.mark.parametrize(
    ("known", "outcome", "ground"),
    [
        (NOTHING, None, None),
        (KnownFacts(personal_data="nee"), "nee", "geen-persoonsgegevens"),
        (KnownFacts(personal_data="ja"), "ja", "risico-voor-personen"),
        (KnownFacts(personal_data="ja", risk_to_persons="hoog"), "ja", "hoog-risico"),
        (KnownFacts(personal_data="ja", risk_to_persons="onwaarschijnlijk"), "nee", "risico-onwaarschijnlijk"),
    ],
)
def test_a_breach_is_reported_unless_a_risk_is_unlikely(
    known: KnownFacts, outcome: str | None, ground: str | None
) -> None:
    proposal = propose(GDPR, known)
    assert (proposal.outcome, next(iter(proposal.grounds), None)) == (outcome, ground)


def test_a_proposal_shows_its_rule_its_version_and_what_it_used() -> None:
    used = propose(CBW, KnownFacts(outage_hours=5.5)).used
    assert used is not None
    assert (used.rule, used.version, used.inputs) == ("cbw-uitval", "1", {"outage_hours": "5.5"})
    assert used.explanation == "De dienst ligt al 4 uur of langer stil."
    several = propose(CBW, KnownFacts(effects=("zorg", "water"))).used
    assert several is not None
    assert several.inputs == {"effects": "zorg, water", "injury": "onbekend"}


def test_what_is_missing_is_asked() -> None:
    assert propose(WWKE, NOTHING).missing == ("essential_service",)
    assert propose(CBW, SMALL).missing == ("planned_maintenance",)
    assert propose(WWKE, KnownFacts(essential_service="ja")).missing == ()


def test_facts_that_change_ask_again_and_only_the_laws_that_use_them() -> None:
    later = replace(SMALL, expected_outage_hours=12.0)
    asked = reopen(CBW, SMALL, later)
    assert asked is not None
    assert (asked.changed, asked.proposal.outcome) == (("expected_outage_hours",), "ja")
    assert reopen(GDPR, SMALL, later) is None
    assert reopen(CBW, SMALL, SMALL) is None


def test_every_law_with_questions_uses_facts_and_explains_in_two_languages() -> None:
    for regime in REGIMES.regimes:
        assert bool(facts_of(regime)) == bool(regime.guide)
        for rule in regime.proposals:
            assert set(rule.explanation) == {"nl", "en"}
