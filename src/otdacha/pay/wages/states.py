"""What can be said of a municipality's wages, in a code and in words; and of whom they are told."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

KNOWN = "known"
YEAR_STATES: Mapping[str, Text] = {
    KNOWN: text("known"),
    "no wage of O": text("no wage of public administration"),
    "no wage of all": text("no wage of all activities"),
    "no wage": text("no wage told"),
    "merged": text("several municipalities at that time"),
    "contradicted": text("the source contradicts itself"),
}
"""Whether a year's wages can be compared; otherwise why not."""
YEAR_SENTENCES: Mapping[str, Text] = {
    KNOWN: text("Both wages of the year are told, so they can be compared."),
    "no wage of O": text(
        "The wage of all activities is told, that of public administration is not."
    ),
    "no wage of all": text(
        "The wage of public administration is told, that of all activities is not."
    ),
    "no wage": text("The source tells no wage of this municipality for the year."),
    "merged": text(
        "The municipality was formed later, out of several. Each had a wage, but how many people "
        "earned it is not told, so there is no mean of them together."
    ),
    "contradicted": text(
        "The source tells of this municipality by two numbers, and differently. One of them is "
        "another municipality's, and nobody can say which."
    ),
}
QUARTER_STATES: Mapping[str, Text] = {
    KNOWN: text("known"),
    "no wage": text("no wage told"),
    "impossible": text("does not follow"),
}
"""Whether the mean of a quarter follows from the means since January; otherwise why not."""
QUARTER_SENTENCES: Mapping[str, Text] = {
    KNOWN: text("It follows from the means since January."),
    "no wage": text("The source tells no mean that it would follow from."),
    "impossible": text(
        "The difference of the means since January is below half or above twice the mean itself: "
        "employers came or went within the year, and it is no mean of the quarter."
    ),
}
LEFT_REASONS: Mapping[str, Text] = {
    "not in the register": text("leads to no municipality that is there now"),
    "unknown_territory": text("no municipality of the register has this number"),
    "territory_not_in_force": text("a former number: its successor is told of itself"),
    "contradicted_territory": text("the former number of the same municipality tells otherwise"),
}
"""Why wages that are told belong to no municipality."""
PROXY = text(
    "The wage of public administration (letter O of OKVED) is that of everybody who works there: "
    "municipal servants, state servants, federal offices, the military that are counted. Of "
    "municipal servants alone nothing is published by municipality. It is a proxy."
)
