"""A shader that takes more than its share of a frame is found; others are left in peace."""

import moderngl

from performer.render.watch import EVERY, OTHERS, SHARE, TIMES, Watch

from .scenes import rest

INTERVAL = 1 / 60
HEAVY = OTHERS * SHARE * INTERVAL


class Clocked(Watch):
    """A watch whose measurements are told to it."""

    def __init__(self, gl: moderngl.Context, costs: dict[str, float]) -> None:
        super().__init__(gl)
        self.told = costs

    def measure(self, name: str, times: int = 1) -> list[str]:
        """Whoever is tired after a shader's turns."""
        found: list[str] = []
        for _ in range(times):
            self._note(name, 1, self.told[name])
            found += self.tired(INTERVAL, found.__contains__)
        return found

    def turns(self, frames: int) -> list[str]:
        """Whose turn it was, in so many frames."""
        found: list[str] = []
        for _ in range(frames):
            self.begin(list(self.told))
            for name in self.told:
                self.totals.clear()
                with self.timing(name, 1):
                    pass
                found += self.totals
        return found


def others(gl: moderngl.Context) -> Clocked:
    """Two quick shaders that have been measured, and a slow one that has not."""
    watch = Clocked(gl, {"a": 0.001, "b": 0.0012, "slow": HEAVY})
    assert watch.measure("a") == watch.measure("b") == []
    return watch


def test_one_shader_is_timed_now_and_then_and_all_have_their_turn(gl: moderngl.Context) -> None:
    watch = Clocked(gl, {"a": 0.0, "b": 0.0, "c": 0.0})
    assert watch.turns(6 * EVERY) == ["a", "b", "c"] * 2


def test_who_takes_too_long_again_and_again_is_found(gl: moderngl.Context) -> None:
    watch = others(gl)
    assert watch.measure("slow", TIMES - 1) == []
    assert set(watch.turns(2 * EVERY)) == {"slow"}  # who is suspected is looked at again at once
    assert watch.measure("slow") == ["slow"]


def test_who_takes_long_once_is_not(gl: moderngl.Context) -> None:
    watch = others(gl)
    assert watch.measure("slow", TIMES - 1) == []
    watch.told["slow"] = 0.001
    assert watch.measure("slow") == []
    watch.told["slow"] = HEAVY
    assert watch.measure("slow", TIMES - 1) == []


def test_a_slow_machine_makes_nobody_tired(gl: moderngl.Context) -> None:
    """Where all are slow alike, the governor has to help, not the watch."""
    watch = Clocked(gl, {"a": 0.5, "b": 0.6, "c": 0.55})
    watch.begin(list(watch.told))
    assert watch.measure("a", TIMES + 1) == []  # the others have not been measured yet
    for _ in range(TIMES + 2):
        assert watch.measure("a") + watch.measure("b") + watch.measure("c") == []


def test_many_tiles_are_no_fault_of_a_shader(gl: moderngl.Context) -> None:
    watch = Clocked(gl, {"a": 0.001, "b": 0.001, "many": 0.03})
    for _ in range(TIMES + 2):
        for name in watch.told:
            watch._note(name, 30 if name == "many" else 1, watch.told[name])  # pyright: ignore[reportPrivateUsage]
        assert watch.tired(INTERVAL, lambda _: False) == []


def test_a_real_draw_is_timed(gl: moderngl.Context) -> None:
    program = gl.program(
        vertex_shader="#version 330\nvoid main() { gl_Position = vec4("
        "4.0 * vec2(gl_VertexID & 1, gl_VertexID >> 1) - 1.0, 0.0, 1.0); }",
        fragment_shader="#version 330\nuniform int n; out vec4 o; void main() { float s = 0.0;"
        "for (int i = 0; i < n; i++) s += sin(float(i) + gl_FragCoord.x); o = vec4(s); }",
    )
    texture = gl.texture((320, 180), 4)
    target, array = gl.framebuffer([texture]), gl.vertex_array(program, [])
    target.use()
    watch, costs = Watch(gl), dict[int, float]()
    for many in (1, 400):
        program["n"] = many
        array.render(moderngl.TRIANGLES, vertices=3)
        for _ in range(3 * EVERY):
            watch.begin(["one"])
            with watch.timing("one", 1):
                array.render(moderngl.TRIANGLES, vertices=3)
        costs[many] = watch.costs["one"]
    assert costs[400] > 3 * costs[1]
    rest(gl)
    for part in (array, target, texture, program):
        part.release()
