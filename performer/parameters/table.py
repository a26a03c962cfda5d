"""The table of all parameters. A new one is one line here, and appears everywhere by itself."""

from performer.parameters.arguments import Arg
from performer.parameters.declared import Curve, Nature, Parameter, Role


def _fader(address: str, default: float, help: str, low: float = 0.0, high: float = 1.0,
           unit: str = "", curve: Curve = Curve.LINEAR) -> Parameter:  # fmt: skip
    arg = Arg(address.rsplit("/", 1)[-1], float, low, high, default, unit)
    curve = Curve.ANGLE if unit == "degrees" else curve
    return Parameter(address, help, (arg,), Nature.FADER, curve=curve)


def _switch(address: str, help: str, default: int = 0) -> Parameter:
    return Parameter(address, help, (Arg("on", int, 0, 1, default),), Nature.SWITCH)


PRESS = Arg("pressed", float, 0, 1, 1.0, optional=True)
"""Buttons of controllers send 1 when pressed and 0 when let go: 0 is accepted and does nothing."""


PURPOSES = 8
"""What people can consent to; they are named in `frame`, which is on a higher floor."""


LUFS = Arg("loudness", float, -120, 20, unit="LUFS")


def _press(address: str, help: str) -> Parameter:
    return Parameter(address, help, (PRESS,), Nature.EVENT)


def _request(address: str, help: str, *args: Arg, role: Role = Role.PARTICIPANT) -> Parameter:
    return Parameter(address, help, args, Nature.REQUEST, role)


def _told(address: str, help: str, *args: Arg, passing: bool = False) -> Parameter:
    return Parameter(address, help, args, Nature.TOLD, Role.PARTICIPANT, passing=passing)


def _person(tail: str, help: str, *args: Arg, nature: Nature = Nature.STATE,
            role: Role = Role.PARTICIPANT, times: int = 1) -> Parameter:  # fmt: skip
    return Parameter(f"/participant/{{id}}/{tail}", help, args, nature, role, times=times)


SLOTS, KNOBS = 4, 8
"""Places for effects, and numbers of each that are played."""

PARAMETERS: tuple[Parameter, ...] = (
    _fader("/resonance", 0.35, "How strongly shared feeling moves picture and sound."),
    _fader("/individuality", 0.6, "0: one merged dream. 1: a tapestry of personal ones."),
    _fader("/coupling", 0.3, "How strongly people's rhythms pull on each other."),
    _fader("/brightness", 0.8, "Light of the whole scene."),
    _fader("/dissolve", 0.0, "0 lit, 1 black, always through the guard."),
    _fader("/tempo", 60.0, "Tempo that synced modulation follows.", 20.0, 240.0, "BPM",
           Curve.LOG),
    _fader("/look/energy", 0.35, "Energy of every layer before resonance."),
    _fader("/look/speed", 1.0, "Rate of every layer's own time.", 0.0, 2.0),
    _fader("/look/warp", 0.5, "How far territories' borders wander."),
    _fader("/look/rim", 0.35, "Faint light along the borders of territories."),
    _fader("/look/grain", 0.3, "Fine film grain over the whole scene."),
    _fader("/look/drift", 0.15, "A slow flow that carries the whole scene."),
    _fader("/look/trails", 0.15, "How long the scene's past stays visible."),
    _fader("/look/glow", 0.3, "How far light spreads in the air."),
    _fader("/sympathy/energy", 0.5, "What resonance adds to every layer's energy."),
    _fader("/sympathy/drift", 0.5, "What resonance adds to the drift."),
    _fader("/sympathy/trails", 0.5, "What resonance adds to the trails."),
    _fader("/sympathy/glow", 0.4, "What resonance adds to the glow."),
    _fader("/sympathy/chroma", 0.3, "What resonance adds to the colours' chroma."),
    _fader("/sympathy/wave", 0.6, "The slow wave that resonance sends through all dreams."),
    _fader("/sympathy/answer", 0.6, "How the scene answers when the circle truly converges."),
    _fader("/palette/hue", 250.0, "Hue of the family's grounds (OKLCH).", 0.0, 360.0, "degrees"),
    _fader("/palette/spread", 0.5, "How far people's own hues go from the family's."),
    _fader("/palette/light", 0.5, "Lightness of the family's tones."),
    _fader("/palette/chroma", 0.5, "Chroma of the family's tones."),
    _fader("/palette/accent", 150.0, "Accent's hue, from the ground's.", 0.0, 360.0, "degrees"),
    _fader("/volume", 0.8, "Level of all sound; never above what the show's policy allows."),
    _fader("/sound/brightness", 0.4, "How far the voices' partials reach."),
    _fader("/sound/air", 0.3, "Breath in the voices."),
    _fader("/sound/breath", 0.7, "How deeply voices breathe with people's rhythms."),
    _fader("/sound/detune", 0.4, "How far individuality detunes the voices."),
    _fader("/sound/drone", 0.3, "The root beneath everything, breathing with the circle."),
    _fader("/sound/reverb", 0.45, "How much of the sound comes from the room."),
    _fader("/sound/strings", 0.1, "Strings that resonate with the voices."),
    _fader("/sympathy/reverb", 0.3, "What resonance adds to the room."),
    _fader("/sympathy/strings", 0.6, "What resonance adds to the strings."),
    _fader("/sound/offset", 0.0, "How long the sound comes after its picture.", 0.0, 500.0, "ms"),
    _fader("/player/level", 0.8, "Level of the music file in the output."),
    _fader("/input/trim", 0.0, "Gain of what is listened to.", -24.0, 24.0, "dB"),
    *(_fader(f"/macro/{n}", 0.0, "Moves whatever the preset's modulation has it move.")
      for n in range(1, 9)),
    *(_fader(f"/effect/{slot}/mix", 1.0, "How much of the preset's effect is seen.")
      for slot in range(1, SLOTS + 1)),
    *(_fader(f"/effect/{slot}/knob/{n}", 0.0,
             "An input of the preset's effect, in the author's order, over its range.")
      for slot in range(1, SLOTS + 1) for n in range(1, KNOBS + 1)),
    _fader("/morph", 0.0, "0: the look that /morph/to came upon. 1: the preset it named."),
    _switch("/tempo/listen", "Lets what is listened to lead the tempo, if nobody taps it.", 1),
    _switch("/phase/hold", "Keeps the present phase until it is let go."),
    _switch("/freeze", "Stops every layer's time; the masters still play."),
    _switch("/blackout", "Takes the scene to black, through the guard."),
    _switch("/testcard", "Shows the test card instead of the scene, through the guard."),
    _press("/go", "Takes the cue that stands by."),
    _press("/back", "Goes back to the cue before, from wherever everything is now."),
    Parameter("/cue/go", "Takes a cue, counted from 1.", (Arg("cue", int, 1, 999),), Nature.EVENT),
    Parameter("/cue/standby", "Has a cue stand by, counted from 1.",
              (Arg("cue", int, 1, 999),), Nature.EVENT),
    Parameter("/morph/to", "Takes the preset that /morph leads to; the look is as yet unchanged.",
              (Arg("preset", str),), Nature.EVENT, also_index=True),
    Parameter("/clock", "What an outer clock says: its tempo, and beats since its start.",
              (Arg("tempo", float, 20, 400, unit="BPM"), Arg("beats", float, 0, 1e9)),
              quiet=True),
    _press("/clock/stop", "The outer clock has stopped; the next source leads the tempo."),
    _press("/panic", "Black and silent within a quarter of a second, for at least 3 s."),
    _press("/tap", "Tap the tempo."),
    _press("/phase/next", "Goes to the show's next phase."),
    Parameter("/phase/go", "Goes to a phase, counted from 1.",
              (Arg("phase", int, 1, 99),), Nature.EVENT),
    Parameter("/preset", "Fades to a preset, by name or by its number in the show.",
              (Arg("preset", str), Arg("fade", float, 0, 600, 4.0, "s", optional=True)),
              Nature.EVENT, also_index=True),
    Parameter("/preset/save", "Saves the present look as a preset.",
              (Arg("name", str),), Nature.EVENT),
    Parameter("/release", "Gives one address back to the arc.",
              (Arg("address", str),), Nature.EVENT),
    _press("/release/all", "Gives every address back to the arc."),
    _person("join", "Somebody joins, and agrees to be seen, heard and coupled.",
            Arg("name", str, optional=True), nature=Nature.EVENT, role=Role.ARCHITECT),
    _person("leave", "Somebody leaves; nothing of them enters another Frame.",
            PRESS, nature=Nature.EVENT),
    _person("pause", "1 pauses, 0 comes back.",
            Arg("paused", int, 0, 1, 1, optional=True), nature=Nature.EVENT),
    _person("consent", "Gives (1) or takes back (0) consent to one purpose; asked, tells of each.",
            Arg("purpose", str), Arg("given", int, 0, 1), nature=Nature.EVENT, times=PURPOSES),
    _person("softer", "Asks for a softer night: group intensity 10 % down.",
            PRESS, nature=Nature.EVENT),
    _person("object", "Shows (1) or ends (0) an objection, as a still ring.",
            Arg("objects", int, 0, 1, 1, optional=True)),
    _person("feeling", "How somebody feels.",
            Arg("valence", float, -1, 1), Arg("arousal", float, -1, 1)),
    _person("rhythm", "Somebody's own rhythm.", Arg("rate", float, 0.01, 4.0, unit="Hz")),
    _person("ratio", "Plays p against the circle's q.",
            Arg("p", int, 1, 9), Arg("q", int, 1, 9)),
    _person("breath", "How full somebody's lungs are.", Arg("fullness", float)),
    _person("heart", "Somebody's heart rate.", Arg("rate", float, 25, 240, unit="bpm")),
    _person("generator", "Which generator draws somebody's layer.", Arg("generator", str)),
    _person("effect", "An effect on somebody's own layer; - none.", Arg("effect", str)),
    _person("picture", "A picture for somebody's dream, a file of the folders of pictures; - none.",
            Arg("file", str)),
    _person("words", "Words for somebody's dream; - none.", Arg("words", str)),
    _person("palette", "Somebody's own place in the family of palettes.", Arg("place", float)),
    _person("floor", "Individuality that nothing takes from somebody.", Arg("floor", float)),
    _person("cap", "The most resonance somebody wants.", Arg("cap", float)),
    _person("solo", "Brings somebody forward.", Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("mute", "Sets somebody back as far as the floors allow.",
            Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("voice/solo", "Lets only such voices sound.",
            Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("voice/mute", "Silences somebody's voice.",
            Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("input/{name}", "An input of the generator's own.",
            Arg("value", float, -1e6, 1e6), role=Role.ARCHITECT),
    _request("/sync", "Answers with every present value.", PRESS),
    _request("/subscribe", "Sends what people change to the asker, or to a port of their host.",
             Arg("port", int, 1, 65535, optional=True)),
    _request("/unsubscribe", "Ends the asker's subscription, or one at a port of their host.",
             Arg("port", int, 0, 65535, 1, optional=True)),
    _request("/status", "Answers with all of /status/…", PRESS),
    _request("/auth", "Says who the sender is, by a token.", Arg("token", str, secret=True)),
    _request("/learn", "The next MIDI control that moves will play this address.",
             Arg("address", str), role=Role.ARCHITECT),
    _request("/learn/stop", "Learns nothing after all.", PRESS, role=Role.ARCHITECT),
    _request("/forget", "Takes every learnt MIDI control from an address.", Arg("address", str),
             role=Role.ARCHITECT),
    _told("/alive", "Once a second: the desk lives. Counts up.", Arg("count", int, 0, 2**31 - 1)),
    _told("/refused", "Why a message was refused.", Arg("address", str), Arg("reason", str),
          passing=True),
    _told("/clamped", "What the policy holds back, and the value it stands at; no name: nothing.",
          Arg("address", str), Arg("value", float, -1e9, 1e9)),
    _told("/learning", "Which address waits for a MIDI control; no name: none.",
          Arg("address", str)),
    _told("/learn/over", "Why nothing was learnt.", Arg("address", str), Arg("why", str),
          passing=True),
    _told("/learnt", "Which MIDI control plays an address now, and what it played before.",
          Arg("address", str), Arg("device", str), Arg("control", str),
          Arg("before", str, optional=True), passing=True),
    _told("/forgotten", "From how many controls an address was taken.",
          Arg("address", str), Arg("count", int, 0, 9999), passing=True),
    _told("/phase", "The phase that is on.", Arg("phase", str)),
    _told("/cue/current", "The cue that was taken last.", Arg("cue", str)),
    _told("/cue/next", "The cue that stands by.", Arg("cue", str)),
    _told("/cue/notes", "What the operator wrote beside the cue that stands by.",
          Arg("notes", str)),
    _told("/cue/remaining", "Until the cue that stands by comes of itself; -1: it waits.",
          Arg("seconds", float, -1, 1e9, unit="s")),
    _told("/tempo/source", "Who leads the tempo: clock, tap, hand, listening or preset.",
          Arg("source", str)),
    _told("/tempo/now", "The tempo in force.", Arg("tempo", float, 20, 240, unit="BPM")),
    _told("/status/received", "Messages received.", Arg("count", int, 0, 2**31 - 1)),
    _told("/status/refused", "Messages refused.", Arg("count", int, 0, 2**31 - 1)),
    _told("/status/subscribers", "Who is told what people change.", Arg("count", int, 0, 9999)),
    _told("/status/people", "People in the circle.", Arg("count", int, 0, 9999)),
    _told("/status/fps", "Frames a second.", Arg("rate", float, 0, 1000, unit="Hz")),
    _told("/status/loudness/momentary", "Loudness of the last 0.4 s (BS.1770); -120: silence.",
          LUFS),
    _told("/status/loudness/short_term", "Loudness of the last 3 s.", LUFS),
    _told("/status/loudness/integrated", "Loudness since the sound began, gated.", LUFS),
    _told("/status/loudness/laeq", "LAeq of the last 15 minutes; -1: nobody has calibrated.",
          Arg("level", float, -1, 200, unit="dB(A)")),
    _told("/participant/{id}/waiting", "There is no room yet for somebody.",
          Arg("waits", int, 0, 1)),
)  # fmt: skip
