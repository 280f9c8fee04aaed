"""The words of each language. The Dutch sentences are the messages themselves; another language has a `.po` file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.support import NullTranslations
from typing_extensions import override

LANGUAGES = ("nl", "en")
HERE = Path(__file__).parent / "translations"


class Catalogue(NullTranslations):
    """Messages of one language; what it does not know stays Dutch."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__()
        self.messages = messages

    @override
    def gettext(self, message: str) -> str:
        return self.messages.get(message, message)

    @override
    def ugettext(self, message: str) -> str:
        return self.gettext(message)


def language_of(asked: str | None) -> str:
    """One of our languages; Dutch for anything else."""
    return asked if asked in LANGUAGES else LANGUAGES[0]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language, read once."""
    if language == LANGUAGES[0]:
        return Catalogue({})
    with (HERE / language / "LC_MESSAGES" / "driehoek.po").open("rb") as file:
        found = read_po(file, locale=language, ignore_obsolete=True)
    pairs = {each.id: each.string for each in found if not each.fuzzy}
    texts = {dutch: text for dutch, text in pairs.items() if isinstance(dutch, str) and isinstance(text, str)}
    return Catalogue({dutch: text for dutch, text in texts.items() if dutch and text})
