"""The reference host tells the truth: where what it draws lies, and what it says of files."""

import json
from pathlib import Path

import numpy as np
import pytest

from .assets import ASSETS, EXAMPLES, Asset, example, expected
from .host import BEGUN, ReferenceHost, RefusedError

pytestmark = pytest.mark.clock  # a browser takes all cores while it starts

RNG = np.random.default_rng(7)
IMAGE = RNG.integers(0, 256, (48, 64, 4), np.uint8)
IMAGE[0, 0], IMAGE[0, -1] = (255, 0, 0, 255), (0, 255, 0, 128)
IMAGE[-1, 0], IMAGE[-1, -1] = (0, 0, 255, 64), (200, 10, 30, 1)
NAMED = {"f": "float", "b": "bool", "e": "event", "l": "long", "c": "color", "p": "point2D"}


def isf(result: str, inputs: str = "", passes: str = "{}", before: str = "") -> str:
    """A file whose pixels are a result."""
    return (
        f'/*{{"ISFVSN": "2", "INPUTS": [{inputs}], "PASSES": [{passes}]}}*/\n'
        f"{before}void main() {{\n  gl_FragColor = {result};\n}}\n"
    )


def of(name: str, kind: str, **more: float) -> str:
    return json.dumps({"NAME": name, "TYPE": kind, **more})


def test_a_colour_is_everywhere_and_alpha_multiplies_nothing(reference: ReferenceHost) -> None:
    drawn = reference.render(isf("vec4(1.0, 0.5, 0.25, 0.2)"), size=(7, 5))
    assert drawn.shape == (5, 7, 4)
    assert (drawn == (255, 128, 64, 51)).all()


def test_coordinates_begin_at_the_lower_left(reference: ReferenceHost) -> None:
    across = (np.arange(64) + 0.5) / 64
    up = (47.5 - np.arange(48)) / 48
    for result in ("isf_FragNormCoord", "gl_FragCoord.xy / RENDERSIZE"):
        drawn = reference.render(isf(f"vec4({result}, 0.0, 1.0)")) / 255.0
        assert np.abs(drawn[..., 0] - across).max() < 0.6 / 255
        assert np.abs(drawn[..., 1] - up[:, np.newaxis]).max() < 0.6 / 255


@pytest.mark.parametrize(
    "pixel",
    [
        "IMG_THIS_PIXEL(inputImage)", "IMG_THIS_NORM_PIXEL(inputImage)",
        "IMG_NORM_PIXEL(inputImage, isf_FragNormCoord)", "IMG_PIXEL(inputImage, gl_FragCoord.xy)",
    ],
)  # fmt: skip
def test_an_image_comes_back_as_it_is_in_every_frame(reference: ReferenceHost, pixel: str) -> None:
    source = isf(pixel, of("inputImage", "image"))
    film = reference.film(source, images={"inputImage": IMAGE}, frames=2)
    assert all((drawn == IMAGE).all() for drawn in film)


def test_images_do_not_take_each_others_place_nor_a_targets(reference: ReferenceHost) -> None:
    images = {"one": IMAGE, "two": IMAGE[::-1].copy()}
    inputs = f"{of('one', 'image')}, {of('two', 'image')}"
    result = "PASSINDEX == 0 ? IMG_THIS_PIXEL(one) : IMG_THIS_PIXEL({})"
    for name, wanted in {**images, "first": IMAGE}.items():
        source = isf(result.format(name), inputs, '{"TARGET": "first"}, {}')
        film = reference.film(source, images=images, frames=3)
        # it reads targets as they were in the frame before
        late = name == "first"
        assert [bool((drawn == wanted).all()) for drawn in film] == [not late, True, True]


def test_inputs_of_each_type_arrive(reference: ReferenceHost) -> None:
    inputs = ", ".join(of(name, kind) for name, kind in NAMED.items())
    source = isf("vec4(f, (b ? 0.5 : 0.0) + (e ? 0.25 : 0.0), float(l) / 10.0, c.a * p.y)", inputs)
    given = {"f": 0.2, "b": True, "e": True, "l": 3, "c": [0, 0, 0, 0.5], "p": [0, 0.8]}
    later = {1: {"e": False}, 2: {"f": 1.0, "c": [0, 0, 0, 1.0]}}
    film = reference.film(source, inputs=given, frames=3, changes=later)
    assert [drawn[0, 0].tolist() for drawn in film] == [
        [51, 191, 76, 102], [51, 128, 76, 102], [255, 128, 76, 204]
    ]  # fmt: skip


def test_what_is_not_given_is_the_files_default(reference: ReferenceHost) -> None:
    inputs = f"{of('f', 'float', DEFAULT=0.2, MIN=0.1, MAX=2.5)}, {of('g', 'float')}"
    assert reference.render(isf("vec4(f, g, 0.0, 1.0)", inputs))[0, 0].tolist() == [51, 0, 0, 255]
    assert reference.inputs(isf("vec4(f)", inputs)) == [
        {"NAME": "f", "TYPE": "float", "DEFAULT": 0.2, "MIN": 0.1, "MAX": 2.5},
        {"NAME": "g", "TYPE": "float"},
    ]


def test_time_is_what_a_test_says(reference: ReferenceHost) -> None:
    source = isf("vec4(TIME / 10.0, TIMEDELTA, float(FRAMEINDEX) / 10.0, 1.0)")
    film = reference.film(source, frames=3, time=2.0, step=0.2)
    # the first delta is the time since the file was loaded, 2 s
    assert [drawn[0, 0].tolist() for drawn in film] == [
        [51, 255, 0, 255], [56, 51, 26, 255], [61, 51, 51, 255]
    ]  # fmt: skip
    begun = ", ".join(f"{part:.1f}" for part in BEGUN)
    assert (reference.render(isf(f"vec4(DATE == vec4({begun}))")) == 255).all()


def test_a_target_has_its_own_size_and_may_be_float(reference: ReferenceHost) -> None:
    target = '{"TARGET": "low", "WIDTH": "floor($WIDTH / $f)", "HEIGHT": 12, "FLOAT": true}, {}'
    first = "vec4(-2.0, RENDERSIZE / 100.0, 1.0)"
    then = "IMG_THIS_PIXEL(low) + vec4(2.2, vec3(0.0))"
    source = isf(f"PASSINDEX == 0 ? {first} : {then}", of("f", "float", DEFAULT=2.0), target)
    drawn = reference.render(source, frames=2)
    assert np.abs(drawn - np.array([51, 0.32 * 255, 0.12 * 255, 255])).max() <= 0.6


def test_a_vertex_shader_is_used(reference: ReferenceHost) -> None:
    varying = "varying vec2 half_way;\n"
    vertex = f"{varying}void main() {{ isf_vertShaderInit(); half_way = isf_FragNormCoord / 2.0; }}"
    drawn = reference.render(isf("vec4(half_way, 0.0, 1.0)", before=varying), vertex=vertex)
    assert drawn[0, -1, :2].tolist() == [127, 126]


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        (isf("nothing"), "'nothing' : undeclared identifier", 3),
        (isf("vec4(x, 0.0)", before="varying vec3 x;\n"), "does not match any VERTEX", None),
        ("void main() {}", "no metadata", None),
        ('/*{"INPUTS": [}*/ void main() {}', "Something is wrong with your ISF metadata", 1),
        (isf("vec4(1.0)", of("a", "audioFFT")), "Unknown input type [audioFFT]", None),
        (isf("vec4(1.0)", passes='{"TARGET": "a", "WIDTH": "$WIDTH +"}'), "Unexpected end", None),
    ],
)  # fmt: skip
def test_what_it_refuses_is_said_in_its_words(
    reference: ReferenceHost, source: str, words: str, line: int | None
) -> None:
    with pytest.raises(RefusedError) as told:
        reference.render(source)
    assert words in str(told.value)
    assert told.value.line == line


def test_a_wrong_test_is_no_refusal(reference: ReferenceHost) -> None:
    with pytest.raises(AssertionError, match="no input is named nobody"):
        reference.render(isf("vec4(1.0)"), inputs={"nobody": 1.0})
    with pytest.raises(AssertionError, match="no input is named nobody"):
        reference.render(isf("vec4(1.0)"), images={"nobody": IMAGE})
    assert (reference.render(isf("vec4(1.0)")) == 255).all()  # and it goes on


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_what_the_packages_own_tests_say_holds(
    reference: ReferenceHost, package: Path, asset: Asset
) -> None:
    text = asset.text(package)
    if asset.upgraded is not None:
        became = reference.upgraded(text, vertex=asset.name.endswith(".vs"))
        assert became == Asset(asset.upgraded).text(package)
    if asset.name.endswith(".vs"):
        return
    found = reference.metadata(text)
    assert found["valid"] == (asset.line is None)
    assert found.get("line") == asset.line
    assert asset.kind in (None, found.get("type"))
    assert asset.version in (None, found.get("isfVersion"))
    if asset.persistent is not None:
        assert tuple(one["persistent"] for one in found["passes"]) == asset.persistent
    if asset.picture is not None:
        drawn = reference.render(text, **asset.film())
        assert (drawn == expected(package, asset.picture)).all()


def test_the_packages_examples_play(reference: ReferenceHost, package: Path) -> None:
    assert {p.name for p in (package / "examples").glob("*.fs")} == set(EXAMPLES)
    for name in EXAMPLES:
        source, vertex = example(package, name)
        named = {i["NAME"] for i in reference.inputs(source) if i["TYPE"] == "image"}
        images = dict.fromkeys(named, IMAGE)
        assert reference.render(source, vertex=vertex, images=images, frames=2).any(), name
