# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What changed from one edition to another, or to the working draft, on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.editions import change_words, differences, rules
from charta.editions.change_words import Shown, shown_of
from charta.editions.differences import Difference
from charta.editions.queries import EditionRow, comparing
from charta.editions.queries.comparing import Side
from charta.editions.views.blueprint import blueprint
from charta.errors import NotFound
from charta.permissions import Permission, may
from charta.sections.rules import SectionKind
from charta.text.diff import Comparison
from charta.web.access import access
from charta.web.headers import etag, not_modified, tagged
from charta.web.pager import key_argument
from charta.web.viewer import actor, policy, site_settings

# So many texts are compared on one page: an untouched machine needs well under a second for them.
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Part:
    """The sections, or the measures, of a page; `rest` are the unchanged ones that follow."""

    kind: SectionKind
    shown: Sequence[Shown]
    rest: Sequence[Difference]


@blueprint.get("/charta/<old_name>/vergleich/<new_name>")
@access(Permission.READ_PUBLIC)
def compare(old_name: str, new_name: str) -> ResponseReturnValue:
    """Compare two editions, or one with the working draft, in the text or side by side.

    `von` and `bis` of the form above lead to the address of another comparison.
    """
    if "von" in request.args or "bis" in request.args:
        return _other(old_name, new_name)
    known, log = comparing.known(actor(), policy())
    to_draft = new_name == rules.DRAFT_NAME and may_read_draft()
    if old_name not in known or (new_name not in known and not to_draft):
        raise NotFound(kind="edition", names=[old_name, new_name])
    old = _side(known[old_name])
    new = Side(None, log) if to_draft else _side(known[new_name])
    chosen = _chosen()
    asked = (sorted(known), sorted(chosen.items()))
    tag = etag("vergleich", old, new, asked, site_settings(), actor(), may_read_draft())
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    return tagged(_page(known, old_name, new_name, comparing.compared(old, new), chosen), tag)


def may_read_draft() -> bool:
    """Whether the viewer may compare with the working draft."""
    return bool(may(actor(), Permission.READ_DRAFT, policy=policy()))


def _other(old_name: str, new_name: str) -> ResponseReturnValue:
    wanted = [request.args.get("von", old_name), request.args.get("bis", new_name)]
    if not rules.is_name(wanted[0]) or not (rules.is_name(wanted[1]) or wanted[1] == rules.DRAFT_NAME):
        raise NotFound(kind="edition", names=wanted)
    chosen = {name: value for name, value in _chosen().items() if value and name != "ab"}
    return redirect(url_for("editions.compare", old_name=wanted[0], new_name=wanted[1], **chosen), 302)


def _side(row: EditionRow) -> Side:
    return Side(row.id, row.version)


def _chosen() -> dict[str, Any]:
    return {
        "ansicht": "gegenueber" if request.args.get("ansicht") == "gegenueber" else "",
        "alles": "1" if request.args.get("alles") == "1" else "",
        "ab": key_argument("ab") or 0,
    }


def _page(
    known: Mapping[str, EditionRow],
    old_name: str,
    new_name: str,
    found: Sequence[Difference],
    chosen: dict[str, Any],
) -> str:
    shows_all = bool(chosen["alles"])
    # A renamed text is listed whether its words changed or not.
    listed = [one for one in found if shows_all or not one.is_unchanged]
    start = min(chosen["ab"], max(len(listed) - 1, 0)) // PAGE_SIZE * PAGE_SIZE
    on_page = listed[start : start + PAGE_SIZE]
    worded = {one.here.section_id for one in on_page if shows_all or _has_words(one)}
    found, compared = comparing.words_of(found, worded)

    def address(**changes: Any) -> str:
        values = {name: value for name, value in (chosen | {"ab": start} | changes).items() if value}
        return url_for("editions.compare", old_name=old_name, new_name=new_name, **values)

    pages = {one.here.section_id: place // PAGE_SIZE * PAGE_SIZE for place, one in enumerate(listed)}
    return render_template(
        "editions/compare.html",
        old=known[old_name],
        new=known.get(new_name),
        old_label=_("Fassung %(name)s", name=old_name),
        new_label=_("Fassung %(name)s", name=new_name) if new_name in known else _("Arbeitsfassung"),
        choices=sorted(known, key=rules.order_of),
        offers_draft=may_read_draft(),
        draft_name=rules.DRAFT_NAME,
        old_name=old_name,
        new_name=new_name,
        totals=[change_words.totals(kind, differences.totals(found, kind)) for kind in SectionKind],
        listed=[one for one in found if not one.is_unchanged],
        parts=[_part(kind, found, on_page, compared) for kind in SectionKind],
        before={one.old.section_id: one.old for one in found if one.old is not None},
        after={one.new.section_id: one.new for one in found if one.new is not None},
        words=change_words,
        address=address,
        page_of=pages,
        is_side_by_side=bool(chosen["ansicht"]),
        shows_all=shows_all,
        prev_url=address(ab=start - PAGE_SIZE) if start else None,
        next_url=address(ab=start + PAGE_SIZE) if start + PAGE_SIZE < len(listed) else None,
        place=_(
            "%(first)s bis %(last)s von %(all)s", first=start + 1, last=start + len(on_page), all=len(listed)
        ),
    )


def _has_words(one: Difference) -> bool:
    return one.is_new or one.is_gone or one.has_new_words


def _part(
    kind: SectionKind,
    found: Sequence[Difference],
    on_page: Sequence[Difference],
    compared: Mapping[int, Comparison],
) -> Part:
    """Return the texts of one kind that stand on this page, with the unchanged ones between them."""
    wanted = {one.here.section_id for one in on_page}
    shown: list[Shown] = []
    folded: list[Difference] = []
    for one in found:
        if one.here.kind is not kind:
            continue
        if one.here.section_id in wanted:
            shown.append(shown_of(one, compared.get(one.here.section_id), folded))
            folded = []
        elif one.is_unchanged:
            folded = [*folded, one]
        else:
            folded = []  # it stands on another page, and what is unchanged before it too
    return Part(kind, shown, folded)
