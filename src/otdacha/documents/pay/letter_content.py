"""What a letter with proposals says: every name that its template may use, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from otdacha.documents.figures import measures as shown_in
from otdacha.documents.figures import organisations
from otdacha.documents.numbers import Numbers
from otdacha.documents.pay import letter_figures as figures
from otdacha.documents.pay import letter_reasons as reasons
from otdacha.documents.pay import letter_sentences as sentences
from otdacha.documents.pay.fields import TO_SAY, Fields
from otdacha.documents.pay.words import left_out_of, measure_names
from otdacha.documents.pay.writing import INVENTED, source_of
from otdacha.documents.word_file import Given
from otdacha.documents.words import said, span
from otdacha.language import Language, Text, text
from otdacha.pay.disclosure import Told
from otdacha.pay.making.left_out import WHY
from otdacha.pay.scenario import Scenario
from otdacha.release import Release

SUBJECT = text("On the submission of proposals")
ANNEXES = (
    text("Pay and its measures by municipality"),
    text("Packages of measures that were compared"),
    text("Organisations whose training showed effect"),
    text("How it was counted, and what is not known"),
)


def content(
    scenario: Scenario, told: Told, language: Language, fields: Fields, release: Release | None
) -> dict[str, Any]:
    """The places of the template and what is said there.

    One text: source, subject, proposal, invented (empty: real data), years, number, date,
    in_reply_to, greeting (both may be empty), post, signed_by, executor, left_out_text,
    effect_head. Lists of texts: organisation, addressee, measures_in_short (none: too many for the
    first page), answer, basis, problem, norm, requests, justification, annexes, method. Rows of
    tables: money (year, the four sources, others, cost), needs (year, source,
    needed, available, lacking), measures (number, name, who, amount, people, cost), towns (name,
    pay_before, pay_after, wage, gap_before, gap_after, avoided, cost), packages (number, levels,
    cost, federal, avoided, best, chosen), rivals (none: there was nothing to choose; name, meant,
    cost, avoided, ahead, sure), listed (name, people, effect), left_out (what, why, rows);
    money_total is the last row of money. Sums are in rubles.
    """
    numbers = Numbers(language)

    def words(lines: Sequence[Text]) -> list[str]:
        return [line.said(language) for line in lines]

    given = Given(fields, TO_SAY, language)
    return {
        "source": source_of(scenario, numbers).said(language),
        "subject": SUBJECT.said(language),
        "invented": INVENTED.said(language) if scenario.manifest["invented"] else "",
        "years": span(scenario.years),
        **{name: given.one(name) for name in ("number", "date", "post", "signed_by", "executor")},
        "in_reply_to": fields.in_reply_to or "",
        "greeting": fields.greeting or "",
        "organisation": given.lines("organisation"),
        "addressee": given.lines("addressee"),
        "proposal": sentences.proposal(scenario, numbers).said(language),
        "answer": words(sentences.answer(scenario, told, numbers)),
        "measures_in_short": words(sentences.measures_in_short(told, numbers)),
        "basis": words([reasons.BASIS]),
        "problem": [*fields.problem, *words(reasons.problem(scenario, told, numbers))],
        "norm": [*words(reasons.norm(scenario, numbers)), *fields.norm],
        "requests": [*words(sentences.requests(scenario, told, numbers)), *fields.ask],
        "justification": words(sentences.justification(scenario, told, release, numbers)),
        "annexes": [*words(ANNEXES), *fields.annexes],
        "method": words(sentences.method(scenario, told, numbers)),
        "money": figures.money(scenario, numbers),
        "money_total": figures.money_total(scenario, numbers),
        "needs": figures.needs(told, numbers),
        "measures": figures.measures(told, numbers),
        "towns": figures.towns(told, numbers),
        "packages": figures.packages(scenario, told, numbers),
        "rivals": figures.rivals(told, numbers),
        **_listed(release, numbers),
        "left_out_text": sentences.left_out(scenario, numbers).said(language),
        "left_out": [
            {
                "what": left_out_of(row["table"], measure_names(scenario, language), language),
                "why": said(WHY, row["reason"], language),
                "rows": numbers.whole(row["rows"]),
            }
            for row in scenario.tables["excluded"].filter(pl.col("rows") > 0).iter_rows(named=True)
        ],
    }


def _listed(release: Release | None, numbers: Numbers) -> dict[str, Any]:
    """The organisations on the list of the release, with people and the range of their effect."""
    if release is None:
        return {"listed": [], "effect_head": ""}
    (headline, *_) = shown_in(release, numbers)
    return {
        "effect_head": f"{headline.name}, {headline.unit}" if headline.unit else headline.name,
        "listed": [
            {
                "name": one.name,
                "people": one.people.main,
                "effect": f"{one.effects[0].main} ({one.effects[0].below})",
            }
            for one in organisations(release, (headline,), numbers)
            if one.listed
        ],
    }
