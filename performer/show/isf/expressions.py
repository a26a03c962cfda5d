"""WIDTH and HEIGHT of an ISF pass, as authors write them: `floor($WIDTH / 4.0)`.

A text becomes a short program for a stack, which is played without recursion; nothing of it is ever
given to Python to run. What the names stand for, and which sizes are allowed, is not known here.

From loose to tight: `a ? b : c`, `||`, `&&`, `== !=`, `< > <= >=`, `+ -`, `* / %`, one of `+ - !`
before a value, and `^` or `**`, which binds tighter than a sign before it: `-2^2` is -4. True is 1.
"""

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from performer.show.problems import one_of, shown

LONGEST = 1000
"""Characters of an expression."""
DEEPEST = 50
"""Parentheses, signs, powers and `?:` inside one another."""

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>\$?[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<symbol>\*\*|&&|\|\||[<>=!]=|[-+*/%^<>!?:(),])"
)
_CONSTANTS = {"pi": math.pi, "PI": math.pi, "e": math.e}
_A_VALUE = "a number, $NAME, a function, a sign or ("
_AN_OPERATOR = "an operator or the end"


def _negative(x: float) -> float:
    return -x


def _whole(x: float) -> float:
    return math.trunc(x)


def _rounded(x: float) -> float:
    """Halves away from zero, as in C; Python's own goes to the even one."""
    whole = math.trunc(x)
    return whole + math.copysign(1.0, x) if abs(x - whole) >= 0.5 else whole


def _fraction(x: float) -> float:
    return x - math.floor(x)


def _sign(x: float) -> float:
    return (x > 0) - (x < 0)


def _clamped(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


_Function = Callable[..., float]
_FUNCTIONS: dict[str, _Function] = {
    "min": min, "max": max, "clamp": _clamped, "abs": math.fabs, "sign": _sign,
    "floor": math.floor, "ceil": math.ceil, "round": _rounded, "trunc": _whole, "int": _whole,
    "float": float, "fract": _fraction, "mod": operator.mod, "sqrt": math.sqrt, "pow": math.pow,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos,
    "atan": math.atan, "atan2": math.atan2, "exp": math.exp, "log": math.log, "ln": math.log,
    "log2": math.log2, "log10": math.log10,
}  # fmt: skip
"""`mod` has the sign of the second value, as in GLSL; the operator `%` of the first, as in C."""
_TAKES = {"min": 2, "max": 2, "clamp": 3, "mod": 2, "atan2": 2, "pow": 2}
"""Values that a function takes, where it is not one; `min` and `max` take more as well."""

_SIGNS: dict[str, _Function] = {"-": _negative, "+": float, "!": operator.not_}
_DECIDED = max  # `||` and `&&` are written as jumps: see _Parser.decide
_LEVELS: tuple[dict[str, _Function], ...] = (
    {"||": _DECIDED},
    {"&&": _DECIDED},
    {"==": operator.eq, "!=": operator.ne},
    {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv, "%": math.fmod},
)
_LEVEL = {symbol: n for n, level in enumerate(_LEVELS) for symbol in level}


@dataclass(frozen=True)
class _Push:
    number: float


@dataclass(frozen=True)
class _Load:
    name: str


@dataclass(frozen=True)
class _Apply:
    """Replaces the last `count` values by one."""

    symbol: str
    function: _Function
    count: int


@dataclass(frozen=True)
class _Jump:
    """To the step `to`, always further down; with `when` it takes a value and jumps if it is so."""

    to: int
    when: bool | None = None


_Step = _Push | _Load | _Apply | _Jump


@dataclass(frozen=True)
class Expression:
    """One number that depends on named ones."""

    text: str
    names: frozenset[str]
    """Names it uses, without their `$`."""
    steps: tuple[_Step, ...] = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str | float | int) -> "Expression":
        """The expression that is written there; ValueError with what was found and what may be."""
        if isinstance(text, bool) or (not isinstance(text, str) and not abs(text) < math.inf):
            raise ValueError(f"must be a number or an expression, found {shown(text)}")
        text = text if isinstance(text, str) else _written(text)
        if len(text) > LONGEST:
            raise ValueError(f"is {len(text)} characters long; the most is {LONGEST}")
        steps = tuple(_Parser(text).whole())
        return cls(text, frozenset(s.name for s in steps if isinstance(s, _Load)), steps)

    def value(self, names: Mapping[str, float]) -> float:
        """What it comes to, always finite; ValueError for an unknown name or a result that is not.

        Of `?:`, `&&` and `||` only the side that counts is looked at.
        """
        stack: list[float] = []
        at = 0
        while at < len(self.steps):
            match self.steps[at]:
                case _Push(number):
                    stack.append(number)
                case _Load(name):
                    stack.append(self._named(name, names))
                case _Apply(symbol, function, count):
                    stack[-count:] = [self._applied(symbol, function, stack[-count:])]
                case _Jump(to, when):
                    if when is None or bool(stack.pop()) is when:
                        at = to - 1
            at += 1
        return stack[-1]

    def _named(self, name: str, names: Mapping[str, float]) -> float:
        if name not in names:
            raise ValueError(f"in {shown(self.text)}: {one_of(name, 'name', names)}")
        try:
            number = float(names[name])
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
        raise ValueError(f"in {shown(self.text)}: {name} is {number}, which is no size")

    def _applied(self, symbol: str, function: _Function, values: list[float]) -> float:
        try:
            number = float(function(*values))
        except (ArithmeticError, ValueError):
            number = math.nan
        if math.isfinite(number):
            return number
        given = " and ".join(f"{v:g}" for v in values)
        raise ValueError(f"in {shown(self.text)}: {symbol} of {given} has no finite value")


def _written(number: float) -> str:
    """A finite number as an expression; ValueError for whole ones that no float can hold."""
    try:
        return repr(float(number))
    except OverflowError:
        raise ValueError(f"is too large a number, found {shown(number)}") from None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    """The words of an expression; the last one is empty and of the kind `end`."""
    at = 0
    while rest := text[at:].lstrip():
        at = len(text) - len(rest)
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            near = ", did you mean ==?" if rest[0] == "=" else ""
            allowed = "numbers, $NAME, ( ) and operators are allowed"
            raise ValueError(f"found {rest[0]!r} at character {at + 1}{near or '; ' + allowed}")
        yield _Token(found.lastgroup, found[0], at)
        at = found.end()
    yield _Token("end", "", len(text))


class _Parser:
    """Writes the steps of one expression, by descent."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0
        self.steps: list[_Step] = []

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def wrong(self, allowed: str) -> ValueError:
        """What is found here is not what is `allowed` here."""
        found = "the end" if self.here.kind == "end" else shown(self.here.text)
        return ValueError(f"found {found} at character {self.here.at + 1}; allowed here: {allowed}")

    def take(self, *symbols: str) -> str:
        """The symbol that stands here, if it is one of these; it is done with then."""
        found = self.here.text if self.here.text in symbols else ""
        self.at += bool(found)
        return found

    def expect(self, symbol: str) -> None:
        if not self.take(symbol):
            raise self.wrong(f"an operator or {symbol}")

    def inside(self, part: Callable[[], None]) -> None:
        """Reads a part that lies one level deeper, which bounds how deep this descends."""
        self.depth += 1
        if self.depth > DEEPEST:
            where = f"at character {self.here.at + 1}"
            raise ValueError(f"is nested too deeply {where}; the most is {DEEPEST} levels")
        part()
        self.depth -= 1

    def hole(self) -> int:
        """Where a jump will stand once it is known where it goes."""
        self.steps.append(_Jump(0))
        return len(self.steps) - 1

    def fill(self, hole: int, when: bool | None = None) -> None:
        self.steps[hole] = _Jump(len(self.steps), when)

    def whole(self) -> list[_Step]:
        self.expression()
        if self.here.kind != "end":
            raise self.wrong(_AN_OPERATOR)
        return self.steps

    def expression(self) -> None:
        self.operators(0)
        if self.take("?"):
            otherwise = self.hole()
            self.inside(self.expression)
            self.expect(":")
            done = self.hole()
            self.fill(otherwise, when=False)
            self.inside(self.expression)
            self.fill(done)

    def operators(self, loosest: int) -> None:
        """Values joined by operators that bind at least as tightly as `loosest`."""
        self.signed()
        while (level := _LEVEL.get(self.here.text, -1)) >= loosest:
            symbol = self.take(self.here.text)
            if symbol in ("||", "&&"):
                self.decide(level, symbol == "||")
            else:
                self.operators(level + 1)
                self.steps.append(_Apply(symbol, _LEVELS[level][symbol], 2))

    def decide(self, level: int, enough: bool) -> None:
        """The right side of `||` or `&&`: either side being `enough` settles it."""
        left = self.hole()
        self.operators(level + 1)
        right = self.hole()
        self.steps.append(_Push(float(not enough)))
        done = self.hole()
        self.fill(left, enough)
        self.fill(right, enough)
        self.steps.append(_Push(float(enough)))
        self.fill(done)

    def signed(self) -> None:
        """A value with its signs before it and its power behind it."""
        if sign := self.take("+", "-", "!"):
            self.inside(self.signed)
            self.steps.append(_Apply(sign, _SIGNS[sign], 1))
            return
        self.single()
        if power := self.take("^", "**"):
            self.inside(self.signed)  # 2^3^2 is 2^9, and 2^-1 needs no parentheses
            self.steps.append(_Apply(power, math.pow, 2))

    def single(self) -> None:
        token = self.here
        if self.take("("):
            self.inside(self.expression)
            self.expect(")")
        elif token.kind == "number":
            self.at += 1
            self.number(token)
        elif token.kind == "name":
            self.at += 1
            self.name(token)
        else:
            raise self.wrong(_A_VALUE)

    def number(self, token: _Token) -> None:
        number = float(token.text)
        if not math.isfinite(number):
            raise ValueError(f"{shown(token.text)} at character {token.at + 1} is too large")
        self.steps.append(_Push(number))

    def name(self, token: _Token) -> None:
        if self.here.text == "(" and not token.text.startswith("$"):
            self.call(token)
        elif token.text in _CONSTANTS:
            self.steps.append(_Push(_CONSTANTS[token.text]))
        else:
            self.steps.append(_Load(token.text.removeprefix("$")))

    def call(self, token: _Token) -> None:
        name, where = token.text.lower(), f"at character {token.at + 1}"
        if name not in _FUNCTIONS:
            raise ValueError(f"{where}: {one_of(token.text, 'function', _FUNCTIONS)}")
        count = self.values()
        wanted = _TAKES.get(name, 1)
        more = name in ("min", "max")
        if count != wanted and not (more and count > wanted):
            least = "at least " if more else ""
            raise ValueError(f"{name} {where} must be given {least}{wanted}, found {count}")
        self.steps.append(_Apply(name, _FUNCTIONS[name], count))

    def values(self) -> int:
        """What a function is given, and how many that are."""
        self.take("(")
        if self.take(")"):
            return 0
        count = 1
        self.inside(self.expression)
        while self.take(","):
            self.inside(self.expression)
            count += 1
        self.expect(")")
        return count
