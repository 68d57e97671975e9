"""How something comes onto the site: whole, or not at all; and what does not come onto it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction

from otdacha.errors import OtdachaError, WorkspaceProblem
from otdacha.language import Text, text
from otdacha.site.pieces import LONGEST_NAME


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


def refuse_another(named: Text, published: str, manifest: str, problem: type[OtdachaError]) -> None:
    """Raise `problem` where something else is published under the name.

    published, manifest: SHA-256 of the manifest that the site has, and of the one to be loaded.
    """
    if published != manifest:
        raise problem(
            text(
                "{named}: something else is published under this number, with another manifest. "
                "What is published is never replaced: make it again, and it gets a number of its "
                "own.",
                named=named,
            )
        )


def refuse_unaddressable(named: Text, codes: Iterable[str], problem: type[OtdachaError]) -> None:
    """Raise `problem` where the code of a municipality can stand in no address: each has a page."""
    for code in codes:
        if not 0 < len(code) <= LONGEST_NAME or "\0" in code:
            raise problem(
                text(
                    "{named} has a municipality whose code has {count} characters or signs that no "
                    "address can hold: “{code}”. Codes have from 1 to {most} characters.",
                    named=named,
                    count=len(code),
                    code=code[:60],
                    most=LONGEST_NAME,
                )
            )
