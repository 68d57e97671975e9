"""Otdacha: which training of municipal servants makes municipal services better.

The packages stand in the order in which data travels:
`methodology`, `records`, `panel`, `effects`, `ranking`, `release`, `documents`, `demo`, `cli`.
"""

from importlib.metadata import version

__version__ = version("otdacha")
