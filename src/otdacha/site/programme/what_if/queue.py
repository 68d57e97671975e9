"""The queue of questions: short, so that an answer comes in minutes; and answers, kept for a while.

Anybody may ask, so everything is bounded: how many wait, how many of one sender, how many answers
are kept. One is computed at a time, whoever computes.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from otdacha.site.programme.models import Computer, Plan
from otdacha.site.programme.models import Question as Kept
from otdacha.site.programme.what_if.question import Question
from otdacha.site.senders import address_of

MOST_WAITING = 6
MOST_OF_ONE = 2
MOST_KEPT = 200
SILENT = dt.timedelta(seconds=20)
"""A process that gave no sign of life for so long is taken for dead."""
OPEN = ("waiting", "running")
AGAIN = ("late", "failed", "lost")
"""States after which the same question may be asked once more."""
ALIVE = 1
"""The one row that says when a computing process was alive."""


class Full(Exception):
    """There is no room for another question now."""


def ask(plan: Plan, question: Question, request: HttpRequest) -> Kept:
    """Put a question into the queue, or find it answered. Raises Full where too many wait."""
    key = question.key(plan)
    sender = sender_of(request)
    with transaction.atomic():
        there = Kept.objects.filter(key=key).first()
        if there is not None and there.state not in AGAIN:
            return there
        waiting = Kept.objects.filter(state__in=OPEN)
        if waiting.count() >= MOST_WAITING or waiting.filter(sender=sender).count() >= MOST_OF_ONE:
            raise Full
        if there is not None:
            there.delete()
        made = Kept.objects.create(plan=plan, key=key, asked=dict(question.values), sender=sender)
        _forget_oldest()
    return made


def sender_of(request: HttpRequest) -> str:
    """Tells one sender from another as long as the site runs; no address can be read from it."""
    return salted_hmac("what-if", address_of(request), secret=settings.SECRET_KEY).hexdigest()[:32]


def _forget_oldest() -> None:
    closed = Kept.objects.exclude(state__in=OPEN).order_by("-created", "-pk")
    old = closed.values_list("pk", flat=True)[MOST_KEPT:]
    Kept.objects.filter(pk__in=list(old)).delete()


def take(now: dt.datetime | None = None) -> Kept | None:
    """The question to be computed next; None where none waits, or another is being computed.

    One whose process fell silent is lost: it is not taken again by itself, for it may have been
    what ended the process.
    """
    now = now or timezone.now()
    with transaction.atomic():
        Computer.objects.select_for_update().filter(pk=ALIVE).first()
        running = Kept.objects.filter(state="running")
        running.filter(seen__lt=now - SILENT).update(state="lost", sender="")
        if running.exists():
            return None
        found = Kept.objects.filter(state="waiting").first()
        if found is not None:
            Kept.objects.filter(pk=found.pk).update(state="running", begun=now, seen=now)
    return found


def alive(question: Kept | None, said: dict[str, str] | None) -> None:
    """Give a sign of life, and say how far the question is."""
    now = timezone.now()
    Computer.objects.update_or_create(pk=ALIVE, defaults={"seen": now})
    if question is not None:
        Kept.objects.filter(pk=question.pk, state="running").update(seen=now, said=said)


def close(question: Kept, state: str, answer: object = None) -> None:
    """Keep what came of a question, and no longer whose it was."""
    Kept.objects.filter(pk=question.pk).update(state=state, answer=answer, sender="", said=None)


def somebody_computes(now: dt.datetime | None = None) -> bool:
    """Whether a computing process was alive a moment ago."""
    since = (now or timezone.now()) - SILENT
    return Computer.objects.filter(seen__gte=since).exists()


def waiting() -> int:
    """How many questions are not answered yet."""
    return Kept.objects.filter(state__in=OPEN).count()


def before(question: Kept) -> int:
    """How many questions are to be answered before this one."""
    return Kept.objects.filter(state__in=OPEN, pk__lt=question.pk).count()
