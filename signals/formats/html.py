"""The text in HTML, for people: tags, scripts and styles gone, line ends where a browser would break."""

import re
from html.parser import HTMLParser

from typing_extensions import override

BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote"})
SILENT = frozenset({"script", "style", "head", "title", "template"})
TAG = re.compile(r"<(?:!--|/?[a-zA-Z][^<>]{0,2000}>)")


def text_of_html(given: str) -> str:
    """The readable text of a piece of HTML, or the text itself when there is no tag in it."""
    if not TAG.search(given):
        return given.strip()
    reader = _Reader()
    reader.feed(given)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag in BREAKS:
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in SILENT))
        if tag in BREAKS and tag != "br":
            self.parts.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
