"""The voices: what is heard when Frames come, jump, stop, or come too fast."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from performer.audio import QUANTUM, RATE, colours
from performer.audio.breathing import Breathing
from performer.audio.crossing import Crossing
from performer.audio.partials import Partials
from performer.audio.score import Score, score
from performer.audio.tide import COMES, Tide
from performer.audio.voices import Samples, Voices
from performer.circle.circle import Circle
from performer.frame import Floats
from performer.show.sound import Sound
from performer.show.tuning import PARTIALS
from tests.audio.circles import SOUND, circle, scored, tell

SLOW = 8000  # Hz: what takes seconds and minutes is judged with few samples
BLOCK = QUANTUM / SLOW
EVEN = 187.5  # Hz: whole cycles fit into a block, so that its level is exact
OTHER = Sound(root=65.4, scale="ember", timbre="choir", height=0.6)


def decibel(value: float) -> float:
    return 20 * float(np.log10(max(value, 1e-30)))


def played(voices: Voices, scores: Iterable[Score]) -> Samples:
    """All rows for a block of each Score, shape (C, frames)."""
    return np.concatenate([voices.block(s).copy() for s in scores], axis=1)


def blocks(seconds: float, rate: int = SLOW) -> int:
    """How many blocks last so long."""
    return round(seconds * rate / QUANTUM)


def held(now: Score, seconds: float, rate: int = SLOW) -> list[Score]:
    """One Score for so many seconds."""
    return [now] * blocks(seconds, rate)


def levels(rows: Samples) -> Floats:
    """RMS of every block, shape (C, blocks)."""
    blocks = rows.astype(np.float64).reshape(len(rows), -1, QUANTUM)
    return np.sqrt((blocks**2).mean(axis=2))


def still(now: Score, **changes: Any) -> Score:
    """The Score without anything that moves by itself but what is asked for."""
    nothing = np.zeros_like(now.amplitude)
    quiet: dict[str, Any] = dict.fromkeys(
        ("wander", "beat", "air", "depth", "cents", "crossing"), nothing
    )
    even = np.full_like(nothing, EVEN)
    return replace(now, **{**quiet, "note": even, "drone": 0.0, **changes})


# ---- partials -----------------------------------------------------------------------------------


def test_partials_are_the_sum_they_stand_for() -> None:
    random = np.random.default_rng(3)
    phase, step = random.uniform(0, 6, 70), 2 * np.pi * random.uniform(55, 900, 70) / RATE
    drawn = random.normal(size=(2, 2, 70, PARTIALS))
    start, end = (drawn[0] + 1j * drawn[1]).astype(np.complex64)
    found = np.zeros((70, QUANTUM), np.float32)
    Partials().add_up(phase, step, start, end, found)
    n, k = np.arange(1, QUANTUM + 1), np.arange(1, PARTIALS + 1)[:, None]
    for row in (0, 63, 64, 69):
        moving = start[row][:, None] + (end - start)[row][:, None] * (n / QUANTUM)
        wanted = (moving * np.exp(1j * k * (phase[row] + step[row] * n))).real.sum(axis=0)
        assert np.abs(found[row] - wanted).max() < 1e-4 * np.abs(wanted).max()


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_a_voice_sings_its_note_at_any_rate(rate: int) -> None:
    now = scored(4, individuality=0.0, brightness=0.0)
    now = still(now, note=now.note)
    voices = Voices(rate)
    heard = played(voices, held(now, 5.0, rate))[:, -2 * rate :]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(heard.shape[1]), axis=1))
    assert spectrum.argmax(axis=1) * 0.5 == pytest.approx(now.note, abs=0.51)


def test_a_still_voice_is_one_sine_without_a_seam() -> None:
    """What two samples of a sine foretell of the next comes true, at the edges of blocks too."""
    now = scored(4)
    first = np.zeros_like(now.timbre)
    first[:, 0] = 1.0
    notes = np.array([55.0, 123.4, 440.0, 880.0])
    heard = played(Voices(RATE), held(still(now, note=notes, timbre=first), 3.0, RATE))[
        :, -RATE // 4 :
    ]
    x, turn = heard.astype(np.float64), 2 * np.cos(2 * np.pi * notes / RATE)[:, None]
    missed = np.abs(x[:, 2:] - turn * x[:, 1:-1] + x[:, :-2])
    assert (missed.max(axis=1) < 2e-6 * x.max(axis=1)).all()


def test_partials_end_below_what_the_rate_can_carry() -> None:
    height = colours.audible(np.array([100.0, 2000.0]), 44100)
    assert (height[0] == 1.0).all()
    assert (height[1, 9:] == 0.0).all()
    assert height[1, 0] == 1.0


# ---- the same bytes, no clicks -------------------------------------------------------------------


def arrays(now: Score) -> dict[str, Floats]:
    """What a Score has for every row."""
    return {n: cast("Floats", v) for n, v in vars(now).items() if isinstance(v, np.ndarray)}


def night(seconds: float) -> Iterable[Score]:
    """Everything that may happen within a few seconds, jumping."""
    one = circle(12, individuality=0.5)
    count, sound = blocks(seconds, RATE), SOUND
    events: dict[int, Callable[[Circle], None]] = {
        count // 8: lambda c: tell(c, "/participant/sim-2/leave", 1),
        count // 6: lambda c: tell(c, "/participant/sim-3/consent", "sound_layer", 0),
        count // 5: lambda c: tell(c, "/sound/brightness", 1.0),
        count // 4: lambda c: tell(c, "/individuality", 0.0),
        count // 3: lambda c: tell(c, "/participant/sim-4/voice/solo", 1),
        count // 2: lambda c: tell(c, "/participant/anna/join", "Anna"),
        count * 3 // 5: lambda c: tell(c, "/participant/sim-4/voice/solo", 0),
        count * 2 // 3: lambda c: tell(c, "/sound/air", 1.0),
        count * 3 // 4: lambda c: tell(c, "/participant/sim-5/rhythm", 4.0),
        count * 4 // 5: lambda c: tell(c, "/sound/drone", 0.0),
    }
    now = score(one.step(1 / 60), sound)
    for block in range(count):
        if block in events:
            events[block](one)
        if block == count // 10:
            sound = OTHER
        if block % 3:
            now = score(one.step(1 / 60), sound)
        yield now


def test_the_same_scores_give_the_same_bytes() -> None:
    first, again = Voices(RATE), Voices(RATE)
    for now in night(1.0):
        assert first.block(now).tobytes() == again.block(now).tobytes()
        assert first.drone.tobytes() == again.drone.tobytes()


def test_nothing_that_jumps_can_be_heard_at_the_edge_of_a_block() -> None:
    """Everything changes from block to block only, so a click could only be at an edge."""
    voices = Voices(RATE)
    heard = np.concatenate([voices.block(now).sum(axis=0) + voices.drone for now in night(5.0)])
    bend = np.abs(np.diff(heard.astype(np.float64), 3))
    edges = np.zeros(len(bend), np.bool_)
    for near in range(3):  # the differences that look across an edge
        edges[QUANTUM - 1 - near :: QUANTUM] = True
    for some in (slice(i, i + RATE) for i in range(0, len(bend) - RATE, RATE)):
        inside, across = bend[some][~edges[some]], bend[some][edges[some]]
        assert across.max() <= 1.05 * inside.max()
        assert across.mean() <= 1.15 * inside.mean()


# ---- coming and going ----------------------------------------------------------------------------


def faded(change: Callable[[Circle], None]) -> tuple[Floats, int]:
    """Levels of all rows of four people, and the block in which one message came."""
    one = circle(4, individuality=1.0)
    before = held(still(score(one.step(1 / 60), SOUND)), 6.0)
    change(one)
    after = held(still(score(one.step(1 / 60), SOUND)), 4.0)
    return levels(played(Voices(SLOW), before + after)), len(before)


@pytest.mark.parametrize(
    ("address", "args"),
    [("leave", (1,)), ("consent", ("sound_layer", 0)), ("pause", (1,)), ("voice/mute", (1,))],
)
def test_who_goes_fades_for_at_least_two_seconds_and_is_silent_then(
    address: str, args: tuple[int | str, ...]
) -> None:
    heard, since = faded(lambda c: tell(c, f"/participant/sim-2/{address}", *args))
    voice = heard[1] / heard[1, since - 20 : since].mean()
    after = voice[since:]
    assert after[blocks(1.0)] > 0.5
    assert after[blocks(2.0)] > 0.01
    assert (after[blocks(COMES + 0.1) :] == 0.0).all()
    assert np.abs(np.diff(after)).max() < 1.7 * BLOCK / COMES  # a raised cosine, no step
    assert (heard[[0, 2, 3], -50:] > 0.0).all()


def test_who_has_only_half_come_takes_as_long_to_go() -> None:
    one = circle(4, individuality=1.0)
    before = held(still(score(one.step(1 / 60), SOUND)), 1.3)
    tell(one, "/participant/sim-2/leave", 1)
    after = held(still(score(one.step(1 / 60), SOUND)), 4.0)
    voice = levels(played(Voices(SLOW), before + after))[1, len(before) :]
    assert voice[0] > 0.0
    assert voice[blocks(2.0)] > 0.0
    assert (voice[blocks(COMES + 0.1) :] == 0.0).all()


def test_voices_rise_for_at_least_two_seconds() -> None:
    heard = levels(played(Voices(SLOW), held(still(scored(4)), 8.0)))
    risen = heard / heard[:, -1:]
    assert (risen[:, blocks(0.5)] < 0.25).all()
    assert (risen[:, blocks(2.0)] > 0.75).all()
    assert np.abs(np.diff(risen, axis=1)).max() < 2.0 * BLOCK / COMES


def test_nothing_more_is_taken_from_a_row_that_may_not_sound() -> None:
    """While it fades, whatever else stands in the row changes no byte."""
    now = scored(4, individuality=1.0)
    gone = now.amplitude * (1.0, 0.0, 1.0, 1.0)
    quiet = replace(now, amplitude=gone, time=now.time + 1.0)
    lies: dict[str, Any] = {name: rows.copy() for name, rows in arrays(quiet).items()}
    for rows in lies.values():
        rows[1] = 0.77
    lies["amplitude"][1] = 0.0
    first, other = Voices(SLOW), Voices(SLOW)
    for _ in held(now, 3.0):
        assert np.array_equal(first.block(now), other.block(now))
    liar = replace(quiet, **lies)
    for _ in held(now, 3.0):
        assert np.array_equal(first.block(quiet), other.block(liar))


def test_rows_without_anybody_are_silent_and_a_larger_circle_changes_nothing() -> None:
    small, first, second = scored(3), Voices(SLOW), Voices(SLOW)
    assert len(small.ids) == 4
    more = {n: np.concatenate((v, 110.0 * np.ones_like(v))) for n, v in arrays(small).items()}
    more["amplitude"][4:] = 0.0
    large = replace(small, ids=(*small.ids, "", "", "", ""), **more)
    for voices in (first, second):
        played(voices, held(small, 1.0))
    one, other = first.block(small), second.block(large)
    assert other.shape == (8, QUANTUM)
    assert np.array_equal(one, other[:4])
    assert one[:3].any(axis=1).all()
    assert not other[3:].any()


def test_people_whose_rows_are_gone_fade_out_all_the_same() -> None:
    many, voices = scored(8), Voices(SLOW)
    played(voices, held(many, 3.0))
    fewer: dict[str, Any] = {name: rows[:4] for name, rows in arrays(many).items()}
    few = replace(many, drone=0.0, ids=many.ids[:4], **fewer)
    before = voices.drone.copy()
    heard: list[Samples] = []
    for now in held(few, 3.0):
        assert voices.block(now).shape == (4, QUANTUM)
        heard.append(voices.drone.copy())
    assert np.abs(heard[0]).max() > np.abs(before).max()
    assert not heard[-1].any()


# ---- notes ---------------------------------------------------------------------------------------


def test_a_chord_changes_like_a_tide() -> None:
    rows, dt = 64, 0.01
    tide = Tide(rows)
    wait = np.arange(rows) / (rows - 1)
    tide.hear(np.ones(rows), np.full(rows, 110.0), wait, np.zeros(rows, np.bool_))
    for _ in range(300):
        tide.advance(dt)
    tide.hear(np.ones(rows), np.full(rows, 165.0), wait, np.zeros(rows, np.bool_))
    trail = [(tide.note.copy(), tide.level.copy(), tide.advance(dt)) for _ in range(1200)]
    notes, gates = np.array([t[0] for t in trail]), np.array([t[1] for t in trail])
    assert set(notes.ravel()) == {110.0, 165.0}  # no glissando
    at = (notes == 165.0).argmax(axis=0)
    assert (gates[at, np.arange(rows)] < 1e-3).all()
    low = (gates < 0.999).sum(axis=0) * dt
    assert (low > 3.0).all()  # at least 1.5 s down and as much up
    assert (np.abs(np.diff(gates, axis=0)).max() / dt) < 1.0
    assert np.ptp(at) * dt > 5.0  # one after another
    assert (gates[-1] == 1.0).all()  # all within twelve seconds
    assert gates.mean(axis=1).min() > 0.4  # never all at once


def test_a_preset_changes_note_and_drone_in_silence() -> None:
    now = still(scored(4), drone=1.0)
    later = still(scored(4), drone=1.0, note=np.full(4, 2 * EVEN), root=65.4)
    voices, heard = Voices(SLOW), np.zeros((blocks(12.0), 2, QUANTUM), np.float32)
    played(voices, held(now, 3.0))
    for block in heard:
        block[0], block[1] = voices.block(later)[0], voices.drone
    for gate in levels(np.concatenate(heard, axis=1)):
        assert gate.min() < 0.05 * gate.max()
        assert gate[-1] > 0.4 * gate.max()
    spectrum = np.abs(np.fft.rfft(heard[-16:, 0].ravel() * np.hanning(16 * QUANTUM)))
    assert spectrum.argmax() == pytest.approx(2 * EVEN * 16 * QUANTUM / SLOW, abs=1)


# ---- breathing -----------------------------------------------------------------------------------


def breaths(rate: float, seconds: float) -> Floats:
    """Amplitudes of one still voice that breathes at `rate`, Hz, once it is there.

    Its phase is π at first. No more Frames come.
    """
    now = scored(1, individuality=1.0)
    one = (now.amplitude > 0.0).astype(np.float64)
    now = still(now, depth=0.7 * one, rate=2 * np.pi * rate * one, theta=np.pi * one)
    heard = levels(played(Voices(SLOW), held(now, 8.0 + seconds)))[0]
    return heard[blocks(8.0) :]


def test_a_voice_breathes_at_its_own_rhythm_without_frames() -> None:
    heard = breaths(0.25, 8.0)
    assert 9.0 < decibel(heard.max() / heard.min()) < 12.0
    assert strongest(heard) == 2  # breaths in eight seconds
    assert abs(int(heard.argmax()) % blocks(4.0) - blocks(2.0)) < blocks(0.1)


def strongest(heard: Floats) -> int:
    """How often what is heard comes and goes, most of all."""
    return int(np.abs(np.fft.rfft((heard - heard.mean()) * np.hanning(len(heard)))).argmax())


@pytest.mark.parametrize("rate", [0.45, 0.6, 0.8, 1.2, 4.0])
def test_no_rhythm_is_a_tremolo(rate: float) -> None:
    """Half a second is the shortest rise; above 1 Hz nothing is left of it."""
    heard = breaths(rate, 2.5)
    swing = np.ptp(heard) / heard.max()
    assert swing < 0.01 if rate > 1.0 else swing > 0.1
    half = blocks(0.25)
    assert (heard[half:] - heard[:-half]).max() < 0.75 * max(np.ptp(heard), 0.01 * heard.max())


def test_a_voice_that_nothing_is_said_of_for_minutes_keeps_moving() -> None:
    now, voices = scored(4, individuality=1.0), Voices(SLOW)
    for one in held(now, 90.0):
        voices.block(one)
    heard = levels(played(voices, held(now, 20.0)))
    assert (heard.max(axis=1) > 2.0 * heard.min(axis=1)).all()


def test_merged_people_breathe_together_and_apart_they_do_not() -> None:
    def alike(m: float) -> float:
        now = scored(12, individuality=m)
        now = still(now, depth=now.depth)
        heard = levels(played(Voices(SLOW), held(now, 30.0)))[:, blocks(8.0) :]
        straight = heard[(now.amplitude > 0.0) & (now.together == (1.0 - m))]
        assert len(straight) > 6
        return float(np.corrcoef(straight).mean())

    assert alike(0.0) > 0.99
    assert alike(1.0) < 0.5


def test_the_drone_breathes_with_the_group() -> None:
    now = still(scored(4), drone=1.0, psi=0.0, psi_rate=2 * np.pi * 0.25)
    voices = Voices(SLOW)
    heard = np.array(
        [(voices.block(now), float((voices.drone**2).mean()))[1] for now in held(now, 14.0)]
    )
    assert strongest(heard[-blocks(8.0) :]) == 2


# ---- crossing ------------------------------------------------------------------------------------


CIRCLE = 0.3  # Hz, of the group in these


def against(p: int, q: int, depth: float = 0.5) -> Score:
    """One still voice that breathes as fast as the circle, and plays p against its q."""
    now = scored(1, individuality=1.0)
    one = (now.amplitude > 0.0).astype(np.float64)
    rate = 2 * np.pi * CIRCLE
    crossing = 0.3 * one * (p != q)
    return still(now, depth=depth * one, rate=rate * one, theta=0.0 * one, psi=0.0, psi_rate=rate,
                 p=p * one, q=q * one, crossing=crossing)  # fmt: skip


def wave(heard: Floats, hertz: float) -> float:
    """How high a line of that rate stands in an envelope, as a part of its mean."""
    turn = np.exp(-2j * np.pi * hertz * BLOCK * np.arange(len(heard)))
    x = (heard / heard.mean() - 1.0) * np.hanning(len(heard))
    return 4.0 * float(np.abs(x @ turn)) / len(heard)


@pytest.mark.parametrize(("p", "q"), [(2, 3), (3, 4), (4, 3)])
def test_who_plays_a_ratio_has_a_second_wave_at_that_part_of_the_circles_rate(
    p: int, q: int
) -> None:
    """No more Frames come: both waves go on by their rates."""
    for ratio in ((p, q), (1, 1)):
        heard = levels(played(Voices(SLOW), held(against(*ratio), 88.0)))[0, blocks(8.0) :]
        assert wave(heard, CIRCLE) > 0.2
        crosses = wave(heard, CIRCLE * p / q)
        assert crosses > 0.1 if ratio != (1, 1) else crosses < 0.002


def test_waves_stay_in_step_with_the_circle_that_frames_tell_of() -> None:
    """Wherever the sound was when they came: p turns of the circle for q of the wave."""
    crossing, known = Crossing(3), np.ones(3, np.bool_)
    p, q = np.array([2.0, 3.0, 1.0]), np.array([3.0, 4.0, 1.0])
    crossing.hear(p, q, known)
    crossing.phase += (0.4, 1.9, 4.0)
    rate, circle = 2 * np.pi * CIRCLE, 0.0
    for _ in range(3000):
        circle = (circle + rate * 0.01) % (2 * np.pi)
        crossing.advance(circle, rate, 0.01)
    assert np.abs(np.sin((p * circle - q * crossing.phase) / 2.0)).max() < 0.05


def test_another_ratio_bends_the_wave_and_never_steps() -> None:
    """From 1:1 to 2:3, to 3:4, and back, while the circle goes on."""
    ratios = ((1, 1), (2, 3), (3, 4), (1, 1))
    asked = [one for p, q in ratios for one in held(against(p, q, depth=0.0), 10.0)]
    heard = levels(played(Voices(SLOW), asked))[0, blocks(4.0) :]
    assert np.ptp(heard[blocks(3.0) : blocks(6.0)]) < 1e-3 * heard.max()  # not yet
    assert np.ptp(heard[blocks(8.0) : blocks(16.0)]) > 0.25 * heard.max()
    fastest = 0.3 * np.pi * CIRCLE * 1.6  # of a wave of that depth, with what bends it
    assert np.abs(np.diff(heard)).max() < fastest * BLOCK * heard.max()
    assert np.ptp(heard[-blocks(2.0) :]) < 0.01 * heard.max()  # it has ebbed away


# ---- following Frames ----------------------------------------------------------------------------


def followed(one: Circle, pace: float, seconds: float, behind: float = 0.0) -> tuple[Floats, ...]:
    """Phases of twelve people, shape (steps, 12), heard through Frames `pace` times too fast.

    20 Frames a second, two steps to a Frame; also the circle's own phases and rates at the end.
    """
    here, rows, dt = one.people.here, one.people.capacity, 1 / 40
    breathing, trail = Breathing(rows), np.zeros((round(seconds / dt), rows))
    for step, phase in enumerate(trail):
        if step % 2 == 0:
            p = (frame := one.step(2 * dt * pace)).people
            breathing.hear(p.theta, p.omega, np.full(rows, 0.75), frame.time, here)
        if step == 0:
            breathing.begin(here)
            breathing.phase += behind
        breathing.advance(dt)
        phase[:] = breathing.phase
    return np.unwrap(trail[:, here], axis=0), one.people.theta[here], one.people.omega[here]


def test_phases_follow_the_frames_own() -> None:
    one = circle(12, individuality=0.2, coupling=0.8)
    trail, theta, _ = followed(one, 1.0, 16.0, behind=0.7)
    away = np.angle(np.exp(1j * (trail[-1] - theta)))
    assert np.abs(away).max() < 0.1
    assert np.diff(trail, axis=0).max() * 40 < 2.0  # rad/s: it makes up for it, but never jumps


def test_phases_run_on_by_their_own_rates_when_frames_come_too_fast() -> None:
    trail, _, omega = followed(circle(12, individuality=1.0, coupling=0.0), 20.0, 8.0)
    rates = np.diff(trail, axis=0) * 40
    assert rates == pytest.approx(np.broadcast_to(omega, rates.shape), rel=1e-3)


def test_phases_do_not_jump_when_a_stage_comes_back_from_the_past() -> None:
    one, breathing, dt = circle(4), Breathing(4), 1 / 20
    slack, here, rows = np.full(4, 0.75), one.people.here, [one.step(dt) for _ in range(80)]
    trail: list[Floats] = []
    for frame in [*rows, *[rows[-1]] * 60, *rows[20:]]:  # three seconds dead
        breathing.hear(frame.people.theta, frame.people.omega, slack, frame.time, here)
        breathing.advance(dt)
        trail.append(breathing.phase.copy())
    rates = np.diff(np.unwrap(np.array(trail[60:]), axis=0), axis=0) / dt
    assert rates.min() > 0.0
    assert rates.max() < 1.5 * one.people.omega.max()


# ---- levels --------------------------------------------------------------------------------------


def stereo(people: int) -> tuple[float, float]:
    """RMS and peak, dBFS, of a circle in the middle of two loudspeakers."""
    voices, heard = Voices(SLOW), np.zeros((blocks(16.0), QUANTUM))
    for block, now in zip(heard, held(scored(people), 16.0), strict=True):
        block[:] = np.sqrt(0.5) * (voices.block(now).sum(axis=0) + voices.drone)
    mixed = heard[blocks(3.0) :]
    return decibel(float(np.sqrt((mixed**2).mean()))), decibel(float(np.abs(mixed).max()))


def test_a_larger_circle_is_hardly_louder() -> None:
    found = {people: stereo(people) for people in (4, 12, 64)}
    loudness = [rms for rms, _ in found.values()]
    assert max(loudness) - min(loudness) < 4.0
    assert -30.0 < found[12][0] < -24.0
    assert max(peak for _, peak in found.values()) < -11.0
