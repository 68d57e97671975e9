"""What leaves the system of a scenario of pay: a workbook, the letter with proposals, open data."""
