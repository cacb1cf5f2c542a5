# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lets waitress keep the connection after an answer without a body.

waitress 3.0.2 closes the connection after every 304: whoever reads a page again would connect anew for each
answer that says „nothing new“, half of what such an answer costs, and slow on a phone. May go when waitress
does it itself.
"""

from waitress.task import WSGITask


class KeepingTask(WSGITask):  # type: ignore[misc]
    """A task that does not close after 304 and 204 unless the client asks for it."""

    def set_close_on_finish(self) -> None:
        """Close after the answer, except where waitress only does so because there is no length."""
        asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or asked or self.version != "1.1" or self.wrote_header:
            super().set_close_on_finish()
