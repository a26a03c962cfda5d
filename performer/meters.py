"""One line that says where the night is, for the terminal and for `--hud`."""

from performer.frame import Frame
from performer.parameters import TREE


def meters(frame: Frame) -> str:
    """Time, cue and what stands by, preset, circle, masters and tempo of a Frame."""

    def value(address: str) -> float:
        return float(frame.values[TREE.index[address]])

    minutes, seconds = divmod(int(frame.time), 60)
    people = sum(map(bool, frame.people.ids))
    cue, standby = (str(n + 1) if n >= 0 else "-" for n in (frame.cue.current, frame.cue.standby))
    return (
        f"{minutes:02d}:{seconds:02d}  cue {cue} next {standby}  {frame.preset}  people {people}"
        f"  resonance {value('/resonance'):.2f}  individuality {value('/individuality'):.2f}"
        f"  {frame.tempo:.0f} BPM {frame.tempo_source}  R^ {frame.group.corrected:.2f}"
        f"  {1.0 / max(frame.dt, 1e-3):.0f} fps ×{frame.quality:.2f}"
    )
