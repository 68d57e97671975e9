"""The frames of needs: who should be trained in what, by when and why; and who was looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

REASONS = ("legal_duty", "gap", "weak_indicator", "request")
"""Why somebody is to be trained, the strongest reason first: the law; what was found of the person;
what was measured of the department; what somebody wishes."""

MEASURES = ("years_since_training", "years_in_service", "months_in_post", "indicator")
"""What `figure` and `against` of a need by rule are.

years_since_training: since the last course, against the years that the duty allows;
years_in_service: the same of somebody with no course on record, since they came; months_in_post:
against the months in which the duty binds; indicator: of the department, against its stratum's
mean, in the indicator's own unit.
"""

_NEEDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "municipality": pl.String,
    "need": pl.String,
    "person": pl.String,
    "person_by_name": pl.String,
    "badge": pl.String,
    "unit": pl.String,
    "position_group": pl.String,
    "people": pl.Int64,
    "topic": pl.String,  # null: training in any topic meets it
    "reason": pl.Enum(REASONS),
    "by": pl.Date,
    "indicator": pl.String,
    "change": pl.Float64,
    "expected_by": pl.Date,
    "priority": pl.Int64,
    # beyond the record table: why, in figures; all null where the need came in a file
    "rule": pl.String,
    "measure": pl.Enum(MEASURES),
    "figure": pl.Float64,
    "against": pl.Float64,
    "shrunken": pl.Float64,  # the indicator, moved towards the stratum's mean
    "probability": pl.Float64,  # that the department is worse than its stratum
    "cases": pl.Int64,  # that the indicator is measured by
    "service": pl.String,
}
NEEDS = pl.Schema(_NEEDS)

LOOKED_AT = pl.Schema(
    {
        "rule": pl.String,
        "municipality": pl.String,
        "reason": pl.String,  # a code of `otdacha.programme.needs.reasons`, or "needed"
        "people": pl.Int64,
    }
)


@dataclass(frozen=True)
class Needs:
    """needs: schema `NEEDS`, sorted by municipality and need. looked_at: schema `LOOKED_AT`:
    everybody of the staff once for each rule, by what came of it."""

    needs: pl.DataFrame
    looked_at: pl.DataFrame


def as_needs(rows: pl.DataFrame) -> pl.DataFrame:
    """rows with every column of `NEEDS` in its order; what they lack is null."""
    lacking = [pl.lit(None).alias(name) for name in NEEDS if name not in rows.columns]
    return rows.with_columns(lacking).select(NEEDS.names()).cast(dict(NEEDS))  # type: ignore[arg-type]


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """rows (rule, municipality, person, topic) with `need`: the rule and twelve digits that follow
    from the rest, so that the same records make the same numbers. They are hashes of pseudonyms and
    tell nothing of anybody."""
    parts = rows.select("municipality", "person", pl.col("topic").fill_null("")).iter_rows()
    digits = [hashlib.sha256("\x1f".join(part).encode()).hexdigest()[:12] for part in parts]
    return rows.with_columns(
        need=pl.concat_str("rule", pl.Series(digits, dtype=pl.String), separator="-")
    )


def counted(rows: pl.DataFrame) -> pl.DataFrame:
    """People by what came of looking at them; rows: rule, municipality, reason."""
    found = rows.group_by("rule", "municipality", "reason").agg(people=pl.len())
    return found.select(LOOKED_AT.names()).cast(dict(LOOKED_AT)).sort(LOOKED_AT.names())  # type: ignore[arg-type]
