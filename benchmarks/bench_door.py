"""A CSV of a million rows, 1 % of them faulty → checked and stored; a workbook → its cells.

    python benchmarks/bench_door.py [rows]          (default 1,000,000)
    python benchmarks/bench_door.py excel [rows]    (default 200,000, ten columns)

The file is made of arithmetic: every hundredth row has one of ten faults. Each competitor reads it
in a process of its own, so that its peak of memory is its own. `by hand` is what a person who knows
this very file would write in Polars: encoding, separator, header and form of dates are told to it,
and it makes the same typed rows, the same pseudonyms of executors and the same reasons, but detects
nothing, cleans nothing and would take any other file amiss. Both must report every planted fault
with its row, its column and its reason, and nothing else.
"""

from __future__ import annotations

import hmac
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from otdacha.records import add, create_workspace, open_workspace, rejected_rows

EVERY = 100
FAULTS = (
    ("bad_municipality", "municipality", "287010"),
    ("missing", "unit", ""),
    ("missing", "service", "н/д"),
    ("not_a_date", "opened", "вчера"),
    ("impossible_date", "opened", "31.02.2024"),
    ("closed_before_opened", "closed", "01.01.2020"),
    ("not_yes_or_no", "refused", "может быть"),
    ("rating_out_of_range", "rating", "7"),
    ("too_many_cells", None, "5;лишнее"),
    ("repeated_key", "case", None),
)
HEADER = {
    "municipality": "ОКТМО",
    "case": "№ дела",
    "unit": "Отдел",
    "executor_badge": "Таб. №",
    "service": "Услуга",
    "opened": "Дата регистрации",
    "due": "Плановая дата",
    "closed": "Дата исполнения",
    "refused": "Отказ",
    "rating": "Оценка",
}


def planted(rows: int) -> pl.DataFrame:
    """Row (as a spreadsheet numbers it), column and reason of every fault."""
    at = pl.int_range(EVERY // 2, rows, EVERY, eager=True)
    kinds = [FAULTS[i // EVERY % len(FAULTS)] for i in at]
    return pl.DataFrame(
        {"row": at + 2, "column": [kind[1] for kind in kinds], "reason": [k[0] for k in kinds]}
    )


def make(file: Path, rows: int) -> None:
    """Write the file: UTF-8, separated by semicolons."""
    i = pl.col("i")
    faulty = i % EVERY == EVERY // 2
    day = pl.date(2021, 1, 1) + pl.duration(days=i * 613 % 1461)

    def written(date: pl.Expr) -> pl.Expr:
        return date.dt.strftime("%d.%m.%Y")

    cells = {
        "municipality": (10_000_000 + i % 100).cast(pl.String),
        "case": pl.format("К-{}/24", i),
        "unit": pl.format("Отдел обращений {}", i // 100 % 10),
        "executor_badge": (i * 7919 % 5_000).cast(pl.String),
        "service": pl.format("Услуга {}", i % 4),
        "opened": written(day),
        "due": written(day + pl.duration(days=30)),
        "closed": pl.when(i % 50 > 0).then(written(day + pl.duration(days=i * 31 % 37))),
        "refused": pl.when(i % 11 == 0).then(pl.lit("да")).otherwise(pl.lit("нет")),
        "rating": pl.when(i % 3 == 0).then((i % 5 + 1).cast(pl.String)),
    }
    for place, (reason, column, cell) in enumerate(FAULTS):
        here = faulty & (i // EVERY % len(FAULTS) == place)
        if reason == "repeated_key":
            cells["municipality"] = (
                pl.when(here).then((10_000_000 + (i - 1) % 100).cast(pl.String))
                .otherwise(cells["municipality"])
            )  # fmt: skip
            cells["case"] = pl.when(here).then(pl.format("К-{}/24", i - 1)).otherwise(cells["case"])
        else:
            name = column or "rating"
            cells[name] = pl.when(here).then(pl.lit(cell)).otherwise(cells[name])
    frame = pl.int_range(rows, eager=True).alias("i").to_frame()
    frame.select(**{HEADER[name]: cell for name, cell in cells.items()}).write_csv(
        file, separator=";", quote_style="never"
    )


def ours(folder: Path, file: Path) -> pl.DataFrame:
    workspace = open_workspace(folder / "union")
    batch = add(workspace, "cases", file)
    return rejected_rows(workspace, batch.id).select("row", "column", "reason")


def by_hand(folder: Path, file: Path) -> pl.DataFrame:
    """The same work by somebody who knows the file."""
    key = open_workspace(folder / "union").pseudonym_key()
    lines = pl.read_csv(
        file, separator=";", infer_schema=False, truncate_ragged_lines=True,
        null_values=["н/д"], row_index_name="row", row_index_offset=2, new_columns=list(HEADER),
    )  # fmt: skip
    raw = pl.read_csv(
        file, separator="\x01", quote_char=None, has_header=False, skip_rows=1, new_columns=["line"]
    )
    wide = raw.select((pl.col("line").str.count_matches(";", literal=True) > 9).alias("wide"))

    def day(name: str) -> pl.Expr:
        return pl.col(name).str.to_date("%d.%m.%Y", strict=False)

    typed = pl.concat([lines, wide], how="horizontal").with_columns(
        opened_day=day("opened"),
        due_day=day("due"),
        closed_day=day("closed"),
        refused_is=pl.col("refused").replace_strict(
            {"да": True, "нет": False}, default=None, return_dtype=pl.Boolean
        ),
        rating_is=pl.col("rating").cast(pl.Int64, strict=False),
    )
    shaped = pl.col("opened").str.contains(r"^\d{2}\.\d{2}\.\d{4}$")
    rules: dict[tuple[str, str | None], pl.Expr] = {
        ("bad_municipality", "municipality"): ~pl.col("municipality").str.contains(r"^\d{8}$"),
        ("missing", "unit"): pl.col("unit").is_null() | (pl.col("unit") == ""),
        ("missing", "service"): pl.col("service").is_null(),
        ("not_a_date", "opened"): pl.col("opened_day").is_null() & ~shaped,
        ("impossible_date", "opened"): pl.col("opened_day").is_null() & shaped,
        ("closed_before_opened", "closed"): pl.col("closed_day") < pl.col("opened_day"),
        ("not_yes_or_no", "refused"): pl.col("refused_is").is_null(),
        ("rating_out_of_range", "rating"): ~pl.col("rating_is").is_between(1, 5),
    }
    checked = typed.with_columns(
        pl.col("wide").fill_null(value=False).alias("too_many_cells|"),
        *(
            (rule.fill_null(value=False) & ~pl.col("wide")).alias(f"{reason}|{column}")
            for (reason, column), rule in rules.items()
        ),
    )
    names = [name for name in checked.columns if "|" in name]
    whole = checked.filter(~pl.any_horizontal(names))
    first = whole.select(pl.struct("municipality", "case").is_first_distinct()).to_series()
    badges = whole.select("municipality", "executor_badge").unique().with_columns(
        pl.struct("municipality", "executor_badge")
        .map_elements(
            lambda both: "b" + hmac.digest(
                key, f"b\x1f{both['municipality']}\x1f{both['executor_badge']}".encode(), "sha256"
            )[:16].hex(),
            return_dtype=pl.String,
        )
        .alias("executor")
    )  # fmt: skip
    good = whole.filter(first).join(badges, on=["municipality", "executor_badge"], how="left")
    good.select(
        *("municipality", "case", "unit", "executor", "service"),
        opened="opened_day", due="due_day", closed="closed_day", refused="refused_is",
        rating="rating_is",
    ).write_parquet(folder / "by_hand.parquet")  # fmt: skip
    told = [
        checked.filter(pl.col(name)).select(
            "row",
            column=pl.lit(name.partition("|")[2] or None, pl.String),
            reason=pl.lit(name.partition("|")[0]),
        )
        for name in names
    ]
    repeated = whole.filter(~first).select(
        "row", column=pl.lit("case"), reason=pl.lit("repeated_key")
    )
    rejected = pl.concat([*told, repeated]).with_columns(pl.col("row").cast(pl.Int64))
    rejected.write_parquet(folder / "by_hand_rejected.parquet")
    return rejected


def run(name: str, folder: Path, file: Path, rows: int) -> None:
    """One competitor: its time, the processor's time, its peak of memory; in JSON."""
    began, work = time.perf_counter(), time.process_time()
    told = {"ours": ours, "by hand": by_hand}[name](folder, file)
    took, work = time.perf_counter() - began, time.process_time() - work
    order = ["row", "reason"]
    assert told.sort(order).equals(planted(rows).sort(order)), f"{name}: not the planted faults"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"took": took, "work": work, "peak": peak, "told": told.height}))


def csv_door(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "cases.csv"
        make(file, rows)
        print(
            f"{rows:,} rows, {file.stat().st_size / 2**20:.0f} MB, {planted(rows).height:,} faulty"
        )
        took: dict[str, list[float]] = {"ours": [], "by hand": []}
        for turn in range(3):
            for competitor in took:
                create_workspace(folder / "union")
                line = [sys.executable, __file__, "run", competitor, name, str(file), str(rows)]
                said = json.loads(subprocess.run(line, capture_output=True, check=True).stdout)
                took[competitor].append(said["took"])
                print(
                    f"{turn + 1}  {competitor:8} {said['took']:6.2f} s, processor "
                    f"{said['work']:6.2f} s, {said['peak']:5.0f} MB, faults told {said['told']:,}"
                )
                subprocess.run(["rm", "-r", str(folder / "union")], check=True)
        print(f"ours: best {min(took['ours']):.2f} s; ", end="")
        print(f"ratio to by hand {min(took['ours']) / min(took['by hand']):.2f}")


def excel_door(rows: int) -> None:
    """Cells of a workbook: our reader against openpyxl's, in the same run."""
    import openpyxl
    import xlsxwriter

    from otdacha.records import read_cells

    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "cases.xlsx"
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, list(HEADER.values()))
            for i in range(1, rows + 1):
                unit, service = f"Отдел {i % 10}", f"Услуга {i % 4}"
                days = (44_197 + i % 1461, 44_227 + i % 1461, 44_210 + i % 1461)
                sheet.write_row(i, 0, [28_701_000, f"К-{i}", unit, i, service, *days, "нет", 5])

        def by_openpyxl() -> int:
            page = openpyxl.load_workbook(file, read_only=True).active
            return sum(1 for _ in page.iter_rows(values_only=True)) - 1

        readers: dict[str, Callable[[], int]] = {
            "ours": lambda: read_cells(file)[0].height,
            "openpyxl": by_openpyxl,
        }
        took = {}
        for reader, read in readers.items():
            began = time.perf_counter()
            assert read() == rows
            took[reader] = time.perf_counter() - began
            print(f"{reader:9} {rows:,} rows × {len(HEADER)} columns: {took[reader]:.2f} s")
        print(f"ratio {took['ours'] / took['openpyxl']:.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", competitor, folder, file, rows]:
            run(competitor, Path(folder), Path(file), int(rows))
        case ["excel", *given]:
            excel_door(int(given[0]) if given else 200_000)
        case given:
            csv_door(int(given[0]) if given else 1_000_000)
