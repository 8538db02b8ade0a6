"""How numbers are written: the same in each report and in each message."""

import math

NOTHING = "\N{EN DASH}"
"""What stands where nothing could be measured."""


def count(value: float) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,.0f}"


def figure(value: float | None) -> str:
    """A number to three digits: no reader needs more, no machine repeats more."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if not value:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{min(max(digits, 0), 6)}f}"


def milliseconds(microseconds: float | None) -> str:
    """A latency in milliseconds, without the unit."""
    return figure(None if microseconds is None else microseconds / 1000)


def share(value: float | None) -> str:
    """A share in percent; what is not nothing is never written as 0."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if 0 < abs(value) < 0.0001:
        return "< 0.01 %"
    return f"{100 * value:,.2f}".rstrip("0").rstrip(".") + " %"


def change(value: float) -> str:
    """A change in percent, with its sign."""
    if not math.isfinite(value):
        return "unknown"
    return f"{value:+.1%}".replace("%", " %").replace("-", "\N{MINUS SIGN}")


def points(value: float) -> str:
    """A difference of shares, in points of percent, with its sign."""
    if not math.isfinite(value):
        return "unknown"
    return f"{100 * value:+.2f} points".replace("-", "\N{MINUS SIGN}")


def size(value: float) -> str:
    """Bytes in the unit that fits."""
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if value >= bytes_:
            return f"{figure(value / bytes_)} {unit}"
    return f"{value:.0f} B"


def duration(seconds: float) -> str:
    """A length of time."""
    if seconds < 120:
        return (
            f"{seconds:.0f} s" if seconds >= 10 or seconds == int(seconds) else f"{seconds:.1f} s"
        )
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest if not hours else 0, "s")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value)
