"""What makes a need by rule: legal duties, and when a department's indicator calls for training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Duty:
    """A duty to be trained that the law, or the town's own order, lays on people of the staff.

    rule: its id. Either every_years (training must not be longer ago) or new_within_months (who has
    been in the post no longer than this must have been trained since they took it).
    position_groups: whom it binds; empty: everybody.
    """

    rule: str
    topic: str
    every_years: float | None = None
    new_within_months: int | None = None
    position_groups: tuple[str, ...] = ()
    priority: int = 1

    def __post_init__(self) -> None:
        if (self.every_years is None) == (self.new_within_months is None):
            raise ValueError(f"{self.rule}: either every_years or new_within_months")


@dataclass(frozen=True)
class NeedRules:
    """duties: see `Duty`. topics: what training a service calls for, service → topic.

    probability: from which posterior probability a department is called worse than its stratum.
    least_departments: a stratum of fewer is no measure for anybody. trained_within_months: whoever
    was trained in the topic since then is not sent again. priority: of such a need, 1 to 5.
    """

    duties: tuple[Duty, ...] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    probability: float = 0.9
    least_departments: int = 5
    trained_within_months: int = 24
    priority: int = 3
