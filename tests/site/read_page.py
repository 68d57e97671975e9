"""A page as a person reads it: its words, and the rows of its tables by caption."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client

_UNSEEN = ("script", "style", "title", "desc")


class ReadPage(HTMLParser):
    """words: all of the page's text on one line. tables: caption → rows of cells.

    ids: every id; links: every address that something leads to.
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self._text: list[str] = []
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._unseen = 0
        self.feed(content)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids += [known["id"] or ""] if "id" in known else []
        self.links += [known["href"] or ""] if "href" in known and tag == "a" else []
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._cell = []
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN
        if tag in ("td", "th", "caption") and self._cell is not None:
            said = " ".join(" ".join(self._cell).split())
            self._cell = None
            if tag == "caption":
                self.tables[said] = self._rows
            else:
                self._rows[-1].append(said)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._text.append(data)
        if self._cell is not None:
            self._cell.append(data)

    def table(self, beginning: str) -> list[list[str]]:
        """The rows of the one table whose caption begins so, without its head."""
        found = [rows for caption, rows in self.tables.items() if caption.startswith(beginning)]
        assert len(found) == 1, (beginning, list(self.tables))
        return found[0][1:]


def read(client: Client, address: str) -> ReadPage:
    """The page at `address`, which is there."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return ReadPage(answer.content.decode())
