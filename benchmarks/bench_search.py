"""Search in a data bank of 10,000 organisations and 100,000 programmes, and its loading.

    python benchmarks/bench_search.py [organisations] [programmes a piece] [queries]

Names are composed of invented words by the frequency law of a language (Zipf 1949): a few words are
everywhere, most are in few names. Each kind of query is asked of the index and of two rivals in the
same run: a scan of all names by RapidFuzz (partial similarity, the best 20), and SQLite's own
full-text search with trigrams, which knows no word forms, no typos and no other alphabet. What is
timed is understanding the query, counting what is found and reading the first page of 20 rows; the
rivals have it easier: they give the numbers of 20 names. Times are of the processor: everything
runs in one process, and others may be at work on the machine.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otdacha.site.settings")
os.environ.setdefault("OTDACHA_DATABASE", str(Path(FOLDER.name) / "site.sqlite3"))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from rapidfuzz import fuzz, process  # noqa: E402

from otdacha.site.bank.models import Bank, Organisation, Programme, Release  # noqa: E402
from otdacha.site.bank.search import find, index  # noqa: E402
from otdacha.site.bank.slugs import key, slug  # noqa: E402

PAGE = 20
KINDS = ("академия", "институт", "университет", "центр", "школа", "учебный центр", "АНО ДПО")
REGIONS = [f"{name}ская область" for name in ("Китеж", "Буян", "Лукомор", "Белогор", "Заречен")]
SYLLABLES = [a + b for a in "бвгдзклмнпрстфхцчш" for b in "аеиоуя"]
ENDINGS = ("", "ия", "ость", "ение", "ник", "ка", "ство", "ный", "ская", "ание")
WORDS = 30_000
SEED = 1


def lexicon(draw: random.Random) -> list[str]:
    """Invented words, the most frequent first."""
    made: dict[str, None] = {}
    while len(made) < WORDS:
        stem = "".join(draw.choices(SYLLABLES, k=draw.choice((2, 2, 3, 3, 4))))
        made[stem + draw.choice("бвгдклмнпрст") + draw.choice(ENDINGS)] = None
    return list(made)


def load(organisations: int, programmes: int) -> tuple[Release, list[str], list[str], float]:
    """The release, names of organisations and of programmes, seconds that `index` took."""
    draw = random.Random(SEED)
    words = lexicon(draw)
    frequent = 1 / np.arange(1, WORDS + 1)
    drawn = iter(
        np.random.default_rng(SEED)
        .choice(WORDS, organisations * (programmes + 1) * 6, p=frequent / frequent.sum())
        .tolist()
    )

    def name(count: int) -> str:
        return " ".join(words[next(drawn)] for _ in range(count))

    release = Release.objects.create(
        bank=Bank.objects.create(slug="bench"), name="2026.1", year=2026, number=1, hash="0" * 64,
        created=timezone.now(), manifest={}, facets={},
    )  # fmt: skip
    made = [
        Organisation(
            release=release,
            provider=f"{9_900_000_000 + at}",
            position=at,
            name=f"{draw.choice(KINDS).capitalize()} «{name(draw.choice((1, 2, 3))).capitalize()}»",
            type=draw.choice(KINDS),
            region=draw.choice(REGIONS),
            state="estimated",
            listed=False,
            row={"filler": "0" * 1500},
            figures={"filler": "0" * 6000},
        )
        for at in range(organisations)
    ]
    topics = [name(2) for _ in range(40)]
    taught = []
    with transaction.atomic():
        Organisation.objects.bulk_create(made, batch_size=500)
        for one in made:
            for at in range(programmes):
                topic = draw.choice(topics)
                taught.append(
                    Programme(
                        release=release, organisation=one, key=key(one.provider, str(at)),
                        name=f"обучение: {name(draw.choice((2, 3, 4)))}", topic=topic,
                        topic_slug=slug(topic), form="очная", row={},
                    )
                )  # fmt: skip
        Programme.objects.bulk_create(taught, batch_size=500)
        started = time.process_time()
        index(release, made, taught)
        seconds = time.process_time() - started
    return release, [one.name for one in made], [one.name for one in taught], seconds


def mistyped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    return word[:at] + draw.choice("аеионтсрвл") + word[at + 1 :]


def queries(names: list[str], taught: list[str], count: int) -> dict[str, list[str]]:
    """Kind of query → queries that people might ask of these names."""
    draw = random.Random(SEED + 1)

    def some() -> list[str]:
        return [word.strip("«»:") for word in draw.choice(names).split()]

    def word() -> str:
        return max(some(), key=len)

    def name_with_typo() -> str:
        name = some()
        longest = max(name, key=len)
        return " ".join(mistyped(one, draw) if one == longest else one for one in name)

    sorts: dict[str, Callable[[], str]] = {
        "whole name": lambda: " ".join(some()),
        "word of a programme": lambda: draw.choice(taught).split()[-1],
        "word that is everywhere": lambda: draw.choice(("обучение", "центр", "академии")),
        "common words": lambda: "обучение " + draw.choice(KINDS),
        "beginning": lambda: draw.choice(KINDS) + " " + word()[:4],
        "typo": lambda: mistyped(word(), draw),
        "name with a typo": name_with_typo,
        "in Latin letters": lambda: slug(" ".join(some())).replace("-", " "),
        "any word": lambda: f"{word()} {word()} {word()} {word()}",
        "nothing like it": lambda: "".join(draw.choices("щъыэфж", k=9)),
    }
    return {kind: [ask() for _ in range(count)] for kind, ask in sorts.items()}


def timed(work: Callable[[str], object], asked: Iterable[str]) -> tuple[float, float]:
    """Median and 95th percentile, milliseconds."""
    taken = []
    for query in asked:
        started = time.process_time()
        work(query)
        taken.append((time.process_time() - started) * 1000)
    return float(np.median(taken)), float(np.percentile(taken, 95))


def trigrams(names: list[str]) -> Callable[[str], object] | None:
    """SQLite's own search in an index of trigrams in memory; none where it was built without."""
    base = sqlite3.connect(":memory:")
    try:
        base.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
    except sqlite3.OperationalError:
        return None
    base.executemany("INSERT INTO names VALUES (?)", ((name,) for name in names))

    def ask(query: str) -> object:
        words = " AND ".join(f'"{word}"' for word in query.split() if len(word) > 2) or '""'
        found = base.execute("SELECT count(*) FROM names WHERE names MATCH ?", (words,)).fetchone()
        page = "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?"
        return found, base.execute(page, (words, PAGE)).fetchall()

    return ask


def main() -> None:
    organisations, programmes, count = [
        *map(int, sys.argv[1:]),
        *(10_000, 10, 60)[len(sys.argv) - 1 :],
    ]
    call_command("migrate", verbosity=0)
    release, names, taught, seconds = load(organisations, programmes)
    print(
        f"{organisations} organisations, {len(taught)} programmes: indexed in {seconds:.1f} s, "
        f"{release.words.count()} words, {release.mentions.count()} mentions"
    )

    def ours(query: str) -> object:
        found = find(release, query).organisations
        return found.count(), list(found[:PAGE])

    everything = [*names, *taught]

    def scan(query: str) -> object:
        return process.extract(query, everything, scorer=fuzz.partial_ratio, limit=PAGE)

    started = time.process_time()
    ours("академия")
    print(f"first query, which reads the words: {(time.process_time() - started) * 1000:.0f} ms")
    full_text = trigrams(everything)
    print(
        f"{'':26}{'ours p50':>10}{'p95':>8}{'scan p50':>10}{'ratio':>8}{'FTS5 p50':>10}{'ratio':>8}"
    )
    for kind, asked in queries(names, taught, count).items():
        median, high = timed(ours, asked)
        scanned, _ = timed(scan, asked[:5])
        line = f"{kind:26}{median:10.1f}{high:10.1f}{scanned:10.1f}{scanned / median:10.1f}"
        if full_text is not None:
            text, _ = timed(full_text, asked)
            line += f"{text:10.1f}{text / median:10.2f}"
        print(line)


if __name__ == "__main__":
    main()
