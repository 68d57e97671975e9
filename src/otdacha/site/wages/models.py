"""What the site keeps of comparisons of wages. Money is in whole kopecks a month."""

from __future__ import annotations

from django.db import models

from otdacha.site.pieces import LONGEST_NAME


class Comparison(models.Model):
    """One published comparison; `hash` is that of its manifest, which names every file by hash."""

    name = models.CharField(max_length=20, unique=True)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    made = models.DateTimeField()
    published = models.DateTimeField(auto_now_add=True)
    manifest = models.JSONField()
    regions = models.JSONField()
    """[slug, name, municipalities], in the order of the alphabet."""

    class Meta:
        ordering = ("-year", "-number")

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """One file of a comparison, byte for byte."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("comparison", "name"), name="one_wages_file_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Town(models.Model):
    """One municipality in the newest year. A wage, the ratio and what follows from it are null
    where `state` says why.

    alphabetical: what it is ordered by; sought: what a search looks at. years, quarters: its rows
    of these tables, money in kopecks.
    """

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="towns", db_index=False)
    code = models.CharField(max_length=LONGEST_NAME)
    name = models.TextField()
    alphabetical = models.TextField()
    sought = models.TextField()
    region = models.TextField()
    region_slug = models.CharField(max_length=100)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    state = models.CharField(max_length=20)
    wage_all = models.BigIntegerField(null=True)
    wage_o = models.BigIntegerField(null=True)
    ratio = models.FloatField(null=True)
    difference = models.BigIntegerField(null=True)
    place = models.PositiveIntegerField(null=True)
    share_below = models.FloatField(null=True)
    years = models.JSONField()
    quarters = models.JSONField()

    class Meta:
        ordering = ("alphabetical", "code")
        constraints = (
            models.UniqueConstraint(fields=("comparison", "code"), name="one_wages_town_a_code"),
        )
        indexes = (
            models.Index(fields=("comparison", "ratio")),
            models.Index(fields=("comparison", "region_slug", "ratio")),
        )

    def __str__(self) -> str:
        return self.name
