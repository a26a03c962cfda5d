"""A night that was recorded is dreamt again, twice, to the same pixels."""

from pathlib import Path

from performer.journal.controls import read_controls

from .conftest import Start
from .nights import addresses, has, recorded, rehearsed, value, wait


def test_a_recorded_night_replays_to_the_same_pixels(start: Start, folder: Path) -> None:
    record = folder / "night.jsonl"
    night = start("--record-control", str(record), "--participants", "4").ready()
    night.oscsend("/resonance", "f", 0.75)
    night.oscsend("/participant/anna/join", "s", "Anna Secret")
    night.when("anna is here", lambda f: has(f, "anna"))
    own = (("feeling", "ff", (0.5, 0.25)), ("rhythm", "f", (0.25,)), ("breath", "f", (0.75,)),
           ("heart", "f", (77,)))  # fmt: skip
    night.oscsend("/participant/anna/consent", "si", "use_heart", 1)
    for tail, types, values in own:
        night.oscsend(f"/participant/anna/{tail}", types, *values)
    night.oscsend("/participant/anna/palette", "f", 0.625)
    wait("it is recorded", lambda: "/participant/anna/palette" in addresses(record))
    private = {f"/participant/anna/{tail}" for tail, _, _ in own}
    assert not private & set(addresses(record)), "own data without consent to record_local"
    assert "Secret" not in record.read_text()

    night.oscsend("/participant/anna/consent", "si", "record_local", 1)
    for tail, types, values in own:
        night.oscsend(f"/participant/anna/{tail}", types, *values)
    night.oscsend("/phase/next", "f", 1)
    night.oscsend("/individuality", "f", 0.875)
    night.when("all is played", lambda f: value(f, "/individuality") == 0.875 and f.phase == 1)
    wait("it is recorded", lambda: private <= set(addresses(record)))
    assert night.interrupt()[0] == 0
    latest = read_controls(record)[-1][0]
    assert len(recorded(record)) == 11

    options = ("--participants", "4", "--seconds", f"{latest + 1.5:.2f}", "--play", str(record))
    first = rehearsed(folder, "first", *options)
    second = rehearsed(folder, "second", *options)
    assert first["summary"]["sha256"] == second["summary"]["sha256"]
    last = first["seconds"][-1]
    assert "anna" in last["people"]
    assert last["phase"] == 1
    without = rehearsed(folder, "without", *options[:4])
    assert without["summary"]["sha256"] != first["summary"]["sha256"]
