"""A night whose shaders are written while it plays: good ones, bad ones, and one far too slow."""

from pathlib import Path

import pytest

from performer.frame import Frame

from .conftest import Start
from .nights import Night, steady, wait

LAMP = '/*{"ISFVSN": "2"}*/\nvoid main() {\n    gl_FragColor = vec4(vec3(%s), 1.0);\n}\n'
SLOW = """/*{"ISFVSN": "2"}*/
void main() {
    float sum = 0.0;
    for (int i = 0; i < 40000; i++) sum += sin(float(i) * isf_FragNormCoord.x + TIME);
    gl_FragColor = vec4(vec3(0.5 + 0.0001 * sum), 1.0);
}
"""


@pytest.fixture(scope="module")
def own(folder: Path) -> Path:
    """The user's own shaders."""
    shaders = folder / "shaders"
    shaders.mkdir()
    (shaders / "lamp.fs").write_text(LAMP % "0.3")
    (shaders / "slow.fs").write_text(LAMP % "0.3")
    return shaders


@pytest.fixture(scope="module")
def night(start: Start, folder: Path, own: Path) -> Night:
    one = start("--participants", "6", "--silent", show=steady(folder),
                environment={"PERFORMER_SHADERS": str(own)}).ready()  # fmt: skip
    one.when("it is warm", lambda f: f.time > 2.0)
    return one


def test_a_shader_of_the_users_own_is_worn(night: Night) -> None:
    night.send("/participant/sim-1/generator", "lamp")
    night.when("it is drawn", lambda f: f.people.generators[0] == "lamp")


def test_a_bad_text_is_told_with_its_line_and_the_night_goes_on(night: Night, own: Path) -> None:
    frame = night.when("it plays", lambda f: True)
    (own / "lamp.fs").write_text(LAMP % "0.3 * missing")
    wait("it is told", lambda: "lamp.fs:3: " in night.log)
    assert "missing" in night.log
    assert "the last good version of lamp goes on" in night.log
    night.when("the night goes on", lambda f: f.index > frame.index + 40)
    (own / "lamp.fs").write_text(LAMP % "0.4")
    wait("the good one is taken", lambda: "lamp.fs is as it was saved now" in night.log)


def test_an_input_that_is_new_can_be_played_at_once(night: Night, own: Path) -> None:
    glow = '/*{"ISFVSN": "2", "INPUTS": [{"NAME": "glow", "TYPE": "float", "DEFAULT": 0.5}]}*/'
    address = "/participant/sim-1/input/glow"
    night.send(address, 0.75)
    wait("there is none yet", lambda: f"{address}: " in night.log)
    (own / "lamp.fs").write_text(f"{glow}\nvoid main() {{ gl_FragColor = vec4(glow); }}\n")

    def played(frame: Frame) -> bool:
        night.send(address, 0.75)
        return bool(frame.people.inputs[0, 0] == 0.75)

    night.when("it is played", played)


def test_a_shader_that_takes_too_long_is_taken_out_and_the_night_goes_on(
    night: Night, own: Path
) -> None:
    night.send("/participant/sim-2/generator", "slow")
    night.when("it is drawn", lambda f: f.people.generators[1] == "slow")
    (own / "slow.fs").write_text(SLOW)
    frame = night.when("it rests", lambda f: "slow" in f.resting)
    assert "slow takes too long to draw" in night.log
    assert frame.people.generators[1] == "slow"  # it is still theirs
    night.when("the night goes on", lambda f: f.index > frame.index + 40)
    (own / "slow.fs").write_text(LAMP % "0.4")
    night.when("it is tried again", lambda f: f.resting == ())
