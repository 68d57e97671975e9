"""What the site keeps of scenarios: what may be told of them, as files.

No person is here, nor a pseudonym, nor a mean pay of a few people.
"""

from __future__ import annotations

from django.db import models


class Scenario(models.Model):
    """One published scenario; `hash` is that of its manifest, which names every file by hash."""

    name = models.CharField(max_length=20, unique=True)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    made = models.DateTimeField()
    published = models.DateTimeField(auto_now_add=True)
    manifest = models.JSONField()
    fewest = models.PositiveIntegerField()
    """What is of fewer people than this is not shown."""

    class Meta:
        ordering = ("-year", "-number")

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """One file of a scenario: its own byte for byte, or a table of what may be told."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scenario", "name"), name="one_scenario_file_a_name"),
        )

    def __str__(self) -> str:
        return self.name
