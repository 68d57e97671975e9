"""Numbers of few people, and what would give them away, are hidden."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from otdacha.site.programme.small import Cell, hidden_cells, hidden_sums, part_shown

FEWEST = 5


def test_a_number_below_the_smallest_is_hidden_and_with_it_the_next_of_the_same_sum() -> None:
    people = {
        ("kitezh", "complaints", "other"): 3,
        ("kitezh", "permits", "other"): 7,
        ("kitezh", "land", "other"): 9,
    }
    assert hidden_cells(people, FEWEST) == {
        ("kitezh", "complaints", "other"),
        ("kitezh", "permits", "other"),
    }


def test_nothing_is_hidden_where_all_numbers_are_large_or_none() -> None:
    people = {("kitezh", "complaints", "other"): 5, ("kitezh", "permits", "other"): 0}
    assert not hidden_cells(people, FEWEST)


def test_a_part_is_shown_only_where_neither_it_nor_the_rest_is_small() -> None:
    assert part_shown(20, 0, FEWEST)
    assert part_shown(20, 20, FEWEST)
    assert part_shown(20, 15, FEWEST)
    assert not part_shown(20, 16, FEWEST)
    assert not part_shown(20, 4, FEWEST)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from(["duty", "other"])),
    st.integers(0, 12),
    max_size=12,
)


@given(CELLS)
def test_whatever_is_shown_no_sum_tells_of_less_than_two_cells_or_too_few_people(
    people: dict[Cell, int],
) -> None:
    hidden = hidden_cells(people, FEWEST)
    assert {cell for cell, count in people.items() if 0 < count < FEWEST} <= hidden
    for by in (lambda cell: cell[:1], lambda cell: cell[::2], lambda cell: cell[1:]):
        groups: dict[tuple[str, ...], list[Cell]] = {}
        for cell in people:
            groups.setdefault(by(cell), []).append(cell)
        unsaid = hidden_sums(groups, people, hidden, FEWEST)
        for name, cells in groups.items():
            inside = [people[cell] for cell in cells if cell in hidden]
            if inside and name not in unsaid:
                assert len(inside) > 1
                assert sum(inside) >= FEWEST
