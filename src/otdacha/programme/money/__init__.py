"""Funds and who may be paid from them: limits, shares, and every kopeck dealt out."""
