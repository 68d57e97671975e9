"""The payroll in columns, on posts whose pay a reader reckons by head (see `small_law`)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.kopecks import RATE, SHARE, part_of
from otdacha.pay.parameters import Law, law_in
from otdacha.pay.payroll import Payroll, Stage, Step, explained, full_pay, fund, payroll, payrolls
from otdacha.pay.payroll.months import Months, Paid
from tests.unit.pay.small_law import BELOGORYE, FEDERAL, REGION, YEAR, roster, small_law, written

KITEZH, BUYAN = "28701000", "28702000"


@pytest.fixture
def law(tmp_path: Path) -> Law:
    return small_law(tmp_path)


def _paid(
    result: Payroll, variant: int = 0, year: int = 2027, town: str = KITEZH
) -> dict[str, Decimal]:
    """Rubles of the year by component."""
    rows = result.by_town.filter(municipality=town, variant=variant, year=year)
    return {name: Decimal(sum_) / 100 for name, sum_ in rows["component", "kopecks"].iter_rows()}


def _of_month(posts: pl.DataFrame, law: Law, day: dt.date, component: str) -> Decimal:
    of_person = explained(posts, law, posts["person"][0], day)
    return Decimal(of_person[0].line(component).result) / 100


def _raise(percent: int, since: dt.date = dt.date(2027, 1, 1)) -> Step:
    raised = part_of(pl.col("salary"), (100 + percent) * 100, RATE)
    holds = pl.col("month") >= since
    return Step("raise", Stage.LAW, {"salary": pl.when(holds).then(raised).otherwise("salary")})


def _allowance(rubles: int, coefficient: bool = False) -> Step:
    of_month = part_of(
        pl.lit(rubles * 100, pl.Int64),
        pl.col("share") * pl.col("days"),
        SHARE * pl.col("norm_days"),
    )
    return Step("allowance", Stage.PAY, {"allowance": of_month}, coefficient)


def _floor(rubles: int) -> Step:
    lacking = (rubles * 100 - pl.col("total")).clip(lower_bound=0)
    return Step("floor", Stage.FLOOR, {"floor": lacking})


def test_a_year_of_a_full_post_is_what_one_reckons(law: Law) -> None:
    assert _paid(payroll(roster({}), law, [2027])) == {
        "salary": Decimal(480_000),
        "service": Decimal(144_000),  # 30 % after 16 years
        "special": Decimal(240_000),
        "rank": 0,
        "secrecy": 0,
        "bonus": Decimal(120_000),
        "incentive": Decimal(480_000),
        "aid": Decimal(40_000),  # one salary a year, though 40,000 / 12 is no whole kopeck
        "leave_payment": Decimal(80_000),
        "coefficient": 0,
        "north": 0,
        "total": Decimal(1_584_000),
        # 30 % of a million, 15.1 % of the rest, 0.2 % of all
        "contributions": Decimal(300_000) + Decimal(584_000) * Decimal("0.151") + 3_168,
        "cost": Decimal("1975352"),
    }


def test_components_come_in_their_order(law: Law) -> None:
    result = payroll(roster({}), law, [2027], [_floor(1), _allowance(1)])
    of_last = result.by_town.filter(variant=2)["component"].to_list()
    assert of_last[8:] == [
        "leave_payment", "allowance", "coefficient", "north", "floor", "total", "contributions",
        "cost",
    ]  # fmt: skip


def test_components_add_up_to_the_kopeck_where_nothing_is_round(law: Law) -> None:
    odd = {"position_group": "старшая", "pay_class": 1, "share": 333, "region": BELOGORYE}
    paid = _paid(payroll(roster(odd), law, [2027], [_allowance(777, True)]), variant=1)
    total, contributions, cost = (paid.pop(name) for name in ("total", "contributions", "cost"))
    assert sum(paid.values()) == total
    assert total + contributions == cost


def test_a_month_begun_late_is_paid_by_working_days(law: Law) -> None:
    """January 2027 has 15 working days, from the 11th on; ten of them are left on the 18th."""
    late = roster({"started": dt.date(2027, 1, 18)})
    assert _of_month(late, law, dt.date(2027, 1, 31), "salary") == Decimal("26666.67")
    assert _of_month(late, law, dt.date(2027, 2, 1), "salary") == 40_000


def test_a_month_ended_early_is_paid_up_to_its_last_day(law: Law) -> None:
    early = roster({"ended": dt.date(2027, 1, 15)})
    result = payroll(early, law, [2027, 2028])
    assert _paid(result)["salary"] == Decimal("13333.33")
    assert result.by_post.rows() == [(0, 2027, 1, pytest.approx(1 / 3), *[4_399_999] * 2, False)]


def test_two_posts_of_one_person_share_the_ceiling_of_their_employer(law: Law) -> None:
    both = roster({}, {"share": 500, "main": False})
    paid = _paid(payroll(both, law, [2027]))
    assert paid["total"] == 2_376_000
    assert paid["contributions"] == 300_000 + Decimal(1_376_000) * Decimal("0.151") + 4_752


def test_every_employer_counts_to_the_ceiling_alone(law: Law) -> None:
    both = roster({}, {"municipality": BUYAN, "share": 500, "main": False})
    result = payroll(both, law, [2027])
    assert _paid(result)["contributions"] == Decimal(391_352)
    assert _paid(result, town=BUYAN)["contributions"] == 792_000 * Decimal("0.302")


def test_a_new_year_begins_below_the_ceiling_again(law: Law) -> None:
    result = payroll(roster({}), law, [2027, 2028])
    first, second = (_paid(result, year=year)["contributions"] for year in (2027, 2028))
    assert first == second == Decimal(391_352)


def test_a_salary_of_the_roster_counts_before_the_table(law: Law) -> None:
    own = roster({"salary": 5_000_050})
    line = explained(own, law, "s1", dt.date(2027, 1, 31))[0].line("salary")
    assert (line.result, line.reference) == (5_000_050, None)


def test_a_rate_of_service_rises_on_the_first_of_a_month(law: Law) -> None:
    """Whoever began on 10 February 2026 has served a year on 1 March 2027, not on 1 February."""
    new = roster({"started": dt.date(2026, 2, 10)})
    assert _of_month(new, law, dt.date(2027, 2, 28), "service") == 0
    assert _of_month(new, law, dt.date(2027, 3, 1), "service") == 4_000


def test_service_elsewhere_counts_where_it_is_known(law: Law) -> None:
    served = roster({"started": dt.date(2026, 2, 10), "service_from": dt.date(2012, 1, 1)})
    assert _of_month(served, law, dt.date(2027, 1, 1), "service") == 12_000


def test_coefficient_and_northern_allowance_are_paid_on_all_the_rest(law: Law) -> None:
    """132,000 in January: 20 % by the coefficient, 10 % after half a year in the North."""
    north = roster({"region": BELOGORYE, "north_from": dt.date(2026, 7, 1)})
    assert _of_month(north, law, dt.date(2027, 1, 1), "coefficient") == 26_400
    assert _of_month(north, law, dt.date(2027, 1, 1), "north") == 13_200
    assert _of_month(north, law, dt.date(2027, 7, 1), "north") == Decimal("26400.00")


@pytest.mark.parametrize(
    ("post", "component", "rubles"),
    [
        ({"class_rank": "Советник 1 класса", "share": 500}, "rank", 1_000),
        ({"class_rank": "советник 2 класса"}, "rank", 2_000),
        ({"secrecy": "Секретно"}, "secrecy", 4_000),
        ({"special_rate": 12_500}, "special", 50_000),
    ],
)
def test_what_the_roster_says_of_a_post_is_paid(
    law: Law, post: dict[str, object], component: str, rubles: int
) -> None:
    assert _of_month(roster(post), law, dt.date(2027, 1, 1), component) == rubles


def test_measures_cost_what_they_add_to_those_before_them(law: Law) -> None:
    """10 % more salary: everything paid is in salaries, so 10 % of 1,584,000 and of what is due
    beyond the ceiling. 1,000 a month more: 12,000 and 15.3 % of it."""
    result = payroll(roster({}), law, [2027], [_allowance(1_000), _raise(10)])
    assert [step.key for step in result.steps] == ["raise", "allowance"]
    assert result.cost(1).rows() == [(KITEZH, 2027, 158_400_00 + 158_400 * 15_3 // 10)]
    assert result.cost(2).rows() == [(KITEZH, 2027, 12_000_00 + 12_000 * 15_3 // 10)]


def test_a_measure_costs_nothing_before_it_begins(law: Law) -> None:
    result = payroll(roster({}), law, [2027, 2028], [_raise(10, dt.date(2028, 1, 1))])
    assert result.cost(1)["kopecks"].to_list() == [0, 158_400_00 + 158_400 * 15_3 // 10]
    assert result.by_post["receives"].to_list() == [False, True]


def test_a_measure_that_has_ended_still_tells_in_the_ceiling(law: Law) -> None:
    """A raise in January alone brings the ceiling nearer: 13,200 more are due at 30.2 %, and 13,200
    of a later month at 15.3 instead of 30.2 %."""
    raised = part_of(pl.col("salary"), 11_000, RATE)
    january = pl.col("month") == dt.date(2027, 1, 1)
    once = {"salary": pl.when(january).then(raised).otherwise("salary")}
    result = payroll(roster({}), law, [2027], [Step("once", Stage.LAW, once)])
    assert result.cost(1)["kopecks"].item() == 13_200_00 + 13_200 * 15_3 // 10


@pytest.mark.parametrize(("coefficient", "total"), [(True, 1_200), (False, 1_000)])
def test_coefficients_are_paid_on_a_measure_that_bears_them(
    law: Law, coefficient: bool, total: int
) -> None:
    new = {"region": BELOGORYE, "started": dt.date(2027, 1, 1), "ended": dt.date(2027, 1, 31)}
    result = payroll(roster(new), law, [2027], [_allowance(1_000, coefficient)])
    assert _paid(result, variant=1)["total"] - _paid(result)["total"] == total


def test_a_floor_lifts_what_all_the_rest_adds_up_to(law: Law) -> None:
    """132,000 a month and 1,000 more: 17,000 lack to 150,000."""
    paid = _paid(payroll(roster({}), law, [2027], [_floor(150_000), _allowance(1_000)]), variant=2)
    assert paid["floor"] == 12 * 17_000
    assert paid["total"] == 12 * 150_000


def test_measures_tell_who_receives_something_by_them(law: Law) -> None:
    posts = roster({}, {"person": "s2"}, {"person": "s2", "share": 500, "main": False})
    halves = pl.when(pl.col("share") == 500).then(10_000).otherwise(0)
    result = payroll(
        posts, law, [2027, 2028], [_raise(10), Step("half", Stage.PAY, {"half": halves})]
    )
    assert result.received.rows() == [("raise", 0), ("raise", 1), ("raise", 2), ("half", 2)]
    assert result.people(posts).rows() == [("half", 1), ("raise", 2)]


def test_ways_that_begin_alike_are_paid_as_each_by_itself(law: Law) -> None:
    posts = roster(
        {}, {"person": "s2", "municipality": BUYAN}, {"person": "s2", "share": 500, "main": False}
    )
    raised, more, floor = _raise(10), _allowance(1_000), _floor(150_000)
    ways = [[], [raised], [raised, floor], [raised, more, floor], [more], [floor, raised]]
    together = list(payrolls(posts, law, [2027, 2028], ways))
    for way, paid in zip(ways, together, strict=True):
        alone = payroll(posts, law, [2027, 2028], way)
        assert paid.steps == alone.steps
        assert paid.by_town.equals(alone.by_town)
        assert paid.by_post.equals(alone.by_post)
        assert paid.received.equals(alone.received)
    assert together[2].by_town.equals(together[5].by_town)


def test_what_ways_begin_with_alike_is_paid_once(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    paid: list[str] = []
    with_step = Months.with_step

    def counted(months: Months, before: Paid, step: Step) -> Paid:
        paid.append(step.key)
        return with_step(months, before, step)

    monkeypatch.setattr(Months, "with_step", counted)
    raised, floors = _raise(10), [_floor(150_000), _floor(160_000)]
    list(payrolls(roster({}), law, [2027], [[raised, floor] for floor in floors]))
    assert paid == ["raise", "floor", "floor"]


def test_behind_every_part_of_pay_stand_so_many_people_of_a_town_and_year(law: Law) -> None:
    """Somebody with two posts is one person, and none after both have ended."""
    left = {"person": "s2", "ended": dt.date(2027, 5, 31)}
    posts = roster({}, left, {**left, "share": 500, "main": False})
    halves = pl.when(pl.col("share") == 500).then(10_000).otherwise(0)
    step = Step("half", Stage.PAY, {"half": halves})
    behind = payroll(posts, law, [2027, 2028], [step, _raise(10)]).behind
    people = {(year, part): count for _, year, part, count in behind.rows()}
    assert people[2027, "salary"] == people[2027, "total"] == people[2027, "raise"] == 2
    assert people[2028, "salary"] == people[2028, "raise"] == 1
    assert people[2027, "half"] == 1


def test_facts_of_a_month_are_read_by_a_measure(law: Law) -> None:
    facts = pl.DataFrame({"post": [0], "month": [dt.date(2027, 3, 1)], "prize": [500_000]})
    step = Step("prize_paid", Stage.PAY, {"prize_paid": pl.col("prize").fill_null(0)})
    result = payroll(roster({}), law, [2027], [step], facts)
    assert _paid(result, variant=1)["prize_paid"] == 5_000


@pytest.mark.parametrize(
    ("post", "says"),
    [
        ({"position_group": "ратник"}, "pay/kitezh.toml: salary ратник is not said for 2027-01-01"),
        ({"position_group": "старшая", "pay_class": 2}, "salary старшая 2 is not said"),
        ({"class_rank": "боярин"}, "rank боярин ведущая is not said for 2027-01-01"),
        ({"secrecy": "тайно"}, "secrecy тайно is not said"),
        ({"special_rate": 20_001}, "pays 0% to 200% for special conditions .* says 200.01% of s1"),
        ({"region": "Буян"}, "names Буян"),
    ],
)
def test_a_post_without_an_answer_is_an_error_that_says_which(
    law: Law, post: dict[str, object], says: str
) -> None:
    with pytest.raises(PayProblem, match=says):
        payroll(roster(post), law, [2027])


def test_a_year_beyond_the_law_is_an_error(law: Law) -> None:
    with pytest.raises(PayProblem, match="says nothing about 2029-01-01"):
        payroll(roster({}), law, [2028, 2029])


def test_the_law_of_a_year_counts_though_the_year_before_is_not_asked(tmp_path: Path) -> None:
    """40,000 a month in 2027; 50,000 from March 2028 on, so in the whole of 2029."""
    later = YEAR.replace("2027-01-01", "2028-03-01").replace("2028-12-31", "2029-12-31")
    rest = REGION.replace("2028-12-31", "2029-12-31")
    first = f"[[salary]]\n{YEAR.replace('2028-12-31', '2028-02-29')}amounts = [\n"
    changed = rest.replace(
        f"[[salary]]\n{YEAR.replace('2028-12-31', '2029-12-31')}amounts = [\n",
        f"[[salary]]\n{later}amounts = [{{ group = 'ведущая', amount = 50_000 }}]\n{first}",
    )
    federal = FEDERAL.replace("2028-12-31", "2029-12-31")
    law = law_in(written(tmp_path, kitezh=changed, federal=federal))
    result = payroll(roster({}), law, [2027, 2029])
    assert [_paid(result, year=year)["salary"] for year in (2027, 2029)] == [480_000, 600_000]


def test_a_post_that_nobody_holds_is_not_asked_about(law: Law) -> None:
    gone = {"position_group": "ратник", "person": "s0", "ended": dt.date(2026, 12, 31)}
    result = payroll(roster(gone, {}), law, [2027])
    assert _paid(result)["total"] == 1_584_000
    assert result.by_post["post"].to_list() == [1]


@pytest.mark.parametrize("key", ["bonus", "share", "norm_days"])
def test_a_measure_may_not_be_called_like_a_column(law: Law, key: str) -> None:
    step = Step(key, Stage.PAY, {key: pl.lit(0, pl.Int64)})
    with pytest.raises(PayProblem, match=f"called {key}"):
        payroll(roster({}), law, [2027], [step])


def test_a_measure_that_gives_no_sum_is_an_error_not_a_loss(law: Law) -> None:
    step = Step("lost", Stage.PAY, {"lost": pl.lit(None, pl.Int64)})
    with pytest.raises(PayProblem, match="lost gives no sum in the month of 2027-01-01"):
        payroll(roster({}), law, [2027], [step])


def test_an_empty_roster_is_paid_nothing(law: Law) -> None:
    result = payroll(roster(), law, [2027], [_raise(10)])
    assert result.by_town.is_empty()
    assert result.by_post.is_empty()


def test_posts_in_batches_are_paid_as_all_at_once(
    law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = roster(
        *({"person": f"s{number % 9}", "municipality": KITEZH if number % 2 else BUYAN,
           "main": number < 9, "share": 100 * number + 50} for number in range(14))
    )  # fmt: skip
    once = payroll(posts, law, [2027], [_allowance(100)])
    monkeypatch.setattr("otdacha.pay.payroll.paid.BATCH", 3)
    apart = payroll(posts, law, [2027], [_allowance(100)])
    assert once.by_town.equals(apart.by_town)
    assert once.by_post.equals(apart.by_post)


def test_full_pay_is_of_a_whole_month_and_a_full_post(law: Law) -> None:
    part = roster(
        {"share": 250, "started": dt.date(2027, 1, 18), "service_from": dt.date(2010, 1, 1)}
    )
    paid = full_pay(part, law, [2027])
    assert paid.height == 12
    assert paid["month", "kopecks"].row(0) == (dt.date(2027, 1, 1), 132_000_00)


def test_a_fund_is_told_in_monthly_salaries(law: Law) -> None:
    """Special conditions of 50 % are six salaries a year where the law reckons with twelve."""
    posts = roster({})
    told = fund(payroll(posts, law, [2027]).by_town, posts, law)
    special = told.row(by_predicate=pl.col("component") == "special", named=True)
    assert (special["salaries"], special["norm"]) == (6.0, 12.0)
    assert special["difference"] == Decimal(-240_000)
    bonus = told.row(by_predicate=pl.col("component") == "bonus", named=True)
    assert (bonus["salaries"], bonus["norm"], bonus["difference"]) == (3.0, None, None)


def test_every_component_says_why_it_is_what_it_is(law: Law) -> None:
    post = roster({"region": BELOGORYE, "share": 500})
    told = explained(post, law, "s1", dt.date(2027, 1, 20), [_raise(10), _allowance(1_000)])
    lines = {line.component: line for line in told[0].lines}
    salary, service = lines["salary"], lines["service"]
    assert (salary.base, salary.share, salary.result) == (4_400_000, 500, 2_200_000)
    assert (service.base, service.rate, service.result) == (2_200_000, 3_000, 660_000)
    assert (service.reference, service.valid_from) == ("Закон", dt.date(2027, 1, 1))
    assert service.words.said("en") == "30% of the salary of the month, ₽22,000"
    assert service.words.said("ru") == "30 % от оклада за месяц, 22\N{NO-BREAK SPACE}000 ₽"
    assert lines["allowance"].words.said("en") == "paid by the measure allowance"
    assert lines["coefficient"].base == 2_200_000 * 33 // 10
    assert lines["contributions"].words.said("en").startswith("30% of ₽102,")
    assert sum(line.result for line in told[0].lines[:-3]) == lines["total"].result


def test_a_yearly_sum_says_both_sums_that_the_month_lies_between(law: Law) -> None:
    """1/12 of 40,000.50 is 3,333.375: the second month adds what is lacking to 2/12."""
    post = roster({"salary": 4_000_050})
    told = [explained(post, law, "s1", dt.date(2027, month, 1))[0].line("aid") for month in (1, 2)]
    assert [line.result for line in told] == [333_338, 333_337]
    assert told[1].words.said("en") == (
        "monthly salaries a year: 1, of ₽40,000.50; 2/12 of it is ₽6,666.75, "
        "without what 1/12 is, ₽3,333.38"
    )


def test_what_measures_made_of_the_law_is_told_beside_it(law: Law) -> None:
    told = explained(roster({}), law, "s1", dt.date(2027, 1, 1), [_raise(10), _floor(200_000)])
    salary, floor = told[0].line("salary"), told[0].line("floor")
    assert salary.words.said("en").endswith("; before the measures raise it was ₽40,000")
    assert floor.words.said("en") == "paid by the measure floor; it lifts ₽145,200 to ₽200,000"
    before = explained(roster({}), law, "s1", dt.date(2027, 1, 1), [_floor(1)])[0].line("floor")
    assert before.words.said("en") == "the measure floor pays nothing here in this month"


def test_of_steps_that_do_not_rise_the_last_one_reached_counts(tmp_path: Path) -> None:
    falling = REGION.replace("{ years = 15, rate = 0.3 }", "{ years = 15, rate = 0.05 }")
    law = law_in(written(tmp_path, kitezh=falling))
    assert _of_month(roster({}), law, dt.date(2027, 1, 1), "service") == 2_000


def test_a_salary_that_no_whole_number_can_hold_is_refused_not_counted(law: Law) -> None:
    """Doubled twelve times, 40,000 rubles are more than a hundred million."""
    doubled = [Step(f"raise_{number}", Stage.LAW, _raise(100).columns) for number in range(60)]
    with pytest.raises(PayProblem, match=r"raise_11 raises pay in the month of 2027-01-01 beyond"):
        payroll(roster({}), law, [2027], doubled)


@pytest.mark.parametrize("key", ["base", "room", "of_year", "salary"])
def test_no_measure_is_called_as_a_column_of_the_payroll(law: Law, key: str) -> None:
    named = Step(key, Stage.PAY, {key: pl.lit(1, pl.Int64)})
    with pytest.raises(PayProblem, match=f"called {key}, which is a column"):
        payroll(roster({}), law, [2027], [named])


def test_what_is_explained_is_what_was_paid(law: Law) -> None:
    post, steps = roster({"share": 700}), [_raise(7), _floor(200_000)]
    paid = _paid(payroll(post, law, [2027], steps), variant=2)
    months = [dt.date(2027, month, 1) for month in range(1, 13)]
    told = [explained(post, law, "s1", month, steps)[0] for month in months]
    for component, rubles in paid.items():
        assert sum(one.line(component).result for one in told) == rubles * 100


def test_a_person_without_a_post_in_the_month_cannot_be_explained(law: Law) -> None:
    with pytest.raises(PayProblem, match="s9 has no post"):
        explained(roster({}), law, "s9", dt.date(2027, 1, 1))
