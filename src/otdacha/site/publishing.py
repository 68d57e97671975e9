"""How something comes onto the site: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction

from otdacha.errors import WorkspaceProblem
from otdacha.language import text


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """What is written inside is there when all of it is; until then the site shows what it did.

    Raises WorkspaceProblem where the database cannot be written.
    """
    try:
        with transaction.atomic():
            yield
    except (OperationalError, IntegrityError) as fault:
        raise WorkspaceProblem(
            text(
                "The site's database cannot be written ({fault}). Nothing was published: the site "
                "shows what it showed before. Make room or wait for another publication to end, "
                "and run it again.",
                fault=str(fault).strip(),
            )
        ) from fault
