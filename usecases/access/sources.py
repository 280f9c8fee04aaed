"""Machines that post signals: a token per source, bound to one organisation, shown once."""

from collections.abc import Sequence

from domain.errors import NotAllowedError
from domain.events import organisation as facts
from domain.parties import SYSTEM, ActedBy, Actor, Function
from usecases.access.ports import Source
from usecases.access.sign_in import Access

MAY_MANAGE = (Function.BEHEERDER, Function.CISO)


class SourcesNotAllowedError(NotAllowedError):
    """Alleen de CISO of de beheerder van deze organisatie beheert bronnen."""


async def add_source(access: Access, by: Actor, label: str) -> tuple[Source, str]:
    """A new source of the actor's organisation and its token; the token is shown once and never again."""
    _may_manage(by)
    return await _add(access, by.organisation, label, by.signature())


async def add_local_source(access: Access, organisation: str, label: str) -> tuple[Source, str]:
    """A source made on the machine itself, by the command line."""
    return await _add(access, organisation, label, SYSTEM)


async def revoke_source(access: Access, by: Actor, source_id: str) -> None:
    """Stop accepting a source of the actor's organisation."""
    _may_manage(by)
    now = access.clock.now()
    async with access.store.begin_access() as tx:
        await tx.lock([facts.stream_of(by.organisation)])
        if source_id not in {source.source_id for source in await tx.sources_of(by.organisation)}:
            raise SourcesNotAllowedError
        await tx.revoke_source(source_id, now)
        event = facts.BronIngetrokken(source_id=source_id)
        await tx.append(facts.stream_of(by.organisation), [event], by=by.signature(), at=now)


async def sources_of(access: Access, by: Actor) -> Sequence[Source]:
    """The sources of the actor's organisation."""
    _may_manage(by)
    async with access.store.begin_access() as tx:
        return await tx.sources_of(by.organisation)


def _may_manage(by: Actor) -> None:
    if by.function not in MAY_MANAGE:
        raise SourcesNotAllowedError


async def _add(access: Access, organisation: str, label: str, by: ActedBy) -> tuple[Source, str]:
    now = access.clock.now()
    token = access.secrets.new_token()
    source = Source(source_id=f"bron:{access.ids.new()}", organisation=organisation, label=label, created_at=now)
    async with access.store.begin_access() as tx:
        await tx.lock([facts.stream_of(organisation)])
        await tx.put_source(source, access.secrets.fingerprint(token))
        event = facts.BronAangemaakt(source_id=source.source_id, label=label)
        await tx.append(facts.stream_of(organisation), [event], by=by, at=now)
    return source, token
