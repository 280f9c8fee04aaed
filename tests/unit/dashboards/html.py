"""Reads a page as a test looks at it: elements with their attributes, texts, and what a form would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})
FIELDS = frozenset({"input", "select", "textarea"})


@dataclass
class Element:
    """One element. `inside` are the names of the elements around it; `text` what stands in it."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass
class Page(HTMLParser):
    """A page that was read. `unclosed` elements are a fault of the template."""

    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(each.name for each in self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, ()))

    @override
    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].name != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1].name if self.open else 'nothing'}")
            return
        self.open.pop()

    @override
    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.texts.append(words)
            for each in self.open:
                each.text = f"{each.text} {words}".strip()

    def all(self, *names: str) -> list[Element]:
        """Elements with one of these names."""
        return [each for each in self.elements if each.name in names]

    def by_id(self, element_id: str) -> Element:
        """The element with this id."""
        return next(each for each in self.elements if each["id"] == element_id)


def read(text: str) -> Page:
    """Read a page."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def faults(page: Page) -> list[str]:
    """What no page of ours may have."""
    found = [*page.faults, *_wrong_ids(page), *_unlabelled(page)]
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} h1")
    if not page.all("title") or not page.all("title")[0].text:
        found.append("no title")
    for each in page.elements:
        if each["style"] or any(name.startswith("on") for name in each.attributes):
            found.append(f"inline style or script: {each.name}")
        if each.name in ("a", "button") and not each.text and not each["aria-label"]:
            found.append(f"link without words: {each['href']}")
    return found


def _wrong_ids(page: Page) -> list[str]:
    ids = [each["id"] for each in page.elements if each["id"]]
    found = [f"id twice: {each}" for each in sorted({each for each in ids if ids.count(each) > 1})]
    for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
        leads = {each[attribute] for each in page.elements if each[attribute]}
        found += [f"{attribute} leads nowhere: {each}" for each in sorted(leads - set(ids))]
    return found


def _unlabelled(page: Page) -> list[str]:
    labelled = {each["for"] for each in page.all("label")}
    return [
        f"field without label: {each['name']}"
        for each in page.all(*FIELDS)
        if each["type"] not in ("hidden", "submit")
        and not (each["id"] in labelled or "label" in each.inside or each["aria-label"])
    ]
