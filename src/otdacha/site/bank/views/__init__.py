"""The pages of the data bank, one module for each."""

from otdacha.site.bank.views.badge import badge
from otdacha.site.bank.views.compare import compare
from otdacha.site.bank.views.data import data
from otdacha.site.bank.views.faults import bad_request, not_found, server_error
from otdacha.site.bank.views.feed import feed
from otdacha.site.bank.views.home import choose_language, home
from otdacha.site.bank.views.map import municipalities_map
from otdacha.site.bank.views.method import method, method_part
from otdacha.site.bank.views.organisation import organisation
from otdacha.site.bank.views.organisation_chart import organisation_chart
from otdacha.site.bank.views.organisation_figures import organisation_figures
from otdacha.site.bank.views.organisations import organisations
from otdacha.site.bank.views.programme import programme
from otdacha.site.bank.views.regions import region, regions
from otdacha.site.bank.views.release_chart import release_chart
from otdacha.site.bank.views.releases import releases
from otdacha.site.bank.views.styleguide import styleguide
from otdacha.site.bank.views.table import table
from otdacha.site.bank.views.topics import topic, topics
from otdacha.site.bank.views.trust import trust

__all__ = [
    "bad_request",
    "badge",
    "choose_language",
    "compare",
    "data",
    "feed",
    "home",
    "method",
    "method_part",
    "municipalities_map",
    "not_found",
    "organisation",
    "organisation_chart",
    "organisation_figures",
    "organisations",
    "programme",
    "region",
    "regions",
    "release_chart",
    "releases",
    "server_error",
    "styleguide",
    "table",
    "topic",
    "topics",
    "trust",
]
