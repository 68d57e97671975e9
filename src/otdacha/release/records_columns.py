"""The columns of the published tables that tell what the records say: programmes, municipalities.

What they hold is made in `otdacha.release.programmes` and `otdacha.release.towns`.
"""

from __future__ import annotations

import polars as pl

from otdacha.language import Text, text
from otdacha.release.columns import OWN, PROVIDER, ROW, Column, count, label, number, state

_PER = text("{unit}, per 10,000 roubles", unit=OWN)
_OF_ALL = text(
    "The effect is the organisation's, over all its training, not this programme's alone."
)


def _per_10000(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, pl.Float64, header, _PER, meaning, "per_10000_state")


PROGRAMMES = (
    PROVIDER,
    label(
        "programme",
        text("Code"),
        text("Code of the programme; empty: people were trained, and no programme is named."),
    ),
    label("name", text("Programme"), text("Name of the programme, where it was handed in.")),
    label("topic", text("Topic"), text("Topic of the programme.")),
    number("hours", text("Hours"), text("academic hours"), text("Length of the programme.")),
    label("form", text("Form"), text("Form of the training.")),
    number(
        "price", text("Price of a seat"), text("roubles"), text("Price for one person, as given.")
    ),
    *count(
        "trained",
        text("People trained"),
        text("people"),
        text(
            "People who took the programme, rounded. Where a programme of the organisation was "
            "taken by few, one more beside it is suppressed, so that the organisation's total does "
            "not give them away."
        ),
    ),
    state(
        ROW,
        text("State"),
        text("State of the organisation's effect, over all its training."),
    ),
    _per_10000(
        "effect_per_10000",
        text("Effect per 10,000 roubles"),
        text(
            "Effect of the organisation divided by the price of this programme, times 10,000. "
            "{whose}",
            whose=_OF_ALL,
        ),
    ),
    _per_10000(
        "lower_per_10000",
        text("From, per 10,000 roubles"),
        text("Lower end of the interval of that effect, divided alike. {whose}", whose=_OF_ALL),
    ),
    _per_10000(
        "upper_per_10000",
        text("To, per 10,000 roubles"),
        text("Upper end of the interval of that effect, divided alike. {whose}", whose=_OF_ALL),
    ),
    state(
        "per_10000_state",
        text("{figure}: state", figure=text("Effect per 10,000 roubles")),
        text(
            "State of the three columns per 10,000 roubles: that of the organisation's effect, or "
            "not_collected where there is no price or the price is zero."
        ),
    ),
)

MUNICIPALITIES = (
    label("municipality", text("OKTMO"), text("Municipality: its code of OKTMO."), text("OKTMO")),
    label("name", text("Municipality"), text("Name of the municipality.")),
    label("region", text("Region"), text("Region of the municipality.")),
    number("latitude", text("Latitude"), text("degrees"), text("Latitude of its centre.")),
    number("longitude", text("Longitude"), text("degrees"), text("Longitude of its centre.")),
    *count(
        "trained",
        text("People trained"),
        text("people"),
        text(
            "People of this municipality in the training records, rounded. not_collected: there "
            "are none, and nobody said that its records are complete."
        ),
    ),
    *count(
        "providers",
        text("Organisations"),
        text("organisations"),
        text("Organisations that trained them; shown where the number of people is."),
    ),
)
