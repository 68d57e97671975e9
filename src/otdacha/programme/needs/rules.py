"""What makes a need by rule: legal duties, and when a department's indicator calls for training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Duty(Protocol):
    """A duty to be trained that the law, or the town's own order, lays on people of the staff.

    rule: its id. Either every_years (training must not be longer ago) or within_months (who has
    been in the post no longer than this must have been trained since they took it) is given. topic:
    None where training in any topic fulfils it. groups: position groups that it binds; none named:
    all. The dated entries `[[legal_duty]]` of the programme's parameters are such duties.
    """

    @property
    def rule(self) -> str: ...

    @property
    def every_years(self) -> float | None: ...

    @property
    def within_months(self) -> int | None: ...

    @property
    def topic(self) -> str | None: ...

    @property
    def groups(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class NeedRules:
    """duties: see `Duty`. topics: what training a service calls for, service → topic.

    probability: from which posterior probability a department is called worse than its stratum.
    least_departments: a stratum of fewer is no measure for anybody. trained_within_months: whoever
    was trained in the topic since then is not sent again. priority: of such a need, 1 to 5.
    """

    duties: Sequence[Duty] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    probability: float = 0.9
    least_departments: int = 5
    trained_within_months: int = 24
    priority: int = 3
