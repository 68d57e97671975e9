"""The pages of a scenario, one module for each."""

from otdacha.site.pay.views.data import data, scenario_file, table
from otdacha.site.pay.views.distribution import distribution
from otdacha.site.pay.views.home import home
from otdacha.site.pay.views.measures import measures
from otdacha.site.pay.views.money import money
from otdacha.site.pay.views.packages import packages
from otdacha.site.pay.views.towns import town, towns

__all__ = [
    "data",
    "distribution",
    "home",
    "measures",
    "money",
    "packages",
    "scenario_file",
    "table",
    "town",
    "towns",
]
