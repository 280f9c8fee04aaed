"""Forms: each becomes one command; what is wrong stands beside its field and what was typed stays."""

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from domain.events import incident as facts
from domain.parties import Function
from domain.severity import Severity
from domain.status import Status
from domain.tasks import TaskState
from tests.builders import DINSDAG_0900, an_id, minutes
from tests.unit.dashboards.html import Page, faults, read
from tests.unit.dashboards.story import SUPPLIER, reported, running
from tests.unit.dashboards.world import CSRF, World
from usecases.receive import Post
from usecases.resend import Shelved

HOSTILE = "<script>alert(1)</script>\"'><b>\u202eomgekeerd"


async def post(browser: httpx.AsyncClient, address: str, fields: dict[str, Any], *, key: str = "k1") -> httpx.Response:
    """Send a form as our own page would."""
    body = urlencode({"csrf": CSRF, "sleutel": key, **fields}, doseq=True)
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": "http://driehoek.test"}
    return await browser.post(address, content=body, headers=headers)


def summary(page: Page) -> str:
    """The words of the error summary."""
    return page.by_id("fouten").text


async def test_a_report_opens_an_incident_and_says_what_to_do_now() -> None:
    world = World()
    async with world.client() as browser:
        await post(browser, "/melden/concept", {"wat": "half"})
        answer = await post(
            browser,
            "/melden",
            {
                "wat": "Inloggen burgerzaken werkt niet",
                "dienst": ["burgerzaken", "e-mail"],
                "wanneer": "uur",
                "gegevens": "ja",
                "gevolg": ["112"],
            },
        )
        assert answer.status_code == 303
        page = read((await browser.get(answer.headers["location"])).text)
    incident = world.incident
    assert incident.services == ("burgerzaken", "e-mail")
    assert incident.first_signal_at == DINSDAG_0900 - minutes(60)
    assert incident.severity is Severity.ERNSTIG
    assert world.drafts.kept == {}
    shown = page.by_id("main").text
    for words in (incident.number, "Isoleer", "Maak back-ups los", "Bewaar bewijs", "070 204 55 11", "020 555 01 10"):
        assert words in shown
    assert "functionaris gegevensbescherming" in shown
    assert "als u dit om 08:00 wist" in shown


async def test_the_likely_open_incident_is_shown_before_sending_and_chosen_it_joins() -> None:
    world = World()
    incident_id = await reported(world)
    fields = {"wat": "Ook hier stuk", "dienst": ["burgerzaken"]}
    async with world.client(Function.PROCESEIGENAAR) as browser:
        first = await post(browser, "/melden", fields)
        page = read(first.text)
        assert first.status_code == 200
        assert "nog niet verstuurd" in page.by_id("waarschijnlijk").text
        assert page.by_id("wat").text == "Ook hier stuk"
        assert len(world.store.rows.incidents) == 1
        second = await post(browser, "/melden", {**fields, "hoort-bij": str(incident_id)}, key="k2")
        assert second.headers["location"] == f"/incidenten/{incident_id}/gemeld"
        shown = (await browser.get(second.headers["location"])).text
    assert world.incident.report_count == 2
    assert "dat al openstond" in shown


async def test_a_report_that_is_something_else_opens_its_own_with_a_merge_proposal() -> None:
    world = World()
    first = await reported(world)
    async with world.client() as browser:
        await post(browser, "/melden", {"wat": "Anders", "dienst": ["burgerzaken"], "hoort-bij": "nieuw"})
    other = next(each for each in world.store.rows.incidents.values() if each.incident_id != first)
    assert [merge.other_incident for merge in other.merges] == [first]


async def test_what_is_wrong_in_a_report_leads_to_its_field_and_what_was_typed_stays() -> None:
    world = World()
    async with world.client() as browser:
        typed = {"wat": "", "wanneer": "eerder", "eerder": "2031-01-01T00:00", "dienst": ["e-mail"], "anderen": "ja"}
        answer = await post(browser, "/melden", typed)
    page = read(answer.text)
    assert answer.status_code == 400
    assert faults(page) == []
    links = [each["href"] for each in page.all("a") if "ul" in each.inside and each["href"].startswith("#")]
    assert links == ["#wat", "#eerder"]
    checked = {(each["name"], each["value"]) for each in page.all("input") if "checked" in each.attributes}
    assert {("dienst", "e-mail"), ("anderen", "ja"), ("wanneer", "eerder")} <= checked
    assert page.by_id("eerder")["value"] == "2031-01-01T00:00"
    assert world.store.rows.incidents == {}


async def test_a_draft_comes_back_and_tells_the_proposed_severity() -> None:
    world = World()
    async with world.client() as browser:
        answer = await post(browser, "/melden/concept", {"wat": "Half af", "dienst": ["e-mail"]})
        assert answer.json() == {"at": "09:00:00", "proposal": "Verstoord"}
        page = read((await browser.get("/melden")).text)
    assert page.by_id("wat").text == "Half af"
    assert "09:00" in page.by_id("draft-state").text


@pytest.mark.parametrize(
    ("act", "fields", "event"),
    [
        (
            "status",
            {"status": "bevestigd", "eigenaar": "gemeente:GM0344/ciso", "gebeurd": "2026-11-24T08:30"},
            facts.StatusGewijzigd,
        ),
        ("ernst", {"ernst": "waakzaam"}, facts.ErnstBepaald),
        ("rol", {"rol": "betrokkene"}, facts.RolBepaald),
        ("lijn", {"lijn": "bron", "eigenaar": "politie:RE03/teamchef-politie"}, facts.LijnToegewezen),
        ("kennisname", {"regime": "cbw", "kennisname": "2026-11-24T08:50"}, facts.KennisnameVastgesteld),
        ("significantie", {"regime": "gdpr", "uitkomst": "nee"}, facts.SignificantieBesloten),
        (
            "ingediend",
            {"plicht": "cbw.early_warning", "ingediend": "2026-11-24T08:59", "kenmerk": "M-1"},
            facts.MeldplichtIngediend,
        ),
        ("draaiboek", {"draaiboek": SUPPLIER}, facts.DraaiboekGestart),
        ("logboek", {"soort": "besluit", "tekst": "Noodbalie open"}, facts.LogboekregelGeschreven),
    ],
)
async def test_each_form_of_the_incident_page_is_one_command(act: str, fields: dict[str, str], event: type) -> None:
    world = World()
    incident_id = await reported(world)
    async with world.client() as browser:
        answer = await post(browser, f"/incidenten/{incident_id}/{act}", {"reden": "Omdat", **fields})
        page = await browser.get(answer.headers["location"])
    assert answer.status_code == 303
    assert page.status_code == 200
    found = [each for each in world.store.events(f"incident:{incident_id}") if isinstance(each, event)]
    assert len(found) == 1
    if act == "status":
        assert found[0].happened_at == DINSDAG_0900 - minutes(30)


@pytest.mark.parametrize(
    ("act", "fields", "field", "words"),
    [
        ("status", {"status": "crisis", "eigenaar": ""}, "status-eigenaar", "Kies wie de eigenaar is"),
        ("ernst", {"ernst": "waakzaam", "reden": ""}, "ernst-reden", "Geef een reden"),
        (
            "kennisname",
            {"vorm": "kennisname-cbw", "regime": "cbw", "kennisname": ""},
            "kennisname-cbw-kennisname",
            "tot nu",
        ),
        (
            "significantie",
            {"vorm": "significantie-cbw", "regime": "cbw", "uitkomst": "", "reden": "Omdat"},
            "significantie-cbw-uitkomst",
            "Maak een keuze",
        ),
        ("logboek", {"soort": "feit", "tekst": ""}, "logboek-tekst", "Schrijf de regel"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(act: str, fields: dict[str, str], field: str, words: str) -> None:
    world = World()
    incident_id = await reported(world)
    async with world.client() as browser:
        answer = await post(browser, f"/incidenten/{incident_id}/{act}", {"reden": "Mijn reden", **fields})
    page = read(answer.text)
    assert answer.status_code == 400
    assert faults(page) == []
    assert words in page.by_id(f"{field}-fout").text
    assert page.by_id(field)["name"]
    assert words in summary(page)


async def test_a_refusal_of_the_domain_keeps_what_was_typed() -> None:
    world = World()
    incident_id = await reported(world)
    typed = {
        "vorm": "significantie-cbw",
        "regime": "cbw",
        "uitkomst": "ja",
        "grond": "letsel-of-overlijden",
        "reden": HOSTILE,
    }
    async with world.client(language="en") as browser:
        answer = await post(browser, f"/incidenten/{incident_id}/significantie", typed)
    page = read(answer.text)
    assert answer.status_code == 409
    assert "First record since when you knew this" in summary(page)
    assert page.by_id("significantie-cbw-reden").text == " ".join(HOSTILE.split())
    assert "open" in page.by_id("significantie-cbw").attributes
    checked = [each["value"] for each in page.all("input") if each["name"] == "grond" and "checked" in each.attributes]
    assert checked == ["letsel-of-overlijden"]


async def test_a_task_is_seen_finished_skipped_or_refused() -> None:
    world = World()
    await running(world)
    mine = [task for task in world.store.rows.tasks.values() if task.function == "ciso"]
    async with world.client() as browser:
        for number, (task, state) in enumerate(zip(mine, ("gezien", "overgeslagen", "kan-niet"), strict=False)):
            answer = await post(
                browser, f"/taken/{task.task_key}", {"antwoord": state, "reden": "Omdat"}, key=str(number)
            )
            assert answer.headers["location"] == f"/taken?gedaan={state}"
            assert world.store.rows.tasks[task.task_key].state == TaskState(state)
        refused = await post(browser, f"/taken/{mine[0].task_key}", {"antwoord": "overgeslagen", "reden": ""}, key="x")
    page = read(refused.text)
    assert faults(page) == []
    assert "Geef een reden" in page.by_id("taak-reden-fout").text


async def test_a_choice_of_a_task_goes_to_the_playbook_as_it_was_written() -> None:
    world = World()
    await running(world)
    task = next(each for each in world.store.rows.tasks.values() if "__aanval__" in each.out_args)
    async with world.client() as browser:
        page = read((await browser.get(f"/taken/{task.task_key}")).text)
        options = [each["value"] for each in page.all("input") if each["name"] == "uit-__aanval__"]
        await post(
            browser, f"/taken/{task.task_key}", {"antwoord": "klaar", "uit-__aanval__": "ja", "uit-__prognose__": ""}
        )
        again = await browser.get(f"/taken/{task.task_key}")
    assert options == ["ja", "nee", "onbekend"]
    execution, _ = world.store.rows.executions[task.execution_id]
    assert "ja" in execution.variables.values()
    assert "al beantwoord" in again.text


async def test_the_same_form_twice_is_one_act() -> None:
    world = World()
    incident_id = await reported(world)
    async with world.client() as browser:
        for _ in range(2):
            await post(browser, f"/incidenten/{incident_id}/ernst", {"ernst": "waakzaam", "reden": "Omdat"})
    found = [each for each in world.store.events(f"incident:{incident_id}") if isinstance(each, facts.ErnstBepaald)]
    assert len(found) == 1


@pytest.mark.parametrize(
    "guard",
    [{"csrf": "wrong"}, {"csrf": ""}, {"origin": "http://evil.test"}],
)
async def test_a_form_of_another_site_is_refused_and_nothing_is_done(guard: dict[str, str]) -> None:
    world = World()
    incident_id = await reported(world)
    body = urlencode({"csrf": guard.get("csrf", CSRF), "sleutel": "k", "ernst": "waakzaam", "reden": "Omdat"})
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "origin": guard.get("origin", "http://driehoek.test"),
    }
    async with world.client() as browser:
        answer = await browser.post(f"/incidenten/{incident_id}/ernst", content=body, headers=headers)
    assert answer.status_code == 403
    assert "kwam niet van deze pagina" in answer.text
    assert world.incident.severity is Severity.VERSTOORD


async def test_signing_in_needs_an_origin_because_there_is_no_token_yet() -> None:
    async with World().client(None) as browser:
        answer = await browser.post("/inloggen", content="naam=x&wachtwoord=y")
    assert answer.status_code == 403


async def test_a_form_that_is_too_large_is_refused() -> None:
    async with World().client() as browser:
        answer = await post(browser, "/melden", {"wat": "x" * 1_100_000})
    assert answer.status_code == 400
    assert "te groot" in answer.text


async def test_a_receipt_in_quarantine_is_offered_again_under_its_own_source() -> None:
    world = World()
    there = Post(body=b"{", media_type="application/json", hint=None, headers={})
    world.shelves.shelved[an_id(7)] = Shelved(
        source_id="zabbix", organisation="gemeente:GM0344", post=there, resent_at=None
    )
    async with world.client() as browser:
        answer = await post(browser, f"/quarantaine/{an_id(7)}/opnieuw", {})
        unknown = await post(browser, f"/quarantaine/{an_id(8)}/opnieuw", {}, key="2")
    assert answer.headers["location"] == "/quarantaine?gedaan=opnieuw"
    assert world.shelves.offered == [("zabbix", "gemeente:GM0344", there)]
    assert world.shelves.resent_at == {an_id(7): world.clock.now()}
    assert unknown.status_code == 404


async def test_texts_of_others_are_escaped_everywhere() -> None:
    world = World()
    incident_id = await reported(world, description=HOSTILE, contact=HOSTILE, services=(HOSTILE,), supplier=HOSTILE)
    async with world.client() as browser:
        await post(browser, f"/incidenten/{incident_id}/logboek", {"soort": "feit", "tekst": HOSTILE})
        for address in (f"/incidenten/{incident_id}", f"/incidenten/{incident_id}/logboek", "/incidenten"):
            answer = await browser.get(address)
            page = read(answer.text)
            assert HOSTILE.partition("\u202e")[0] in page.by_id("main").text.replace("\n", " "), address
            assert [each["src"] for each in page.all("script") if not each["src"]] == []
            assert page.all("b") == []
            assert faults(page) == []
        asked = await browser.get("/incidenten?gedaan=Uw+account+is+gestolen")
    assert "gestolen" not in asked.text


async def test_an_unknown_act_or_a_wrong_id_is_a_page_that_says_so() -> None:
    world = World()
    incident_id = await reported(world)
    async with world.client() as browser:
        unknown = await post(browser, f"/incidenten/{incident_id}/opeten", {})
        wrong = await browser.get("/incidenten/geen-id")
    assert (unknown.status_code, wrong.status_code) == (404, 404)
    assert faults(read(wrong.text)) == []


async def test_a_merge_is_decided_on_a_page_that_shows_both() -> None:
    world = World()
    first = await reported(world)
    async with world.client() as browser:
        await post(browser, "/melden", {"wat": "Anders", "dienst": ["burgerzaken"], "hoort-bij": "nieuw"})
        other = next(each for each in world.store.rows.incidents if each != first)
        page = read((await browser.get(f"/incidenten/{other}/samenvoegen/{first}")).text)
        assert faults(page) == []
        answer = await post(
            browser,
            f"/incidenten/{other}/samenvoegen",
            {"ander": str(first), "besluit": "ja", "reden": "Zelfde"},
            key="m",
        )
        assert answer.status_code == 303
        shown = await browser.get(f"/incidenten/{other}")
    assert world.store.rows.incidents[other].status is Status.SAMENGEVOEGD
    assert "gaat verder in een ander incident" in shown.text


async def test_a_severity_that_was_proposed_is_recorded_with_its_rule_and_a_chosen_one_without() -> None:
    world = World()
    async with world.client() as browser:
        await post(browser, "/melden", {"wat": "Stuk", "dienst": ["e-mail"], "opzet": "ja"})
        incident_id = world.incident.incident_id
        page = read((await browser.get(f"/incidenten/{incident_id}/logboek")).text)
        assert "ernst-van-melding" in page.by_id("main").text
        await post(browser, "/melden", {"wat": "Stuk", "ernst": "normaal", "hoort-bij": "nieuw"}, key="k2")
    rules = [
        fact.event.rule
        for stream in world.store.rows.log.values()
        for fact in stream
        if isinstance(fact.event, facts.MeldingOntvangen)
    ]
    assert rules[0] is not None
    assert rules[0].inputs == {"diensten": "e-mail", "gevolgen": "", "met-ja": "opzet"}
    assert rules[1] is None


async def test_one_changes_the_address_for_warnings_oneself_and_the_administrator_too() -> None:
    world = World()
    account = world.present(Function.CISO).account
    world.access.accounts[account.account_id] = account
    async with world.client() as browser:
        page = read((await browser.get("/mijn-gegevens")).text)
        assert faults(page) == []
        wrong = await post(browser, "/mijn-gegevens", {"e-mail": "geen adres"})
        good = await post(browser, "/mijn-gegevens", {"e-mail": "sam@thuis.example"}, key="2")
    assert wrong.status_code == 400
    assert "naam@voorbeeld.nl" in read(wrong.text).by_id("mij-e-mail-fout").text
    assert good.headers["location"] == "/mijn-gegevens?gedaan=account"
    assert world.access.accounts[account.account_id].email == "sam@thuis.example"
    async with world.client(Function.BEHEERDER) as browser:
        assert "sam@thuis.example" in (await browser.get("/beheer/accounts")).text
        await post(browser, "/beheer/accounts", {"handeling": "mailadres", "naam": account.login, "e-mail": ""})
    assert world.access.accounts[account.account_id].email is None
