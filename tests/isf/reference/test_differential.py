"""Our host and the reference host agree: in what a header says, and in every pixel."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from performer.errors import FileError
from performer.render.isf.studio import Studio
from performer.show.isf import Input, load_shader
from performer.show.isf.expressions import Expression
from tests.isf.test_conformance import CASES

from .assets import ASSETS, SIZE, Asset, expected
from .compared import OURS, File, Play, apart, ours, packaged, played, theirs
from .host import ReferenceHost, RefusedError, Told
from .tables import DRAWN, HEADERS, NO_INPUTS, WRONG

pytestmark = pytest.mark.clock  # a browser takes all cores while it starts

BAD = "assets/bad-metadata"
"""The one file that neither takes."""
BOTH = [f.name for f in OURS if f.name not in DRAWN and HEADERS.get(f.name) in (None, NO_INPUTS)]
"""Of ours, those that both draw."""


@pytest.fixture(scope="module")
def files(package: Path) -> dict[str, File]:
    """All files by name, but the one that neither takes."""
    return {f.name: f for f in (*OURS, *packaged(package)) if f.name != BAD}


# ---- headers -------------------------------------------------------------------------------------


def test_it_is_known_which_headers_only_we_take(
    reference: ReferenceHost, files: dict[str, File]
) -> None:
    told = {name: reference.metadata(f.text, f.vertex) for name, f in files.items()}
    refused = {name: str(found["error"]) for name, found in told.items() if not found["valid"]}
    assert refused.keys() == HEADERS.keys()
    for name, words in refused.items():
        assert HEADERS[name].words in words, name
    assert all(f.shader.name for f in files.values()), "we take them all"


def test_headers_say_the_same(reference: ReferenceHost, files: dict[str, File]) -> None:
    compared = [f for f in files.values() if HEADERS.get(f.name) in (None, NO_INPUTS)]
    assert len(compared) > 90
    for file in compared:
        told = reference.metadata(file.with_inputs, file.vertex)
        shader = file.shader
        words = (told["type"], told.get("description") or "", told.get("credit") or "")
        assert (shader.kind, shader.description, shader.credit) == words, file.name
        named = [(i["NAME"], i["TYPE"]) for i in told["inputs"]]
        assert [(i.name, i.kind) for i in shader.inputs] == named, file.name
        for one, entry in zip(shader.inputs, told["inputs"], strict=True):
            said = _said(one, entry)
            assert {key: _read(one)[key] for key in said} == said, (file.name, one.name)
        if "PERSISTENT_BUFFERS" not in told["metadata"]:  # these it leaves to its upgrader
            assert _passes(file) == [_passed(p) for p in told["passes"]], file.name


def _said(one: Input, entry: Told) -> dict[str, Any]:
    """What the reference host keeps of an input; numbers are lists."""
    keys = ["LABEL", "VALUES", "LABELS"]
    if one.floats:
        keys += ["DEFAULT", "IDENTITY", *([] if one.values else ["MIN", "MAX"])]
    said = {key: entry[key] for key in keys if key in entry}
    return {k: v if isinstance(v, list | str) else [v] * one.floats for k, v in said.items()}


def _read(one: Input) -> dict[str, Any]:
    """The same of ours."""
    return {
        "LABEL": one.label, "VALUES": list(one.values), "LABELS": list(one.labels),
        "DEFAULT": list(one.default), "IDENTITY": list(one.identity),
        "MIN": list(one.low), "MAX": list(one.high),
    }  # fmt: skip


Passed = tuple[str, bool, bool, Expression, Expression]


def _passes(file: File) -> list[Passed]:
    full = [Expression.parse(side) for side in ("$WIDTH", "$HEIGHT")]
    return [
        (p.target, p.persistent, p.floating, p.width or full[0], p.height or full[1])
        for p in file.shader.passes
    ]


def _passed(told: Told) -> Passed:
    width, height = (Expression.parse(told[side]) for side in ("width", "height"))
    return told.get("target", ""), told["persistent"], told["float"], width, height


# ---- pictures ------------------------------------------------------------------------------------


def test_it_is_known_which_files_only_we_draw(
    reference: ReferenceHost, files: dict[str, File]
) -> None:
    for name, why in DRAWN.items():
        with pytest.raises(RefusedError) as told:
            theirs(reference, files[name], Play(name))
        assert why.words in str(told.value), name


CONFORMANCE = [
    Play(f"conformance/{c.file}", c.note, c.size, c.frames, c.time, 1 / c.fps, c.inputs,
         images=c.images)
    for c in CASES if f"conformance/{c.file}" in BOTH
]  # fmt: skip


@pytest.mark.parametrize("play", CONFORMANCE, ids=lambda p: p.name)
def test_the_conformance_set_looks_the_same(
    reference: ReferenceHost, files: dict[str, File], studio: Studio, play: Play
) -> None:
    found = apart(studio, reference, files[play.file], play)
    assert bool(found) == (play.name in WRONG), found


@pytest.mark.parametrize("name", [n for n in BOTH if not n.startswith("conformance/")])
def test_our_files_look_the_same_whatever_is_played(
    reference: ReferenceHost, files: dict[str, File], studio: Studio, name: str
) -> None:
    for play in played(files[name]):
        found = apart(studio, reference, files[name], play)
        assert not found, (found, play.inputs)


MEMORIES = (
    Play("files/trail", frames=9, changes={
        2: {"spot": (0.5, 0.5)}, 4: {"spot": (0.8, 0.1), "colour": (0.2, 0.9, 1.0, 1.0)},
        7: {"kept": 0.25},
    }),
    Play("files/sum", frames=8, changes={
        2: {"add": -0.25}, 4: {"again": True}, 5: {"again": False},
    }),
    Play("files/life", frames=24),
    Play("files/version_1", frames=6, changes={3: {"grow": 0.2}}),
    Play("effects/feedback", frames=10, step=0.03),
)  # fmt: skip


@pytest.mark.parametrize("play", MEMORIES, ids=lambda p: p.name)
def test_memories_are_the_same_while_inputs_are_played(
    reference: ReferenceHost, files: dict[str, File], studio: Studio, play: Play
) -> None:
    found = apart(studio, reference, files[play.file], play)
    assert not found, found


# ---- what the package brings ---------------------------------------------------------------------

STILL = {"glitch_horizontal": 0, "glitch_vertical": 0}
ALL = {"glitch_horizontal": 1, "glitch_vertical": 1, "inputRate": 1, "randomize_size": False}
CALM = {"distortion1": 0, "noiseLevel": 0}
"""Without the cube of less than nothing, which has no value, and dice made of large sines."""
PACKAGED = (
    Play("assets/generator"), Play("assets/image-filter"),
    *(Play("assets/transition", inputs={"progress": p}) for p in (0.0, 0.3, 1.0)),
    *(Play(f"assets/{name}", frames=4, changes={1: {"xPos": 0.5}, 2: {"xPos": 1}})
      for name in ("persistent-buffers", "version1", "version1_basic")),
    Play("assets/time-glitch", inputs=STILL, frames=4, time=1.0),
    *(Play(name, "all delayed", size=(24, 18), inputs=ALL, frames=22, after=20, time=1.0)
      for name in ("assets/time-glitch", "examples/rgbtimeglitch")),
    Play("examples/badtv", time=1.0, inputs=CALM),
    Play("examples/badtv", "played", time=1.0, inputs=CALM | {
        "scroll": 0.3, "distortion2": 1, "scanLineThickness": 4, "scanLineIntensity": 1,
        "scanLineOffset": 0.5,
    }),
    Play("examples/edges"),
    Play("examples/edges", "twenty", inputs={"intensity": 20, "sobel": False, "opaque": False}),
    Play("examples/edges", "two", inputs={"intensity": 2}),
    *(Play("examples/feedback", frames=6, inputs={"mix_var": m}) for m in (1.0, 0.25, 0.0)),
    Play("examples/rgbglitchmod", frames=6),
    Play("examples/tapestryfract", "plain", time=1.0, inputs={"h": 0, "j": 0}),
    Play("examples/tapestryfract", time=1.0),
)  # fmt: skip


def test_all_of_the_packages_files_are_played(files: dict[str, File]) -> None:
    # what the package's upgrader makes of version1.fs is compared as the latter
    seen = {play.file for play in PACKAGED} | {"assets/version1.upgraded"}
    assert seen == {n for n in files if n.startswith(("assets/", "examples/"))}


@pytest.mark.parametrize("play", PACKAGED, ids=lambda p: p.name)
def test_the_packages_files_look_the_same(
    reference: ReferenceHost, files: dict[str, File], studio: Studio, play: Play
) -> None:
    found = apart(studio, reference, files[play.file], play)
    assert bool(found) == (play.name in WRONG), found


@pytest.mark.parametrize(
    "asset", [a for a in ASSETS if a.name.endswith(".fs")], ids=lambda a: a.name
)
def test_we_read_the_packages_assets_as_its_tests_do(
    reference: ReferenceHost, package: Path, studio: Studio, asset: Asset
) -> None:
    path = package / "tests" / "assets" / asset.name
    if asset.line is not None:
        with pytest.raises(FileError) as told:
            load_shader(path)
        assert [p.line for p in told.value.problems] == [asset.line]
        return
    shader = load_shader(path)
    found = reference.metadata(asset.text(package))
    assert asset.kind in (None, shader.kind)
    assert shader.version == found["isfVersion"]
    assert len(shader.inputs) == len(found["inputs"])
    assert len(shader.passes) == len(found["passes"])
    if asset.persistent is not None:
        assert tuple(p.persistent for p in shader.passes) == asset.persistent
    if asset.picture is not None:
        frames = max(1, asset.frames - 1)  # the reference host shows a target a frame later
        play = Play(asset.name, size=SIZE, frames=frames, changes=asset.changes)  # pyright: ignore
        drawn = ours(studio, shader, play)[-1]
        assert np.abs(drawn.astype(int) - expected(package, asset.picture)).max() <= 1
