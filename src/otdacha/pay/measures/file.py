"""Read `measures.toml` and say clearly what is wrong with it: the file, the line, the key.

What can be wrong with the file alone is found where it is read; what is wrong with it beside a
roster, the law and the releases is found by `otdacha.pay.measures.reach`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from otdacha.errors import PayProblem
from otdacha.language import Text, text
from otdacha.methodology import SettingsFile, read_toml, toml_in
from otdacha.pay.measures.entries import ClassRank, Measures
from otdacha.pay.parameters import folded
from otdacha.pay.payroll.components import components
from otdacha.pay.payroll.lawful import LAW_COLUMNS
from otdacha.pay.payroll.months import OF_MONTH
from otdacha.pay.people import ROSTER

TEMPLATE = "measures-template"
"""The file to start from."""

TAKEN = frozenset({*ROSTER, *LAW_COLUMNS, *OF_MONTH, *components(())})
"""What no measure can be called: names of columns of the payroll."""

_FAULTS: Mapping[str, Text] = {
    "too_fine": text("{said} has more than two decimals"),
    "range_backwards": text("the second number must not be below the first"),
    "named_twice": text("{name} is named twice"),
    "not_first": text("valid_from must be the first day of a month, not {day}"),
    "not_last": text("valid_to must be the last day of a month, not {day}"),
    "ends_before": text("valid_to lies before valid_from"),
    "part_too_fine": text("the part of {key} is {said}: four decimals at most"),
    "not_whole": text("the parts of sources add up to {sum}; they must add up to 1"),
    "no_level": text("level is missing (or levels to choose from)"),
    "level_too_many": text("level does not go with to or with amounts: leave one of them out"),
    "not_increasing": text("levels must increase"),
    "not_a_level": text("level is {level}, which is not one of levels"),
    "above_whole": text("a level of this kind may not be above {most} %"),
    "rent_for_whom": text(
        "rent is for the young or for scarce positions: name ages or scarce = true in who"
    ),
    "scarce_only": text("this allowance is for scarce positions only: remove scarce = false"),
    "years_apart": text("years must follow each other"),
}
"""What the model's own checks find, by their type."""

Levels = Mapping[str, float | None]
"""A measure's key → its level in its own unit; None: it is not taken."""


@dataclass(frozen=True)
class MeasuresFile:
    """Measures, and where in their file each of them stands."""

    measures: Measures
    file: SettingsFile

    def fault(self, at: Sequence[str | int], message: Text) -> PayProblem:
        """A fault with the file, the line and the key before it."""
        return _fault(self.file, at, message)

    def at(self, key: str, *within: str) -> tuple[str | int, ...]:
        """Where in the file the measure of a key stands, or what it says of `within`."""
        number = [one["key"] for one in self.file.said["measures"]].index(key)
        return ("measures", number, *within)

    def at_levels(self, levels: Levels) -> MeasuresFile:
        """The same measures at other levels; a key that is not named keeps its level. KeyError
        where no measure has a key."""
        for key in levels:
            self.measures.measure(key)
        left = tuple(
            one
            if levels.get(one.key) is None
            else one.model_copy(update={"level": levels[one.key]})
            for one in self.measures.measures
            if levels.get(one.key, 0) is not None
        )
        return MeasuresFile(self.measures.model_copy(update={"measures": left}), self.file)


def read_measures(path: Path) -> MeasuresFile:
    """The measures in the TOML file at `path`.

    Raises PayProblem where the file is absent, is not TOML, or breaks a rule of the model; the
    message names the file, the line and the key.
    """
    absent = text(
        "{file}: there is no such file. Start from a template: otdacha template measures {file}",
        file=path,
    )
    return _checked(read_toml(path, PayProblem, absent))


def measures_in(written: bytes, file: str) -> MeasuresFile:
    """The measures that the bytes of a TOML file say; `file` is what messages call it.

    Raises PayProblem where it is not TOML in UTF-8 or breaks a rule of the model.
    """
    return _checked(toml_in(written, file, PayProblem))


def measures_template() -> bytes:
    """A file of measures to start from, explained in both languages."""
    return (files("otdacha.pay.measures") / "files" / f"{TEMPLATE}.toml").read_bytes()


def _checked(file: SettingsFile) -> MeasuresFile:
    measures = file.checked(Measures, faults=_FAULTS)
    _keys_differ(file, measures)
    _within_years(file, measures)
    _purses_differ(file, measures)
    _ranks_differ(file, measures)
    return MeasuresFile(measures, file)


def _keys_differ(file: SettingsFile, measures: Measures) -> None:
    keys = [one.key for one in measures.measures]
    for number, key in enumerate(keys):
        if key in TAKEN:
            raise _fault(
                file,
                ("measures", number, "key"),
                text("the payroll has a column {key}: call the measure otherwise", key=key),
            )
        if key in keys[:number]:
            raise _fault(
                file,
                ("measures", number, "key"),
                text("two measures are called {key}; their keys must differ", key=key),
            )


def _within_years(file: SettingsFile, measures: Measures) -> None:
    """A scenario says nothing of other years, so a measure that reaches into them cannot be."""
    first, last = measures.first_day, measures.last_day
    for number, one in enumerate(measures.measures):
        for name, day in (("valid_from", one.begins), ("valid_to", one.ends)):
            if not first <= day <= last:
                raise _fault(
                    file,
                    ("measures", number, name),
                    text(
                        "{day} lies beyond the years of the scenario, {first} to {last}",
                        day=day,
                        first=first,
                        last=last,
                    ),
                )
    for number, purse in enumerate(measures.purse):
        if purse.year not in measures.years:
            raise _fault(
                file,
                ("purse", number, "year"),
                text(
                    "{day} lies beyond the years of the scenario, {first} to {last}",
                    day=purse.year,
                    first=measures.years[0],
                    last=measures.years[-1],
                ),
            )


def _ranks_differ(file: SettingsFile, measures: Measures) -> None:
    """Names are compared without case, so a rank can be named twice in different letters."""
    for number, one in enumerate(measures.measures):
        seen: set[str] = set()
        for rank in one.amounts if isinstance(one, ClassRank) else ():
            if folded(rank) in seen:
                raise _fault(
                    file,
                    ("measures", number, "amounts", rank),
                    text("{name} is named twice", name=rank),
                )
            seen.add(folded(rank))


def _purses_differ(file: SettingsFile, measures: Measures) -> None:
    seen = set()
    for number, purse in enumerate(measures.purse):
        if (purse.source, purse.year) in seen:
            raise _fault(
                file,
                ("purse", number),
                text(
                    "the sum of {source} for {year} is given twice",
                    source=purse.source,
                    year=purse.year,
                ),
            )
        seen.add((purse.source, purse.year))


def _fault(file: SettingsFile, at: Sequence[str | int], message: Text) -> PayProblem:
    key = ".".join(str(part) for part in at)
    return PayProblem(
        text("{file}: key {key}: {fault}.", file=file.place(*at), key=key, fault=message)
    )
