"""For specialists: what else the release says of an organisation, one plain sentence a thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.documents.figures import Measure
from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import Text, text
from otdacha.site.bank.profile.profile import Profile

Row = Mapping[str, Any]

DESIGNS: Mapping[str, Text] = {
    "imputation": text("what was to be expected without training is foretold first"),
    "joint": text("everything is estimated at once"),
}
"""The two designs in a few words."""

DRIFTS: Mapping[str, Text] = {
    "relative magnitude": text("Steps as before training"),
    "smoothness": text("A trend that bends"),
}


@dataclass(frozen=True)
class Detail:
    """One thing with what is to be said of it."""

    name: str
    sentences: tuple[str, ...]


def details(profile: Profile) -> list[Detail]:
    """All details of an organisation whose effect is published, in the order of reading."""
    language = profile.edition.language
    found = []
    for name, sentences in _DETAILS:
        said = tuple(one.said(language) for one in sentences(profile))
        if said:
            found.append(Detail(name.said(language), said))
    return found


def _before_shrinkage(profile: Profile) -> Iterator[Text]:
    row, numbers, measure = _at_hand(profile)
    said = {
        "estimate": numbers.signed(measure.shown(row["estimate"]), 3),
        "error": numbers.decimal(row["se"] * measure.factor, 3),
        "unit": measure.unit,
    }
    if row["df"] is None:
        yield text("{estimate} {unit}, standard error {error}.", **said)
    else:
        yield text(
            "{estimate} {unit}, standard error {error}, {df} degrees of freedom.",
            df=numbers.decimal(row["df"], 1),
            **said,
        )


def _grade(profile: Profile) -> Iterator[Text]:
    yield text(
        "Grade {grade}; 1 is the best. Organisations of one grade cannot be told apart reliably.",
        grade=profile.row["grade"],
    )


def _places_at_once(profile: Profile) -> Iterator[Text]:
    row, numbers, _ = _at_hand(profile)
    yield text(
        "Place {alone} by itself; {together} where the ranges of all organisations shall hold at "
        "once.",
        alone=numbers.places(row["rank_low"], row["rank_high"]),
        together=numbers.places(row["rank_low_all"], row["rank_high_all"]),
    )


def _probability(profile: Profile) -> Iterator[Text]:
    row, numbers, measure = _at_hand(profile)
    threshold = profile.edition.published.manifest["evaluation"]["threshold"]
    yield text(
        "With a probability of {probability} the true effect is better than {threshold} {unit}.",
        probability=numbers.probability(row["probability_better"]),
        threshold=numbers.signed(measure.shown(threshold), measure.digits),
        unit=measure.unit,
    )


def _luck(profile: Profile) -> Iterator[Text]:
    row, numbers, _ = _at_hand(profile)
    yield text(
        "If all who are at least as convincing as it stood on the list, the share of those who "
        "are there by luck would be {q} (q); p = {p}; by Benjamini and Hochberg {bh}, by "
        "Benjamini and Yekutieli {by}.",
        q=numbers.small(row["q_value"]),
        p=_sign_and(row["p_value"], numbers),
        bh=numbers.small(row["bh"]),
        by=numbers.small(row["by"]),
    )


def _second_opinion(profile: Profile) -> Iterator[Text]:
    numbers = profile.edition.numbers
    measures = {measure.id: measure for measure in profile.edition.measures}
    for row in profile.figures("second_opinion"):
        measure = measures[row["indicator"]]
        if row["t_p_value"] is not None and row["bootstrap_p_value"] is not None:
            yield text(
                "{indicator}: that there is no effect has p {t} by t and p {bootstrap} by a "
                "wild cluster bootstrap.",
                indicator=measure.name,
                t=_sign_and(row["t_p_value"], numbers),
                bootstrap=_sign_and(row["bootstrap_p_value"], numbers),
            )
        if row["other_estimate"] is not None:
            yield _other_design(row, measure, numbers)


def _other_design(row: Row, measure: Measure, numbers: Numbers) -> Text:
    design = row["other_design"]
    said: dict[str, Any] = {
        "indicator": measure.name,
        "design": DESIGNS.get(design, text("{code}", code=design)),
        "estimate": numbers.signed(measure.shown(row["other_estimate"]), measure.digits + 1),
        "unit": measure.unit,
    }
    if row["difference"] is None or row["difference_se"] is None:
        return text("{indicator}: the other design ({design}) says {estimate} {unit}.", **said)
    return text(
        "{indicator}: the other design ({design}) says {estimate} {unit}, {difference} against the "
        "estimate before shrinkage (standard error of the difference {error}).",
        difference=numbers.signed(measure.shown(row["difference"]), measure.digits + 1),
        error=numbers.decimal(row["difference_se"] * measure.factor, measure.digits + 1),
        **said,
    )


def _prediction(profile: Profile) -> Iterator[Text]:
    _, numbers, measure = _at_hand(profile)
    for row in profile.figures("predicted"):
        if row["predicted"] is None or row["realised"] is None:
            continue
        yield text(
            "From its earlier courses {foretold} {unit} was foretold for the later ones; {came} "
            "came (standard error {error}).",
            foretold=numbers.signed(measure.shown(row["predicted"]), 2),
            came=numbers.signed(measure.shown(row["realised"]), 2),
            unit=measure.unit,
            error=numbers.decimal((row["realised_se"] or 0.0) * measure.factor, 2),
        )
        yield _listed_then_and_later(row["listed_then"], row["listed_later"])


def _listed_then_and_later(then: bool, later: bool) -> Text:
    if then and later:
        return text("By either it would be on the list.")
    if then:
        return text("By the earlier courses it would be on the list, by the later ones not.")
    if later:
        return text("By the later courses it would be on the list, by the earlier ones not.")
    return text("By neither it would be on the list.")


def _other_weights(profile: Profile) -> Iterator[Text]:
    numbers = profile.edition.numbers
    for row in profile.figures("weights"):
        places = numbers.places(row["best"], row["worst"])
        if row["listed_always"]:
            yield text(
                "It is on the list whatever the indicators weigh; its place is {places}.",
                places=places,
            )
        elif not row["listed_ever"]:
            yield text(
                "Under no weights of the indicators is it on the list; its place is {places}.",
                places=places,
            )
        else:
            yield text(
                "It is on the list under {share} of the weights that the indicators could have; "
                "its place is {places}.",
                share=numbers.percent(row["listed_share"]),
                places=places,
            )


def _drift(profile: Profile) -> Iterator[Text]:
    numbers = profile.edition.numbers
    for row in profile.figures("drift"):
        kind = DRIFTS.get(row["drift"], text("{code}", code=row["drift"]))
        if row["breakdown"] is None:
            yield text("{kind}: how much drift the effect bears is not known.", kind=kind)
        elif row["breakdown"] == 0:
            yield text("{kind}: the effect is not certain even without any drift.", kind=kind)
        else:
            yield text(
                "{kind}: the effect stays certain while drift after training is up to {times} "
                "times the largest before it.",
                kind=kind,
                times=numbers.decimal(row["breakdown"], 2),
            )


def _sign_and(p_value: float, numbers: Numbers) -> str:
    """A p-value after its sign: "= 0.018", "< 0.001"."""
    said = numbers.small(p_value)
    return said if said.startswith("<") else f"={NO_BREAK}{said}"


def _at_hand(profile: Profile) -> tuple[Row, Numbers, Measure]:
    return profile.row, profile.edition.numbers, profile.edition.measures[0]


_DETAILS: tuple[tuple[Text, Callable[[Profile], Iterator[Text]]], ...] = (
    (text("Estimate before shrinkage"), _before_shrinkage),
    (text("Probability"), _probability),
    (text("Share of luck"), _luck),
    (text("Grade"), _grade),
    (text("Places"), _places_at_once),
    (text("Second opinion"), _second_opinion),
    (text("Foretold and came"), _prediction),
    (text("Other weights"), _other_weights),
    (text("Drift that it bears"), _drift),
)
