"""The desk between controllers and the stage: sets, gets, patterns, feedback, dumps. No sockets
but the one that says things, and a bus that remembers."""

import asyncio
import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from performer.bus import Entry, Loudness, entries, packed
from performer.circle.circle import Circle
from performer.circle.consent import JOIN
from performer.controllers.access import Access
from performer.controllers.mapping.mapper import Mapper
from performer.controllers.midi.midi import Midi
from performer.controllers.oscquery.described import READ, WRITE
from performer.controllers.oscquery.tree import Namespace
from performer.desk.desk import Desk
from performer.desk.pending import Pending
from performer.desk.requests import REQUESTS
from performer.frame import PURPOSES, encode
from performer.parameters import TREE, Nature, Value
from performer.run import Run
from performer.show.controllers import load_controllers
from tests.circle.circles import luna
from tests.controllers.oscquery.serving import Node
from tests.controllers.players import Told


class Box:
    """A mailbox with what is put into it."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def take(self) -> bytes | None:
        return self.waiting.pop(0) if self.waiting else None


class Wire:
    """A bus that remembers what is put on it."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.sent: list[Entry] = []

    def mailbox(self, key: str, depth: int = 1) -> Box:
        return self.boxes.setdefault(key, Box())

    def put(self, key: str, data: bytes) -> None:
        self.sent = entries(data)


class Scene:
    """A desk, its stage's Circle, and a clock that is set by hand."""

    def __init__(self, desk: Desk, wire: Wire) -> None:
        self.desk, self.wire, self.clock = desk, wire, 100.0
        self.circle = Circle(luna(), 3, 1)
        self.all = Told("everybody", "127.0.0.1")
        desk.now = lambda: self.clock  # type: ignore[method-assign]
        desk.outlet.send = self.all.reply  # type: ignore[method-assign]
        self.step()

    def step(self, seconds: float = 1 / 30, ack: int | None = None) -> None:
        """The stage applies what was sent, and the desk sees its next Frame."""
        self.clock += seconds
        self.desk.flush()
        for entry in self.wire.sent:
            self.circle.take(TREE.accept(entry.address, entry.args))
        done = self.wire.sent[-1].seq if self.wire.sent else 0
        self.wire.sent = []
        frame = self.circle.step(seconds, done if ack is None else ack)
        self.wire.boxes["frame"].waiting.append(encode(frame))
        self.desk.look()

    def heard(self, address: str) -> list[tuple[Value, ...]]:
        return [args for a, args in self.all.told if a == address]


TOKENS = """
architect = ["the architect of this night"]

[participant]
sim-1 = "the first one's own words"
"""


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    wire, tokens = Wire(), tmp_path / "tokens.toml"
    tokens.write_text(TOKENS, encoding="utf-8")
    tokens.chmod(0o600)

    async def make() -> Scene:
        run = Run(show="luna-circle", osc_out_host="127.0.0.9")
        access = Access((), str(tokens))
        return Scene(Desk(run, luna(), wire, access), wire)  # type: ignore[arg-type]

    # flushing is by hand here, so the loop only has to be there
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    one = loop.run_until_complete(make())
    one.desk._soon = lambda: None  # type: ignore[method-assign]
    yield one
    one.desk.outlet.close()
    loop.close()
    asyncio.set_event_loop(None)


def test_a_set_reaches_the_stage_and_everybody_but_its_sender(scene: Scene) -> None:
    hand, other = Told("udp hand"), Told("udp other")
    for one in (hand, other):
        scene.desk.play(one, "/subscribe", [])
    scene.desk.play(hand, "/resonance", [0.5])
    assert other.told == [("/resonance", (0.5,))]
    assert hand.told == []
    assert scene.heard("/resonance") == [(0.5,)]
    scene.step()
    assert scene.circle.base[TREE.index["/resonance"]] == 0.5


def test_a_get_answers_its_sender_with_what_was_set_a_moment_ago(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/resonance", [0.25])
    scene.desk.play(hand, "/resonance", [])
    scene.desk.play(hand, "/resonance", ["?"])
    scene.step()
    scene.desk.play(hand, "/resonance", [])
    assert hand.told == [("/resonance", (0.25,))] * 3


def asked(scene: Scene, address: str) -> list[tuple[str, tuple[Value, ...]]]:
    """What somebody is told who asks."""
    one = Told("udp curious")
    scene.desk.play(one, address, ["?"])
    return one.told


def everything(node: Node) -> Iterator[tuple[str, int, list[Value] | None]]:
    """Address, ACCESS and VALUE of all that a tree of OSCQuery's plays or tells."""
    if "TYPE" in node:
        yield node["FULL_PATH"], node["ACCESS"], node.get("VALUE")
    for child in node.get("CONTENTS", {}).values():
        yield from everything(child)


def test_what_oscquery_says_can_be_read_answers_and_nothing_else_does(scene: Scene) -> None:
    scene.step(1.0)
    scene.desk.seen(scene.circle.step(1.0, 0))
    tree = Namespace(scene.desk)
    tree.add(scene.desk.addresses())
    found = {
        path: (access, value)
        for path, access, value in everything(json.loads(tree.whole(tree.root)))
    }
    assert found.keys() == set(scene.desk.addresses())
    for address, (access, value) in found.items():
        readable, written = bool(access & READ), bool(access & WRITE)
        assert written == (TREE.find(address)[0].nature is not Nature.TOLD), address
        refused = scene.desk.refusals.total
        answer = [args for a, args in asked(scene, address) if a == address]
        assert (bool(answer), scene.desk.refusals.total - refused) == (readable, not readable)
        if readable:
            args = [arg for part in answer for arg in part]
            assert value is not None
            assert value[: len(args)] == args, address
    silent = {a for a, (access, _) in found.items() if not access & READ and access & WRITE == 0}
    assert silent == {"/refused", "/learnt", "/learn/over", "/forgotten"}


def test_a_get_of_consent_tells_of_every_purpose_as_it_is_set(scene: Scene) -> None:
    address = "/participant/ada/consent"
    scene.desk.play(Told("udp hand"), "/participant/ada/join", [])
    scene.step()
    told = asked(scene, address)
    assert told == [(address, (purpose, int(purpose in JOIN))) for purpose in PURPOSES]
    given = [value for purpose in PURPOSES for value in (purpose, 1)]
    scene.desk.play(Told("udp hand"), address, given)
    scene.desk.play(Told("udp hand"), address, [PURPOSES[0], 0])
    scene.step()
    assert asked(scene, address) == [(address, (p, int(p != PURPOSES[0]))) for p in PURPOSES]
    scene.desk.play(Told("udp hand"), address, given[:3])
    assert scene.desk.refusals.total == 1, "half a pair"


def test_a_consent_that_is_given_or_taken_back_is_told_as_it_stands(scene: Scene) -> None:
    address = "/participant/sim-1/consent"
    scene.step()
    scene.desk.play(Told("udp hand"), address, ["use_eeg", 0])
    scene.step()
    assert scene.heard(address) == [(p, int(p != "use_eeg")) for p in PURPOSES]
    assert not scene.heard("/participant/sim-2/consent")
    scene.desk.play(Told("udp hand"), "/participant/ada/join", [])
    scene.step()
    assert not scene.heard("/participant/ada/consent"), "/join says it"
    scene.desk.play(Told("udp hand"), "/participant/ada/consent", ["use_heart", 1])
    scene.step()
    assert scene.heard("/participant/ada/consent")[3] == ("use_heart", 1)


def test_what_the_policy_holds_back_is_read_for_as_long_as_it_does(scene: Scene) -> None:
    assert asked(scene, "/clamped") == [("/clamped", ("", 0.0))]
    cap = scene.circle.policy.resonance_cap
    scene.desk.play(Told("udp hand"), "/resonance", [1.0])
    for _ in range(60):
        scene.step()
    assert asked(scene, "/clamped") == [("/clamped", ("/resonance", pytest.approx(cap)))]
    scene.desk.play(Told("udp hand"), "/resonance", [0.5])
    for _ in range(60):
        scene.step()
    assert asked(scene, "/clamped") == [("/clamped", ("", 0.0))]


def test_which_address_waits_for_a_control_is_read(scene: Scene, tmp_path: Path) -> None:
    assert asked(scene, "/learning") == [("/learning", ("",))]
    mapper = Mapper(scene.desk, load_controllers(), scene.desk.tell)
    scene.desk.hands = Midi(scene.desk, mapper)
    scene.desk.play(Told("udp hand"), "/learn", ["/resonance"])
    assert asked(scene, "/learning") == [("/learning", ("/resonance",))]
    scene.desk.play(Told("udp hand"), "/learn/stop", [])
    assert asked(scene, "/learning") == [("/learning", ("",))]


def test_a_get_of_what_has_no_value_says_so(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/panic", ["?"])
    assert hand.told[0][0] == "/refused"
    assert "no value" in str(hand.told[0][1][1])


def test_a_pattern_sets_and_gets_everything_it_means(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/participant/*/solo", [1])
    scene.step()
    assert scene.circle.people.solo[:3].all()
    scene.desk.play(hand, "/participant/sim-[12]/solo", [])
    assert sorted(hand.told) == [(f"/participant/sim-{n}/solo", (1,)) for n in (1, 2)]
    scene.desk.play(hand, "/look/{glow,rim}", [0.125])
    scene.step()
    found = [scene.circle.base[TREE.index[f"/look/{name}"]] for name in ("glow", "rim", "warp")]
    assert found[:2] == [0.125, 0.125]
    assert found[2] != 0.125


def test_a_pattern_that_means_nothing_is_refused_once(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/nothing/*", [1])
    assert [a for a, _ in hand.told] == ["/refused"]
    assert scene.desk.refusals.total == 1


def test_the_third_person_is_whoever_sits_there(scene: Scene) -> None:
    hand = Told("midi")
    scene.desk.play(hand, "/participant/#3/cap", [0.5])
    scene.step()
    row = scene.circle.people.row("sim-3")
    assert row is not None
    assert scene.circle.people.cap[row] == 0.5
    scene.desk.play(hand, "/participant/#9/cap", [0.5])
    assert "fewer than 9" in str(hand.told[-1][1][1])


def test_sync_tells_all_values_and_a_setting_of_each_would_change_nothing(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/sync", [])
    for _ in range(20):
        scene.step()
    told = dict(hand.told)
    faders = {p.address for p in TREE.continuous}
    assert faders <= told.keys()
    assert {"/participant/sim-1/palette", "/tempo/source", "/cue/next"} <= told.keys()
    natures = (Nature.FADER, Nature.SWITCH, Nature.STATE)
    settable = {a: args for a, args in told.items() if TREE.find(a)[0].nature in natures}
    assert len(settable) > len(TREE.continuous)
    for address, args in settable.items():
        scene.circle.take(TREE.accept(address, args))
    scene.step(0.001)
    assert {a: scene.desk.read(a) for a in settable} == {
        a: pytest.approx(args) if isinstance(args[0], float) else args
        for a, args in settable.items()
    }


def test_sync_reaches_the_configured_controller_too(scene: Scene) -> None:
    scene.desk.play(Told("udp hand", "127.0.0.9"), "/sync", [])
    scene.step()
    assert scene.heard("/resonance")
    before = len(scene.heard("/resonance"))
    scene.desk.play(Told("udp other", "127.0.0.1"), "/sync", [])
    for _ in range(20):
        scene.step()
    assert len(scene.heard("/resonance")) == before


def test_it_says_once_a_second_that_it_lives(scene: Scene) -> None:
    for _ in range(100):
        scene.step(0.1)
    assert [args[0] for args in scene.heard("/alive")] == list(range(1, 11))


def test_status_counts_refusals(scene: Scene) -> None:
    hand = Told("udp hand")
    for n in range(5):
        scene.desk.play(hand, "/resonance", [2.0 + n])
    scene.step(1.1)
    hand.told.clear()
    scene.desk.play(hand, "/status", [])
    told = dict(hand.told)
    assert told["/status/refused"] == (5,)
    assert told["/status/received"][0] == 5
    assert told["/status/people"] == (3,)


def test_cues_and_tempo_are_told_as_they_change(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.step(0.2)
    assert scene.heard("/cue/current") == [("ritual",)]
    assert scene.heard("/cue/next") == [("descent",)]
    scene.desk.play(hand, "/go", [])
    scene.step(0.2)
    scene.step(0.2)
    assert scene.heard("/cue/current")[-1] == ("descent",)
    scene.desk.play(hand, "/tempo", [90.0])
    for _ in range(4):
        scene.step(1.1)
    assert scene.heard("/tempo/source")[-1] == ("hand",)
    assert scene.heard("/tempo/now")[-1] == (90.0,)


def test_how_loud_it_is_is_told_once_a_second_and_can_be_asked(scene: Scene) -> None:
    short, laeq = "/status/loudness/short_term", "/status/loudness/laeq"
    assert asked(scene, short) == [(short, (-120.0,))], "the sound has said nothing yet"
    for n in range(30):
        loud = Loudness(-30.04, -29.0 + n / 10, -28.56, None if n < 20 else 71.23)
        scene.wire.boxes["loudness"].waiting.append(packed(loud))
        scene.step(0.1)
    assert len(scene.heard(short)) in (3, 4, 5)
    assert scene.heard("/status/loudness/momentary") == [(-120.0,), (-30.0,)]
    assert scene.heard(laeq) == [(-1.0,), (71.2,)]
    hand = Told("udp hand")
    scene.desk.play(hand, "/status", [])
    told = dict(hand.told)
    assert told[short] == (-26.1,)
    assert told["/status/loudness/integrated"] == (-28.6,)
    assert asked(scene, laeq) == [(laeq, (71.2,))]


def test_the_cue_that_stands_by_is_shown_with_its_notes_and_its_time(scene: Scene) -> None:
    hand, phases = Told("udp hand"), luna().show.phase
    scene.step(0.2)
    assert scene.heard("/cue/notes") == [(phases[1].notes,)]
    assert asked(scene, "/cue/current") == [("/cue/current", (phases[0].name,))]
    assert asked(scene, "/cue/next") == [("/cue/next", (phases[1].name,))]
    assert asked(scene, "/cue/notes") == [("/cue/notes", (phases[1].notes,))]
    for _ in range(30):
        scene.step(0.1)
    left = [float(args[0]) for args in scene.heard("/cue/remaining")]
    assert len(left) in (3, 4), "once a second"
    assert left == sorted(left, reverse=True)
    assert left[-1] == pytest.approx(phases[0].seconds - scene.circle.time, abs=1.2)
    scene.desk.play(hand, "/phase/hold", [1])
    scene.step(1.0)
    assert asked(scene, "/cue/remaining") == [("/cue/remaining", (-1.0,))], "it waits"
    scene.desk.play(hand, "/phase/hold", [0])
    scene.desk.play(hand, "/go", [])
    scene.step(1.1)
    assert scene.heard("/cue/notes")[-1] == (phases[2].notes,)
    (told,) = asked(scene, "/cue/remaining")
    assert told[1][0] == pytest.approx(phases[1].seconds, abs=1.2)


def test_people_who_come_and_go_change_the_addresses(scene: Scene) -> None:
    hand = Told("udp hand")
    assert "/participant/anna/solo" not in scene.desk.addresses()
    scene.desk.play(hand, "/participant/anna/join", [])
    scene.step()
    assert "/participant/anna/solo" in scene.desk.addresses()
    scene.desk.play(hand, "/participant/anna/leave", [])
    scene.step()
    assert "/participant/anna/solo" not in scene.desk.addresses()


def test_every_request_has_an_answer_and_none_is_left_over() -> None:
    wanted = {p.address for p in TREE.parameters if p.nature is Nature.REQUEST}
    assert set(REQUESTS) == wanted


def test_learning_without_midi_says_why(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/learn", ["/resonance"])
    assert "--no-midi" in str(hand.told[-1][1][1])


def test_what_the_stage_has_not_acknowledged_is_sent_again(scene: Scene) -> None:
    scene.desk.play(Told("udp hand"), "/go", [])
    scene.desk.flush()
    assert [e.address for e in scene.wire.sent] == ["/go"]
    scene.wire.sent = []  # the stage died with it
    scene.clock += 0.2
    scene.desk.look()
    assert [e.address for e in scene.wire.sent] == ["/go"]


def test_a_patch_that_sends_back_what_it_hears_moves_nothing(scene: Scene) -> None:
    hand, patch = Told("udp hand"), Told("udp patch")
    scene.desk.play(patch, "/subscribe", [])
    for step in range(200):
        if step < 15:
            scene.desk.play(hand, "/resonance", [step / 15])
        scene.step()
        late = [a for a in patch.told if a[0] == "/resonance"][:-3]  # a tenth of a second behind
        patch.told = [a for a in patch.told if a not in late]
        for address, args in late:
            scene.desk.play(patch, address, args)
    assert scene.heard("/resonance")[-1] == (14 / 15,)
    assert scene.circle.base[TREE.index["/resonance"]] == 14 / 15


def test_a_script_presses_on_off_on_from_a_new_port_each_time(scene: Scene) -> None:
    for n, on in enumerate((1, 0, 1)):
        scene.desk.play(Told(f"udp 127.0.0.1:{n}"), "/freeze", [on])
    scene.step()
    assert scene.circle.base[TREE.index["/freeze"]] == 1


def test_a_look_saved_tonight_can_be_recalled(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "shows").mkdir()
    library = dataclasses.replace(luna(), path=tmp_path / "shows" / "luna.toml",
                                  presets=dict(luna().presets))  # fmt: skip
    scene.desk.library = library
    hand = Told("udp hand")
    scene.desk.play(hand, "/preset", ["tonight"])
    assert "no preset" in str(hand.told[-1][1][1])
    shutil.copy(luna().folder / "frost.toml", tmp_path / "tonight.toml")
    hand.told.clear()
    scene.desk.play(hand, "/preset", ["tonight"])
    assert hand.told == []
    assert [e.address for e in scene.desk.pending.entries()] == ["/preset"]


def test_what_the_stage_would_refuse_is_refused_and_told_to_nobody(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.desk.play(hand, "/participant/ada/join", [])
    scene.step()
    scene.step()
    scene.desk.play(hand, "/participant/ada/heart", [72.0])
    assert "no consent" in str(hand.told[-1][1][1])
    scene.desk.play(hand, "/participant/ada/input/nothing", [0.5])
    assert "no input" in str(hand.told[-1][1][1]) or "no generator" in str(hand.told[-1][1][1])
    assert not scene.heard("/participant/ada/heart")
    scene.desk.play(hand, "/participant/ada/consent", ["use_heart", 1])
    scene.desk.play(hand, "/participant/ada/heart", [72.0])
    assert scene.heard("/participant/ada/heart") == [(72.0,)], "consent given a moment ago counts"


def test_what_events_change_is_told_as_it_stands(scene: Scene) -> None:
    hand = Told("udp hand")
    scene.step()
    scene.all.told.clear()
    for address, args in (("/preset", ["frost", 1.0]), ("/participant/sim-1/pause", [1]),
                          ("/participant/ada/join", ["Ada"])):  # fmt: skip
        scene.desk.play(hand, address, list(args))
    scene.step()
    assert scene.heard("/preset") == [("frost", 0.0)]
    assert scene.heard("/participant/sim-1/pause") == [(1,)]
    assert scene.heard("/participant/ada/join") == [("Ada",)]
    scene.desk.play(hand, "/participant/sim-1/pause", [0])
    scene.desk.play(hand, "/participant/ada/leave", [])
    scene.step()
    scene.step()
    assert scene.heard("/participant/sim-1/pause") == [(1,), (0,)]
    assert scene.heard("/participant/ada/leave") == [(1.0,)]


def test_a_midi_clock_is_not_told_to_everybody(scene: Scene) -> None:
    for n in range(30):
        scene.desk.play(Told("midi", ""), "/clock", [120.0, n / 15])
        scene.step()
    assert scene.heard("/clock") == []


def test_a_stage_that_stands_still_has_no_frames_a_second(scene: Scene) -> None:
    for _ in range(60):
        scene.step()
    assert scene.desk.told.now["/status/fps"] > (20.0,)
    for _ in range(50):
        scene.clock += 0.1
        scene.desk.look()
    assert scene.heard("/status/fps")[-1] == (0.0,)


def test_nothing_is_sent_before_the_stage_has_said_what_it_has(scene: Scene) -> None:
    scene.desk.pending = Pending(seq=10)  # a new desk, by a clock that was set back
    scene.desk.play(Told("udp hand"), "/go", [])
    scene.desk.flush()
    assert scene.wire.sent == []
    scene.wire.boxes["frame"].waiting.append(encode(scene.circle.step(1 / 30, ack=5000)))
    scene.desk.look()
    scene.desk.flush()
    assert [(e.seq > 5000, e.address) for e in scene.wire.sent] == [(True, "/go")]


# ---- who may ------------------------------------------------------------------------------------


def phone(key: str = "udp 10.0.0.7:5000") -> Told:
    return Told(key, "10.0.0.7")


def test_a_stranger_plays_reads_and_hears_nothing(scene: Scene) -> None:
    stranger = phone()
    messages: list[tuple[str, list[object]]] = [
        ("/resonance", [0.9]), ("/resonance", []), ("/participant/*/solo", [1]), ("/sync", []),
        ("/subscribe", []),
    ]  # fmt: skip
    for address, args in messages:
        scene.desk.play(stranger, address, args)
    scene.desk.play(Told("udp hand"), "/look/glow", [0.5])
    scene.step()
    assert {a for a, _ in stranger.told} == {"/refused"}
    assert scene.circle.base[TREE.index["/resonance"]] != 0.9
    assert not scene.circle.people.solo.any()


def test_a_participants_token_moves_that_participant_and_shows_no_one_elses_feelings(
    scene: Scene,
) -> None:
    own = phone()
    scene.desk.play(own, "/auth", ["the first one's own words"])
    scene.desk.play(own, "/subscribe", [])
    scene.desk.play(own, "/participant/*/cap", [0.25])
    assert scene.desk.refusals.total == 0, "a pattern means what its sender may play"
    scene.desk.play(own, "/participant/sim-2/feeling", [1.0, 1.0])
    scene.desk.play(own, "/resonance", [0.9])
    hand = Told("udp hand")
    for person in ("sim-1", "sim-2"):
        scene.desk.play(hand, f"/participant/{person}/feeling", [0.5, 0.5])
    scene.desk.play(own, "/sync", [])
    for _ in range(30):
        scene.step()
    assert [float(c) for c in scene.circle.people.cap[:3]] == [0.25, 1.0, 1.0]
    assert scene.circle.base[TREE.index["/resonance"]] != 0.9
    told = {a for a, _ in own.told}
    assert "/participant/sim-1/feeling" in told
    assert "/participant/sim-2/feeling" not in told
    assert "/participant/sim-2/feeling" in {a for a, _ in scene.all.told}


def test_an_architects_token_plays_everything(scene: Scene) -> None:
    own = phone()
    scene.desk.play(own, "/auth", ["the architect of this night"])
    scene.desk.play(own, "/resonance", [0.875])
    scene.step()
    assert scene.circle.base[TREE.index["/resonance"]] == 0.875
    assert ("/auth", ("architect",)) in own.told


def test_what_could_not_be_read_is_counted_and_never_answered(scene: Scene) -> None:
    stranger = phone()
    scene.desk.refuse(stranger, "", "not an OSC packet")
    scene.desk.play(Told("udp hand"), "/refused", ["/x", "an echo of our own"])
    assert stranger.told == []
    assert scene.desk.refusals.total == 2


def test_our_own_words_that_come_back_are_not_answered(scene: Scene) -> None:
    other = Told("udp another desk")
    scene.desk.play(other, "/refused", ["/x", "y"])
    scene.desk.play(other, "/alive", [3])
    assert other.told == []
