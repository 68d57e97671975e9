"""Pictures of every kind of page of a site, at two widths and in two languages, to be looked at.

    python tools/screenshots.py [WORKSPACE] [FOLDER]      demo/workspace, screenshots

The site is started, its links are followed from the first page, and of each kind of page (home,
organisation, topic ...) the first one found is drawn; the pages that people print or read at night
are drawn so as well.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (360, 1280)
LANGUAGES = ("ru", "en")
ALSO_DARK_AND_PRINTED = (
    "", "organisations/", "organisations/N/", "compare/", "trust/", "releases/", "data/",
)  # fmt: skip
PROGRAM = [sys.executable, "-c", "from otdacha.cli import main; main()"]
_KIND = (
    (r"\?.*", ""),
    (r"/(releases|plans|scenarios)/\d{4}\.\d+/", r"/\1/N/"),
    (r"/banks/[^/]+/", "/banks/N/"),
    (r"/(organisations|programmes|topics|regions|method|municipalities)/[^/]+(?=/)", r"/\1/N"),
)


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The address of the workspace's site, which runs until this ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [*PROGRAM, "serve", str(workspace), "--port", str(port), "--workers", "1"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        try:
            urlopen(f"{address}/ru/").close()
            return address
        except URLError:
            if process.poll() is not None:
                assert process.stderr is not None
                raise RuntimeError(process.stderr.read().decode()) from None
            time.sleep(0.1)
    raise TimeoutError(address)


def kind(path: str) -> str:
    """What kind of page an address is of: ids are left out."""
    for pattern, word in _KIND:
        path = re.sub(pattern, word, path)
    return path


def pages(address: str, start: str = "/ru/") -> dict[str, str]:
    """Kind of page → the first address of it that links and forms lead to from `start`, in one
    language."""
    found, waiting = {kind(start): start}, [start]
    while waiting:
        with urlopen(address + waiting.pop(0)) as answer:
            html = answer.read().decode()
        for link in re.findall(r'<(?:a|form) [^>]*?(?:href|action)="([^"#]+)', html):
            link = link.replace("&amp;", "&")
            page = link.endswith("/") or "/?" in link
            if link.startswith(start) and page and kind(link) not in found:
                found[kind(link)] = link
                waiting.append(link)
    return found


def draw(address: str, folder: Path) -> int:
    """Draw every kind of page into `folder`; how many pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in LANGUAGES:
            for name, path in pages(address, f"/{language}/").items():
                file = folder / name.strip("/").replace("/", "-")
                page = browser.new_page()
                page.goto(address + path)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 800})
                    page.screenshot(path=f"{file}-{width}.png", full_page=True)
                    drawn += 1
                if name.removeprefix(f"/{language}/") in ALSO_DARK_AND_PRINTED:
                    page.emulate_media(color_scheme="dark")
                    page.screenshot(path=f"{file}-dark.png", full_page=True)
                    page.emulate_media(color_scheme="light")
                    page.pdf(path=f"{file}.pdf", format="A4")
                    drawn += 2
                page.close()
        browser.close()
    return drawn


def main() -> None:
    workspace = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("demo/workspace")
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("screenshots")
    try:
        with served(workspace) as address:
            print(f"{draw(address, folder)} pictures in {folder}")
    except HTTPError as fault:
        sys.exit(f"{fault.url}: {fault}")


if __name__ == "__main__":
    main()
