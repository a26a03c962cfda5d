"""MIDI clock: tempo through jitter, bursts, gaps and changes; position as MIDI defines it."""

import random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.controllers.midi.clock import Clock
from performer.controllers.midi.leading import EVERY, Leading

TEMPI = st.floats(30.0, 240.0)
JITTER = st.lists(st.floats(-0.5, 0.5), min_size=200, max_size=200)


def interval(tempo: float) -> float:
    return 60.0 / tempo / 24.0


def ticked(clock: Clock, tempo: float, ticks: int, after: float = 0.0) -> float:
    """Steady ticks, the first one interval after `after`; when the last one came."""
    for n in range(1, ticks + 1):
        clock.tick(after + n * interval(tempo))
    return after + ticks * interval(tempo)


def of(clock: Clock) -> float:
    assert clock.tempo is not None
    return clock.tempo


@given(TEMPI)
def test_a_steady_clock_is_exact_before_one_beat_is_over(tempo: float) -> None:
    clock = Clock()
    now = ticked(clock, tempo, 9)
    assert of(clock) == pytest.approx(tempo, rel=1e-6)
    assert clock.beats(now) == pytest.approx(8 / 24)  # the first tick is the song's beginning


@settings(max_examples=30)
@given(TEMPI, JITTER)
def test_jitter_of_half_a_tick_moves_the_tempo_by_three_percent_at_most(
    tempo: float, jitter: list[float]
) -> None:
    clock = Clock()
    worst, at = 0.0, 0.0
    for n, j in enumerate(jitter):
        at = max(at, (n + j * 0.5) * interval(tempo))
        clock.tick(at)
        if n >= 48:
            worst = max(worst, abs(of(clock) / tempo - 1.0))
            assert clock.beats(at) * 24 == pytest.approx(n, abs=1.2)
    assert worst < 0.03


def test_audio_blocks_of_five_milliseconds_are_not_heard_as_a_tempo() -> None:
    clock, block, found = Clock(), 256 / 48000, list[float]()
    for n in range(240):
        clock.tick((n * interval(123.0) // block) * block)
        if n > 48:
            found.append(of(clock))
    assert max(abs(f - 123.0) for f in found) < 1.0


@pytest.mark.parametrize("lost", range(30, 100, 7))
@pytest.mark.parametrize("many", [1, 2, 3])
def test_missing_ticks_are_neither_a_change_nor_a_shift(lost: int, many: int) -> None:
    clock = Clock()
    for n in range(180):
        if not lost <= n < lost + many:
            clock.tick(n * interval(100.0))
            if n > 10:
                assert of(clock) == pytest.approx(100.0, rel=0.05 * many)
            if n > lost + 12:
                assert of(clock) == pytest.approx(100.0, rel=1e-6)
    assert clock.beats(179 * interval(100.0)) == pytest.approx(179 / 24)


def test_a_rest_without_a_stop_counts_nothing() -> None:
    clock = Clock()
    now = ticked(clock, 120.0, 60)
    now = ticked(clock, 120.0, 48, now + 0.5)
    assert of(clock) == pytest.approx(120.0, rel=1e-6)
    assert clock.beats(now) == pytest.approx(107 / 24)


def test_a_burst_after_a_stall_is_neither_a_change_nor_a_shift() -> None:
    clock, due = Clock(), [n * interval(120.0) for n in range(120)]
    for n, at in enumerate(due):
        clock.tick(due[56] + (n - 50) * 1e-4 if 50 <= n < 56 else at)
        if n > 10:
            assert of(clock) == pytest.approx(120.0, rel=0.12)
    assert clock.beats(due[-1]) == pytest.approx(119 / 24, abs=0.01)


def test_a_busy_machine_makes_ticks_late_and_no_other_tempo() -> None:
    late = random.Random(4)
    clock, at, found = Clock(), 0.0, list[float]()
    for n in range(960):
        at = max(at, n * interval(125.0) + late.expovariate(1 / 0.008))
        clock.tick(at)
        if n > 48:
            found.append(of(clock))
    assert median(found) == pytest.approx(125.0, rel=0.005)
    assert max(abs(f - 125.0) for f in found) < 15.0
    assert clock.beats(at) == pytest.approx(959 / 24, abs=0.05)


@given(TEMPI, TEMPI)
def test_a_changed_tempo_is_there_two_beats_later_and_no_tick_is_lost(a: float, b: float) -> None:
    clock = Clock()
    now = ticked(clock, a, 60)
    now = ticked(clock, b, 25, now)
    assert of(clock) == pytest.approx(b, rel=0.03)
    now = ticked(clock, b, 24, now)
    assert of(clock) == pytest.approx(b, rel=0.01)
    assert clock.beats(now) == pytest.approx(108 / 24)


def test_start_stop_continue_and_song_position() -> None:
    clock = Clock()
    now = ticked(clock, 120.0, 30)
    clock.start()
    assert clock.beats(now) == 0.0
    now = ticked(clock, 120.0, 25, now)
    assert clock.beats(now) == pytest.approx(1.0)
    clock.stop()
    assert not clock.running(now)
    now = ticked(clock, 120.0, 48, now)  # it ticks on
    assert clock.beats(now) == pytest.approx(1.0)
    clock.go_on()
    assert clock.running(now)
    now = ticked(clock, 120.0, 24, now)
    assert clock.beats(now) == pytest.approx(2.0)
    clock.stop()
    clock.song_position(64)
    clock.go_on()
    now = ticked(clock, 120.0, 1, now)
    assert clock.beats(now) == pytest.approx(16.0)


def test_a_start_after_a_rest_does_not_count_the_rest() -> None:
    clock = Clock()
    now = ticked(clock, 120.0, 30)
    clock.stop()
    clock.start()
    now += 0.4
    for _ in range(13):
        now = ticked(clock, 120.0, 1, now)
        assert of(clock) == pytest.approx(120.0, rel=1e-6)
    assert clock.beats(now) == pytest.approx(0.5)


@given(st.lists(st.sampled_from(["clock", "late", "start", "stop", "continue", "songpos"])))
def test_no_order_of_messages_breaks_it(kinds: list[str]) -> None:
    leading, now = Leading(), 0.0
    for kind in kinds:
        now += 2.0 if kind == "late" else 0.02
        leading.heard("a", "clock" if kind == "late" else kind, 3, now)
        said = leading.say(now)
        if said and said[1]:
            assert 20.0 <= said[1][0] <= 400.0
            assert said[1][1] >= 0.0


def play(leading: Leading, device: str, tempo: float, seconds: float, now: float) -> list[str]:
    """Ticks, with the desk asking 90 times a second; the addresses that it was told to play."""
    said, ticks = list[str](), 0
    for n in range(int(seconds * 90)):
        at = now + n / 90
        while (ticks + 1) * interval(tempo) <= n / 90:
            ticks += 1
            leading.heard(device, "clock", 0, now + ticks * interval(tempo))
        if (one := leading.say(at)) is not None:
            said.append(one[0])
    return said


def test_the_desk_is_told_thirty_times_a_second_at_most_and_of_a_silence() -> None:
    leading = Leading()
    said = play(leading, "a", 120.0, 2.0, 0.0)
    assert set(said) == {"/clock"}
    assert 40 < len(said) <= 2.0 / (EVERY * 0.67)
    assert leading.say(2.9) is not None
    assert leading.say(3.5) == ("/clock/stop", ())
    assert leading.say(3.6) is None


def test_one_clock_leads_until_it_stops_and_then_the_next() -> None:
    leading = Leading()
    play(leading, "a", 120.0, 1.0, 0.0)
    for n in range(200):
        leading.heard("b", "clock", 0, 1.0 + n * interval(90.0))
        leading.heard("a", "clock", 0, 1.0 + n * interval(120.0))
    now = 1.0 + 199 * interval(120.0)
    said = leading.say(now)
    assert said is not None
    assert said[1][0] == pytest.approx(120.0, rel=0.02)
    leading.heard("a", "stop", 0, now)
    said = leading.say(now)
    assert said is not None
    assert said[1][0] == pytest.approx(90.0, rel=0.02)
    leading.gone("b")
    assert leading.say(now) == ("/clock/stop", ())
