"""Jinja2 with the words of one language. Everything is escaped; what a template forgets to get is an error."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards import moments, words
from dashboards.assets.manifest import Assets
from dashboards.catalogue import LANGUAGES, catalogue
from dashboards.models import Site

HERE = Path(__file__).parent


class Renderer:
    """Renders pages and fragments. One Jinja environment per language."""

    def __init__(self, assets: Assets, site: Site) -> None:
        self.assets = assets
        self.site = site
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def render(self, template: str, language: str, values: Mapping[str, Any], now: datetime) -> str:
        """One template as text. `now` is the moment that remaining times are counted from."""
        return self._environments[language].get_template(template).render({**values, "now": now})

    def gettext(self, language: str, message: str) -> str:
        """One message in a language."""
        return catalogue(language).gettext(message)

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        translations = catalogue(language)
        environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # of ext.i18n

        def gettext(message: str) -> str:
            return translations.gettext(message)

        environment.filters.update(
            # `_` calls its text safe; a text that comes in as a value goes through this one, and is escaped.
            say=gettext,
            word=lambda value, table: gettext(_word(value, table)),
            icon_of=_icon_of,
            absolute=lambda moment: moments.absolute(moment, language),
            clock=lambda moment: moments.clock(moment, language),
            day=lambda moment: moments.day(moment, language),
            for_form=moments.for_form,
            words_for=lambda code, name: name(code),
        )
        environment.globals.update(
            self._globals(language),
            remaining=lambda until, now: moments.remaining(until, now, gettext),
            timedelta_words=lambda length: moments.span(length, gettext),
        )
        return environment

    def _globals(self, language: str) -> Mapping[str, Any]:
        """What every template can name."""
        return {
            "language": language,
            "site": self.site,
            "words": words,
            "asset": self.assets.url,
            "build": self.assets.build,
            "icon": self._icon,
        }

    def _icon(self, name: str, extra: str = "") -> Markup:
        """A decorative icon: the word beside it says the same."""
        html = '<svg class="icon {extra}" aria-hidden="true"><use href="{sprite}#{name}"></use></svg>'
        return Markup(html).format(extra=extra, sprite=self.assets.url("icons.svg"), name=name)  # noqa: S704 - format escapes


def _word(value: object, table: str) -> str:
    """The Dutch word for a value, from this table of `words.py`."""
    return str(getattr(words, table).get(str(value), str(value)))


def _icon_of(value: object, table: str) -> str:
    return str(getattr(words, f"{table}_ICON").get(str(value), "circle"))
