"""The pages of the programme, one module for each."""

from otdacha.site.programme.views.frontier import frontier
from otdacha.site.programme.views.home import home
from otdacha.site.programme.views.lines import lines
from otdacha.site.programme.views.needs import needs
from otdacha.site.programme.views.offers import offers
from otdacha.site.programme.views.refused import refused
from otdacha.site.programme.views.request import request, template
from otdacha.site.programme.views.table import plan_file, table
from otdacha.site.programme.views.towns import town, towns
from otdacha.site.programme.views.what_if import answer, what_if

__all__ = [
    "answer",
    "frontier",
    "home",
    "lines",
    "needs",
    "offers",
    "plan_file",
    "refused",
    "request",
    "table",
    "template",
    "town",
    "towns",
    "what_if",
]
