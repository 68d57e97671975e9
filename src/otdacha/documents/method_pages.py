"""The pages of docs/method as the site shows them: titles, summaries, and the text as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from otdacha.language import Text, text

_HERE = Path(__file__).parent

Address = Callable[[str], str]


def folder() -> Path:
    """Where the pages lie: beside this module in an installed package, else in the repository.

    Raises FileNotFoundError where they are in neither place: the package was built without them.
    """
    for place in (_HERE / "method", _HERE.parents[2] / "docs" / "method"):
        if (place / "01-cells.md").is_file():
            return place
    raise FileNotFoundError("docs/method")


@dataclass(frozen=True)
class Part:
    """One page of the method; file: its name without the ending.

    summary: what it says, in a few plain sentences, for readers of any language.
    """

    file: str
    title: Text
    question: Text
    summary: Text

    @property
    def slug(self) -> str:
        """What the page is called in addresses."""
        return self.file


PARTS = (
    Part(
        "01-cells",
        text("From records to cells"),
        text("What did one piece of the town hall achieve in one month?"),
        text(
            "Rows of a case log are counted into months of work: one person or department, one "
            "month, one indicator. Every month is untrained, trained or left out, and the counts "
            "are whole numbers, so that the same records always give the same answer."
        ),
    ),
    Part(
        "02-without-training",
        text("What would have been without training"),
        text("Would it have got better anyway?"),
        text(
            "From untrained months we learn how good each department is by itself and what each "
            "month did to everybody like it. With that we foretell what the trained would have "
            "done without the course; the effect is what happened less what was foretold."
        ),
    ),
    Part(
        "03-joint",
        text("Where somebody is always trained"),
        text("And where too little work is free of training?"),
        text(
            "Where hardly a month is free of training, levels, months and effects are estimated "
            "together. This supposes more, so it is used only where the first way cannot be, and "
            "the release says which one ran."
        ),
    ),
    Part(
        "04-value-added",
        text("Value added"),
        text("What if there is only a result and a score at the start?"),
        text(
            "A school with strong pupils has strong results, and that is no merit of its own. So "
            "first we learn how results follow from the start, and then read the organisation's "
            "part from what is left."
        ),
    ),
    Part(
        "05-uncertainty",
        text("How uncertain"),
        text("Is 200 people in four towns much evidence or little?"),
        text(
            "It is little: what happens in a town happens to all its people at once. So "
            "uncertainty is counted by towns and not by people, with wider ranges where towns are "
            "few. Who rests on one town alone gets no figure."
        ),
    ),
    Part(
        "06-before-and-after",
        text("Before and after"),
        text("When does the effect come, and did anything move before?"),
        text(
            "Month by month it is shown how the trained differ from what was to be expected. "
            "Before training the line should lie at zero: if it moves, something other than "
            "training is at work."
        ),
    ),
    Part(
        "07-shrinkage",
        text("Shrinkage"),
        text("How much of a good figure is luck?"),
        text(
            "The best of forty estimates is both good and lucky. So every estimate is drawn "
            "towards what organisations are like in general, and the more so the less is known of "
            "it."
        ),
    ),
    Part(
        "08-list",
        text("The list"),
        text("Whom may we name?"),
        text(
            "The list is drawn so that only a stated share of its places is expected to be owed to "
            "chance. Two rules have to agree, and an empty list is a valid result. Not on the list "
            "means not yet certain; it is no list of the worst turned round."
        ),
    ),
    Part(
        "09-grades",
        text("Grades"),
        text("How many kinds of organisations can be told apart?"),
        text(
            "A place among forty says more than anybody knows. Organisations are put into as few "
            "grades as can honestly be told apart; the dearer a wrong order is held to be, the "
            "fewer grades there are."
        ),
    ),
    Part(
        "10-places",
        text("Places"),
        text("Between which places does an organisation lie?"),
        text(
            "For each organisation it is counted who is surely better and who is surely worse; its "
            "place lies between. Wide ranges are the rule, and say how little a single place means."
        ),
    ),
    Part(
        "11-checks",
        text("Checks"),
        text("How could the comparison be wrong?"),
        text(
            "Each check looks for one way in which the comparison could fail: people who already "
            "got better before the course, a dip that would have passed by itself, nobody to be "
            "compared with. One check that fails withholds the whole ranking."
        ),
    ),
    Part(
        "12-prediction",
        text("Prediction"),
        text("Does the ranking come true?"),
        text(
            "We go back to an earlier month, rank as would have been ranked then, and look at what "
            "came afterwards. The outcome stands in every release beside two simpler ways of "
            "foretelling, also where it is bad."
        ),
    ),
    Part(
        "13-weights",
        text("Weights"),
        text("What if something else were held to be important?"),
        text(
            "What an indicator should weigh is a choice. So the list is made anew under weights of "
            "every kind, and it is shown who is on it under all of them and who only under some."
        ),
    ),
    Part(
        "14-publication",
        text("What leaves the house"),
        text("What may be published?"),
        text(
            "Counts of few people are suppressed, the others rounded, and compared with the last "
            "release so that the difference of two shows nobody either. Where there is no figure, "
            "its reason stands in words; a blank is never left."
        ),
    ),
    Part(
        "15-leaving",
        text("Leaving"),
        text("Do people leave where pay is low?"),
        text(
            "Within each municipality those who left are compared with those who stayed: were they "
            "paid less, beside the local wage? The answer is an association and no proof. Its "
            "error counts whole municipalities, and where too few people have left nothing is said."
        ),
    ),
    Part(
        "bad-input",
        text("Bad input"),
        text("What happens to figures that cannot be right?"),
        text(
            "Every row of every file is accepted, rejected with a reason, or left out later with a "
            "counted reason. What cannot be read is left out whole and not mended by a guess."
        ),
    ),
)
"""The pages in the order in which they are read."""


def part_of(slug: str) -> Part | None:
    """The page called `slug`; None where there is none."""
    return next((part for part in PARTS if part.slug == slug), None)


@dataclass(frozen=True)
class Heading:
    """A heading inside a page; anchor: its id."""

    anchor: str
    words: str


def written(part: Part) -> str:
    """The page as it is written, without its own title: English, Markdown."""
    content = (folder() / f"{part.file}.md").read_text("utf-8")
    return re.sub(r"\A# .*\n", "", content)


def headings(part: Part) -> list[Heading]:
    """The headings of a page, for its contents."""
    return [
        Heading(_anchor(words.content), _plain(words))
        for words in _headings(_tokens(written(part)))
    ]


def as_html(part: Part, page: Address, picture: Address) -> str:
    """The page as HTML.

    page: the address of another page by its slug. picture: the address of a picture by its name.
    What is linked in the repository and is no page here stays as words.
    """
    made = _markdown()
    tokens = _tokens(written(part))
    _lead_elsewhere(tokens, page, picture)
    return str(made.renderer.render(tokens, made.options, {}))


def _tokens(content: str) -> list[Token]:
    return _markdown().parse(content)


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables; HTML in the text is text."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", _table_close)
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    made.add_render_rule("heading_open", _heading_open)
    return made


def _table_open(self: RendererHTML, tokens: list[Token], at: int, *_: object) -> str:
    headed = [one.content for one in tokens[at:] if one.type == "inline"][:1]
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(headed[0])}"><table>'
    )


def _table_close(*_: object) -> str:
    return "</table></div>\n"


def _code(self: RendererHTML, tokens: list[Token], at: int, *_: object) -> str:
    token = tokens[at]
    kind = {"python": "Python", "text": "Output"}.get(token.info.strip(), "Formula")
    said = kind.casefold()
    return (
        f'<pre class="{said}" tabindex="0" role="region" aria-label="{kind}">'
        f"<code>{escape(token.content)}</code></pre>\n"
    )


def _heading_open(self: RendererHTML, tokens: list[Token], at: int, *_: object) -> str:
    return f'<{tokens[at].tag} id="{_anchor(tokens[at + 1].content)}">'


def _headings(tokens: list[Token]) -> Iterator[Token]:
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            yield tokens[at + 1]


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])


def _anchor(words: str) -> str:
    return "-".join(re.findall(r"\w+", words.casefold()))


def _lead_elsewhere(tokens: list[Token], page: Address, picture: Address) -> None:
    """Change what the links and pictures of the repository lead to into addresses of the site."""
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                child.attrs["src"] = picture(Path(str(child.attrs["src"])).name)
                child.attrs["loading"] = "lazy"
        token.children = _linked(token.children, page) if token.children else token.children


def _linked(children: list[Token], page: Address) -> list[Token]:
    kept: list[Token] = []
    dropped = False
    for child in children:
        if child.type == "link_open":
            href = str(child.attrs["href"])
            found = part_of(href.removesuffix(".md"))
            dropped = found is None and not href.startswith("#")
            if found is not None:
                child.attrs["href"] = page(found.slug)
        if child.type in ("link_open", "link_close") and dropped:
            dropped = child.type == "link_open"
            continue
        kept.append(child)
    return kept
