"""What the site keeps: data banks, the releases loaded into them, and what was said about those.

Only what is searched, filtered or sorted by has a column of its own. The rest of a released row
stands in `row` as the release has it; the release's own files stand beside it byte for byte.
"""

from __future__ import annotations

from django.db import models

from otdacha.site.pieces import LONGEST_NAME


class Bank(models.Model):
    """One data bank: the releases of one methodology about one kind of training."""

    slug = models.SlugField(max_length=80, unique=True)
    title_ru = models.TextField()
    title_en = models.TextField()
    note_ru = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    source = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    invented = models.BooleanField(default=False)
    generation = models.PositiveIntegerField(default=0)
    """Raised with everything that changes a page: what was kept of pages before is not shown."""

    def __str__(self) -> str:
        return self.slug


class Release(models.Model):
    """One loaded release; `hash` is that of its manifest, which names every file by hash."""

    bank = models.ForeignKey(Bank, models.CASCADE, related_name="releases")
    name = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    created = models.DateTimeField()
    published = models.DateTimeField(auto_now_add=True)
    manifest = models.JSONField()
    facets = models.JSONField()
    """Filter → its values with the number of organisations, as [value, slug, count]."""

    class Meta:
        ordering = ("-year", "-number")
        constraints = (
            models.UniqueConstraint(fields=("bank", "name"), name="one_release_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """One file of a release, byte for byte."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("release", "name"), name="one_file_a_name"),)

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """One training organisation in one release, with the figures of its own.

    position: its place in the release's table: best first, what has no figure last, by state.
    row: its row of the table `providers`. figures: table → its rows in the others.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="organisations")
    provider = models.CharField(max_length=LONGEST_NAME)
    position = models.PositiveIntegerField()
    name = models.TextField()
    alphabetical = models.TextField()
    """What it is ordered by among names: small letters, without quotes, ё as е."""
    type = models.TextField()
    region = models.TextField()
    region_slug = models.CharField(max_length=120)
    state = models.CharField(max_length=30)
    listed = models.BooleanField()
    trained = models.PositiveIntegerField(null=True)
    price = models.FloatField(null=True)
    """Price of its cheapest programme, roubles."""
    row = models.JSONField()
    figures = models.JSONField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("release", "provider"), name="one_row_a_provider"),
        )
        indexes = (
            # rows are long: all that lists are filtered and sorted by stands in one index
            models.Index(
                fields=(
                    "release",
                    "position",
                    "state",
                    "listed",
                    "region_slug",
                    "type",
                    "trained",
                    "price",
                ),
                name="organisations_listed",
            ),
            models.Index(fields=("release", "alphabetical", "position")),
            models.Index(fields=("release", "region_slug", "position")),
            models.Index(fields=("provider",)),
        )

    def __str__(self) -> str:
        return self.name


class Comparisons(models.Model):
    """Differences of one organisation to those after it in the release's order.

    rows: the other's provider → its row of the table `comparisons`. They are long and needed on one
    page only, so they stand apart.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE)
    rows = models.JSONField()


class Programme(models.Model):
    """One programme of an organisation in one release; `row` is its released row."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="programmes")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="programmes")
    key = models.CharField(max_length=16)
    """Names the programme in addresses: the same in every release."""
    name = models.TextField()
    topic = models.TextField()
    topic_slug = models.CharField(max_length=120)
    form = models.TextField()
    hours = models.FloatField(null=True)
    price = models.FloatField(null=True)
    row = models.JSONField()

    class Meta:
        ordering = ("name", "key")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "key"), name="one_programme_a_key"),
        )
        indexes = (
            models.Index(fields=("release", "topic_slug", "form", "price", "organisation")),
            models.Index(fields=("release", "form", "price", "organisation")),
            models.Index(fields=("organisation", "topic_slug", "form", "price")),
        )

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """One stem that occurs in a release's names: its vocabulary, which searches are read against.

    place: its number in alphabetical order, from 0: stems with a common beginning are a range.
    form: the commonest word it stands for, to be shown. organisations: how many it leads to.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="words", db_index=False)
    place = models.PositiveIntegerField()
    stem = models.TextField()
    form = models.TextField()
    organisations = models.PositiveIntegerField()

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("release", "place"), name="one_word_a_place"),
        )

    def __str__(self) -> str:
        return self.form


class Mention(models.Model):
    """A word leads to an organisation. word: the word's place; weight: that of its best mention."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="mentions", db_index=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, "mentions", db_index=False)
    word = models.PositiveIntegerField()
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("release", "word", "organisation")),
            models.Index(fields=("organisation", "word", "weight")),
        )


class Municipality(models.Model):
    """One municipality in one release; `row` is its released row."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="municipalities")
    code = models.CharField(max_length=LONGEST_NAME)
    name = models.TextField()
    region = models.TextField()
    region_slug = models.CharField(max_length=120)
    row = models.JSONField()

    class Meta:
        ordering = ("region", "name", "code")
        indexes = (models.Index(fields=("release", "region_slug")),)

    def __str__(self) -> str:
        return self.name


class Reply(models.Model):
    """What an organisation says about its figures in a release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="replies")
    provider = models.CharField(max_length=LONGEST_NAME)
    text = models.TextField()
    received = models.DateField()

    class Meta:
        ordering = ("received", "id")

    def __str__(self) -> str:
        return self.text[:60]


class Erratum(models.Model):
    """What turned out to be wrong with a release; it stays for good."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="errata")
    text_ru = models.TextField()
    text_en = models.TextField()
    found = models.DateField()

    class Meta:
        ordering = ("found", "id")

    def __str__(self) -> str:
        return self.text_en[:60]
