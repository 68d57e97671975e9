"""`otdacha reply` and `otdacha erratum`, on a site of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otdacha.release import Release
from tests.invented_release import provider
from tests.unit.cli.processes import otdacha
