# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of every status: an icon, a word, and one sentence that says what happens next and until when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What `ui.status` and `ui.state` show; `kind` is one of "", ok, wait, stop, move."""

    kind: str
    icon: str
    word: str
    sentence: str = ""
