"""The pages about wages, one module for each."""

from otdacha.site.wages.views.home import home
from otdacha.site.wages.views.table import table, wages_file
from otdacha.site.wages.views.town import town

__all__ = ["home", "table", "town", "wages_file"]
