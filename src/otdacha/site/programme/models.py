"""What the site keeps of plans: what may be shown of them, and the questions asked of them.

No person is here, nor a pseudonym, nor a number of people of one unit. Money is in whole kopecks.
"""

from __future__ import annotations

from django.db import models

from otdacha.site.pieces import LONGEST_NAME


class Plan(models.Model):
    """One published plan; `hash` is that of its manifest, which names every file by hash."""

    name = models.CharField(max_length=20, unique=True)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    made = models.DateTimeField()
    published = models.DateTimeField(auto_now_add=True)
    manifest = models.JSONField()
    facets = models.JSONField()
    """Filter of the lines → its values, as [value, words, count]."""
    sources = models.JSONField()
    """The sources that have money for it."""
    size = models.PositiveIntegerField()
    """Ways to train somebody that were weighed: how much work a question of “what if” is."""
    fewest = models.PositiveIntegerField()
    """Numbers of people below this one are not shown."""
    volumes = models.JSONField(null=True)
    """Cases that people in the plan's seats answer for, by provider of its problem: by them a plan
    with other money is compared."""

    class Meta:
        ordering = ("-year", "-number")

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """One file of a plan, byte for byte; those that tell of few people are not among them."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "name"), name="one_plan_file_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """One line of a plan: a town sends people to a run. `row` is its row of the table `lines`."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    municipality = models.CharField(max_length=LONGEST_NAME)
    year = models.PositiveIntegerField()
    topic = models.TextField()
    provider = models.CharField(max_length=LONGEST_NAME)
    offer = models.TextField()
    seats = models.PositiveIntegerField()
    cost = models.BigIntegerField()
    federal = models.BigIntegerField()
    regional = models.BigIntegerField()
    municipal = models.BigIntegerField()
    own = models.BigIntegerField()
    benefit = models.FloatField()
    evidence = models.CharField(max_length=20)
    row = models.JSONField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "position"), name="one_line_a_position"),
        )
        indexes = (
            models.Index(fields=("plan", "municipality", "position")),
            models.Index(fields=("plan", "provider", "position")),
        )

    def __str__(self) -> str:
        return f"{self.municipality}: {self.offer}"


class Need(models.Model):
    """How many people of a town need a topic for a reason, and how many of them the plan trains.

    Both are null where they are not shown. why: reason → how many are left out for it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="needs", db_index=False)
    municipality = models.CharField(max_length=LONGEST_NAME)
    topic = models.TextField()
    reason = models.CharField(max_length=40)
    needed = models.PositiveIntegerField(null=True)
    planned = models.PositiveIntegerField(null=True)
    why = models.JSONField()

    class Meta:
        ordering = ("municipality", "topic", "reason")
        indexes = (models.Index(fields=("plan", "municipality", "topic")),)

    def __str__(self) -> str:
        return f"{self.municipality}: {self.topic}"


class Demand(models.Model):
    """The same over all towns."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="demands")
    topic = models.TextField()
    reason = models.CharField(max_length=40)
    needed = models.PositiveIntegerField(null=True)
    planned = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("topic", "reason")

    def __str__(self) -> str:
        return self.topic


class Town(models.Model):
    """One municipality of a plan. needed, mandatory: null where they are not shown. lower, upper:
    the 90 % band of the benefit; null without evidence."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="towns")
    code = models.CharField(max_length=LONGEST_NAME)
    name = models.TextField()
    region = models.TextField()
    needed = models.PositiveIntegerField(null=True)
    mandatory = models.PositiveIntegerField(null=True)
    planned = models.PositiveIntegerField()
    cost = models.BigIntegerField()
    benefit = models.FloatField()
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)

    class Meta:
        ordering = ("region", "name", "code")
        constraints = (models.UniqueConstraint(fields=("plan", "code"), name="one_town_a_code"),)

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What somebody asked of a plan: “what if”. `key` is the hash of plan and question.

    state: waiting, running, done, impossible (no plan keeps the rules), late (none was found in
    time), failed (the computation broke), lost (whoever computed it stopped). said: how far it is,
    in each language. sender: whose it is while it waits, so that nobody fills the queue alone; it
    is no address, and erased when the question is answered.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="questions")
    key = models.CharField(max_length=32, unique=True)
    asked = models.JSONField()
    state = models.CharField(max_length=12, default="waiting", db_index=True)
    sender = models.CharField(max_length=32, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    begun = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    said = models.JSONField(null=True)
    answer = models.JSONField(null=True)

    class Meta:
        ordering = ("created", "id")

    def __str__(self) -> str:
        return self.key


class Computer(models.Model):
    """The process that answers questions: when it was last alive."""

    seen = models.DateTimeField()

    def __str__(self) -> str:
        return self.seen.isoformat()
