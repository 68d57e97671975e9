"""Measures that raise pay: parameters with dates, a payroll, measures, what they bring and cost."""
