"""A show's cues: what may be written, every mistake told with its place, and phases as cues."""

from pathlib import Path

import pytest

from performer.show.shows import load_show

from .test_shows import PHASE, SHOW, house, refused

CUE = '[[cue]]\nname = "dusk"\n'


def shows(tmp_path: Path, cues: str) -> Path:
    return house(tmp_path, {"presets/shows/night.toml": SHOW + cues})


def test_a_cue_list_in_all_its_forms(tmp_path: Path) -> None:
    text = (
        CUE + 'preset = "calm"\nfade = 12.5\ncurve = "in"\nnotes = "Doors shut?"\n'
        '[cue.values]\n"/look/glow" = 0.25\n'
        + CUE + 'phase = "one"\nfollow = "auto"\nafter = 30.0\n'
        + CUE + 'follow = "beat"\nbeats = 8\n'
        + CUE + 'follow = "event"\nevent = "convergence"\nafter = 60.0\n'
        + CUE + 'values = { "/morph" = 1.0 }\n'
        + CUE + 'morph = "calm"\nvalues = { "/morph" = 1.0 }\n'
    )  # fmt: skip
    show = load_show("night", shows(tmp_path, text)).show
    first, second, third, fourth, last, into = show.cues
    assert (first.preset, first.fade, first.curve, first.follow) == ("calm", 12.5, "in", "wait")
    assert (first.values, first.notes) == ({"/look/glow": 0.25}, "Doors shut?")
    assert (second.phase, second.follow, second.after) == ("one", "auto", 30.0)
    assert (third.beats, third.fade, third.curve) == (8, None, "ease")
    assert (fourth.event, fourth.after) == ("convergence", 60.0)
    assert last.values == into.values == {"/morph": 1.0}
    assert (last.morph, into.morph) == (None, "calm")


def test_without_cues_the_phases_are_the_list(tmp_path: Path) -> None:
    (cue,) = load_show("night", house(tmp_path, {})).show.cues
    assert (cue.name, cue.phase, cue.follow, cue.after) == ("one", "one", "auto", 60.0)


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ('phase = "onne"', "cue[0].phase", "no phase 'onne', did you mean one?"),
        ('preset = "clam"', "cue[0].preset", "no preset 'clam', did you mean calm?"),
        ('preset = "calm"\nphase = "one"', "cue[0]", "and morph, found preset and phase"),
        ('preset = "calm"\nmorph = "calm"', "cue[0]", "and morph, found preset and morph"),
        ('phase = "one"\nmorph = "calm"', "cue[0]", "and morph, found phase and morph"),
        ('morph = "clam"', "cue[0].morph", "no preset 'clam', did you mean calm?"),
        ('preset = "calm"\nvalues = { "/morph" = 1.0 }', "cue[0]", "nothing beside a preset"),
        ('phase = "one"\nvalues = { "/morph" = 1.0 }', "cue[0]", "nothing beside a phase"),
        ("after = 3.0", "cue[0]", '`after` needs follow = "auto" or "beat" or "event", found'),
        ('follow = "auto"', "cue[0]", 'follow = "auto" needs `after`'),
        ('follow = "beat"', "cue[0]", 'follow = "beat" needs `beats`'),
        ('follow = "event"', "cue[0]", 'follow = "event" needs `event`'),
        ('follow = "auto"\nafter = 1.0\nbeats = 4', "cue[0]", '`beats` needs follow = "beat"'),
        ('follow = "event"\nevent = "rain"', "cue[0].event", "'convergence' or 'phase', found"),
        ('follow = "soon"', "cue[0].follow", "found 'soon'"),
        ('curve = "steep"', "cue[0].curve", "'ease', 'linear', 'in' or 'out', found 'steep'"),
        ("fade = 601.0", "cue[0].fade", "must be 0..600 s, found 601.0"),
        ('values = { "/look/glo" = 0.5 }', 'cue[0].values."/look/glo"', "did you mean /look/glow"),
        ('values = { "/look/glow" = 5.0 }', 'cue[0].values."/look/glow"', "must be 0..1, found 5"),
        ("wait = true", "cue[0].wait", "unknown key"),
        ('follow = "beat"\nbeats = 0', "cue[0].beats", "must be 1..256 beats, found 0"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_with_its_place(
    tmp_path: Path, lines: str, key: str, said: str
) -> None:
    ((file, problem),) = refused(shows(tmp_path, CUE + lines + "\n"))
    assert (file, problem.key) == ("night.toml", key)
    assert said in problem.message


def test_a_cue_begins_no_phase_of_which_there_are_two(tmp_path: Path) -> None:
    text = PHASE.replace("one", "two") * 2 + CUE + 'phase = "two"\n' + CUE + 'phase = "one"\n'
    ((_, problem),) = refused(shows(tmp_path, text))
    assert problem.key == "cue[0].phase"
    assert problem.message == "2 phases are called 'two', and a cue can mean only one"
    assert len(load_show("night", shows(tmp_path, PHASE)).show.cues) == 2, "without a list they may"


def test_a_cues_fade_leaves_a_phase_time_for_its_end(tmp_path: Path) -> None:
    to = 'to."/tempo" = 30.0\n'
    text = CUE + 'phase = "one"\nfade = {}\n'
    ((_, problem),) = refused(shows(tmp_path, to + text.format(59.5)))
    assert problem.key == "cue[0].fade"
    assert "at least 1 s of the phase's 60 s" in problem.message
    for good in (to + text.format(59.0), text.format(600.0)):
        load_show("night", shows(tmp_path, good))


def test_names_of_a_show_that_is_wrong_elsewhere_are_looked_up_too(tmp_path: Path) -> None:
    text = CUE + 'preset = "gone"\n' + CUE + 'phase = "gone"\nfollow = "auto"\n' + PHASE
    keys = {p.key for _, p in refused(shows(tmp_path, text))}
    assert keys == {"cue[0].preset", "cue[1].phase", "cue[1]"}
