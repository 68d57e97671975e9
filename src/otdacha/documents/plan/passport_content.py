"""What a passport says: every name that its template may use, in the words of one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from otdacha.documents.numbers import Numbers
from otdacha.documents.plan import passport_figures as figures
from otdacha.documents.plan import passport_risks as risks
from otdacha.documents.plan import passport_sentences as sentences
from otdacha.documents.plan.fields import TO_SAY, Fields
from otdacha.documents.plan.passport_indicators import indicator_rows, year_heads
from otdacha.documents.plan.words import WHAT, why_left_out
from otdacha.documents.plan.writing import INVENTED, source_of
from otdacha.documents.word_file import Given
from otdacha.documents.words import said, span
from otdacha.language import Language, Text, text
from otdacha.methodology import default_methodology
from otdacha.programme.disclosure import public
from otdacha.programme.plan import Plan
from otdacha.release import Release


def content(
    plan: Plan, language: Language, fields: Fields, release: Release | None
) -> dict[str, Any]:
    """The places of the template and what is said there.

    One text: source, title, approved, executor, goal, post, signed_by, signed_on, author, invented
    (empty: the plan is of real data). Lists of texts: co_executors, subprogrammes, tasks,
    indicator_names, stages, expected, problem, measures_text, indicators_text, resources_text,
    assessment, method, left_out_text; indicator_years, six of them. Rows of tables: funding (year,
    the four sources, cost), measures (number, name, hours, years, seats, cost, evidence),
    indicators (name, figures, method), indicator_methods (names, method), budgets (source, year,
    amount, planned, left), towns (name, planned, sources, cost), risks (risk, done), left_out
    (what, why, rows); funding_total, measures_total, budgets_total and towns_total are their last
    rows. Sums are in rubles. Counts of people are those that anybody may have (decision 0041).
    """
    numbers = Numbers(language)
    methodology = default_methodology() if release is None else release.methodology
    told = public(plan, methodology.disclosure.people)
    rows = indicator_rows(plan, told.figures["needed"], fields, methodology, numbers)
    money = figures.money_row(plan.tables["lines"], numbers)
    people = numbers.whole(plan.figures["people"])

    def words(lines: Sequence[Text]) -> list[str]:
        return [line.said(language) for line in lines]

    given = Given(fields, TO_SAY, language)
    title = text("Professional development of municipal servants, {years}", years=span(plan.years))
    return {
        "source": source_of(plan, numbers).said(language),
        "invented": INVENTED.said(language) if plan.manifest["invented"] else "",
        "title": fields.title or title.said(language),
        **{name: given.one(name) for name in ("approved", "executor", "post", "signed_by",
                                          "signed_on", "author")},
        "co_executors": given.lines("co_executors"),
        "subprogrammes": given.lines("subprogrammes"),
        "goal": fields.goal or sentences.GOAL.said(language),
        "tasks": list(fields.tasks) or words(sentences.tasks(plan, told, numbers)),
        "indicator_names": [row.name for row in rows],
        "stages": words(sentences.stages(plan, numbers)),
        "expected": words(sentences.expected(plan, told, methodology, numbers)),
        "problem": [*fields.problem, *words(sentences.problem(plan, told, release, numbers))],
        "measures_text": words(sentences.measures(plan, numbers)),
        "indicators_text": words(sentences.indicators(plan)),
        "resources_text": words(sentences.resources(plan, numbers)),
        "assessment": words(risks.assessment(plan, methodology, numbers)),
        "method": words(sentences.method(plan, numbers)),
        "left_out_text": words(sentences.left_out(plan, numbers)),
        "funding": figures.funding(plan, numbers),
        "funding_total": money,
        "measures": figures.measures(plan, numbers),
        "measures_total": {"seats": people, "cost": money["cost"]},
        "indicator_years": year_heads(plan, numbers),
        "indicators": rows,
        "indicator_methods": [
            {"names": "; ".join(row.name for row in rows if row.method == method), "method": method}
            for method in dict.fromkeys(row.method for row in rows)
        ],
        "budgets": figures.budgets(plan, numbers),
        "budgets_total": figures.budgets_total(plan, numbers),
        "towns": figures.towns(plan, numbers),
        "towns_total": {"planned": people, **money},
        "risks": [
            *({"risk": risk, "done": sentences.BY_THE_EXECUTOR.said(language)}
              for risk in fields.risks),
            *({"risk": risk.said(language), "done": done.said(language)}
              for risk, done in risks.risks(plan, told, methodology, numbers)),
        ],
        "left_out": [
            {
                "what": said(WHAT, row["what"], language),
                "why": why_left_out(row["reason"], language),
                "rows": numbers.whole(row["rows"]),
            }
            for row in plan.tables["left_out"].iter_rows(named=True)
        ],
    }  # fmt: skip
