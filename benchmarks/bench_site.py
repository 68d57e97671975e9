"""How fast the site answers with 10,000 organisations and 100,000 programmes on SQLite.

One user: the list with filters, search, organisation pages, each page asked for once (nothing is
kept yet): median and 95th percentile. Many users: organisation pages that are kept, by wrk, against
the rival in the same run: a file of a few hundred bytes from the same server.

Run: make demo; python benchmarks/bench_site.py [workspace]     (wrk: apt-get install wrk)
"""

from __future__ import annotations

import http.client
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import numpy as np
from big_bank import big_release

from otdacha.records import create_workspace
from otdacha.release import load, releases

PORT = 8399
ASKED = 300
PROGRAM = [sys.executable, "-c", "from otdacha.cli import main; main()"]
SEARCHED = (
    "академия", "обучение", "институт лукоморье", "закупки", "муниципальные услуги", "акадимия",
    "akademiya", "региональный центр", "обращения граждан", "земельные отношения", "живая вода",
)  # fmt: skip


def main() -> None:
    demo = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("demo/workspace")
    source = load(releases(demo / "releases")[-1])
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        workspace = Path(folder) / "workspace"
        create_workspace(workspace, invented=True)
        release = big_release(source, workspace / "releases")
        began = time.perf_counter()
        subprocess.run([*PROGRAM, "publish", release], check=True, stdout=subprocess.DEVNULL)
        size = (workspace / "site.sqlite3").stat().st_size / 2**20
        print(f"publish: {time.perf_counter() - began:.1f} s, database {size:.0f} MiB")
        providers = load(release).providers["provider"].to_list()
        with served(workspace):
            one_user(providers)
            many_users(providers)


@contextmanager
def served(workspace: Path) -> Iterator[None]:
    line = [*PROGRAM, "serve", str(workspace), "--port", str(PORT)]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                try:
                    answered("/ru/", http.client.HTTPConnection("127.0.0.1", PORT, timeout=60))
                    break
                except ConnectionError:
                    time.sleep(0.2)
            yield
        finally:
            process.terminate()


def answered(address: str, server: http.client.HTTPConnection) -> str:
    server.request("GET", address)
    answer = server.getresponse()
    body = answer.read().decode()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return body


def one_user(providers: list[str]) -> None:
    chance = random.Random(1)
    server = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    first = answered("/ru/organisations/", server)
    topics, regions = (
        re.findall(r"<option value=\"([^\"]+)\"", part)
        for part in re.findall(r"<select[^>]*name=\"(?:topic|region)\".*?</select>", first, re.S)[
            :2
        ]
    )
    questions = {
        "list": lambda: (
            "/ru/organisations/?"
            + f"topic={chance.choice(topics)}&region={chance.choice(regions)}"
            + f"&sort={chance.choice(['effect', 'name', 'price', 'trained'])}&page=1"
        ),
        "list, deep page": lambda: f"/ru/organisations/?page={chance.randrange(1, 390)}",
        "search": lambda: (
            f"/ru/organisations/?q={quote(chance.choice(SEARCHED))}"
            + f"&page={chance.randrange(1, 3)}"
        ),
        "organisation": lambda: f"/ru/organisations/{chance.choice(providers)}/",
    }
    for name, question in questions.items():
        took = []
        for asked in dict.fromkeys(question() for _ in range(ASKED)):
            began = time.perf_counter()
            answered(asked, server)
            took.append(time.perf_counter() - began)
        middle, late = np.quantile(took, [0.5, 0.95]) * 1000
        print(f"{name:16} {len(took):4d} pages: median {middle:5.1f} ms, p95 {late:5.1f} ms")


def many_users(providers: list[str]) -> None:
    if shutil.which("wrk") is None:
        print("wrk is not installed: requests per second were not measured")
        return
    address = f"http://127.0.0.1:{PORT}"
    page = f"{address}/ru/organisations/{providers[17]}/"
    kept, rival = loaded(page), loaded(f"{address}/static/otdacha/icon.svg")
    print(f"organisation page, kept: {kept:.0f} requests/s; rival (a small file): {rival:.0f};")
    print(f"ratio {kept / rival:.2f}")


def loaded(address: str) -> float:
    """Requests per second of 16 users at once for 10 s; RuntimeError where one failed."""
    said = subprocess.run(
        ["wrk", "-t2", "-c16", "-d10s", address], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


if __name__ == "__main__":
    main()
