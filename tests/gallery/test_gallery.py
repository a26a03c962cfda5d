"""The gallery: a real run of the command, and the page it leaves."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.gallery import hanging
from performer.gallery.exhibits import Section, Still
from performer.gallery.files import GAP, sheet
from performer.gallery.hanging import hang
from performer.gallery.page import page
from performer.gallery.plan import QUICK
from performer.show.files import data_folder, names

VOID = {"meta", "img", "link", "br"}


class Page(HTMLParser):
    """What is in a page, and whether every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.found if name == tag]


def pixels(path: Path) -> NDArray[np.uint8]:
    """A PNG as RGB (H, W, 3)."""
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24").astype(np.uint8)


def command(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "performer", "gallery", *map(str, args)],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "COLUMNS": "400"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quick gallery of generators, made by the command."""
    out = tmp_path_factory.mktemp("gallery") / "deep" / "folder"
    done = command("--out", out, "--quick", "--only", "generators", "--size", "128x72")
    assert done.returncode == 0, done.stderr
    assert f"wrote {out / 'index.html'}" in done.stderr
    assert "left out" not in done.stderr
    return out


@pytest.fixture(scope="module")
def read(folder: Path) -> Page:
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(read: Page) -> None:
    assert not read.open, "every element is closed"
    html = read.all("html")[0]
    assert html["lang"] == "en"
    assert any("width=device-width" in m.get("content", "") for m in read.all("meta"))
    assert not read.all("link")
    assert all("src" not in script for script in read.all("script"))
    addresses = [v for _, a in read.found for k, v in a.items() if k in ("src", "href")]
    assert addresses
    assert not [a for a in addresses if ":" in a or a.startswith("/")]
    assert "url(" not in "".join(read.texts["style"])


def test_every_still_is_a_lit_picture_of_the_size_it_says(read: Page, folder: Path) -> None:
    images = read.all("img")
    assert len(images) == 1 + len(QUICK.energies) * len(names("generator"))
    for image in images:
        found = pixels(folder / image["src"])
        assert found.shape == (int(image["height"]), int(image["width"]), 3)
        assert found.mean() > 3.0, f"{image['src']} is black"
        assert found.std() > 2.0, f"{image['src']} is flat"
        assert image["alt"]
        assert image["loading"] == "lazy"
    assert {i["src"] for i in images} <= {a["href"] for a in read.all("a")}, "each opens large"
    sizes = {(i["width"], i["height"]) for i in images if i["src"] != "generators.png"}
    assert sizes == {("128", "72")}
    assert not list(folder.rglob(".*")), "nothing half-written stays"


def test_every_generator_has_its_section_and_every_link_leads_somewhere(read: Page) -> None:
    places = {a["id"] for _, a in read.found if "id" in a}
    links = [a["href"][1:] for a in read.all("a") if a["href"].startswith("#")]
    assert set(links) <= places
    assert {f"generators-{name}" for name in names("generator")} <= set(links)
    captions = read.texts["figcaption"]
    assert sum("energy 0.10" in c for c in captions) == len(names("generator"))
    assert {"energy", "breath", "seed"} <= set(read.texts["td"])


def test_presets_and_shows_hang_too(tmp_path: Path) -> None:
    done = command("--out", tmp_path, "--quick", "--only", "presets")
    assert done.returncode == 0, done.stderr
    images = Page((tmp_path / "index.html").read_text(encoding="utf-8")).all("img")
    assert len(images) == 2
    apart = [pixels(tmp_path / i["src"]).astype(np.int16) for i in images]
    assert float(np.abs(apart[0] - apart[1]).mean()) > 3.0, "individuality 0 and 1 differ"
    width, height = QUICK.contact
    assert pixels(tmp_path / "contact-sheet.png").shape == (
        height + 2 * GAP,
        2 * width + 3 * GAP,
        3,
    )


# ---- what goes wrong ------------------------------------------------------------------------


def test_a_generator_that_does_not_compile_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = tmp_path / "shaders" / "layers"
    layers.mkdir(parents=True)
    good = (data_folder() / "shaders" / "layers" / "ink.fs").read_text(encoding="utf-8")
    (layers / "ink.fs").write_text(good, encoding="utf-8")
    (layers / "torn.fs").write_text(good.replace("void main()", "void main("), encoding="utf-8")
    (layers / "mute.fs").write_text("void main() {}", encoding="utf-8")
    monkeypatch.setattr(hanging, "data_folder", lambda: tmp_path)
    left_out = hang(tmp_path / "out", "luna-circle", QUICK, "generators")
    assert len(left_out) == 2
    assert left_out[0].startswith("generator mute: ")
    assert left_out[1].startswith("generator torn: ")
    assert f"{layers / 'torn.fs'}:" in left_out[1], "with its file and line"
    read = Page((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    assert {i["src"].split("/")[1] for i in read.all("img") if "/" in i["src"]} == {"ink"}
    assert any("torn.fs" in text for text in read.texts["p"])


@pytest.mark.parametrize("out", ["/proc/none/gallery", "file/gallery", "file"])
def test_a_folder_that_cannot_be_written_is_one_clear_message(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("here before")
    done = command("--out", tmp_path / out, "--quick")
    assert done.returncode == 1
    assert done.stderr.count("cannot write the gallery") == 1
    assert "choose another folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text() == "here before"


# ---- its parts --------------------------------------------------------------------------------


def test_a_sheet_holds_its_stills_in_reading_order() -> None:
    stills = [np.full((4, 6, 3), 50 * k, np.uint8) for k in range(1, 4)]
    whole = sheet(stills, across=2)
    assert whole.shape == (2 * 4 + 3 * GAP, 2 * 6 + 3 * GAP, 3)
    assert whole[GAP, GAP, 0] == 50
    assert whole[GAP, 2 * GAP + 6, 0] == 100
    assert whole[2 * GAP + 4, GAP, 0] == 150


def test_what_authors_write_cannot_break_the_page() -> None:
    still = Still("a.png", (2, 1), "<b>&\"'", '"><script>')
    section = Section("presets", 'a"b', "<h1>", "</section>", (still,), 1,
                      (("<", ">"),), ("one",), (("<td>",),))  # fmt: skip
    read = Page(page([section], ["<i>gone"]))
    assert not read.open
    assert len(read.all("script")) == 1
    assert read.all("img")[0]["alt"] == '"><script>'
    assert len(read.all("h1")) == 1
