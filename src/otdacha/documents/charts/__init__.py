"""Charts drawn as SVG, for a page without scripts or a file, and as a table that says the same."""

from otdacha.documents.charts.badge import badge
from otdacha.documents.charts.caterpillar import caterpillar
from otdacha.documents.charts.chart import Chart, Table, stylesheet
from otdacha.documents.charts.comparison import comparison
from otdacha.documents.charts.density import density
from otdacha.documents.charts.dumbbell import Pay, dumbbell
from otdacha.documents.charts.event_study import Month, event_study
from otdacha.documents.charts.frontier import Budget, frontier
from otdacha.documents.charts.funding import YearOfMoney, funding
from otdacha.documents.charts.funnel import FunnelPoint, funnel
from otdacha.documents.charts.history import history
from otdacha.documents.charts.indicators import Indicator, indicators
from otdacha.documents.charts.packages import Package, packages
from otdacha.documents.charts.rivals import Rival, rivals
from otdacha.documents.charts.rows import Estimate, Quantity
from otdacha.documents.charts.schematic import Town, schematic

__all__ = [
    "Budget",
    "Chart",
    "Estimate",
    "FunnelPoint",
    "Indicator",
    "Month",
    "Package",
    "Pay",
    "Quantity",
    "Rival",
    "Table",
    "Town",
    "YearOfMoney",
    "badge",
    "caterpillar",
    "comparison",
    "density",
    "dumbbell",
    "event_study",
    "frontier",
    "funding",
    "funnel",
    "history",
    "indicators",
    "packages",
    "rivals",
    "schematic",
    "stylesheet",
]
