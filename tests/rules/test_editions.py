# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Names of editions, and the text that is hashed."""

import pytest

from charta.editions.rules import clean_name, is_name, order_of
from charta.editions.wording import Entry, whole_text
from charta.errors import InvalidInput
from charta.sections.rules import SectionKind


@pytest.mark.parametrize("name", ["1.0", "2.0", "1.10", "12.3.4", "100.0"])
def test_names_of_editions_are_numbers_with_dots(name: str) -> None:
    assert clean_name(f" {name} ") == name
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "2", "0.1", "1.", "1.01", "v1.0", "1.0.0.0", "1.0\u0660", "1.0\n", "arbeitsfassung", "1.1000"],
)
def test_other_words_are_no_names(name: str) -> None:
    assert not is_name(name)
    if name != "1.0\n":  # blanks around a typed name do not count
        with pytest.raises(InvalidInput):
            clean_name(name)


def test_ten_comes_after_nine() -> None:
    assert sorted(["2.0", "1.10", "1.9", "1.9.1"], key=order_of) == ["1.9", "1.9.1", "1.10", "2.0"]


def entry(**values: object) -> Entry:
    known = {
        "section_id": 1, "kind": SectionKind.SECTION, "number": "3", "title": "Arbeit", "depth": 0,
        "parent_id": None, "field_number": 3, "field_name": "Gute Arbeit", "first_rn": 1, "revision_id": 1,
        "content_hash": "",
    }  # fmt: skip
    return Entry(**(known | values))  # type: ignore[arg-type]


FACTS = {
    "responsible": "IHK", "participants": ["Stadt", "Land"], "starts_on": "2026-03-01", "ends_on": None,
    "indicators": [{"name": "Betriebe", "unit": "Zahl", "baseline": None, "target": "12.50"}],
}  # fmt: skip


def test_the_whole_text_can_be_read_by_people() -> None:
    entries = [
        entry(number="", title="Vorwort", field_number=None),
        entry(),
        entry(kind=SectionKind.MEASURE, number="3.1", title="Netz", facts=FACTS),
    ]
    assert whole_text(entries, {1: "Ein Absatz.\n"}) == (
        "# – Vorwort\n\nEin Absatz.\n\n"
        "# 3 Arbeit\n\n## Handlungsfeld 3: Gute Arbeit\n\nEin Absatz.\n\n"
        "# Maßnahme 3.1 Netz\n\n## Handlungsfeld 3: Gute Arbeit\n\nEin Absatz.\n\n"
        "## Angaben zur Maßnahme\n\n- Verantwortlich: IHK\n- Beteiligt: Stadt\n- Beteiligt: Land\n"
        "- Beginn: 2026-03-01\n- Ende: –\n- Kennzahl: Betriebe\n  - Einheit: Zahl\n"
        "  - Ausgangswert: –\n  - Ziel: 12.50\n\n"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "4"},
        {"title": "Arbeiten"},
        {"field_name": "Arbeit"},
        {"field_number": 4},
        {"kind": SectionKind.SECTION},
        {"facts": FACTS | {"responsible": "HWK"}},
        {"facts": FACTS | {"participants": ["Stadt; Land"]}},
        {"facts": FACTS | {"ends_on": "2027-01-01"}},
        {"facts": FACTS | {"indicators": []}},
    ],
)
def test_the_whole_text_changes_with_each_part(changed: dict[str, object]) -> None:
    body = {1: "Ein Absatz.\n"}
    before = whole_text([entry(kind=SectionKind.MEASURE, facts=FACTS)], body)
    assert whole_text([entry(**({"kind": SectionKind.MEASURE, "facts": FACTS} | changed))], body) != before
