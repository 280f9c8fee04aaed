"""A hardened XML reader: no DTD, no entities, nothing from outside, bounded depth and size. Pure: bytes in, tree out.

Expat with every door shut by hand: a document type or an entity declaration ends the reading at once, so neither
"billion laughs" nor external entities can start. Encodings are what the declaration or the byte order mark says.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from signals.formats.reading import UnreadableError

DEEPEST = 60
MOST_ELEMENTS = 200_000
MOST_ATTRIBUTES = 1_000
BOM = b"\xef\xbb\xbf"
SEPARATOR = " "
"""Between namespace and name, as expat hands them over; neither can hold a space."""
STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<", b"<\x00", b"\x00<")
NO_DTD = "de XML bevat een DOCTYPE of entiteit; die lezen wij om veiligheid niet. Vraag XML zonder DOCTYPE"


@dataclass(slots=True)
class Element:
    """One element. `space` is its namespace; texts directly inside it are joined, without white space around them."""

    name: str
    space: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly inside."""
        return "".join(self.parts).strip()

    def all(self, name: str) -> list["Element"]:
        """Children of this name in the namespace of this element."""
        return [each for each in self.children if each.name == name and each.space == self.space]

    def first(self, name: str) -> "Element | None":
        """The first child of this name in the same namespace."""
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str | None:
        """Text of the first child of this name; None when absent or empty."""
        found = self.first(name)
        return (found.text or None) if found else None

    def within(self, name: str) -> Iterator["Element"]:
        """Every element of this name at any depth, in the order of the document."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            if each.name == name and each.space == self.space:
                yield each
            waiting.extend(reversed(each.children))

    def plain(self) -> Any:
        """This element as a JSON value: its text, or its children by name; a repeated or nested child is a list.

        Elements of other namespaces, such as a signature, are left out.
        """
        own = [each for each in self.children if each.space == self.space]
        if not own:
            return self.text
        found: dict[str, Any] = {}
        for each in own:
            value = each.plain()
            if each.name in found or isinstance(value, dict):
                known = found.setdefault(each.name, [])
                found[each.name] = [*(known if isinstance(known, list) else [known]), value]
            else:
                found[each.name] = value
        return found


def looks_like_xml(body: bytes) -> bool:
    """Whether the bytes begin as XML, in any usual encoding."""
    return body[:64].lstrip().startswith(STARTS)


def read_xml(body: bytes) -> Element:
    """The root of a document. Raises UnreadableError: no XML, a DTD, too deep, too large, an unknown encoding."""
    builder = _Builder()
    _run(body, builder)
    if builder.root is None:
        raise UnreadableError("dit is geen geldige XML")
    return builder.root


def root_of(body: bytes) -> tuple[str, str]:
    """Name and namespace of the root, read no further than its start. Raises UnreadableError as `read_xml` does."""
    builder = _Builder(only_root=True)
    with suppress(_RootFoundError):
        _run(body, builder)
    if builder.root is None:
        raise UnreadableError("dit is geen geldige XML")
    return builder.root.name, builder.root.space


class _RootFoundError(Exception):
    """Ends the reading when only the root was asked for."""


def _run(body: bytes, builder: "_Builder") -> None:
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.UnparsedEntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(body.removeprefix(BOM).lstrip() if body[:1] != b"\xff" else body, True)  # noqa: FBT003 -- `isfinal` has no keyword
    except expat.ExpatError as error:
        where = f"regel {error.lineno}, teken {error.offset + 1}"
        raise UnreadableError(f"dit is geen geldige XML ({where})") from error
    except (LookupError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("de XML noemt een tekencodering die wij niet lezen") from error


class _Builder:
    """Builds the tree and keeps its bounds."""

    def __init__(self, *, only_root: bool = False) -> None:
        self._only_root = only_root
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST:
            raise UnreadableError("de XML is te diep genest")
        if self._count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise UnreadableError("de XML heeft te veel elementen of attributen")
        space, _, name = qualified.rpartition(SEPARATOR)
        made = Element(name=name, space=space, attributes=attributes)
        if self._open:
            self._open[-1].children.append(made)
        else:
            self.root = made
        if self._only_root:
            raise _RootFoundError
        self._open.append(made)

    def end(self, _name: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].parts.append(text)


def _refuse(*_given: object) -> NoReturn:
    raise UnreadableError(NO_DTD)
