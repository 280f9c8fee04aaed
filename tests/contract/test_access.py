"""Port AccessStore: accounts, secrets, codes, links, sessions and sources."""

from datetime import timedelta

from domain.accounts import Account, Holding, Session
from domain.parties import Function
from tests.builders import DINSDAG_0900, an_id, minutes
from tests.contract.conftest import Ports
from usecases.access.ports import AccessTransaction, AccountSecrets, Link, Source

SAM = Account(account_id=an_id(1), login="Sam", name="Sam de Vries", home_organisation="gemeente:GM0344")
CISO = Holding(organisation="gemeente:GM0344", organisation_name="Utrecht", function=Function.CISO, since=DINSDAG_0900)
LATER = DINSDAG_0900 + minutes(10)


def a_session(number: int = 1) -> Session:
    """A session that lasts an hour."""
    return Session(
        session_id=an_id(number),
        account_id=SAM.account_id,
        organisation=None,
        function=None,
        complete=False,
        language="nl",
        csrf="c",
        created_at=DINSDAG_0900,
        expires_at=DINSDAG_0900 + timedelta(hours=1),
    )


async def with_sam(tx: AccessTransaction) -> None:
    """One account."""
    await tx.put_account(SAM)


async def test_an_account_comes_back_by_id_and_by_login_in_any_case(ports: Ports) -> None:
    async with ports.access.begin_access() as tx:
        assert not await tx.has_accounts()
        await with_sam(tx)
        changed = SAM.model_copy(update={"failures": 2})
        await tx.put_account(changed)
        assert await tx.has_accounts()
        assert await tx.account(SAM.account_id) == changed
        assert await tx.account_by_login("sAM") == changed
        assert await tx.account_by_login("kim") is None
        assert await tx.accounts_of("gemeente:GM0344") == [changed]


async def test_secrets_stay_when_the_account_changes(ports: Ports) -> None:
    kept = AccountSecrets(password_hash="hash", totp_secret="geheim")
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        assert await tx.secrets(SAM.account_id) == AccountSecrets(password_hash=None, totp_secret=None)
        await tx.put_secrets(SAM.account_id, kept)
        await tx.put_account(SAM.model_copy(update={"blocked": True}))
        assert await tx.secrets(SAM.account_id) == kept


async def test_a_time_step_and_a_recovery_code_work_once(ports: Ports) -> None:
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        assert [await tx.use_totp_step(SAM.account_id, step) for step in (5, 5, 4, 6)] == [True, False, False, True]
        await tx.put_recovery_codes(SAM.account_id, ["a", "b"])
        assert [await tx.take_recovery_code(SAM.account_id, code) for code in "aax"] == [True, False, False]
        await tx.put_recovery_codes(SAM.account_id, ["c"])
        assert not await tx.take_recovery_code(SAM.account_id, "b")


async def test_a_function_is_replaced_and_not_doubled(ports: Ports) -> None:
    ended = CISO.model_copy(update={"until": LATER})
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        await tx.put_holding(SAM.account_id, CISO)
        await tx.put_holding(SAM.account_id, ended)
        assert await tx.holdings(SAM.account_id) == (ended,)


async def test_a_link_works_once_for_its_purpose_and_in_time(ports: Ports) -> None:
    link = Link(account_id=SAM.account_id, purpose="wachtwoord", expires_at=LATER)
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        await tx.put_link("oud", link)
        await tx.put_link("nieuw", link)
        assert await tx.link("oud", "wachtwoord", DINSDAG_0900) is None
        assert await tx.link("nieuw", "anders", DINSDAG_0900) is None
        assert await tx.link("nieuw", "wachtwoord", LATER) is None
        assert await tx.link("nieuw", "wachtwoord", DINSDAG_0900) == link
        assert await tx.take_link("oud", "wachtwoord", DINSDAG_0900) is None
        assert await tx.take_link("nieuw", "anders", DINSDAG_0900) is None
        assert await tx.take_link("nieuw", "wachtwoord", LATER) is None
        assert await tx.take_link("nieuw", "wachtwoord", DINSDAG_0900) == link
        assert await tx.take_link("nieuw", "wachtwoord", DINSDAG_0900) is None


async def test_a_session_is_found_by_its_newest_token_until_it_is_over(ports: Ports) -> None:
    session = a_session()
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        await tx.put_holding(SAM.account_id, CISO)
        await tx.put_session(session, "een")
        await tx.put_session(session, "twee")
        assert await tx.session("een", DINSDAG_0900) is None
        assert await tx.session("twee", DINSDAG_0900) == session
        assert await tx.session("twee", session.expires_at) is None
        whole = session.model_copy(update={"complete": True})
        await tx.put_session(whole)
        assert await tx.live_sessions([session.session_id, an_id(9)], LATER) == [(whole, SAM, (CISO,))]


async def test_one_session_or_all_of_an_account_end(ports: Ports) -> None:
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        for number, token in ((1, "een"), (2, "twee"), (3, "drie")):
            await tx.put_session(a_session(number), token)
        await tx.end_sessions(SAM.account_id, an_id(1))
        found = [await tx.session(token, LATER) is not None for token in ("een", "twee", "drie")]
        await tx.end_sessions(SAM.account_id)
        assert found == [False, True, True]
        assert await tx.session("twee", LATER) is None


async def test_a_source_posts_until_it_is_revoked(ports: Ports) -> None:
    source = Source(source_id="zabbix", organisation="gemeente:GM0344", label="Zabbix", created_at=DINSDAG_0900)
    async with ports.access.begin_access() as tx:
        await tx.put_source(source, "token")
        assert await tx.source("token") == source
        assert await tx.source("ander") is None
        assert await tx.sources_of("gemeente:GM0344") == [source]
        await tx.revoke_source("zabbix", LATER)
        assert await tx.source("token") is None


async def test_another_app_begins_with_time_steps_of_its_own(ports: Ports) -> None:
    async with ports.access.begin_access() as tx:
        await with_sam(tx)
        for secret in ("oud", "nieuw"):
            await tx.put_secrets(SAM.account_id, AccountSecrets(password_hash="hash", totp_secret=secret))
            assert await tx.use_totp_step(SAM.account_id, 7)
            await tx.put_secrets(SAM.account_id, AccountSecrets(password_hash="ander", totp_secret=secret))
            assert not await tx.use_totp_step(SAM.account_id, 7)
