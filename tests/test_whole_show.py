"""A whole night from ritual to waking, faster than time and left alone."""

from .whole_shows import check, played


def test_dreamscapes_of_truth_from_beginning_to_end() -> None:
    stats = played("dreamscapes-of-truth", (160, 90), 30.0, 30.0)
    found = check("dreamscapes-of-truth", stats)
    assert found["frames"] == 1200
    assert found["convergences"] == [], "nine people in step can be chance"
    assert min(s["individuality"] for s in stats.seconds) >= 0.45
