# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of a text between two editions, and of the facts of a measure, in words; for views only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from charta.editions.differences import Difference, Passage, Totals
from charta.sections.rules import SectionKind
from charta.text.diff import Comparison, word_diff
from charta.web.dates import whole_day
from charta.web.standing import Standing


def fates(one: Difference) -> list[Standing]:
    """Return what became of one text, each as icon and word; the same words for one that stayed."""
    if one.is_new:
        return [Standing("ok", "plus", _("neu"))]
    if one.is_gone:
        return [Standing("stop", "minus", _("entfallen"))]
    found = []
    if one.has_new_words:
        found.append(Standing("", "edit", _("Wortlaut geändert")))
    if one.is_renamed:
        found.append(Standing("", "edit", _("anders überschrieben")))
    if one.is_moved:
        found.append(Standing("move", "move", _("verschoben")))
    if one.has_other_facts:
        found.append(Standing("", "edit", _("Angaben geändert")))
    return found or [Standing("", "check", _("unverändert"))]


def place(one: Difference, before: Mapping[int, Passage], after: Mapping[int, Passage]) -> str:
    """Return where a moved text stood and stands, or the number it had; "" for one that stayed.

    `before` and `after` are the texts of both sides by section: those it stands below are named.
    """
    if one.old is None or one.new is None:
        return ""
    if one.is_moved:
        return _("Bisher %(old)s. Jetzt %(new)s.", old=_where(one.old, before), new=_where(one.new, after))
    return _("Bisher %(old)s.", old=_number_of(one.old)) if one.is_renumbered else ""


def _where(one: Passage, texts: Mapping[int, Passage]) -> str:
    above = texts.get(one.parent_id) if one.parent_id is not None else None
    if above is not None:
        title = f"{above.number} {above.title}".strip()
        return _("%(number)s, unter „%(above)s“", number=_number_of(one), above=title)
    if one.field_name:
        return _("%(number)s, Handlungsfeld „%(field)s“", number=_number_of(one), field=one.field_name)
    return _number_of(one)


def _number_of(one: Passage) -> str:
    return one.number or _("ohne Nummer")


def totals(kind: SectionKind, counted: Totals) -> str:
    """Return how many texts of a kind met which fate as one line, "" when there are none."""
    counts = [
        (counted.changed, _("%(num)s geändert", num=counted.changed)),
        (counted.new, _("%(num)s neu", num=counted.new)),
        (counted.gone, _("%(num)s entfallen", num=counted.gone)),
        (counted.moved, _("%(num)s verschoben", num=counted.moved)),
        (counted.renamed, _("%(num)s anders überschrieben", num=counted.renamed)),
        (
            counted.other_facts,
            _("%(num)s mit anderen Angaben", num=counted.other_facts),
        ),
        (counted.unchanged, _("%(num)s unverändert", num=counted.unchanged)),
    ]
    told = ", ".join(words for count, words in counts if count)
    if not told:
        return ""
    if kind is SectionKind.MEASURE:
        return _("Maßnahmen: %(counts)s.", counts=told)
    return _("Abschnitte: %(counts)s.", counts=told)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of a measure, before and after; "" where there was none."""

    label: str
    old: str
    new: str


def fact_rows(one: Difference) -> list[FactRow]:
    """Return the facts of a measure that differ, as they are shown."""
    if not one.has_other_facts:
        return []
    sides = [(side.facts or {}) if side is not None else {} for side in (one.old, one.new)]
    old, new = (told(side) for side in sides)
    labels = dict.fromkeys([*old, *new])
    return [
        FactRow(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def told(facts: Mapping[str, Any]) -> dict[str, str]:
    told = {
        _("Verantwortlich"): str(facts.get("responsible") or ""),
        _("Beteiligt"): ", ".join(facts.get("participants") or ()),
        _("Beginn"): _day(facts.get("starts_on")),
        _("Ende"): _day(facts.get("ends_on")),
    }
    for one in facts.get("indicators") or ():
        told[_("Kennzahl „%(name)s“", name=one["name"])] = _figures(one)
    return told


def _day(value: str | None) -> str:
    return whole_day(date.fromisoformat(value)) if value else ""


def _figures(one: Mapping[str, Any]) -> str:
    start, target = _number(one.get("baseline")), _number(one.get("target"))
    unit = one.get("unit") or ""
    if start and target:
        return _("von %(start)s auf %(target)s %(unit)s", start=start, target=target, unit=unit).strip()
    if target:
        return _("Ziel %(target)s %(unit)s", target=target, unit=unit).strip()
    return _("Ausgangswert %(start)s %(unit)s", start=start, unit=unit).strip() if start else _("ohne Zahlen")


def _number(value: str | None) -> str:
    return str(format_decimal(Decimal(value))) if value else ""


def unchanged(folded: Sequence[Difference], kind: SectionKind) -> str:
    """Return what stands on the fold over texts in which nothing changed."""
    if kind is SectionKind.MEASURE:
        return ngettext("%(num)s Maßnahme unverändert", "%(num)s Maßnahmen unverändert", len(folded))
    return ngettext("%(num)s Abschnitt unverändert", "%(num)s Abschnitte unverändert", len(folded))


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of the page; `folded` are the unchanged before it; without `comparison` no word changed."""

    one: Difference
    comparison: Comparison | None
    title_runs: Sequence[tuple[str, str]]
    facts: Sequence[FactRow]
    folded: Sequence[Difference]


def shown_of(one: Difference, comparison: Comparison | None, folded: Sequence[Difference] = ()) -> Shown:
    """Return one text as `editions/_changes.html` shows it."""
    runs = word_diff(one.old.title, one.new.title) if one.old and one.new and one.is_renamed else []
    return Shown(one, comparison, runs, fact_rows(one), folded)
