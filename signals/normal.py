"""The normal form: what every format becomes, and what all later steps read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.severity import Severity
from domain.tlp import Tlp


class State(StrEnum):
    """What the signal says about itself. Only `nieuw` may open or join an incident."""

    NIEUW = "nieuw"
    OPGELOST = "opgelost"
    TEST = "test"
    OEFENING = "oefening"
    ONDERHOUD = "onderhoud"


class Certainty(StrEnum):
    """How sure the sender is."""

    BEVESTIGD = "bevestigd"
    WAARSCHIJNLIJK = "waarschijnlijk"
    ONBEKEND = "onbekend"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalSignal:
    """One signal. Moments are in UTC. A dataclass, not a model: thousands are made each second, by our own code.

    What the sender left out gets a substitute that is the same every time: a missing or impossible moment becomes the
    moment of receipt, a missing id becomes a hash of the content.
    """

    format: str
    source_key: str
    """Identity of the disturbance at the source; the same for its first alarm, its updates and its end."""
    signal_key: str
    """Identity of this very signal; a second one with the same key is a repeat."""
    content_hash: str
    """Equal for two signals that say the same, whatever their ids."""
    group_key: str | None = None
    """What the source itself calls one group of disturbances; used when no service is known."""
    observed_at: datetime
    observed_original: str | None = None
    """The moment as the sender wrote it; None when it wrote none."""
    municipality: str | None = None
    """`GM0344`, stated or taken from the organisation of the source; None when neither says it."""
    service: str | None = None
    """As the sender calls it; the register of the municipality knows which service that is."""
    supplier: str | None = None
    observables: tuple[str, ...] = ()
    """Domains (lower case, punycode), addresses (canonical), hashes (lower case), urls; sorted, unique."""
    rsit: str | None = None
    """`class/type`, kept as sent: a type we do not know is not dropped."""
    severity: Severity = Severity.ONBEKEND
    certainty: Certainty = Certainty.ONBEKEND
    tlp: Tlp = Tlp.AMBER
    products: tuple[str, ...] = ()
    """Names of products and their makers, as the sender writes them; sorted, unique."""
    campaign: str | None = None
    """A tag by which senders name one campaign or wave."""
    references: tuple[str, ...] = ()
    """Ids of other disturbances that the sender names explicitly."""
    is_update: bool = False
    """Another message about a disturbance that was told before: a refire, a revision, a cancel."""
    is_advisory: bool = False
    """A warning that may concern nobody here: it raises something only when the register knows the product."""
    title: str = ""
    text: str = ""
    state: State = State.NIEUW
    unknown: Mapping[str, object] = field(default_factory=dict)
    """What the sender said besides, as it stood there; JSON values."""
    raw_pointer: int = 1
    """Which signal of its receipt this is, counted from 1."""

    @property
    def is_noted(self) -> bool:
        """Understood, with nothing to raise: it ended, it is not real, or it says that all is normal."""
        return self.state is not State.NIEUW or self.severity is Severity.NORMAAL
