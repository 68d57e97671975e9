"""The law of pay of an invented region, in numbers that a reader reckons with by head.

A leading post pays 40,000 a month, 10 % after one year of service and 30 % after fifteen, special
conditions of 50 % (0 to 200 %), a rank of 2,000, secrecy of 10 %, a bonus of 25 %, an incentive of
one salary, aid of one and a leave payment of two salaries a year. Belogorye is in the North.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.pay.parameters import Law, law_in

KITEZH, BELOGORYE = "Китежская область", "Белогорье"
YEAR = "valid_from = 2027-01-01\nvalid_to = 2028-12-31\nreference = 'Закон'\nconfidence = 'U'\n"
REGION = f"""
id = "kitezh"
version = "1.0"
title = {{ ru = "Китеж", en = "Kitezh" }}
regions = ["{KITEZH}"]

[[salary]]
{YEAR}amounts = [
    {{ group = "ведущая", amount = 40_000 }},
    {{ group = "старшая", pay_class = 1, amount = 30_000.01 }},
]
[[service]]
{YEAR}steps = [{{ years = 1, rate = 0.1 }}, {{ years = 15, rate = 0.3 }}]
[[special]]
{YEAR}groups = [{{ group = "*", rate = 0.5, at_most = 2.0 }}]
[[rank]]
{YEAR}ranks = [
    {{ class_rank = "советник 1 класса", amount = 2_000 }},
    {{ class_rank = "советник 2 класса", rate = 0.05 }},
]
[[secrecy]]
{YEAR}degrees = [{{ degree = "секретно", rate = 0.1 }}]
[[bonus]]
{YEAR}groups = [{{ group = "*", rate = 0.25 }}]
[[incentive]]
{YEAR}groups = [{{ group = "*", rate = 1.0 }}]
[[aid]]
salaries = 1.0
{YEAR}
[[leave_payment]]
salaries = 2.0
{YEAR}
[[fund]]
{YEAR}components = [
    {{ component = "special", salaries = 12.0 }},
    {{ component = "aid", salaries = 1.0 }},
]
[[scarce]]
{YEAR}positions = ["Юрист"]
"""
NORTH = (
    REGION.replace('id = "kitezh"', 'id = "belogorye"').replace(KITEZH, BELOGORYE)
    + f"""
[[coefficient]]
{YEAR}municipalities = [{{ municipality = "*", rate = 0.2 }}]
[[north]]
{YEAR}municipalities = [
    {{ municipality = "*", steps = [{{ months = 6, rate = 0.1 }}, {{ months = 12, rate = 0.2 }}] }},
]
"""
)
FEDERAL = f"""
id = "federal"
version = "1.0"
title = {{ ru = "Взносы", en = "Contributions" }}
[[contributions]]
rate = 0.30
ceiling = 1_000_000
above_rate = 0.151
injury = 0.002
{YEAR}
[[pay_norm]]
threshold = 0.05
years_above = 2
years_of = 3
{YEAR}
"""


def written(folder: Path, **files: str) -> Path:
    """A folder of law files: those of this module, and `files` by name."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"kitezh": REGION, "belogorye": NORTH, "federal": FEDERAL, **files}
    for name, content in said.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return folder


def small_law(folder: Path) -> Law:
    return law_in(written(folder))


def roster(*posts: Mapping[str, Any]) -> pl.DataFrame:
    """A roster; each post a full leading one in Kitezh since 2010 but for what is said of it."""
    usual: dict[str, Any] = {
        "person": "s1", "municipality": "28701000", "region": KITEZH, "unit": "Казна",
        "position": "Специалист", "position_group": "ведущая", "pay_class": None, "share": 1000,
        "class_rank": None, "secrecy": None, "special_rate": None, "salary": None,
        "service_from": None, "north_from": None, "born": 1985, "sex": "female",
        "started": dt.date(2010, 1, 11), "ended": None, "main": True,
    }  # fmt: skip
    return pl.DataFrame(
        [{"post": number, **usual, **post} for number, post in enumerate(posts)], schema=ROSTER
    )


ROSTER = pl.Schema(
    {
        "post": pl.Int64(), "person": pl.String(), "municipality": pl.String(),
        "region": pl.String(), "unit": pl.String(), "position": pl.String(),
        "position_group": pl.String(), "pay_class": pl.Int64(), "share": pl.Int64(),
        "class_rank": pl.String(), "secrecy": pl.String(), "special_rate": pl.Int64(),
        "salary": pl.Int64(), "service_from": pl.Date(), "north_from": pl.Date(),
        "born": pl.Int64(), "sex": pl.String(), "started": pl.Date(), "ended": pl.Date(),
        "main": pl.Boolean(),
    }
)  # fmt: skip
