"""What a target says of a publication: the outcome, or an error."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrapers.errors import FilingsError


class TargetError(FilingsError):
    """A release could not be published to a target. Its message shows no secrets."""


@dataclass(frozen=True)
class Delivered:
    """A release that a target has; `is_new` is false if the target had it before.

    `target` names the target without secrets, `sent` says what was sent, such as `3 of 37 tables`,
    and `warnings` are not errors, but worth an operator's attention.
    """

    target: str
    release: str
    is_new: bool
    sent: str = ""
    seconds: float = 0.0
    warnings: Sequence[str] = ()

    @property
    def text(self) -> str:
        """One sentence for a user, without a full stop."""
        if not self.is_new:
            return f"{self.target} already has release {self.release}"
        return f"{self.target} has release {self.release} ({self.sent}, {self.seconds:.1f} s)"
