"""Who leads the tempo, how one leader follows another, and where the beat is meanwhile."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from performer.circle import tempo
from performer.circle.circle import Circle
from performer.circle.tempo import BENT, GLIDE, SOURCES
from performer.frame import FEATURES, SILENCE, Frame, Heard, Leading, decode, encode
from performer.journal.controls import ControlRecorder, due, read_controls
from performer.parameters import TREE

from .circles import after, luna, send, value

DT = 1 / 60
PRESET = 48.0  # BPM of luna

Message = tuple[str, tuple[float, ...]]


def heard(bpm: float, confidence: float = 1.0) -> Heard:
    values = np.zeros(len(FEATURES))
    values[FEATURES.index("confidence")] = confidence
    return Heard(values, SILENCE.spectrum, SILENCE.waveform, bpm, True)


def lag(beat: float, other: float) -> float:
    """By how much of a beat one is behind the other, -½..½."""
    return (other - beat + 0.5) % 1.0 - 0.5


class Night:
    """The tempo alone, fed as the circle feeds it, so that thousands of steps are cheap."""

    def __init__(self) -> None:
        self.leading, self.beat, self.time = Leading(), 0.0, 0.0
        self.hand: float | None = None
        self.heard, self.listens = SILENCE, True
        self.step(DT)

    @property
    def source(self) -> str:
        return self.leading.source

    @property
    def bpm(self) -> float:
        return self.leading.now

    def take(self, address: str, *args: float) -> None:
        if address == "/clock":
            self.leading = tempo.told(self.leading, args[0], args[1], self.time)
        elif address == "/clock/stop":
            self.leading = tempo.stopped(self.leading)
        elif address == "/tap":
            self.leading, bpm = tempo.tap(self.leading, self.time)
            self.hand = self.hand if bpm is None else bpm
        elif address == "/tempo":
            self.hand = args[0]
        elif address == "/release":
            self.hand = None
        elif address == "/tempo/listen":
            self.listens = bool(args[0])
        else:
            self.heard = heard(*args)

    def step(self, dt: float = DT) -> None:
        self.time += dt
        base = PRESET if self.hand is None else self.hand
        listened = self.heard if self.listens else SILENCE
        self.leading = tempo.led(self.leading, base, self.hand, listened, self.time, dt)
        self.beat = tempo.advanced(self.leading, self.beat, self.time, dt)

    def last(self, seconds: float, each: Callable[[], None] = lambda: None) -> "Night":
        """Lets so many seconds pass; `each` is called after every step."""
        for _ in range(max(1, round(seconds / DT))):
            self.step()
            each()
        return self

    def tap(self, bpm: float, times: int = 5) -> "Night":
        """Taps in time; the last tap is one step ago."""
        for _ in range(times - 1):
            self.take("/tap")
            self.last(60.0 / bpm)
        self.take("/tap")
        return self.last(DT)


class Clock:
    """An outer clock that was started now, and tells the desk 30 times a second."""

    def __init__(self, night: Night, bpm: float, beats: float = 0.0) -> None:
        self.night, self.bpm, self.beats = night, bpm, beats

    def lead(self, seconds: float, each: Callable[[], None] = lambda: None) -> Night:
        """Tells its beats for so long; `each` is called after every step."""
        for i in range(max(1, round(seconds / DT))):
            if i % 2 == 0:
                self.night.take("/clock", self.bpm, self.beats)
            self.night.step()
            self.beats += DT * self.bpm / 60.0
            each()
        return self.night


# ---- who leads ------------------------------------------------------------------------------


def test_the_preset_leads_from_the_first_step_without_a_glide() -> None:
    night = Night()
    assert (night.bpm, night.source) == (PRESET, "preset")
    assert night.last(10.0).beat == pytest.approx((10.0 + DT) * PRESET / 60.0)


def test_every_source_takes_over_from_those_below_it_and_gives_back_to_them() -> None:
    night = Night()
    night.take("heard", 90.0)
    assert night.last(6.0).source == "listening"
    night.take("/tempo", 70.0)
    assert night.last(2.0).source == "hand"
    assert night.tap(120.0).source == "tap"
    Clock(night, 140.0).lead(2.0)
    assert (night.source, night.bpm) == ("clock", pytest.approx(140.0))
    night.take("/clock/stop")
    night.last(2.0)
    assert (night.source, night.bpm) == ("tap", pytest.approx(120.0))
    night.take("/release")
    night.last(6.0)
    assert (night.source, night.bpm) == ("listening", pytest.approx(90.0))
    night.take("/tempo/listen", 0)
    night.last(6.0)
    assert (night.source, night.bpm) == ("preset", pytest.approx(PRESET))


def test_a_lower_source_never_takes_over_from_a_higher_one() -> None:
    night = Night()
    clock = Clock(night, 140.0)
    clock.lead(0.5)
    night.take("heard", 90.0)
    night.take("/tempo", 70.0)
    for _ in range(3):
        night.take("/tap")
        assert clock.lead(0.5).source == "clock"


def test_a_fader_moved_after_taps_is_a_hand_and_taps_after_it_are_taps() -> None:
    night = Night()
    assert night.tap(100.0).source == "tap"
    night.take("/tempo", 101.0)
    assert night.last(DT).source == "hand"
    assert night.tap(100.0).source == "tap"


def test_a_clock_without_a_word_is_gone_after_two_seconds_and_no_sooner() -> None:
    night = Clock(Night(), 120.0).lead(2.0)
    assert night.last(2.0 - 5 * DT).source == "clock"
    assert night.last(8 * DT).source == "preset"
    assert Clock(night, 90.0).lead(2.0).bpm == pytest.approx(90.0), "it may come back"


def test_taps_count_from_the_second_after_a_pause_from_anew_and_stay_in_range() -> None:
    night = Night()
    night.take("/tap")
    assert night.last(2.0).source == "preset", "one tap is none"
    night.tap(60.0)
    night.last(4.0)
    night.take("/tap")
    assert night.leading.tapped == pytest.approx(60.0), "a pause is no beat"
    night.last(0.4)
    night.take("/tap")
    assert night.leading.tapped == pytest.approx(150.0)
    for _ in range(6):
        night.take("/tap")
        night.take("/tap")
        night.step(1 / 240)
    assert night.leading.tapped == 240.0


def test_listening_must_be_sure_for_a_while_and_unsure_for_a_while() -> None:
    night = Night()
    night.take("heard", 100.0, 0.5)
    assert night.last(20.0).source == "preset", "never sure enough"
    night.take("heard", 100.0, 0.7)
    assert night.last(2.0).source == "preset"
    night.take("heard", 100.0, 0.5)
    night.step()
    night.take("heard", 100.0, 0.7)
    assert night.last(2.0).source == "preset", "a doubt begins the count anew"
    assert night.last(2.0).source == "listening"
    night.take("heard", 100.0, 0.4)
    assert night.last(20.0).source == "listening", "hysteresis"
    night.take("heard", 0.0, 0.0)
    night.last(3.0)
    assert (night.source, night.bpm) == ("listening", pytest.approx(100.0)), "held"
    assert night.last(3.0).source == "preset"


def test_a_tempo_that_is_heard_to_change_is_followed_softly() -> None:
    night = Night()
    night.take("heard", 100.0)
    bpm = [night.last(6.0).bpm]
    night.take("heard", 110.0)
    night.last(6.0, lambda: bpm.append(night.bpm))
    assert np.abs(np.diff(bpm)).max() < 0.25
    assert bpm[-1] == pytest.approx(110.0, abs=0.1)


# ---- how one follows another, and where the beat is -----------------------------------------


@pytest.mark.parametrize("bpm", [20.0, 61.0, 137.0, 240.0])
@pytest.mark.parametrize("start", [0.0, 0.3, 0.5, 0.77])
def test_the_beat_is_the_clocks_within_a_few_beats(bpm: float, start: float) -> None:
    night, worst = Night(), list[float]()
    clock = Clock(night, bpm, start)
    clock.lead(GLIDE + 6.5 * 60.0 / bpm)
    clock.lead(4 * 60.0 / bpm, lambda: worst.append(abs(lag(night.beat, clock.beats))))
    assert max(worst) < 0.02


@pytest.mark.parametrize("start", [0.0, 0.3])
def test_a_clock_out_of_range_leads_to_its_end_and_the_beat_runs_free(start: float) -> None:
    night, told = Night(), list[tuple[float, float]]()
    Clock(night, 400.0, start).lead(6.0, lambda: told.append((night.bpm, night.beat)))
    assert (night.source, night.bpm) == ("clock", 240.0)
    assert max(bpm for bpm, _ in told) == 240.0
    assert told[round(0.8 * GLIDE / DT)][0] < 220.0, "it glides to what it comes to, not past it"
    beats = np.diff([beat for _, beat in told[-120:]])
    assert beats == pytest.approx(DT * 240.0 / 60.0)
    assert Clock(night, 240.0).lead(2.0).bpm == 240.0
    night = Night()
    night.take("heard", 400.0)
    assert (night.last(6.0).source, night.bpm) == ("listening", 240.0)


def test_a_clock_started_anew_is_locked_to_anew() -> None:
    night = Night()
    clock = Clock(night, 120.0)
    clock.lead(5.2)
    clock.beats = 0.0
    clock.lead(3.5)
    assert abs(lag(night.beat, clock.beats)) < 0.02


def test_the_last_tap_is_a_beat() -> None:
    night = Night().tap(120.0)
    night.last(6.0)
    assert abs(lag(night.beat, (6.0 + DT) * 2.0)) < 0.02


def test_without_somebody_who_knows_the_beat_it_runs_free() -> None:
    night = Night()
    night.take("/tempo", 120.0)
    before = night.last(3.0).beat
    assert night.last(10.0).beat - before == pytest.approx(20.0)


def test_changing_leaders_glides_within_two_seconds() -> None:
    night, bpm = Night(), [PRESET]
    Clock(night, 192.0).lead(2.0, lambda: bpm.append(night.bpm))
    assert bpm[-1] == pytest.approx(192.0)
    ratios = np.diff(np.log(bpm))
    assert (ratios >= 0.0).all()
    assert ratios.max() < 1.6 * np.log(4.0) * DT / GLIDE, "no step stands out"


messages = st.one_of(
    st.tuples(st.just("/clock"), st.tuples(st.floats(20, 400), st.floats(0, 1e4))),
    st.tuples(st.just("/tempo"), st.tuples(st.floats(20, 240))),
    st.sampled_from([("/clock/stop", ()), ("/tap", ()), ("/release", ("/tempo",)),
                     ("/tempo/listen", (0,)), ("/tempo/listen", (1,))]),
    st.tuples(st.just("heard"), st.tuples(st.sampled_from([0.0, 60.0, 125.0]), st.floats(0, 1))),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.tuples(messages, st.floats(0.001, 0.1), st.integers(1, 60)), max_size=25))
def test_the_beat_never_jumps_and_never_runs_backwards(
    story: list[tuple[Message, float, int]],
) -> None:
    night = Night()
    for (address, args), dt, steps in story:
        night.take(address, *args)
        for _ in range(steps):
            before, was = night.beat, night.leading
            night.step(dt)
            now = night.leading
            gone = (night.beat - before) / dt * 60.0 / now.now
            assert 1.0 - BENT - 1e-6 <= gone <= 1.0 + BENT + 1e-6
            assert now.source in SOURCES
            if now.source != was.source:  # in one step a glide has only begun
                part = min(dt / GLIDE, 1.0)
                most = (400.0 / 20.0) ** (part * part * (3.0 - 2.0 * part))
                assert 1.0 / most - 1e-6 <= now.now / was.now <= most + 1e-6


def test_beats_far_into_a_night_are_as_fine() -> None:
    leading = replace(Leading(), now=120.0, source="clock", before=120.0, clock=120.0,
                      clock_beats=1e9, clock_at=1e5)  # fmt: skip
    assert tempo.advanced(leading, 2e5, 1e5 + DT, DT) == pytest.approx(2e5 + DT * 2.0, abs=1e-7)


# ---- the circle and its Frame ---------------------------------------------------------------


def clocked(circle: Circle, bpm: float, frames: int, first: float = 0.0) -> list[Frame]:
    """Frames in which an outer clock leads."""
    seen: list[Frame] = []
    for i in range(frames):
        send(circle, "/clock", bpm, first + i * DT * bpm / 60.0)
        seen.append(circle.step(DT))
    return seen


def test_a_circle_takes_every_message_of_the_tempo() -> None:
    circle = Circle(luna(), 1, 1)
    frame = circle.step(DT)
    assert (frame.tempo, frame.tempo_source) == (PRESET, "preset")
    circle.heard = heard(90.0)
    assert after(circle, 6.0, 0.1).tempo_source == "listening"
    send(circle, "/tempo", 70.0)
    assert after(circle, 2.0, 0.1).tempo_source == "hand"
    for _ in range(5):
        send(circle, "/tap")
        after(circle, 0.5, 0.1)
    frame = after(circle, 2.0, 0.1)
    assert (frame.tempo_source, frame.tempo) == ("tap", pytest.approx(120.0))
    assert clocked(circle, 140.0, 3)[-1].tempo_source == "clock"
    send(circle, "/clock/stop", 0.0)  # a button let go
    assert circle.step(DT).tempo_source == "clock"
    send(circle, "/clock/stop")
    assert circle.step(DT).tempo_source == "tap"
    send(circle, "/release", "/tempo")
    assert circle.step(DT).tempo_source == "listening"
    send(circle, "/tempo/listen", 0)
    assert after(circle, 5.0, 0.1).tempo_source == "preset"


def test_values_hold_what_is_in_force_and_base_what_hands_set() -> None:
    circle = Circle(luna(), 1, 1)
    send(circle, "/tempo", 100.0)
    circle.step(DT)
    frame = clocked(circle, 140.0, 90)[-1]
    assert value(frame, "/tempo") == frame.tempo == pytest.approx(140.0)
    assert value(frame, "/tempo", base=True) == 100.0
    frame = clocked(circle, 400.0, 1)[-1]
    assert value(frame, "/tempo") == frame.tempo <= 240.0, "in its range"
    frame = clocked(circle, 400.0, 90)[-1]
    assert value(frame, "/tempo") == frame.tempo == 240.0


def test_synced_modulation_follows_the_leaders_beat() -> None:
    """The slow breath of luna takes 16 beats: at 240 BPM it comes again after 4 s."""
    circle = Circle(luna(), 1, 1)
    frames = clocked(circle, 240.0, 12 * 60)[4 * 60 :]
    i = TREE.index["/look/energy"]
    moved = np.array([f.values[i] - f.base[i] for f in frames])
    assert np.ptp(moved) > 0.05
    assert np.abs(moved[:240] - moved[240:]).max() < 0.005


def test_a_night_goes_on_from_any_frame_exactly() -> None:
    one = Circle(luna(), 1, 1)
    one.heard = heard(90.0)
    clocked(one, 127.0, 40, 0.4)
    send(one, "/tap")
    frame = clocked(one, 127.0, 20, 1.8)[-1]
    other = Circle.going_on(luna(), decode(encode(frame)))
    for step in range(400):
        for circle in (one, other):
            if step == 20:
                send(circle, "/tap")
            if step == 100:
                send(circle, "/clock/stop")
        a, b = one.step(DT), other.step(DT)
        assert (a.beat, a.leading) == (b.beat, b.leading)
    assert one.leading.source == "tap"


def test_recorded_messages_give_the_same_beats_again(tmp_path: Path) -> None:
    path = tmp_path / "controls.jsonl"
    recorder, circle, beats = ControlRecorder(path), Circle(luna(), 1, 1), list[float]()
    for i in range(240):
        if i < 120 and i % 3 == 0:
            control = TREE.accept("/clock", [133.3, 0.2 + i / 27.0])
            circle.take(control)
            recorder.write(circle.time, control)
        beats.append(circle.step(DT + 1e-4 * (i % 7)).beat)
    recorder.close()
    again, waiting = Circle(luna(), 1, 1), read_controls(path)
    for i, beat in enumerate(beats):
        for control in due(waiting, again.time):
            again.take(control)
        assert again.step(DT + 1e-4 * (i % 7)).beat == beat
