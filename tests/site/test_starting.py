"""What a workspace says of its site, before the site starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import Workspace, create_workspace
from otdacha.site.starting import site_hosts, site_proxies


def with_site(folder: Path, said: str) -> Workspace:
    made = create_workspace(folder / "union")
    settings = made.path / "otdacha.toml"
    settings.write_text(f"{settings.read_text('utf-8')}\n[site]\n{said}\n", "utf-8")
    return made


def test_names_and_proxies_of_the_site_stand_in_its_workspace(tmp_path: Path) -> None:
    union = with_site(tmp_path, 'hosts = ["a.example"]\nproxies = ["127.0.0.1", "10.0.0.0/8"]')
    assert site_hosts(union) == ["a.example"]
    assert site_proxies(union) == ["127.0.0.1", "10.0.0.0/8"]
    assert site_proxies(create_workspace(tmp_path / "other")) == []


def test_a_proxy_that_is_no_address_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceProblem, match="no address and no network"):
        site_proxies(with_site(tmp_path, 'proxies = ["nginx"]'))
