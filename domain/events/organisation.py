"""Facts about one organisation: accounts, functions, sources and the register. Rules and roles are in the log too."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from domain.events.core import Beside, Event
from domain.parties import Function


class OrganisationEvent(Event):
    """A fact in the stream of one organisation."""

    kind = "organisation"


class AccountAangemaakt(OrganisationEvent):
    """An administrator made an account, or the first start did."""

    type: Literal["nl.organisaties.account-aangemaakt"] = "nl.organisaties.account-aangemaakt"
    account_id: UUID
    demo: bool = False
    login: Beside
    name: Beside


class MailadresGewijzigd(OrganisationEvent):
    """The address to which warnings for somebody are mailed was set, or taken away (no address)."""

    type: Literal["nl.organisaties.mailadres-gewijzigd"] = "nl.organisaties.mailadres-gewijzigd"
    account_id: UUID
    address: Beside | None = None


class AccountGeblokkeerd(OrganisationEvent):
    """An account can no longer sign in, or can again."""

    type: Literal["nl.organisaties.account-geblokkeerd"] = "nl.organisaties.account-geblokkeerd"
    account_id: UUID
    blocked: bool
    reason: Beside


class ToegangHersteld(OrganisationEvent):
    """An administrator gave a one-time link because somebody could no longer sign in."""

    type: Literal["nl.organisaties.toegang-hersteld"] = "nl.organisaties.toegang-hersteld"
    account_id: UUID


class TweedeFactorGekoppeld(OrganisationEvent):
    """Somebody linked an authenticator app and got new recovery codes."""

    type: Literal["nl.organisaties.tweede-factor-gekoppeld"] = "nl.organisaties.tweede-factor-gekoppeld"
    account_id: UUID


class FunctieToegekend(OrganisationEvent):
    """Somebody holds a function in this organisation, from one moment to another."""

    type: Literal["nl.organisaties.functie-toegekend"] = "nl.organisaties.functie-toegekend"
    account_id: UUID
    function: Function
    since: AwareDatetime
    until: AwareDatetime | None = None


class FunctieIngetrokken(OrganisationEvent):
    """Somebody no longer holds a function in this organisation."""

    type: Literal["nl.organisaties.functie-ingetrokken"] = "nl.organisaties.functie-ingetrokken"
    account_id: UUID
    function: Function
    until: AwareDatetime


class BronAangemaakt(OrganisationEvent):
    """A machine may post signals with a token of its own."""

    type: Literal["nl.organisaties.bron-aangemaakt"] = "nl.organisaties.bron-aangemaakt"
    source_id: str
    label: Beside


class BronIngetrokken(OrganisationEvent):
    """A machine may no longer post signals."""

    type: Literal["nl.organisaties.bron-ingetrokken"] = "nl.organisaties.bron-ingetrokken"
    source_id: str


class RegisterGewijzigd(OrganisationEvent):
    """An entry in the register of services, suppliers and configuration items was added, changed or removed."""

    type: Literal["nl.organisaties.register-gewijzigd"] = "nl.organisaties.register-gewijzigd"
    entry: Literal["dienst", "leverancier", "configuratie-item"]
    entry_id: str
    change: Literal["toegevoegd", "gewijzigd", "verwijderd"]
    values: dict[str, str]


AnyOrganisationEvent = (
    AccountAangemaakt
    | MailadresGewijzigd
    | AccountGeblokkeerd
    | ToegangHersteld
    | TweedeFactorGekoppeld
    | FunctieToegekend
    | FunctieIngetrokken
    | BronAangemaakt
    | BronIngetrokken
    | RegisterGewijzigd
)


def stream_of(organisation: str) -> str:
    """Stream id of an organisation."""
    return f"organisation:{organisation}"
