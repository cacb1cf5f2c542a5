# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two wordings of a section, compared word by word."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from charta.errors import NotFound
from charta.permissions import Permission
from charta.sections import queries
from charta.sections.views.blueprint import blueprint, frame
from charta.text.diff import BlockKind, Comparison, word_diff
from charta.web.access import access
from charta.web.pager import key_argument
from charta.web.viewer import actor


@dataclass(frozen=True, slots=True)
class Counts:
    """How many blocks of a comparison met which fate; both ends of a move are one."""

    changed: int
    inserted: int
    deleted: int
    moved: int
    unchanged: int


def counts(comparison: Comparison) -> Counts:
    """Count the blocks of a comparison by what happened to them."""
    kinds = Counter(block.kind for block in comparison.blocks)
    return Counts(
        changed=kinds[BlockKind.CHANGED],
        inserted=kinds[BlockKind.INSERTED],
        deleted=kinds[BlockKind.DELETED],
        moved=sum(block.kind is BlockKind.MOVED and block.new is not None for block in comparison.blocks),
        unchanged=kinds[BlockKind.UNCHANGED],
    )


@blueprint.get("/abschnitte/<id:section_id>/vergleich")
@access(Permission.READ_DRAFT)
def compare(section_id: int) -> ResponseReturnValue:
    """Compare two wordings of a section, in the text or side by side; without numbers the last change."""
    found = frame(section_id)
    head_number = found.section.head_number
    new_number = key_argument("bis") or head_number
    old_number = key_argument("von") or max(1, new_number - 1)
    wordings = queries.revisions_between(section_id, [old_number, new_number])
    if old_number not in wordings or new_number not in wordings:
        raise NotFound(kind="revision", section_id=section_id, numbers=[old_number, new_number])
    old, new = wordings[old_number], wordings[new_number]
    comparison = queries.comparison(old, new)
    newest = queries.history(actor(), section_id, limit=queries.PAGE_SIZE - 1)
    shown = {item.number: item.created_at for item in newest}
    shown |= {old.number: old.created_at, new.number: new.created_at}
    is_side_by_side = request.args.get("ansicht") == "gegenueber"
    shows_all = request.args.get("alles") == "1"
    chosen: dict[str, Any] = {
        "von": old.number,
        "bis": new.number,
        "ansicht": "gegenueber" if is_side_by_side else "text",
        "alles": "1" if shows_all else "",
    }

    def address(**changes: Any) -> str:
        values = {name: value for name, value in (chosen | changes).items() if value}
        return url_for("sections.compare", section_id=section_id, **values)

    return render_template(
        "sections/compare.html",
        frame=found,
        old=old,
        new=new,
        comparison=comparison,
        counts=counts(comparison),
        title_runs=word_diff(old.title, new.title) if old.title != new.title else [],
        choices=sorted(shown.items(), reverse=True),
        has_older=head_number > len(shown),
        is_side_by_side=is_side_by_side,
        shows_all=shows_all,
        address=address,
        # Randnummern belong to the present text; an older wording never had these.
        new_first=found.first_rn if new.number == head_number else None,
    )
