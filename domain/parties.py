"""Who there are: the organisations of the cyberdriehoek, the functions people hold in them, and who acts now."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Party(StrEnum):
    """The parties that take part in an incident; the wire form is also the prefix of an organisation id."""

    GEMEENTE = "gemeente"
    POLITIE = "politie"
    OM = "om"
    VEILIGHEIDSREGIO = "vr"
    IBD = "ibd"
    NCSC = "ncsc"
    LEVERANCIER = "leverancier"


class Function(StrEnum):
    """What a person may do follows from the function held in one organisation, never from the person."""

    CISO = "ciso"
    FG = "fg"
    BURGEMEESTER = "burgemeester"
    GEMEENTESECRETARIS = "gemeentesecretaris"
    OOV = "oov-adviseur"
    COMMUNICATIE = "communicatieadviseur"
    PROCESEIGENAAR = "proceseigenaar"
    COORDINATOR = "coordinator"
    POLITIE = "teamchef-politie"
    OFFICIER = "officier-van-justitie"
    BEHEERDER = "beheerder"
    OEFENLEIDER = "oefenleider"
    RESPONSCEL = "responscel"
    WAARNEMER = "waarnemer"
    SYSTEEM = "systeem"


class ActedBy(BaseModel):
    """The signature under an act: account, function and organisation. Names live with the account, not in the log."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    account_id: UUID | None = None
    """None: the machine itself."""
    function: Function
    organisation: str


SYSTEM = ActedBy(account_id=None, function=Function.SYSTEEM, organisation="driehoek")
"""Signs what the machine does itself. The machine proposes and records; it never decides."""


class Actor(BaseModel):
    """The person behind a request, in the one function that is active now."""

    model_config = ConfigDict(frozen=True)
    account_id: UUID
    name: str
    function: Function
    organisation: str
    organisation_name: str
    language: str = "nl"
    session_id: UUID | None = None

    @property
    def party(self) -> Party:
        """The kind of organisation the actor acts for."""
        return party_of(self.organisation)

    def signature(self) -> ActedBy:
        """How this actor signs an act."""
        return ActedBy(account_id=self.account_id, function=self.function, organisation=self.organisation)


def party_of(organisation: str) -> Party:
    """Kind of an organisation id like `gemeente:GM0344`; ValueError for an unknown kind."""
    return Party(organisation.partition(":")[0])
