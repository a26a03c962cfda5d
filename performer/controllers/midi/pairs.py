"""A value of 14 bits that comes as two messages of 7, either of which may be missing."""

from dataclasses import dataclass

SPREAD = 129
"""What makes 14 bits of 7 so that 0 stays 0 and 127 becomes 16383."""


@dataclass
class Pair:
    """The two halves of one control's value, the upper (MSB) first.

    Between the halves the value is told as the end of the upper half's span that lies nearer to
    the value before, so that a movement never goes back on itself. Before a lower half was ever
    seen nobody knows whether one will come: then the upper half waits for the next message of the
    pair or for `settle`, and counts as 7 bits if it stays alone.
    """

    value: int | None = None
    _upper: int = 0
    _fine: bool | None = None
    _alone: bool = False
    _overdue: bool = False

    def upper(self, half: int) -> int | None:
        """The upper half came: the value now, or None where it has to wait."""
        if self._alone:
            self._fine = False
        self._upper, self._alone, self._overdue = half, True, False
        if self._fine is None:
            return None
        if not self._fine:
            return self._told(half * SPREAD)
        before = self.value or 0
        if before >> 7 == half:
            return None
        return self._told(half << 7 if before < half << 7 else half << 7 | 127)

    def lower(self, half: int) -> int:
        """The lower half came: the value now."""
        self._fine, self._alone = True, False
        return self._told(self._upper << 7 | half)

    def step(self, by: int) -> int:
        """The value was moved by a step, within its 14 bits."""
        value = min(max((self.value or 0) + by, 0), 16383)
        self._upper, self._alone = value >> 7, False
        return self._told(value)

    def settle(self) -> int | None:
        """To be called regularly. At the second call without a lower half, none is expected.

        Then, as MIDI 1.0 says, it is 0; and a device that never sent one has 7 bits.
        """
        if not self._alone:
            return None
        if not self._overdue:
            self._overdue = True
            return None
        self._alone = False
        value = self._upper << 7 if self._fine else self._upper * SPREAD
        return None if value == self.value else self._told(value)

    def _told(self, value: int) -> int:
        self.value = value
        return value
