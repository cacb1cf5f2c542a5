# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kinds, causes and limits of sections and revisions. Pure."""

from enum import StrEnum

TITLE_MAX = 200
BODY_MAX = 100_000
SUMMARY_MAX = 200
REASON_MAX = 5_000


class SectionKind(StrEnum):
    """What a block of text is."""

    SECTION = "section"
    MEASURE = "measure"


class Cause(StrEnum):
    """Why a revision came to be."""

    IMPORT = "import"
    PROPOSAL = "proposal"
    CORRECTION = "correction"


class StructureCause(StrEnum):
    """Why the place of a section changed."""

    IMPORT = "import"
    PROPOSAL = "proposal"


class SourceKind(StrEnum):
    """Where text comes from."""

    APPLICATION = "application"
    FORUM = "forum"
    CONGRESS = "congress"
    PARTNER_TALK = "partner_talk"
    EDITORIAL = "editorial"
    CONTRIBUTION = "contribution"
