"""How fast the wage next door is compared and shown, with all municipalities of the country.

Making, publishing, then pages that nobody has asked for yet: median and 95th percentile. The rival
of the map is the schematic map of the same points that the data bank draws, one mark each.

Run: python benchmarks/bench_wages.py     (public data beside this checkout)
"""

from __future__ import annotations

import http.client
import random
import re
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import numpy as np
import polars as pl
from bench_site import PORT, PROGRAM, answered, served

from otdacha.documents.charts import Town, schematic
from otdacha.documents.numbers import Numbers
from otdacha.pay.wages import Comparison, make_comparison
from otdacha.records import add, create_workspace, load_profile
from otdacha.site.wages.drawn import Point, drawn

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "russia"
ASKED = 60


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wages-") as folder:
        workspace = create_workspace(Path(folder) / "workspace")
        for table, file, profile in (
            ("municipalities", "municipalities.xlsx", "sberindex-municipalities"),
            ("statistics", "bdmo_salary.parquet", "sberindex-wage"),
        ):
            add(workspace, table, DATA / file, profile=load_profile(profile))
        began = time.perf_counter()
        made = make_comparison(workspace)
        print(f"compare: {time.perf_counter() - began:.1f} s, {made.figures['known']} known")
        maps(made)
        began = time.perf_counter()
        subprocess.run([*PROGRAM, "publish", made.path], check=True, stdout=subprocess.DEVNULL)
        print(f"publish: {time.perf_counter() - began:.1f} s")
        with served(workspace.path):
            pages(made)


def maps(made: Comparison) -> None:
    towns = (
        made.tables["years"]
        .filter(year=made.years[-1])
        .join(made.tables["municipalities"], on="municipality")
        .filter(pl.col("latitude").is_not_null())
        .select("name", "region", "latitude", "longitude", "ratio")
        .rows()
    )
    ours = [Point(latitude, longitude, ratio) for _, _, latitude, longitude, ratio in towns]
    theirs = [
        Town(name, region, latitude, longitude, round(100 * (ratio or 0)))
        for name, region, latitude, longitude, ratio in towns
    ]
    for name, draw in (
        ("map", lambda: drawn(ours, "")),
        ("rival", lambda: schematic(theirs, Numbers("ru")).svg()),
    ):
        began = time.perf_counter()
        size = len(draw().encode())
        print(f"{name}: {1000 * (time.perf_counter() - began):.0f} ms, {size / 1000:.1f} kB")


def pages(made: Comparison) -> None:
    chance = random.Random(1)
    server = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    for _ in range(8):  # every process of the server has answered once
        first = answered(f"/ru/wages/?page={chance.randrange(90, 104)}", server)
    regions = re.findall(r'<option value="([^"]+)"', first.split('name="region"')[1])[:80]
    codes = made.tables["municipalities"]["municipality"].to_list()
    columns = ("ratio", "-ratio", "name", "difference", "-all")
    questions = {
        "country": lambda: (
            f"/ru/wages/?page={chance.randrange(1, 90)}&sort={chance.choice(columns)}"
        ),
        "region": lambda: f"/ru/wages/?region={chance.choice(regions)}&gap=less",
        "search": lambda: f"/ru/wages/?q={quote(chance.choice('абвгдежзиклмнопрст'))}&page=2",
        "municipality": lambda: f"/ru/wages/municipalities/{chance.choice(codes)}/",
    }
    for name, question in questions.items():
        took = []
        for asked in dict.fromkeys(question() for _ in range(ASKED)):
            began = time.perf_counter()
            answered(asked, server)
            took.append(1000 * (time.perf_counter() - began))
        middle, late = np.percentile(took, [50, 95])
        print(f"{name}: median {middle:.0f} ms, 95th percentile {late:.0f} ms")


if __name__ == "__main__":
    main()
