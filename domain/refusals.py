"""Why an act on an incident is refused. The docstring of each class is what the person reads."""

from domain.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, RefusedError


class IncidentUnknownError(NotFoundError):
    """Dit incident bestaat niet, of u mag het niet zien."""

    code = "incident-onbekend"


class IncidentIsClosedError(RefusedError):
    """Dit incident is afgesloten. Heropen het eerst, met een reden."""

    code = "incident-afgesloten"


class IncidentIsMergedError(RefusedError):
    """Dit incident is samengevoegd. Ga verder in het andere incident."""

    code = "incident-samengevoegd"


class ReasonMissingError(InvalidError):
    """Geef een reden. Een korte zin is genoeg."""

    code = "reden-ontbreekt"


class OwnerMissingError(InvalidError):
    """Kies wie de eigenaar is. Zonder eigenaar verandert de status niet."""

    code = "eigenaar-ontbreekt"


class OwnerUnknownError(InvalidError):
    """Deze organisatie hoort niet bij dit incident. Kies de gemeente, de politie, het OM of de veiligheidsregio."""

    code = "eigenaar-onbekend"


class StatusUnchangedError(RefusedError):
    """Het incident heeft deze status en deze eigenaar al."""

    code = "status-ongewijzigd"


class StatusNotChosenError(InvalidError):
    """Samenvoegen is een apart besluit. Kies een andere status."""

    code = "status-niet-te-kiezen"


class MomentInFutureError(InvalidError):
    """Dit moment ligt in de toekomst. Kies nu of een eerder moment."""

    code = "moment-in-toekomst"


class RegimeUnknownError(InvalidError):
    """Deze wet of regeling staat niet in de lijst."""

    code = "regime-onbekend"


class ObligationUnknownError(InvalidError):
    """Deze meldplicht staat niet in de lijst."""

    code = "meldplicht-onbekend"


class MomentBeforeIncidentError(InvalidError):
    """Dit moment ligt ver voor het eerste signaal. Voeg eerst een melding toe met het moment van ontdekking."""

    code = "moment-voor-incident"


class MomentBeforeLawError(InvalidError):
    """Op dit moment gold deze wet of regeling nog niet. Kies een later moment."""

    code = "moment-voor-wet"


class SubmittedTooEarlyError(InvalidError):
    """Dit moment ligt voor het eerste signaal. Een melding kan niet eerder zijn ingediend."""

    code = "ingediend-voor-incident"


class ReferenceMissingError(InvalidError):
    """Vul het kenmerk van de melding in. Meldde u per telefoon? Schrijf dan met wie u sprak."""

    code = "kenmerk-ontbreekt"


class AwarenessMissingError(RefusedError):
    """Leg eerst vast sinds wanneer u dit wist. Daarna kunt u 'ja' besluiten."""

    code = "kennisname-ontbreekt"


class GroundsMissingError(InvalidError):
    """Kies ten minste één grond voor dit besluit."""

    code = "gronden-ontbreken"


class AlreadySubmittedError(RefusedError):
    """Deze melding is al ingediend. Het eerste moment blijft staan."""

    code = "al-ingediend"


class MergeNotProposedError(NotFoundError):
    """Dit voorstel om samen te voegen bestaat niet."""

    code = "samenvoeging-onbekend"


class MergeDecidedError(ConflictError):
    """Over dit voorstel is al besloten."""

    code = "samenvoeging-besloten"


class OtherIncidentClosedError(RefusedError):
    """Het andere incident is niet meer open. Ververs de pagina."""

    code = "ander-incident-gesloten"


class PlaybookRunningError(RefusedError):
    """Voor dit incident loopt een draaiboek. Rond de taken af, of voeg niet samen."""

    code = "draaiboek-loopt-nog"


class PlaybookUnknownError(NotFoundError):
    """Dit draaiboek staat niet in de catalogus."""

    code = "draaiboek-onbekend"


class PlaybookRunsError(ConflictError):
    """Dit draaiboek loopt al voor dit incident."""

    code = "draaiboek-loopt"


class TextMissingError(InvalidError):
    """Schrijf een tekst."""

    code = "tekst-ontbreekt"


class NothingToCorrectError(InvalidError):
    """De regel die u wilt verbeteren bestaat niet."""

    code = "regel-onbekend"


class NotYoursToCorrectError(NotAllowedError):
    """U kunt alleen een regel van uw eigen organisatie verbeteren. Schrijf een nieuwe regel."""

    code = "regel-niet-van-u"


class NotReportableHereError(InvalidError):
    """Kies een gemeente waarvoor u mag melden."""

    code = "gemeente-onbekend"


class TaskUnknownError(NotFoundError):
    """Deze taak bestaat niet, of hoort niet bij u."""

    code = "taak-onbekend"


class TaskAnsweredError(ConflictError):
    """Deze taak is al beantwoord. Ververs de pagina om het antwoord te zien."""

    code = "taak-beantwoord"


class TaskNotYoursError(NotAllowedError):
    """Deze taak ligt bij een andere organisatie of functie."""

    code = "taak-niet-van-u"
