"""Every address of the site.

A page has up to four addresses: of the newest release or of a named one, in the first data bank or
in a named one: /ru/organisations/, /ru/releases/2026.1/organisations/,
/ru/banks/new-jersey/organisations/, /ru/banks/new-jersey/releases/2026.1/organisations/. A page
of the programme has two: of the newest plan or of a named one:
/ru/programme/needs/, /ru/programme/plans/2027.1/needs/. So have a page of pay and one about wages:
/ru/pay/money/, /ru/pay/scenarios/2027.1/money/, /ru/wages/, /ru/wages/comparisons/2024.1/.
"""

from __future__ import annotations

from django.urls import include, path

from otdacha.site import pieces  # noqa: F401 (it names the pieces)
from otdacha.site.api import addresses as api
from otdacha.site.bank import views
from otdacha.site.pay import views as pay
from otdacha.site.programme import views as plan
from otdacha.site.wages import views as wages

PAGES = [
    path("", views.home, name="home"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<piece:provider>/", views.organisation, name="organisation"),
    path("organisations/<piece:provider>/badge.svg", views.badge, name="badge"),
    path(
        "organisations/<piece:provider>/charts/<slug:chart>.<slug:kind>",
        views.organisation_chart,
        name="organisation_chart",
    ),
    path(
        "organisations/<piece:provider>/figures.<slug:kind>",
        views.organisation_figures,
        name="organisation_figures",
    ),
    path(
        "organisations/<piece:provider>/programmes/<slug:key>/", views.programme, name="programme"
    ),
    path("compare/", views.compare, name="compare"),
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:topic>/", views.topic, name="topic"),
    path("regions/", views.regions, name="regions"),
    path("regions/<slug:region>/", views.region, name="region"),
    path("map/", views.municipalities_map, name="map"),
    path("trust/", views.trust, name="trust"),
    path("charts/<slug:chart>.<slug:kind>", views.release_chart, name="release_chart"),
    path("method/", views.method, name="method"),
    path("method/<slug:part>/", views.method_part, name="method_part"),
    path("releases/", views.releases, name="releases"),
    path("data/", views.data, name="data"),
    path("data/<slug:table>.<slug:kind>", views.table, name="table"),
    path("feed.atom", views.feed, name="feed"),
]

PROGRAMME = [
    path("", plan.home, name="plan"),
    path("needs/", plan.needs, name="plan_needs"),
    path("needs/new/", plan.request, name="plan_request"),
    path("needs/template.xlsx", plan.template, name="plan_template"),
    path("runs/", plan.offers, name="plan_offers"),
    path("plan/", plan.lines, name="plan_lines"),
    path("municipalities/", plan.towns, name="plan_towns"),
    path("municipalities/<piece:town>/", plan.town, name="plan_town"),
    path("frontier/", plan.frontier, name="plan_frontier"),
    path("what-if/", plan.what_if, name="plan_what_if"),
    path("what-if/<slug:key>/", plan.answer, name="plan_answer"),
    path("data/<slug:table>.<slug:kind>", plan.table, name="plan_table"),
    path("files/<slug:name>.<slug:kind>", plan.plan_file, name="plan_file"),
]

WAGES = [
    path("", wages.home, name="wages"),
    path("municipalities/<piece:town>/", wages.town, name="wages_town"),
    path("data/<slug:table>.<slug:kind>", wages.table, name="wages_table"),
    path("files/<slug:name>.<slug:kind>", wages.wages_file, name="wages_file"),
]

PAY = [
    path("", pay.home, name="pay"),
    path("measures/", pay.measures, name="pay_measures"),
    path("municipalities/", pay.towns, name="pay_towns"),
    path("municipalities/<piece:town>/", pay.town, name="pay_town"),
    path("money/", pay.money, name="pay_money"),
    path("packages/", pay.packages, name="pay_packages"),
    path("distribution/", pay.distribution, name="pay_distribution"),
    path("data/", pay.data, name="pay_data"),
    path("data/<slug:table>.<slug:kind>", pay.table, name="pay_table"),
    path("files/<slug:name>.<slug:kind>", pay.scenario_file, name="pay_file"),
]

urlpatterns = [
    path("", views.choose_language, name="start"),
    path("api/v1/", api.urls),
    path("<language:language>/styleguide/", views.styleguide, name="styleguide"),
    path("<language:language>/programme/", include(PROGRAMME)),
    path("<language:language>/programme/plans/<release:plan>/", include(PROGRAMME)),
    path("<language:language>/wages/", include(WAGES)),
    path("<language:language>/wages/comparisons/<release:comparison>/", include(WAGES)),
    path("<language:language>/pay/", include(PAY)),
    path("<language:language>/pay/scenarios/<release:scenario>/", include(PAY)),
    path("<language:language>/", include(PAGES)),
    path("<language:language>/releases/<release:release>/", include(PAGES)),
    path("<language:language>/banks/<slug:bank>/", include(PAGES)),
    path("<language:language>/banks/<slug:bank>/releases/<release:release>/", include(PAGES)),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
