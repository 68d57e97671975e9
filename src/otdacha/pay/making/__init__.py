"""A scenario made from a workspace: read, paid out, estimated, chosen, kept."""

from otdacha.pay.making.make import make_scenario

__all__ = ["make_scenario"]
