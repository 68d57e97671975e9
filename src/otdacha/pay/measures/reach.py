"""Whom measures reach in a roster: nobody is a fault, and whoever is left out is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import Text, text
from otdacha.pay.measures.entries import (
    AnyMeasure,
    ClassRank,
    TrainingAllowance,
    YoungPayment,
    hundredths,
)
from otdacha.pay.measures.facts import Facts
from otdacha.pay.measures.file import MeasuresFile
from otdacha.pay.measures.granted import granted_once
from otdacha.pay.measures.steps import months_of, receiving
from otdacha.pay.measures.training import WHY_NOT
from otdacha.pay.measures.who import NAMED, as_compared, chosen_by_name, chosen_by_time, unjudged
from otdacha.pay.parameters import Law, folded
from otdacha.pay.payroll.steps import Month
from otdacha.pay.tables import EXCLUDED
from otdacha.programme.clash.amounts import rubles

NO_BIRTH_YEAR, NO_WAGE = "no_birth_year", "no_wage"
LEFT_OUT: Mapping[str, Text] = {
    NO_BIRTH_YEAR: text("their year of birth is not on record, and the measure asks for an age"),
    NO_WAGE: text("no wage of their town is known, and the measure follows it"),
    **WHY_NOT,
}
"""Why a measure passes people over: `reason` of what `left_out` counts."""
_MOST_NAMES = 20
_BY_COLUMN: Mapping[str, Text] = {
    "municipality": text("municipalities"),
    "region": text("regions"),
    "position_group": text("position groups"),
    "position": text("positions"),
    "unit": text("units"),
    "class_rank": text("class ranks"),
}


def check_reach(file: MeasuresFile, facts: Facts) -> None:
    """Raise PayProblem where a measure names what the roster does not hold, or reaches nobody.

    The message names the file, the line, the key, and whom there is.
    """
    for one in file.measures.measures:
        for names, column in NAMED.items():
            _all_known(file, one, ("who", names), getattr(one.who, names), facts.posts[column])
        if isinstance(one, ClassRank):
            _all_known(file, one, ("amounts",), one.amounts, facts.posts["class_rank"])
        if not any(reached.any() for reached in _reached(one, facts)):
            raise file.fault(
                file.at(one.key),
                text(
                    "the measure {measure} reaches nobody from {first} to {last}. {whom}",
                    measure=one.key,
                    first=one.begins,
                    last=one.ends,
                    whom=_whom_there_is(one, facts),
                ),
            )


def check_law(file: MeasuresFile, law: Law, regions: Iterable[str]) -> None:
    """Raise PayProblem where a measure begins or ends on a day for which the law of pay has no
    salaries in one of `regions`, or no contributions, or where it pays less for a class rank than
    the law does; the message names the file and the line."""
    regions = list(regions)
    for one in file.measures.measures:
        for name, day in (("valid_from", one.begins), ("valid_to", one.ends)):
            try:
                law.contributions_on(day)
                for region in regions:
                    law.of(region).salaries_on(day)
            except PayProblem as fault:
                raise file.fault(
                    file.at(one.key, name),
                    text(
                        "the law of pay does not answer for {day} ({fault})",
                        day=day,
                        fault=fault.message,
                    ),
                ) from fault
        if isinstance(one, ClassRank):
            _lowers_no_rank(file, one, law, regions)


def _asked(region: str, one: AnyMeasure) -> bool:
    """Whether a measure is for a region at all."""
    return not one.who.regions or folded(region) in map(folded, one.who.regions)


def _lowers_no_rank(file: MeasuresFile, one: ClassRank, law: Law, regions: Iterable[str]) -> None:
    new = {folded(rank): sum_ for rank, sum_ in one.amounts.items()}
    for region in regions:
        for entry in law.of(region).said.rank if _asked(region, one) else ():
            for line in entry.ranks if entry.touches(one.begins, one.ends) else ():
                if (line.amount or 0) > new.get(line.class_rank, line.amount or 0):
                    raise file.fault(
                        file.at(one.key, "amounts"),
                        text(
                            "the law of {region} pays {sum} for the rank {rank}, which is more: a "
                            "measure lowers nobody's pay",
                            region=region,
                            sum=rubles(hundredths(line.amount or 0)),
                            rank=line.class_rank,
                        ),
                    )


def people_reached(file: MeasuresFile, facts: Facts) -> dict[str, int]:
    """Measure's key → how many people it is for in any of its months (of a floor: whom it could
    lift)."""
    return {
        one.key: facts.posts.filter(reduce(or_, _reached(one, facts)))["person"].n_unique()
        for one in file.measures.measures
    }


def left_out(file: MeasuresFile, facts: Facts) -> pl.DataFrame:
    """People whom measures pass over for want of something, by measure (`table`, its key) and
    `reason` (schema `EXCLUDED`); nobody is passed over without being counted."""
    rows = [
        (one.key, reason, people)
        for one in file.measures.measures
        for reason, people in _passed_over(one, facts)
        if people
    ]
    return pl.DataFrame(rows, schema=EXCLUDED, orient="row")


def _reached(one: AnyMeasure, facts: Facts) -> Iterator[pl.Series]:
    """Which posts a measure is for, month by month."""
    who = receiving(one, facts)
    for month in months_of(one):
        yield who(month) & facts.posts.select(_there(month)).to_series()


def _there(month: Month) -> pl.Expr:
    """Whether somebody holds the post in a month."""
    ended = pl.col("ended")
    return (pl.col("started") <= month.last) & (ended.is_null() | (ended >= month.first))


def _passed_over(one: AnyMeasure, facts: Facts) -> Iterator[tuple[str, int]]:
    months = list(months_of(one))
    there = facts.posts.filter(_there(Month(months[0].first, months[-1].last, months[0].year)))
    if isinstance(one, YoungPayment):
        newcomers = there.join(granted_once(one, facts.posts), on="person", how="semi")
        yield NO_BIRTH_YEAR, unjudged(one.who, newcomers)
    elif one.who.ages is not None:
        yield NO_BIRTH_YEAR, unjudged(one.who, there)
    yield NO_WAGE, _without_wage(one, facts, months, there)
    if isinstance(one, TrainingAllowance):
        told = facts.trained[one.key].receiving_nothing(
            there["person"], one.months, one.begins, one.ends
        )
        yield from told.iter_rows()


def _without_wage(
    one: AnyMeasure, facts: Facts, months: Iterable[Month], posts: pl.DataFrame
) -> int:
    """People for whom a measure is meant, in towns without a wage that it needs in some year."""
    meant = posts.filter(chosen_by_name(one.who))
    lacking = pl.repeat(False, meant.height, dtype=pl.Boolean, eager=True)
    for month in months:
        towns = facts.towns_with_wages(one, month.year)
        if towns is None:
            return 0
        without = ~pl.col("municipality").is_in(sorted(towns))
        lacking |= meant.select(
            without & _there(month) & chosen_by_time(one.who, month)
        ).to_series()
    return meant.filter(lacking)["person"].n_unique()


def _all_known(
    file: MeasuresFile,
    one: AnyMeasure,
    within: tuple[str, ...],
    names: Iterable[str],
    there: pl.Series,
) -> None:
    known = set(there.unique().to_frame().select(as_compared(there.name)).to_series())
    for name in names:
        if folded(name) not in known:
            raise file.fault(
                file.at(one.key, *within),
                text(
                    "nobody in the roster has {name}; there are {names}",
                    name=name,
                    names=_listed(there),
                ),
            )


def _whom_there_is(one: AnyMeasure, facts: Facts) -> Text:
    """What a roster holds of that by which a measure chooses, so that the choice can be mended."""
    if isinstance(one, TrainingAllowance):
        shown = facts.trained[one.key].shown
        return text(
            "Training that showed effect by the release {release} is on record for {people} "
            "people, the last of it ended on {day}",
            release=one.release,
            people=shown["person"].n_unique(),
            day=shown["finished"].max() or "-",
        )
    if facts.towns_with_wages(one, one.begins.year) is not None:
        towns = facts.towns_with_wages(one, one.begins.year) or ()
        return text("Wages are known of {count} municipalities", count=len(towns))
    if one.who.scarce:
        names = _listed(facts.scarce["position"])
        return text("Scarce positions by the law: {names}", names=names)
    born = facts.posts["born"].drop_nulls()
    if (one.who.ages is not None or isinstance(one, YoungPayment)) and born.len():
        return text(
            "The roster holds people born from {first} to {last}, and {unknown} posts without a "
            "year of birth",
            first=born.min(),
            last=born.max(),
            unknown=facts.posts["born"].null_count(),
        )
    return text(
        "There are {column}: {names}",
        column=_BY_COLUMN["position_group"],
        names=_listed(facts.posts["position_group"]),
    )


def _listed(names: pl.Series) -> str:
    found = sorted(names.drop_nulls().unique())
    return ", ".join(found[:_MOST_NAMES]) + (", …" if len(found) > _MOST_NAMES else "") or "-"
