"""Wages of a small invented country that can be checked by hand, put in through the door.

Kitezh (city) earns 80,000 where all earn 100,000; Buyan earns 60,000 where all earn 50,000; in Grad
nothing is told of letter O; of Luka nothing at all; Sloboda was formed in 2024 out of two;
Posad and Torg took in land in 2024 and got new numbers, which the file of wages exchanges. Buyan
had another code in 2023.
"""

from __future__ import annotations

from pathlib import Path

from otdacha.records import Workspace, add, create_workspace, load_profile

KITEZH, BUYAN, GRAD, LUKA = "28701000", "28502000", "28703000", "28704000"
SLOBODA, POSAD, TORG = "28705000", "28706000", "28707000"
BUYAN_BEFORE = "28602000"

_REGISTER = """\
oktmo,municipal_district_name,region_name,year_from,year_to,territory_id,change_id_from,change_id_to,municipal_district_center_lat,municipal_district_center_lon
28-701-000-000,городской округ Китеж,Китежская область,2018,9999,1,,,56.8,45.1
28-602-000-000,Буянский муниципальный район,Китежская область,2018,2024,2,,,57.1,44.0
28-502-000-000,Буянский муниципальный округ,Китежская область,2024,9999,2,,,57.1,44.0
28-703-000-000,городской округ Град,Китежская область,2018,9999,3,,,57.5,43.2
28-704-000-000,городской округ Лука,Морская область,2018,9999,4,,,69.0,-178.5
28-605-000-000,Слободской муниципальный район,Морская область,2018,2024,5,,union_1,67.0,33.0
28-705-000-000,городской округ Слобода,Морская область,2018,2024,6,,union_1,67.0,33.0
28-705-000-000,городской округ Слобода,Морская область,2024,9999,7,union_1,,67.0,33.0
28-706-000-000,городской округ Посад,Морская область,2018,2023,8,,union_2,,
28-706-000-000,городской округ Посад,Морская область,2023,9999,9,union_2,,,
28-707-000-000,городской округ Торг,Морская область,2018,2023,10,,union_3,60.0,90.0
28-707-000-000,городской округ Торг,Морская область,2023,9999,11,union_3,,60.0,90.0
"""

_WAGES = """\
1,2024,январь-март,0,90000
1,2024,январь-июнь,0,95000
1,2024,январь-сентябрь,0,96000
1,2024,январь-декабрь,0,100000
1,2024,январь-март,O,70000
1,2024,январь-июнь,O,20000
1,2024,январь-декабрь,O,80000
1,2023,январь-декабрь,0,90000
1,2023,январь-декабрь,O,81000
2,2024,январь-декабрь,0,50000
2,2024,январь-декабрь,O,60000
2,2023,январь-декабрь,0,45000.5
2,2023,январь-декабрь,O,45000.5
3,2024,январь-декабрь,0,70000
5,2023,январь-декабрь,0,50000
6,2023,январь-декабрь,0,60000
6,2023,январь-декабрь,O,60000
7,2024,январь-декабрь,O,61000
8,2024,январь-декабрь,0,30000
10,2024,январь-декабрь,0,40000
9,2024,январь-декабрь,0,40000
11,2024,январь-декабрь,0,30000
11,2024,январь-декабрь,O,35000
77,2024,январь-декабрь,O,35000
"""


def wages_workspace(folder: Path) -> Workspace:
    """A workspace with the register and the wages of the invented country in its records."""
    made = create_workspace(folder / "union", invented=True)
    register, wages = folder / "register.csv", folder / "wages.csv"
    register.write_text(_REGISTER, "utf-8")
    head = "territory_id,year,period,okved_letter,value\n"
    wages.write_text(head + _WAGES, "utf-8")
    add(made, "municipalities", register, profile=load_profile("sberindex-municipalities"))
    add(made, "statistics", wages, profile=load_profile("sberindex-wage"))
    return made
