"""What may be sent to a live target, counted before it leaves: never more than `max_sends`."""

from endpoint.target import Safety, Target


class LoadRefused(Exception):  # noqa: N818 - read as a fact
    """The target file does not allow load."""


def require_allowed(target: Target) -> None:
    """Refuse a live target whose file does not say that load is welcome.

    Raises:
        LoadRefused: `safety.live` without `safety.allow_load`, or without sends.
    """
    safety = target.safety
    if not safety.live:
        return
    if not safety.allow_load:
        raise LoadRefused(
            f"{target.name} is a live target: each profile found gets a real message. Load is "
            "refused unless its file says allow_load = true under [safety]"
        )
    if not safety.max_sends:
        raise LoadRefused(f"{target.name} is a live target, and its file has no max_sends")


class Budget:
    """Sends that this process may still cause; without end where the target is not live."""

    def __init__(self, safety: Safety) -> None:
        self._limited = safety.live
        self._left = 0
        self.spent = 0
        self.exhausted = False

    def grant(self, sends: int) -> None:
        """Begin a run: this process's share of `max_sends`, whatever an earlier run has left."""
        self._left = sends
        self.spent = 0
        self.exhausted = False

    def reserve(self, sends: int) -> bool:
        """Count sends before the request that causes them; false where they do not fit."""
        if self._limited:
            if sends > self._left:
                self.exhausted = True
                return False
            self._left -= sends
        self.spent += sends
        return True
