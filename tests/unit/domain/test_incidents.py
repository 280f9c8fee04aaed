"""The fold of an incident: every fact shows, repetition changes nothing, severity of signals never goes down."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import incident as facts
from domain.incidents import Incident, evolve, fold
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from tests.builders import DINSDAG_0900, a_rule, an_id, an_incident, minutes, recorded

SAMPLES: tuple[facts.AnyIncidentEvent, ...] = (
    facts.SignalenToegevoegd(
        count=3, total=3, first_at=DINSDAG_0900, last_at=DINSDAG_0900, digest="aa", rule=a_rule("zelfde-leverancier")
    ),
    facts.MeldingOntvangen(
        report_id=an_id(5),
        services=("burgerzaken", "zaaksysteem"),
        discovered_at=DINSDAG_0900 - minutes(5),
        intent_suspected="ja",
        personal_data="ja",
        others_hit="ja",
        supplier="leverancier-x",
        effects=("zorg",),
        severity=Severity.ERNSTIG,
    ),
    facts.ErnstBepaald(severity=Severity.WAAKZAAM, reason="Valt mee"),
    facts.StatusGewijzigd(
        status=Status.CRISIS, owner_organisation="gemeente:GM0344", owner_function="ciso", reason="Breidt uit"
    ),
    facts.RolBepaald(role=MunicipalRole.SLACHTOFFER, reason="Eigen dienst"),
    facts.LijnToegewezen(lane=Lane.EFFECT, organisation="vr:VR09", function="coordinator"),
    facts.KennisnameVastgesteld(regime="cbw", aware_at=DINSDAG_0900, reason="Belde"),
    facts.SignificantieBesloten(regime="cbw", outcome="ja", grounds=("uitval",), reason="Lang"),
    facts.MeldplichtIngediend(obligation="cbw.early_warning", submitted_at=DINSDAG_0900),
    facts.WaarschuwingGegeven(obligation="cbw.early_warning", steps=("50",)),
    facts.SamenvoegingVoorgesteld(other_incident=an_id(2), rule=a_rule()),
    facts.SamenvoegingBesloten(other_incident=an_id(2), accepted=True, reason="Zelfde"),
    facts.IncidentOpgenomen(
        other_incident=an_id(3),
        first_at=DINSDAG_0900 - minutes(20),
        last_at=DINSDAG_0900,
        signal_count=4,
        report_count=1,
        severity=Severity.VERSTOORD,
        effects=("water",),
        personal_data="onbekend",
        intent_suspected="nee",
    ),
    facts.DraaiboekVoorgesteld(playbook_id="leverancier", rule=a_rule()),
    facts.DraaiboekGestart(playbook_id="leverancier", execution_id=an_id(8)),
    facts.LogboekregelGeschreven(entry="feit", text="Gebeld"),
)
SILENT = (facts.LogboekregelGeschreven,)
"""They stand in the log and change nothing in the state."""


def test_every_event_type_has_a_sample() -> None:
    assert {type(sample) for sample in SAMPLES} | {facts.IncidentGeopend} == set(get_args(facts.AnyIncidentEvent))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_fact_shows_in_the_state(sample: facts.AnyIncidentEvent) -> None:
    before = an_incident()
    after = evolve(before, recorded(sample, 2))
    assert after is not None
    changed = after.model_copy(update={"version": before.version}) != before
    assert changed is not isinstance(sample, SILENT)


@given(st.lists(st.tuples(st.sampled_from(SAMPLES), st.integers(0, 20)), max_size=12))
def test_a_fact_that_arrives_again_changes_nothing(drawn: list[tuple[facts.AnyIncidentEvent, int]]) -> None:
    log = [recorded(event, version) for version, (event, _) in enumerate(drawn, start=2)]
    state: Incident | None = an_incident()
    for place, each in enumerate(log):
        state = evolve(state, each)
        state = evolve(state, log[drawn[place][1] % (place + 1)])
    expected: Incident | None = an_incident()
    for each in log:
        expected = evolve(expected, each)
    assert state == expected


def test_nothing_stands_before_the_opening() -> None:
    assert fold([recorded(SAMPLES[0])]) is None


def test_signals_and_reports_never_lower_the_severity() -> None:
    state = an_incident(SAMPLES[1], SAMPLES[0])
    low = facts.MeldingOntvangen.model_validate({**SAMPLES[1].model_dump(), "severity": Severity.WAAKZAAM})
    after = evolve(state, recorded(low, state.version + 1))
    assert after is not None
    assert after.severity is Severity.ERNSTIG


def test_a_yes_on_personal_data_stays() -> None:
    unknown = SAMPLES[1].model_copy(update={"personal_data": "onbekend", "intent_suspected": "nee"})
    state = an_incident(SAMPLES[1], unknown)
    assert (state.personal_data, state.intent_suspected) == ("ja", "ja")


def test_what_is_taken_in_moves_the_first_moment_back_and_adds_up() -> None:
    state = an_incident(SAMPLES[0], SAMPLES[12])
    assert state.signal_count == 7
    assert state.first_signal_at == DINSDAG_0900 - minutes(20)
    assert state.effects == ("water",)
