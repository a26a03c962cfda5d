"""Kill and stop whatever can be killed and stopped: the night goes on, or ends whole.

Times are printed (`pytest -s`), not asserted: a busy machine is no bug. Only hangs are.
"""

import os
import signal
import time
from pathlib import Path

import pytest

from performer.frame import Frame, decode

from .conftest import Start
from .nights import Night, has, processes_with, row, udp_port, value, wait

STAGE, DESK = "performer.night", "performer.desk"
TOO_LONG = 20.0  # s; a recovery that takes longer hangs
WARM = 30  # Frames; in each a shader is warmed, and until all are a hang is given 30 s


@pytest.fixture(scope="module")
def night(start: Start) -> Night:
    """A night with a hand on resonance and somebody with a floor."""
    one = start().ready()
    one.send("/participant/anna/join", "Anna")
    one.send("/participant/anna/floor", 0.8125)
    one.send("/participant/anna/feeling", 0.5, 0.25)
    one.when("anna is here", lambda f: has(f, "anna") and _floor(f) == 0.8125)
    return one


def _floor(frame: Frame) -> float:
    return float(frame.people.floor[row(frame, "anna")])


def pid_of(night: Night, module: str) -> int:
    return wait(f"{module} lives", lambda: night.child(module))


def strike(night: Night, module: str, with_: signal.Signals) -> tuple[Frame, float]:
    """Sends a signal to a process; the last Frame before, and when it was struck."""
    pid = pid_of(night, module)
    last = night.when("all is warm", lambda f: f.index > WARM, 30.0)
    os.kill(pid, with_)
    return last, time.monotonic()


def came_back(night: Night, last: Frame, struck: float, wanted: float) -> float:
    """Seconds until a new Frame has everything that was; the stage's clock went on from there."""
    frame = night.when("a new Frame", lambda f: f.index > last.index, TOO_LONG)
    seconds = time.monotonic() - struck
    assert value(frame, "/resonance") == wanted
    assert has(frame, "anna")
    assert _floor(frame) == 0.8125
    assert frame.people.names[row(frame, "anna")] == "Anna"
    assert frame.people.told_valence[row(frame, "anna")] == 0.5
    assert frame.time - last.time < seconds + 1.0
    assert frame.origin == last.origin
    return seconds


def test_a_killed_stage_is_back_with_what_was_set_in_its_last_instant(night: Night) -> None:
    night.send("/resonance", 0.4375)
    last = night.when("it is set", lambda f: value(f, "/resonance") == 0.4375)
    os.kill(pid_of(night, STAGE), signal.SIGKILL)
    struck = time.monotonic()
    night.send("/coupling", 0.9375)  # while there is no stage
    seconds = came_back(night, last, struck, 0.4375)
    night.when("what came in between is played", lambda f: value(f, "/coupling") == 0.9375)
    print(f"\nstage killed: first Frame with the same values after {seconds:.2f} s")


def test_a_stopped_stage_is_killed_and_comes_back(night: Night) -> None:
    last, struck = strike(night, STAGE, signal.SIGSTOP)
    # what its threads had already sent may still arrive
    time.sleep(0.15)
    last = night.frame() or last
    seconds = came_back(night, last, struck, 0.4375)
    assert "the stage makes no progress; it is killed" in night.log
    print(f"\nstage stopped: first Frame with the same values after {seconds:.2f} s")


@pytest.mark.parametrize("with_", [signal.SIGKILL, signal.SIGSTOP])
def test_a_desk_that_dies_or_hangs_is_back_and_nothing_moved(
    night: Night, with_: signal.Signals
) -> None:
    old = pid_of(night, DESK)
    opened = night.log.count("OSC in on")
    _, struck = strike(night, DESK, with_)
    wait("the old desk is gone", lambda: old not in night.processes(), TOO_LONG)
    wait("OSC is open again", lambda: night.log.count("OSC in on") > opened, TOO_LONG)
    mark = 0.5 if with_ is signal.SIGKILL else 0.75
    end = time.monotonic() + TOO_LONG
    while value(frame := night.lives(), "/individuality") != mark:
        night.send("/individuality", mark)
        assert time.monotonic() < end
    seconds = time.monotonic() - struck
    assert value(frame, "/resonance") == 0.4375
    assert _floor(frame) == 0.8125
    print(f"\ndesk {with_.name}: OSC plays again after {seconds:.2f} s")


def test_the_third_death_in_a_minute_makes_it_plain(night: Night) -> None:
    last, struck = strike(night, STAGE, signal.SIGKILL)
    wait("it is said", lambda: "it is started again, plain" in night.log)
    time.sleep(0.15)
    seconds = came_back(night, night.frame() or last, struck, 0.4375)
    print(f"\nstage killed a third time: plain after {seconds:.2f} s")


def test_ctrl_c_ends_everything_and_leaves_nothing(night: Night) -> None:
    wait("a Frame on disk", night.state.is_file)
    code, seconds = night.interrupt(10.0)
    print(f"\nCtrl-C: everything ended after {seconds:.2f} s")
    assert code == 0
    wait("no stray process", lambda: not night.processes(), 5)
    assert not night.state.exists(), "a night that ended well is not gone on from"
    assert "Traceback" not in night.log + night.told


def test_ctrl_c_ends_a_stopped_stage_too(start: Start, tmp_path: Path) -> None:
    night = start(where=tmp_path).ready()
    os.kill(pid_of(night, STAGE), signal.SIGSTOP)
    code, seconds = night.interrupt(10.0)
    print(f"\nCtrl-C with a stopped stage: ended after {seconds:.2f} s")
    assert code == 0
    wait("no stray process", lambda: not night.processes(), 5)


def kept(night: Night) -> Frame | None:
    """The Frame on disk, or None."""
    return decode(night.state.read_bytes()) if night.state.is_file() else None


def test_after_a_power_cut_the_night_goes_on_without_what_nobody_agreed_to_keep(
    start: Start, tmp_path: Path
) -> None:
    night = start("--participants", "3", where=tmp_path).ready()
    night.send("/resonance", 0.6875)
    for person, name in (("anna", "Anna Secret"), ("berta", "Berta Open")):
        night.send(f"/participant/{person}/join", name)
        night.send(f"/participant/{person}/floor", 0.8125)
        night.send(f"/participant/{person}/consent", "use_heart", 1)
    night.send("/participant/berta/consent", "record_local", 1)
    for person in ("anna", "berta"):
        night.send(f"/participant/{person}/feeling", 0.5, 0.25)
        night.send(f"/participant/{person}/heart", 77.0)
        night.send(f"/participant/{person}/breath", 0.75)
    night.when("all is told", lambda f: has(f, "berta")
               and f.people.breath_heard[row(f, "berta")] == 0.75)  # fmt: skip

    def told() -> Frame | None:
        frame = kept(night)
        if frame is None or not has(frame, "berta"):
            return None
        return frame if frame.people.heart[row(frame, "berta")] == 77.0 else None

    frame = wait("it is on disk", told)
    p, anna, berta = frame.people, row(frame, "anna"), row(frame, "berta")
    assert (p.names[anna], p.names[berta]) == ("", "Berta Open")
    for column in ("valence", "arousal", "told_valence", "told_arousal", "heart", "breath_heard"):
        assert getattr(p, column)[anna] == 0.0, column
    assert (p.told_valence[berta], p.breath_heard[berta]) == (0.5, 0.75)
    assert b"Secret" not in night.state.read_bytes()

    # a stage that is started again must not bring them to the disk either
    os.kill(pid_of(night, STAGE), signal.SIGKILL)
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        assert b"Secret" not in night.state.read_bytes()
        time.sleep(0.02)

    # the supervisor alone is killed: the others see it and end by themselves
    night.lives()
    os.kill(night.process.pid, signal.SIGKILL)
    struck = time.monotonic()
    night.process.wait(5)
    wait("desk and stage end by themselves", lambda: not night.processes(), TOO_LONG)
    print(f"\nsupervisor killed: the others ended after {time.monotonic() - struck:.2f} s")

    cut = kept(night)
    assert cut is not None
    again = start(where=tmp_path).ready()
    assert "Going on from" in again.told
    frame = again.lives()
    assert frame.index > cut.index
    assert cut.time < frame.time < cut.time + 10.0
    assert value(frame, "/resonance") == 0.6875
    assert has(frame, "anna")
    assert _floor(frame) == 0.8125
    assert frame.people.told_valence[row(frame, "berta")] == 0.5

    # everything at once, as a power cut does it
    wait("it is on disk", lambda: (f := kept(again)) is not None and f.index > cut.index)
    for pid in again.processes():
        os.kill(pid, signal.SIGKILL)
    again.process.wait(5)
    anew = start("--fresh", where=tmp_path).ready()
    assert "Going on from" not in anew.told
    frame = anew.lives()
    assert frame.time < 10.0
    assert value(frame, "/resonance") != 0.6875
    assert not has(frame, "anna")
    assert anew.interrupt()[0] == 0
    assert not anew.state.exists()


def test_a_start_that_fails_does_not_throw_the_last_frame_away(
    start: Start, tmp_path: Path
) -> None:
    night = start(where=tmp_path).ready()
    wait("a Frame on disk", night.state.is_file)
    for pid in night.processes():
        os.kill(pid, signal.SIGKILL)
    night.process.wait(5)
    blind = start(
        where=tmp_path, headless=False, environment={"DISPLAY": ":4711", "SDL_VIDEODRIVER": "x11"}
    )
    assert blind.process.wait(TOO_LONG) != 0
    assert "no display" in blind.told
    assert "Traceback" not in blind.told
    assert night.state.is_file()


def test_no_process_of_any_test_outlives_it(start: Start, tmp_path: Path) -> None:
    night = start(where=tmp_path, port=udp_port()).ready()
    wait("all four are there", lambda: len(night.processes()) == 4)
    night.close()
    assert not processes_with(f"PERFORMER_TEST={night.token}")
