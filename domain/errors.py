"""One tree of refusals. The docstring of a class is its message; domain errors know nothing of HTTP."""


class DriehoekError(Exception):
    """Er ging iets mis."""

    code = "fout"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or (type(self).__doc__ or "").strip())

    @property
    def message(self) -> str:
        """What happened and what to do, for the person who asked."""
        return str(self)


class RefusedError(DriehoekError):
    """Dit kan niet in deze toestand."""

    code = "geweigerd"


class NotAllowedError(DriehoekError):
    """U mag dit niet doen in uw huidige functie."""

    code = "niet-toegestaan"


class NotFoundError(DriehoekError):
    """Dit bestaat niet, of u mag het niet zien."""

    code = "niet-gevonden"


class ConflictError(DriehoekError):
    """Iemand anders heeft dit zojuist gewijzigd. Ververs de pagina en kijk of uw wijziging nog nodig is."""

    code = "conflict"


class InvalidError(DriehoekError):
    """De invoer klopt niet."""

    code = "ongeldig"


class MessageTooLargeError(InvalidError):
    """Het bericht is te groot voor Kafka."""

    code = "bericht-te-groot"


class AwayError(DriehoekError):
    """Een onderdeel is even niet bereikbaar. Probeer het over een minuut opnieuw."""

    code = "niet-bereikbaar"
