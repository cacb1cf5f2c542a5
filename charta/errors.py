# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole error hierarchy on one page; errors carry data, never prose.

`charta.web.errors` turns each class into a page or a field error, once, in the reader's language.
"""

from typing import Any


class ChartaError(Exception):
    """Something a person did that cannot be done, with the data that explains why."""

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(", ".join(f"{name}={value!r}" for name, value in data.items()))


class NotPermitted(ChartaError):
    """The actor may not do this; `reason` is a `permissions.Reason` value (403)."""

    def __init__(self, reason: str, **data: Any) -> None:
        self.reason = reason
        super().__init__(reason=reason, **data)


class NotFound(ChartaError):
    """The thing does not exist or the viewer may not know that it does (404)."""


class WrongState(ChartaError):
    """The deed does not fit the present state of its subject (409)."""

    def __init__(self, action: str, state: str, **data: Any) -> None:
        self.action = action
        self.state = state
        super().__init__(action=action, state=state, **data)


class EditConflict(ChartaError):
    """Somebody else changed what the actor had seen; nothing was written (409)."""


class InvalidInput(ChartaError):
    """A value breaks a rule: `field` names the form field, `code` the rule (422)."""

    def __init__(self, field: str, code: str, **data: Any) -> None:
        self.field = field
        self.code = code
        super().__init__(field=field, code=code, **data)


class TooManyAttempts(ChartaError):
    """The throttle asks to wait `seconds` before the next attempt (429)."""

    def __init__(self, seconds: int, **data: Any) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds, **data)


class Busy(ChartaError):
    """The database could not take the write just now; trying again is safe (503)."""
