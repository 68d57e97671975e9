"""An invented release: results made by hand, published by the real code. Nobody in it exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.effects import COMPOSITE, ESTIMATES, Effects, EventStudy, Sensitivity
from otdacha.effects.composite import composite
from otdacha.effects.event_study import EVENT_STUDY
from otdacha.effects.event_time import ALL
from otdacha.effects.gates.gate import FAILED, PASSED, Gate
from otdacha.effects.sensitivity import BREAKDOWN, INTERVALS
from otdacha.effects.wild_bootstrap import P_VALUES
from otdacha.language import text
from otdacha.methodology import Methodology, default_methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.panel.frames import CELLS, EXPOSURE, REACH, Panel
from otdacha.ranking import rank, sweep_weights
from otdacha.ranking.accuracy import FIGURES
from otdacha.ranking.prediction import PREDICTED, Prediction
from otdacha.ranking.session_variance import SessionVariance
from otdacha.release.build import contents, land
from otdacha.release.manifest import software
from otdacha.release.programmes import PROGRAMMES
from otdacha.release.publish import Results
from otdacha.release.release import Release, load
from otdacha.release.towns import MUNICIPALITIES
from otdacha.release.verdict import Verdict

CREATED = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
NAMES = (
    "Академия «Лукоморье»",
    "Институт «Беловодье»",
    "Университет «Буян-остров»",
    "Академия «Жар-птица»",
    "Институт «Китеж»",
    "Университет «Тридевятый»",
    "Академия «Василиса Премудрая»",
    "Институт «Калинов мост»",
    "Региональный центр «Живая вода»",
    "Автономная некоммерческая организация дополнительного профессионального образования "
    "«Межрегиональный центр повышения квалификации муниципальных служащих “Семимильные сапоги”»",
    "Центр «Ковёр-самолёт»",
    "Школа «Скатерть-самобранка»",
    "Центр «Конёк-Горбунок»",
    "Школа «Золотой петушок»",
    "Институт «Алёнушка»",
    "Академия «Сивка-Бурка»",
    "Школа «Колобок»",
    "Центр «Репка»",
)
FEW_PEOPLE, FEW_TOWNS, ONE_CLUSTER, TOO_NEW, UNTRAINED = range(13, 18)
"""Positions in `NAMES` of organisations that have no published effect, each for its own reason."""


def provider(at: int) -> str:
    return f"{9900000000 + at}"


def invented_results(
    methodology: Methodology | None = None,
    *,
    seed: int = 1,
    better: Sequence[int] = (0, 3, 6, 8),
    spread: float = 0.08,
    sound: bool = True,
) -> Results:
    """Eighteen organisations in twelve towns; those in `better` truly help, the others
    differ from no effect by `spread`, all in standard deviations. A gate fails unless `sound`."""
    methodology = methodology or default_methodology()
    draw = np.random.default_rng(seed)
    known = range(ONE_CLUSTER + 1)
    providers = tuple(provider(at) for at in known)
    clusters = tuple(f"9970{town:04d}" for town in range(12))
    truth = np.array([0.45 if at in better else draw.normal(0.0, spread) for at in known])
    scores, tables = {}, []
    scales = {"on_time": 0.21, "duration": 3.9, "repeat": 0.17}
    for name, scale in scales.items():
        psi = draw.normal(0.0, 0.025 * scale, (len(clusters), len(known)))
        psi[:, ONE_CLUSTER] = 0.0
        noise = psi.sum(0)
        known_at = np.array([at != ONE_CLUSTER for at in known])
        theta = truth * scale + noise
        tables.append(
            pl.DataFrame(
                {
                    "provider": providers,
                    "indicator": [name] * len(known),
                    "estimate": theta,
                    "standardised": theta / scale,
                    "se": np.where(known_at, np.sqrt((psi**2).sum(0)), np.nan),
                    "df": np.where(known_at, 6.5, np.nan),
                    "units": [37 + at for at in known],
                    "clusters": [9 if at != ONE_CLUSTER else 1 for at in known],
                    "cells": [412 + 3 * at for at in known],
                    "cases": [9871 + 17 * at for at in known],
                    "state": np.where(known_at, "estimated", "insufficient evidence"),
                    "reason": [None if ok else "one_cluster" for ok in known_at],
                },
                schema=ESTIMATES,
            ).with_columns(pl.col(pl.Float64).fill_nan(None))
        )
        scores[name] = psi
    effects = composite(
        Effects(
            design="imputation",
            providers=providers,
            clusters=clusters,
            estimates=pl.concat(tables),
            scores=scores,
            scales=scales,
            excluded=pl.DataFrame(
                [
                    ("effects", "around_training", "on_time", None, 1203),
                    ("effects", "around_training", "duration", None, 1203),
                    ("effects", "history_unknown", "on_time", None, 8044),
                    ("effects", "period_without_clean_cell", "on_time", providers[2], 3),
                    ("effects", "period_without_clean_cell", "on_time", None, 88),
                ],
                schema=EXCLUDED,
                orient="row",
            ),
        ),
        methodology,
    )
    organisations = pl.DataFrame(
        {
            "provider": [provider(at) for at in range(len(NAMES))],
            "name": NAMES,
            "type": ["университет", "учебный центр"] * 9,
            "region": ["Вымышленная область", None, "Тридевятый край"] * 6,
            "ogrn": ["1029900000012", None] * 9,
            "licence": [f"Л035-00000-00/{at:08d}" if at % 3 else None for at in range(len(NAMES))],
        }
    )
    return Results(
        panel=_panel(providers, list(scales)),
        effects=effects,
        rankings={
            name: rank(effects, methodology, indicator=name, covariates=organisations)
            for name in effects.indicators
        },
        verdict=invented_verdict(effects, methodology, organisations, sound=sound),
        organisations=organisations,
        trainings=pl.DataFrame(
            {
                "provider": [provider(at) for at in range(TOO_NEW + 1)],
                "finished": [dt.date(2025, 5, 20)] * TOO_NEW + [dt.date(2026, 6, 5)],
            }
        ),
        programmes=invented_programmes(),
        municipalities=invented_municipalities(),
    )


def invented_programmes() -> pl.DataFrame:
    """Two programmes of each organisation that trained, one without a price. The first organisation
    has a third one that few people took."""
    rows: list[tuple[object, ...]] = []
    for at in range(TOO_NEW + 1):
        own = f"ДПО-{at + 1:02d}"
        rows += [
            (provider(at), f"{own}-1", "Работа с обращениями граждан", "обращения", 36.0, "очная",
             8_000.0 + 500 * at, 20 + at),
            (provider(at), f"{own}-2", None, None, None, None, None, 10 + at),
        ]  # fmt: skip
    rows.append((provider(0), "ДПО-01-3", "Этикет служащего", "этика", 16.0, "заочная", 0.0, 2))
    return pl.DataFrame(rows, schema=PROGRAMMES, orient="row").sort("provider", "programme")


def invented_municipalities() -> pl.DataFrame:
    """The twelve towns: one where few were trained, one where nobody was, one that nobody knows."""
    trained = [40 + at for at in range(9)] + [3, 0, None]
    providers = [1 + at % 5 for at in range(9)] + [2, 0, None]
    return pl.DataFrame(
        [
            (f"9970{at:04d}", f"Вымышленск-{at + 1}", "Тридевятый край", 55.0 + at / 4,
             None if at == 8 else 37.0 + at / 2, trained[at], providers[at])
            for at in range(12)
        ],
        schema=MUNICIPALITIES,
        orient="row",
    )  # fmt: skip


def invented_verdict(
    effects: Effects, methodology: Methodology, organisations: pl.DataFrame, *, sound: bool = True
) -> Verdict:
    """Two gates, of which the second fails where the union is not `sound`; months before and after
    training; a prediction that comes true."""
    indicators = [*effects.indicators]
    months = [(k, ALL, t, 0.1 * (t >= 0)) for k in indicators for t in range(-3, 4)]
    study = pl.DataFrame(
        [
            (k, g, t, e, 0.04, 9.0, e - 0.1, e + 0.1, e - 0.15, e + 0.15, 412, 11, 96, "estimated")
            for k, g, t, e in months
        ],
        schema=EVENT_STUDY,
        orient="row",
    )
    last = Gate(
        "donut",
        PASSED if sound else FAILED,
        text("There was no dip before training.")
        if sound
        else text("Just before training the work was worse."),
        0.4 if sound else 0.001,
        0.01,
        COMPOSITE,
    )
    ranked = effects.of().drop_nulls("se")
    estimate = ranked["estimate"]
    return Verdict(
        gates=(Gate("pre_trends", PASSED, text("Nothing moved."), 0.6, 0.01, COMPOSITE), last),
        together=EventStudy(study, 0.95, {}),
        apart=EventStudy(study.clear(), 0.95, {}),
        sensitivity=Sensitivity(
            INTERVALS.to_frame(),
            pl.DataFrame(
                [("relative magnitude", None, 0.2, 0.05, 9.0, 1.0, 0.7, 0.02)],
                schema=BREAKDOWN,
                orient="row",
            ),
            0.95,
            0.03,
            0.02,
        ),
        prediction=Prediction(
            state="tested",
            sentence=text("The ranking predicted what came later."),
            cut=dt.date(2025, 9, 1),
            providers=len(ranked),
            frame=pl.DataFrame(
                {
                    "provider": ranked["provider"],
                    "predicted": estimate * 0.8,
                    "raw_mean": estimate * 0.5,
                    "everyone_average": [0.1] * len(ranked),
                    "realised": estimate,
                    "realised_se": ranked["se"],
                    "weight": [1 / len(ranked)] * len(ranked),
                    "listed_then": [False] * len(ranked),
                    "listed_later": [False] * len(ranked),
                },
                schema=PREDICTED,
            ),
            figures=pl.DataFrame(
                [
                    ("posterior_mean", "slope", 1.1, 0.6, 1.6),
                    ("posterior_mean", "mean_squared_error", 0.01, 0.0, 0.02),
                    ("everyone_average", "mean_squared_error", 0.04, 0.01, 0.07),
                ],
                schema=FIGURES,
                orient="row",
            ),
        ),
        weights=sweep_weights(effects, methodology, covariates=organisations)
        if COMPOSITE in effects.scores
        else None,
        sessions=SessionVariance(0.03, 0.01, 0.03, len(ranked), 2 * len(ranked), ()),
        bootstrap=P_VALUES.to_frame(),
    )


def _panel(providers: Sequence[str], indicators: Sequence[str]) -> Panel:
    """Two units for each provider, one exposed; the figures are read from the effects above."""
    months = [dt.date(2025, 1, 1), dt.date(2026, 6, 1)]
    cells = [
        (f"{p}/unit", "99700000", "s", "99700000", month, k, 40, 12, 30, status, 4)
        for p in providers
        for k in indicators
        for month, status in zip(months, ("clean", "exposed"), strict=True)
    ]
    people = [6 + 13 * at for at in range(len(providers))]
    people[FEW_PEOPLE] = 4
    towns = [2 + at % 9 for at in range(len(providers))]
    towns[FEW_TOWNS] = towns[ONE_CLUSTER] = 1
    return Panel(
        cells=pl.DataFrame(cells, schema=CELLS, orient="row"),
        exposure=pl.DataFrame(
            [(f"{p}/unit", months[1], p, 0.5, 4) for p in providers], schema=EXPOSURE, orient="row"
        ),
        reach=pl.DataFrame(
            {
                "provider": [*providers, provider(TOO_NEW)],
                "people": [*people, 0],
                "municipalities": [*towns, 0],
                "trained": [*(n + 8 for n in people), 31],
            },
            schema=REACH,
        ),
        excluded=pl.DataFrame(
            [
                ("panel", "cancelled", None, None, 512),
                ("panel", "not_rated", "on_time", None, 3),
                ("panel", "no_results_after_course", None, providers[1], 12),
                ("panel", "no_results_after_course", None, providers[4], 2),
            ],
            schema=EXCLUDED,
            orient="row",
        ),
    )


def invented_inputs() -> list[dict[str, object]]:
    return [
        {
            "batch": "5f" * 32,
            "table": "cases",
            "source": "a1" * 32,
            "stored": "b2" * 32,
            "accepted": 48211,
            "rejected": 37,
            "reasons": {"closed_before_opened": 29, "missing": 8},
        },
        {
            "batch": "6e" * 32,
            "table": "training",
            "source": "c3" * 32,
            "stored": "d4" * 32,
            "accepted": 2113,
            "rejected": 1,
            "reasons": {"bad_inn": 1},
        },
    ]


def invented_release(
    folder: Path,
    *,
    release: str = "2026.1",
    results: Results | None = None,
    methodology: Methodology | None = None,
    previous: Release | None = None,
) -> Release:
    """A release on disk, made of invented results."""
    shipped = default_methodology()
    content = contents(
        results or invented_results(methodology),
        inputs=invented_inputs(),
        invented=True,
        methodology=methodology or shipped,
        methodology_bytes=METHODOLOGY_BYTES,
        release=release,
        created=CREATED,
        previous=previous,
        made_with=software(),
    )
    return load(land(content, folder / release))


METHODOLOGY_BYTES = (
    Path(__file__).parents[1] / "src/otdacha/methodology/files/services-2026.toml"
).read_bytes()


def withheld(results: Results) -> Results:
    """The same results with a failed gate."""
    gates = tuple(replace(gate, outcome=FAILED) for gate in results.verdict.gates)
    return replace(results, verdict=replace(results.verdict, gates=gates))


def with_people(results: Results, people: dict[str, int]) -> Results:
    """The same results with other numbers of people followed."""
    reach = results.panel.reach.with_columns(
        people=pl.col("provider").replace_strict(people, default=pl.col("people"))
    )
    return replace(results, panel=replace(results.panel, reach=reach))
