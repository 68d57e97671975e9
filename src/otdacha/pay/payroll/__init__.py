"""Pay of a whole roster, month by month and component by component, under the law and measures."""

from otdacha.pay.payroll.explained import Explanation, Line, explained
from otdacha.pay.payroll.fund import fund
from otdacha.pay.payroll.history import full_pay
from otdacha.pay.payroll.paid import Payroll, payroll, payrolls
from otdacha.pay.payroll.steps import Month, Stage, Step, in_order

__all__ = [
    "Explanation",
    "Line",
    "Month",
    "Payroll",
    "Stage",
    "Step",
    "explained",
    "full_pay",
    "fund",
    "in_order",
    "payroll",
    "payrolls",
]
