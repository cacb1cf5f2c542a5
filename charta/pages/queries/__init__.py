# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for pages that compose features: a few statements a page, however much there is."""

from charta.pages.queries.desk import (
    Outcome,
    QueueField,
    QueueOverview,
    outcomes,
    queue_overview,
    taken_up_by,
)
from charta.pages.queries.front import (
    FieldRow,
    NewText,
    Notice,
    SetUp,
    SpecimenRow,
    fields_overview,
    newest_changes,
    newest_texts,
    notices,
    set_up,
)

__all__ = [
    "FieldRow",
    "NewText",
    "Notice",
    "Outcome",
    "QueueField",
    "QueueOverview",
    "SetUp",
    "SpecimenRow",
    "fields_overview",
    "newest_changes",
    "newest_texts",
    "notices",
    "outcomes",
    "queue_overview",
    "set_up",
    "taken_up_by",
]
