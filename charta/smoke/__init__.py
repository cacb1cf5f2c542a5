# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The main job end to end over HTTP, as people do it: `python -m charta.smoke http://127.0.0.1:8080`.

Standard library only and nothing of the application, so it can be pointed at any installation that carries
the demonstration. It reads pages as a browser without scripts does: links, forms and their hidden fields.
It writes: two proposals are made and approved, one of them from a contribution that is handed in at the
demonstration forum, and a section is watched and commented on. The exit code is 0 when every step held.
"""

from charta.smoke.browser import Browser, Deviation
from charta.smoke.command import main, run

__all__ = ["Browser", "Deviation", "main", "run"]
