"""Everything the pages use, put together from the parts of a process."""

from collections.abc import Sequence
from functools import partial

from adapters.store.cards import PgCards
from adapters.store.chain_check import PgChains
from adapters.store.drafts import Drafts
from adapters.store.shelf import PgShelves
from adapters.store.signing import SigningKey
from dashboards.models import Phone, Site
from dashboards.services import Services
from usecases import resend
from usecases.access.sign_in import Access
from usecases.first_acts import DEFAULT_CONTACTS, Contact
from usecases.fresh_cards import fresh_cards
from usecases.picture import Picture
from usecases.reading import Desk
from usecases.readings import Readings
from wiring.demo import shown_accounts
from wiring.parts import Parts
from wiring.services.accounts import AccountServices, SessionPresence
from wiring.services.acts import ActServices
from wiring.services.incidents import IncidentReads
from wiring.services.names import Naming
from wiring.services.reads import PartStates, ReadServices
from wiring.services.rooms import Rooms
from wiring.settings import Settings


def services(made: Parts, access: Access, *, readings: Readings, again: resend.Again, states: PartStates) -> Services:
    """`readings` read this database, `again` is the door of this process, `states` says which parts work."""
    rules, clock = made.context.rules, made.clock
    desk = Desk(readings=readings, rules=rules, clock=clock, mode=made.settings.mode)
    naming = Naming(rules, made.context.registers)
    picture = Picture(cards=PgCards(made.pool, made.settings.mode), rules=rules, clock=clock)
    drafts = Drafts(made.pool)
    key = SigningKey.read(made.settings.signing_key) if made.settings.signing_key else None
    chains = PgChains(made.pool, clock, key)
    reads = ReadServices(
        rooms=Rooms(desk=desk, naming=naming, fresh=partial(fresh_cards, picture)),
        texts=IncidentReads(ctx=made.context, desk=desk, naming=naming, chains=chains),
        drafts=drafts,
        states=states,
    )
    acts = ActServices(ctx=made.context, registers=made.store, drafts=drafts, shelves=PgShelves(made.pool), door=again)
    return Services(
        site=site_of(made.settings),
        clock=clock,
        ids=made.ids,
        reads=reads,
        acts=acts,
        accounts=AccountServices(access),
        presence=SessionPresence(access),
    )


def site_of(settings: Settings, contacts: Sequence[Contact] = DEFAULT_CONTACTS) -> Site:
    """What this instance is, as its pages say it."""
    phones = tuple(Phone(label=each.name, number=each.number, when=each.when) for each in contacts)
    return Site(
        mode=settings.mode,
        demo=settings.demo,
        origins=(settings.public_url.rstrip("/"),) if settings.public_url else (),
        help_phone=phones[0] if phones else None,
        phones=phones,
        demo_accounts=shown_accounts() if settings.demo else (),
    )
