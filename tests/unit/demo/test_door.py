from collections import Counter
from pathlib import Path

from otdacha.demo import steps, write_union
from otdacha.records import add, check, create_workspace


def test_the_door_rejects_exactly_the_planted_faults_each_for_its_reason(tmp_path: Path):
    """The lists of the union and the towns in which each kind of fault stands first."""
    union = write_union(tmp_path / "union", scale=0.4)
    first = {(each.table, each.kind): each.file for each in reversed(union.faults)}
    towns = {Path(file).parent.name for file in first.values()}
    workspace = create_workspace(tmp_path / "workspace")
    added: set[str] = set()
    rejected: dict[tuple[str, str], int] = {}
    accepted: Counter[str] = Counter()
    for table, file, constants in steps(union):
        if constants and file.parent.name not in towns:
            continue
        batch = add(workspace, table, file, constants=constants)
        name = str(file.relative_to(union.files))
        added.add(name)
        accepted[table] += batch.accepted
        rejected |= {(name, reason): rows for reason, rows in batch.reasons.items()}

    faults = [fault for fault in union.faults if fault.file in added]
    planted = {(each.file, each.kind): each.rows for each in faults if each.stage == "records"}
    assert rejected == planted
    assert len({kind for _, kind in planted}) == 17
    assert len(towns) < 10
    assert accepted["municipalities"] == 26
    assert accepted["providers"] == union.organisations + 4  # whose licence ends come again
    assert accepted["offers"] == 150
    found = {(finding.table, finding.code): finding.rows for finding in check(workspace)}
    unknown = sum(each.rows for each in faults if each.kind == "unknown_executor")
    clashing = sum(each.rows for each in faults if each.kind == "two_main_posts")
    assert found == {
        ("cases", "unknown_executor"): unknown,
        ("posts", "two_main_posts"): clashing,
        ("offers", "licence_ended"): union.planted("offers", "licence_ended"),
    }
