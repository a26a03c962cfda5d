"""Rows of modulation that name each other: who comes before whom, and what goes round in circles.

Nobody moves itself, also not by a detour; what is each person's own moves nothing of everybody's.
"""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pydantic import AfterValidator, ValidationError
from pydantic_core import InitErrorDetails

from performer.show.modulating import Modulation
from performer.show.routes import SELF, Kind, read_source, read_target, read_trigger


def before(rows: Sequence[Modulation]) -> dict[int, set[int]]:
    """Each row's number to the numbers of those that must have moved before it."""
    numbers = {row.name: i for i, row in enumerate(rows) if row.name}
    found: dict[int, set[int]] = {i: set() for i in range(len(rows))}
    for i, row in enumerate(rows):
        if row.reads is not None and row.reads.kind is Kind.ROW and row.reads.name in numbers:
            found[i].add(numbers[row.reads.name])
        if row.moves.kind is Kind.ROW and row.moves.name in numbers:
            found[numbers[row.moves.name]].add(i)
    return found


def own(rows: Sequence[Modulation]) -> set[int]:
    """Numbers of rows that are each person's own: they read SELF, or a row that does moves them."""
    reads = {i: row.reads for i, row in enumerate(rows)}
    found = {i for i, r in reads.items() if r is not None and r.person == SELF}
    order = TopologicalSorter(before(rows))
    earlier = before(rows)
    for i in order.static_order():
        if earlier[i] & found:
            found.add(i)
    return found


def check_rows(rows: tuple[Modulation, ...]) -> tuple[Modulation, ...]:
    """The rows, or every problem with what they call each other."""
    problems = _names(rows) or _cycle(rows) or _shared(rows)
    if problems:
        raise ValidationError.from_exception_data("modulation", problems)
    return rows


CheckedRows = AfterValidator(check_rows)


def _problem(i: int, key: str, reason: str, found: object) -> InitErrorDetails:
    loc = tuple(k for k in (i, *key.split(".")) if k != "")
    return InitErrorDetails(type="value_error", loc=loc, input=found,
                            ctx={"error": ValueError(reason)})  # fmt: skip


def _names(rows: Sequence[Modulation]) -> list[InitErrorDetails]:
    """Names given twice, and names that nobody has."""
    names = [row.name for row in rows if row.name]
    problems: list[InitErrorDetails] = []
    for i, row in enumerate(rows):
        if row.name and row.name in {r.name for r in rows[:i]}:
            problems.append(_problem(i, "name", f"two rows are called {row.name}", row.name))
        readings = [("target", row.target, read_target)]
        if row.source is not None:
            readings.append(("source", row.source, read_source))
        if row.envelope is not None:
            readings.append(("envelope.trigger", row.envelope.trigger, read_trigger))
        for key, text, read in readings:
            try:
                read(text, names)
            except ValueError as error:
                problems.append(_problem(i, key, str(error), text))
    return problems


def _cycle(rows: Sequence[Modulation]) -> list[InitErrorDetails]:
    """The first way round which a row would move itself."""
    try:
        TopologicalSorter(before(rows)).prepare()
    except CycleError as error:
        round_: list[int] = error.args[1]
        way = " -> ".join(str(rows[i].name) for i in round_)
        return [_problem(round_[0], "", f"{way} is a cycle; no row can move itself", way)]
    return []


def _shared(rows: Sequence[Modulation]) -> list[InitErrorDetails]:
    """What is each person's own can move only what is each person's own."""
    problems: list[InitErrorDetails] = []
    for i in sorted(own(rows)):
        if rows[i].moves.kind is Kind.FADER:
            reason = ("moves by participant/self, each person's own, so its target must be each "
                      f"person's own too, /participant/*/…, found {rows[i].target}")  # fmt: skip
            problems.append(_problem(i, "target", reason, rows[i].target))
    return problems


def amounts(rows: Sequence[Modulation]) -> Mapping[int, int]:
    """Numbers of rows that move another's amount, to the number of that one."""
    numbers = {row.name: i for i, row in enumerate(rows) if row.name}
    return {i: numbers[r.moves.name] for i, r in enumerate(rows) if r.moves.kind is Kind.ROW}
