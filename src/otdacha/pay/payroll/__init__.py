"""Pay of a whole roster, month by month and component by component, under the law and measures."""

from otdacha.pay.payroll.paid import Payroll, payroll
from otdacha.pay.payroll.steps import Month, Stage, Step, in_order

__all__ = ["Month", "Payroll", "Stage", "Step", "in_order", "payroll"]
