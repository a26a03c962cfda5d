"""The numbers to hold, as one table: where each is found among the figures, and its bound."""

from dataclasses import dataclass
from typing import Any

from performer.benchmark.plan import Figures


@dataclass(frozen=True)
class Row:
    """One line of the report; `path` leads to its number, `most` is its target if it has one."""

    what: str
    path: str
    most: float | None = None
    unit: str = ""

    def found(self, figures: Figures) -> float | str | None:
        """The number; the reason why there is none; or None if it was not measured."""
        here: Any = figures
        for key in self.path.split("."):
            if "failed" in here:
                return str(here["failed"])
            if key not in here:
                return None
            here = here[key]
        return float(here) if isinstance(here, int | float) else str(here)

    def missed(self, figures: Figures) -> str:
        """What is wrong, in one line; nothing if the target is met or there is none."""
        found = self.found(figures)
        if self.most is None or (isinstance(found, float) and found <= self.most):
            return ""
        said = f"{found:.3g}{self.unit}" if isinstance(found, float) else found
        return f"{self.what}: {self.target}, found {said}"

    @property
    def target(self) -> str:
        """The target as people write it."""
        return "" if self.most is None else f"≤ {self.most:g}{self.unit}"


def _per_people(what: str, path: str, unit: str, people: tuple[int, ...]) -> tuple[Row, ...]:
    return tuple(Row(what.format(n), path.format(n), None, unit) for n in people)


SIZES = (4, 12, 64, 256)
SOUNDING = (12, 64, 256)
ROWS: tuple[Row, ...] = (
    Row("frame cost, 256 people against 4", "frames.ratio", 1.5, "×"),
    *_per_people("frame, {} people", "frames.frame_ms.{}", " ms", SIZES),
    Row("whole frame against its bare GL passes, 64 people", "frames.over_passes.64", 1.25, "×"),
    Row("Python beside GL, 64 people", "frames.python_ms.64.all", 2.0, " ms"),
    Row("– Circle.step", "frames.python_ms.64.step", None, " ms"),
    Row("– Frame to bytes", "frames.python_ms.64.encode", None, " ms"),
    Row("– Renderer.draw without its draw calls", "frames.python_ms.64.draw", None, " ms"),
    Row("preset change, worst frame against median", "preset_change.worst", 2.0, "×"),
    Row("– the same in processor time", "preset_change.worst_cpu", None, "×"),
    Row("– the usual change's worst frame", "preset_change.worst_usual", None, "×"),
    Row("– worst frame with no change at all", "preset_change.worst_quiet", None, "×"),
    Row("reading a picture's pixels", "readback.pixels_ms", None, " ms"),
    Row("reading through the ring", "readback.ring_ms", None, " ms"),
    Row("OSC datagram sent → Frame with its value, beyond a frame", "latency.beyond_ms", 5.0,
        " ms"),
    Row("– in all", "latency.ms", None, " ms"),
    Row("– 99th percentile", "latency.p99_ms", None, " ms"),
    Row("– of how many", "latency.count"),
    Row("– in Frames", "latency.frames", 1.0),
    Row("– until the picture is certainly presented", "latency.presented_ms", None, " ms"),
    Row("MIDI control change through JACK → Frame with its value, beyond a frame",
        "midi.beyond_ms", 5.0, " ms"),
    Row("– in all", "midi.ms", None, " ms"),
    Row("– 99th percentile", "midi.p99_ms", None, " ms"),
    Row("– in Frames", "midi.frames", 1.0),
    Row("OSC flood, frame time against quiet", "flood.ratio", 1.2, "×"),
    Row("– messages a second", "flood.rate"),
    Row("– messages lost of every 10 000", "flood.lost", None),
    Row("– last value wins (0: yes)", "flood.last_value_missed", 0.0),
    Row("start to the first, black frame, driver cache filled", "start.filled.first_s", 2.0, " s"),
    Row("start to lit, driver cache filled", "start.filled.lit_s", 5.0, " s"),
    Row("start to the first, black frame, driver cache empty", "start.empty.first_s", None, " s"),
    Row("start to lit, driver cache empty", "start.empty.lit_s", 10.0, " s"),
    Row("kill -9 of the stage → first Frame, worst", "kill.worst_s", 2.0, " s"),
    Row("– median", "kill.median_s", None, " s"),
    Row("– Frames that did not go on with the same values", "kill.wrong", 0.0),
    *(row for n in SOUNDING for row in (
        Row(f"a block of sound, {n} people, median, of its length", f"sound.wall.{n}.median", None,
            " %"),
        Row(f"– 99th percentile, {n} people", f"sound.wall.{n}.p99", None, " %"),
        Row(f"– the same in processor time, {n} people", f"sound.cpu.{n}.p99", None, " %"),
    )),
    Row("gaps in the sound, 64 people, the stage on every core", "sound_live.underruns", 0.0),
    Row("– holes in a recording of it", "sound_live.holes", 0.0),
    Row("– seconds recorded", "sound_live.seconds", None, " s"),
    Row("– processors busy meanwhile", "sound_live.busy", None, " %"),
    Row("– with the stage", "sound_live.stage", None, " %"),
    Row("– the stage died of it (0: no)", "sound_live.stage_died"),
    Row("– the loop's fill, median, of a block's length", "sound_live.fill.median", None, " %"),
    Row("– the loop's fill, 99th percentile", "sound_live.fill.p99", None, " %"),
    Row("rehearsal, 12 people, with sound: seconds of show a second", "rehearsal.with"),
    Row("– without sound", "rehearsal.without"),
    Row("– with sound against without", "rehearsal.ratio", None, "×"),
    Row("– processor time with sound against without", "rehearsal.cost", None, "×"),
)  # fmt: skip


def table(figures: Figures) -> str:
    """Figures as Markdown: what, target, measured; then passes, parts of the sound, generators."""
    parts = [_machine(figures), _rows(figures), _passes(figures), _parts(figures),
             _generators(figures)]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def _machine(figures: Figures) -> str:
    m = figures["machine"]
    width, height = figures["plan"]["size"]
    quick = ", quick" if figures.get("quick") else ""
    return (f"{m['cpu']}, {m['cores']} cores, load {m['load']} at the start; {m['renderer']}; "
            f"Python {m['python']}; {width}x{height}{quick}.")  # fmt: skip


def _rows(figures: Figures) -> str:
    lines = ["| what | target | measured |", "|---|---|---|"]
    for row in ROWS:
        found = row.found(figures)
        if found is None:
            continue
        said = f"{found:.3g}{row.unit}" if isinstance(found, float) else f"not measured: {found}"
        if isinstance(found, float) and row.most is not None and found > row.most:
            said = f"**{said}**"
        lines.append(f"| {row.what} | {row.target} | {said} |")
    return "\n".join(lines)


def _passes(figures: Figures) -> str:
    """Bare GL passes, ms and share of their sum, per size of circle."""
    found = figures["frames"]
    if "failed" in found:
        return ""
    people = list(found["passes_ms"])
    names = list(found["passes_ms"][people[0]])
    lines = ["| pass | " + " | ".join(f"{n} people" for n in people) + " |",
             "|---" * (len(people) + 1) + "|"]  # fmt: skip
    for name in names:
        cells = [f"{found['passes_ms'][n][name]:.2f} ms ({100 * found['share'][n][name]:.0f} %)"
                 for n in people]  # fmt: skip
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _parts(figures: Figures) -> str:
    """The parts of a block of sound: ms of processor time, and of the block's length."""
    found = figures.get("sound", {})
    if "parts_ms" not in found:
        return ""
    lines = [f"| part of a block of sound, {found['people']} people | ms | of its length |",
             "|---|---|---|"]  # fmt: skip
    lines += [f"| {name} | {ms:.2f} | {100.0 * ms / found['block_ms']:.1f} % |"
              for name, ms in found["parts_ms"].items()]  # fmt: skip
    return "\n".join(lines)


def _generators(figures: Figures) -> str:
    found = figures["generators"]
    if "failed" in found:
        return ""
    lines = ["| generator | one full-size layer | of the median | 12 people | compile, first draw |"
             " own buffers, 12 people |", "|---|---|---|---|---|---|"]  # fmt: skip
    lines += [f"| {n} | {f['ms']:.3g} ms | {f['relative']:.2f}× | {f['twelve']:.3g} ms |"
              f" {f['compile']:.3g} ms | {f['mib']:.3g} MiB |"
              for n, f in sorted(found.items())]  # fmt: skip
    return "\n".join(lines)
