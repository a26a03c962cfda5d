"""The reference for people is the tree, all of it, and fresh."""

from performer.controllers.reference import GROUPS, PAGE, grouped, reference
from performer.parameters import PARAMETERS


def test_the_committed_page_is_fresh() -> None:
    fresh = PAGE.read_text(encoding="utf-8") == reference()
    assert fresh, f"{PAGE.name} is old: python -m performer.controllers.reference writes it anew"


def test_every_address_stands_in_it_once_and_in_a_group_of_its_own() -> None:
    page = reference()
    for parameter in PARAMETERS:
        assert page.count(f"\n| `{parameter.address}` |") == 1
    groups = dict(grouped())
    assert groups[GROUPS[-1][0]] == [], "give new addresses a group in performer.controllers"
    assert all(groups[title] for title, _ in GROUPS[:-1])


def test_rows_say_range_unit_default_and_who() -> None:
    page = reference()
    assert (
        "| `/tempo` | `tempo` 20 … 240 BPM = 60 | architect | Tempo that synced modulation" in page
    )
    assert "| `/preset` | `preset` text or number<br>[`fade` 0 … 600 s = 4] | architect |" in page
    assert "| `/participant/{id}/ratio` | `p` 1 … 9, whole<br>`q` 1 … 9, whole | arch" in page
    assert "| `/participant/{id}/heart` | `rate` 25 … 240 bpm | architect, participant |" in page
    assert "| `/freeze` | `on` 0 or 1 = 0 | architect |" in page
    assert "| `/participant/{id}/input/{name}` | `value` any number | architect |" in page
    assert "| `/alive` | `count` from 0, whole | told |" in page
    assert "| `/tempo/now` | `tempo` 20 … 240 BPM | told |" in page


def test_tables_are_tables() -> None:
    for line in reference().splitlines():
        if line.startswith("| "):
            assert line.replace(r"\|", "").count("|") == 5, line
