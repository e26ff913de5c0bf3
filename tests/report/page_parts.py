"""A page taken apart by the standard library's parser: elements with attributes, text and place."""

import dataclasses
from html.parser import HTMLParser

VOID = {"br", "img", "input", "link", "meta"}


@dataclasses.dataclass
class Element:
    """An element; ``text`` is all text below it."""

    name: str
    attributes: dict[str, str]
    parents: tuple["Element", ...]
    text: str = ""

    def __getitem__(self, key: str) -> str:
        return self.attributes[key]

    def inside(self, name: str) -> "Element | None":
        """The nearest parent of a name."""
        return next((parent for parent in reversed(self.parents) if parent.name == name), None)


class Parts(HTMLParser):
    """Every element of a page, in order; an end without a beginning is an error."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page.decode())
        assert not self._open, f"never closed: {[element.name for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        keys = [key for key, _ in attrs]
        assert len(set(keys)) == len(keys), f"{tag} has an attribute twice: {keys}"
        element = Element(tag, {key: value or "" for key, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> without a beginning"
        assert self._open[-1].name == tag, f"</{tag}> closes <{self._open[-1].name}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, name: str) -> list[Element]:
        """Elements of a name."""
        return [element for element in self.elements if element.name == name]

    def one(self, name: str, **attributes: str) -> Element:
        """The only element of a name with these attributes."""
        found = [
            e
            for e in self.all(name)
            if all(e.attributes.get(key.rstrip("_").replace("_", "-")) == v for key, v in attributes.items())
        ]
        assert len(found) == 1, f"{len(found)} elements {name} {attributes}"
        return found[0]
