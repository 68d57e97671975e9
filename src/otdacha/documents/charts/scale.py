"""A linear scale with round ticks: where values lie, in percent of its width."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_TICKS = 6


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Scale:
    """A linear scale from `low` to `high`, both round numbers, with a tick every `step`."""

    low: float
    high: float
    step: float

    def at(self, value: float) -> float:
        """The place of `value`, in percent of the width."""
        return round(100 * (value - self.low) / (self.high - self.low), 3)

    @property
    def values(self) -> list[float]:
        """The ticks' values."""
        steps = round((self.high - self.low) / self.step)
        return [round(self.low + self.step * i, 10) for i in range(steps + 1)]

    @property
    def digits(self) -> int:
        """Decimals that the ticks need."""
        return max(0, -math.floor(math.log10(self.step) + 1e-9))


def scale_of(values: Sequence[float]) -> Scale:
    """A scale that holds all `values`, with about six ticks at 1, 2 or 5 times a power of ten."""
    low, high = min(values), max(values)
    width = (high - low) or abs(high) or 1.0
    rough = width / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    bottom = math.floor(low / step + 1e-9) * step
    top = math.ceil(high / step - 1e-9) * step
    return Scale(bottom, top if top > bottom else bottom + step, step)
