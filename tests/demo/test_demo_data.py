# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demonstration content agrees with itself; stays away from the loader and the database."""

import re
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from charta.text.normalise import normalise
from charta.text.sentences import split

Row = dict[str, Any]

DATA = Path(__file__).parents[2] / "charta" / "demo" / "data"
FILES = (
    "organisations",
    "people",
    "sources",
    "fields",
    "charta_1_0",
    "measures",
    "revisions",
    "proposals",
    "site",
    "forums",
    "contributions",
    "topics",
    "comments",
    "polls",
    "votes",
    "watching",
)

GROUPS = {
    "company", "employees", "science", "education", "youth", "administration",
    "chamber", "union", "labour_administration", "contractor", "other",
}  # fmt: skip
PARTNERS = {"amz", "ihk", "igmetall", "arbeitsagentur", "cwe"}
OPEN = {"submitted", "resubmitted", "changes_requested"}
# What each verb needs before it and leaves behind; `agree` ends an approval with changes.
STEPS = {
    ("", "save_draft"): "draft",
    ("draft", "share"): "draft_shared",
    ("", "submit"): "submitted",
    ("draft", "submit"): "submitted",
    ("draft_shared", "submit"): "submitted",
    ("submitted", "request_changes"): "changes_requested",
    ("changes_requested", "resubmit"): "resubmitted",
    ("submitted", "approve"): "approved",
    ("resubmitted", "approve"): "approved",
    ("submitted", "approve_with_changes"): "awaiting_author",
    ("awaiting_author", "agree"): "approved_with_changes",
    ("submitted", "reject"): "rejected",
    ("submitted", "withdraw"): "withdrawn",
}
MODERATOR_VERBS = {"request_changes", "approve", "approve_with_changes", "reject"}


def load(name: str) -> Row:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


ORGANISATIONS: list[Row] = load("organisations")["organisation"]
PEOPLE: list[Row] = load("people")["person"]
SOURCES: list[Row] = load("sources")["source"]
FIELDS: list[Row] = load("fields")["field"]
SECTIONS: list[Row] = load("charta_1_0")["section"]
MEASURES: list[Row] = load("measures")["measure"]
CHANGES: list[Row] = load("revisions")["change"]
PROPOSALS: list[Row] = load("proposals")["proposal"]
SITE: Row = load("site")

ROLE_OF = {person["email"]: person["role"] for person in PEOPLE}
ORGANISATION_OF = {person["email"]: person["organisation"] for person in PEOPLE}


def keys(rows: list[Row], name: str = "key") -> set[str]:
    found = [row[name] for row in rows]
    assert len(found) == len(set(found)), [key for key, n in Counter(found).items() if n > 1]
    return set(found)


def working_draft() -> dict[str, str]:
    """Bodies of sections and measures before the first proposal."""
    bodies = {row["key"]: row["body"] for row in SECTIONS + MEASURES}
    for change in CHANGES:
        bodies[change["section"]] = change["body"]
    return bodies


def target(proposal: Row) -> str:
    return str(proposal.get("section") or proposal.get("measure") or "")


def replay() -> tuple[dict[str, str], dict[int, tuple[str, str]]]:
    """Final bodies, and per proposal its base and latest wording, after all events in the order of `step`."""
    heads = working_draft()
    versions: dict[int, tuple[str, str]] = {}
    events = [(event["step"], proposal, event) for proposal in PROPOSALS for event in proposal["events"]]
    for _, proposal, event in sorted(events, key=lambda item: item[0]):
        number, key, verb = proposal["order"], target(proposal), event["verb"]
        if proposal["kind"] != "change":
            continue
        if verb in {"save_draft", "submit"}:
            versions[number] = (heads[key], proposal["body"])
        elif verb in {"resubmit", "approve_with_changes"}:
            versions[number] = (heads[key], event["body"])
        elif verb in {"approve", "agree"}:
            base, body = versions[number]
            assert heads[key] == base, f"{proposal['summary']}: would need a merge"
            heads[key] = body
    return heads, versions


HEADS, VERSIONS = replay()


def units(text: str) -> list[str]:
    return [unit for unit in re.split(r"(\n|(?<=[.!?]) )", text) if unit]


def edits(base: str, new: str) -> set[tuple[int, int, str]]:
    """Changed stretches of `base`, counted in units, with what replaces them."""
    old, fresh = units(base), units(new)
    codes = SequenceMatcher(a=old, b=fresh, autojunk=False).get_opcodes()
    return {(i1, i2, "".join(fresh[j1:j2])) for tag, i1, i2, j1, j2 in codes if tag != "equal"}


def merge_state(base: str, head: str, wording: str) -> str:
    """A second, blunt opinion beside charta.text.merge: the demonstration's cases must be beyond doubt."""
    if head == base:
        return "clean"
    ours, theirs = edits(base, head), edits(base, wording)
    if theirs <= ours:
        return "already_contained"
    touching = any(a <= j2 and j1 <= b for a, b, _ in theirs for j1, j2, _ in ours)
    return "conflict" if touching else "moved"


def bodies() -> list[tuple[str, str]]:
    found = [(f"section {row['key']}", row["body"]) for row in SECTIONS]
    found += [(f"measure {row['key']}", row["body"]) for row in MEASURES]
    found += [(f"change {row['order']}", row["body"]) for row in CHANGES]
    found += [(f"proposal {row['order']}", row["body"]) for row in PROPOSALS if "body" in row]
    found += [
        (f"proposal {row['order']} step {event['step']}", event["body"])
        for row in PROPOSALS
        for event in row["events"]
        if "body" in event
    ]
    return found


# --- files ---------------------------------------------------------------------------------------


def test_there_is_no_other_file() -> None:
    assert {path.stem for path in DATA.glob("*.toml")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_file_begins_with_its_licence_and_is_normalised(name: str) -> None:
    text = (DATA / f"{name}.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "# SPDX-FileCopyrightText: 2026 Charta contributors"
    assert lines[1] == "# SPDX-License-Identifier: EUPL-1.2"
    assert unicodedata.is_normalized("NFC", text)
    assert not [line for line in lines if line != line.rstrip()]
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", FILES)
def test_german_quotation_marks_come_in_pairs(name: str) -> None:
    text = (DATA / f"{name}.toml").read_text(encoding="utf-8")
    assert text.count("„") == text.count("“")
    assert "”" not in text
    assert " - " not in text.replace("\n- ", "")


# --- organisations, people, sources, fields --------------------------------------------------------


def test_organisations_have_known_groups_and_short_labels() -> None:
    assert keys(ORGANISATIONS) >= PARTNERS | {"moderation"}
    assert {row["key"] for row in ORGANISATIONS if row["is_partner"]} == PARTNERS
    assert len(ORGANISATIONS) == 12
    for row in ORGANISATIONS:
        assert row["group"] in GROUPS
        assert 0 < len(row["short"]) <= 12, row["short"]


def test_people_are_exactly_the_documented_accounts() -> None:
    local = (
        {"admin", "moderation", "moderation2", "ihk-stv"} | PARTNERS | {f"teilnahme{n}" for n in range(1, 9)}
    )
    assert keys(PEOPLE, "email") == {f"{name}@example.org" for name in local}
    assert all(row["name"].startswith("Demo ") for row in PEOPLE)


def test_each_partner_has_one_voting_member_and_the_chamber_a_deputy() -> None:
    members = [row["organisation"] for row in PEOPLE if row["voting"] == "member"]
    assert sorted(members) == sorted(PARTNERS)
    assert [row["organisation"] for row in PEOPLE if row["voting"] == "deputy"] == ["ihk"]
    for row in PEOPLE:
        assert row["organisation"] in keys(ORGANISATIONS) | {""}
        assert row["role"] in {"administrator", "moderator", "partner", "attendee"}
        assert row["voting"] in ({"member", "deputy"} if row["role"] == "partner" else {""})


def test_sources_are_numbered_and_dated() -> None:
    keys(SOURCES)
    assert [row["number"] for row in SOURCES] == list(range(1, len(SOURCES) + 1))
    for row in SOURCES:
        assert row["kind"] in {"application", "forum", "congress", "partner_talk", "editorial"}
        assert isinstance(row["date"], date)


def test_five_fields_are_led_by_five_partners() -> None:
    assert [row["number"] for row in FIELDS] == [1, 2, 3, 4, 5]
    assert {row["lead"] for row in FIELDS} == PARTNERS
    assert all(re.fullmatch(r"[a-z0-9-]+", slug) for slug in keys(FIELDS, "slug"))


# --- text ------------------------------------------------------------------------------------------


def test_every_body_is_normalised_and_within_the_limit() -> None:
    for where, body in bodies():
        assert normalise(body) == body, where
        assert len(body) <= 100_000, where
        assert body.strip(), where
        assert body.endswith("\n"), where


def test_every_body_keeps_to_the_closed_set_of_markdown() -> None:
    for where, body in bodies():
        assert not re.search(r"<[a-zA-Z/!]|!\[|```|^#{1,2} |^#{4,} ", body, re.MULTILINE), where
        for url in re.findall(r"\]\(([^)]*)\)", body):
            assert url.startswith(("https://", "mailto:")), where
        assert set(re.findall(r"(\[\^\d+\])(?!:)", body)) == set(
            re.findall(r"^(\[\^\d+\]):", body, re.MULTILINE)
        ), where


def test_sections_form_a_tree_in_reading_order() -> None:
    keys(SECTIONS)
    assert len(SECTIONS) >= 28
    seen: dict[str, Row] = {}
    for row in SECTIONS:
        assert row["parent"] == "" or row["parent"] in seen, row["key"]
        assert row["field"] in keys(FIELDS, "slug") | {""}
        if row["parent"]:
            assert row["field"] == seen[row["parent"]]["field"], row["key"]
        assert 0 < len(row["title"]) <= 200
        seen[row["key"]] = row
    for slug in keys(FIELDS, "slug"):
        assert 4 <= len([row for row in SECTIONS if row["field"] == slug]) <= 5, slug


def test_section_paragraphs_are_few_and_readable() -> None:
    for row in SECTIONS:
        blocks = [
            block for block in row["body"].strip().split("\n\n") if not block.startswith(("[^", "### "))
        ]
        assert 2 <= len(blocks) <= 6, row["key"]
        assert all(len(block.split()) <= 130 for block in blocks), row["key"]


def test_the_text_shows_each_kind_of_block() -> None:
    together = "\n".join(row["body"] for row in SECTIONS)
    for pattern in (
        r"^- ",
        r"^1\. ",
        r"^> ",
        r"^\| --- ",
        r"^### ",
        r"^\[\^1\]: ",
        r"\*\*\w",
        r"(?<!\*)\*\w",
    ):
        assert re.search(pattern, together, re.MULTILINE), pattern
    assert "(https://www.itas-zukunft.example.org)" in together


@pytest.mark.parametrize("row", SECTIONS + MEASURES, ids=lambda row: row["key"])
def test_passages_cover_every_sentence_exactly_once_and_in_order(row: Row) -> None:
    spans, at = [], 0
    for passage in row["passages"]:
        assert passage["source"] in keys(SOURCES)
        start = row["body"].find(passage["text"], at)
        assert start >= 0, passage["text"]
        assert row["body"][at:start].strip() == "", row["body"][at:start]
        at = start + len(passage["text"])
        spans.append((start, at))
    assert row["body"][at:].strip() == ""
    for line in re.finditer(r".+", row["body"]):
        for start, end in split(line.group()):
            sentence = line.group()[start:end].strip()
            first = line.start() + line.group().index(sentence, start)
            assert any(a <= first and first + len(sentence) <= b for a, b in spans), sentence


def test_charta_1_0_stands_on_its_four_origins_and_the_editors() -> None:
    used = Counter(passage["source"] for row in SECTIONS for passage in row["passages"])
    assert set(used) == {"antrag", "forum2023", "kongress2023", "gespraeche", "redaktion"}
    assert min(used.values()) >= 20, used


# --- measures --------------------------------------------------------------------------------------


def check_indicators(indicators: list[Row]) -> None:
    assert indicators
    for row in indicators:
        assert set(row) == {"name", "unit", "baseline", "target", "current"}
        assert all(isinstance(row[name], (int, float)) for name in ("baseline", "target", "current"))


def test_measures_resolve_and_have_indicators() -> None:
    assert len(keys(MEASURES)) >= 16
    assert not keys(MEASURES) & keys(SECTIONS)
    for row in MEASURES:
        assert row["field"] in keys(FIELDS, "slug")
        assert {row["responsible"], *row["participants"]} <= keys(ORGANISATIONS)
        assert row["responsible"] in row["participants"]
        assert row["starts"].year >= 2024
        assert row["starts"] < row["ends"]
        assert row["ends"].year <= 2027
        check_indicators(row["indicators"])


def test_each_field_has_three_measures_and_every_status_occurs() -> None:
    per_field = Counter(row["field"] for row in MEASURES)
    assert len(per_field) == 5
    assert min(per_field.values()) >= 3
    assert {row["status"] for row in MEASURES} == {"proposed", "adopted", "running", "done", "stopped"}


def test_progress_is_reported_by_the_responsible_partner() -> None:
    for row in MEASURES:
        days = [report["days_ago"] for report in row["reports"]]
        assert days == sorted(days, reverse=True)
        assert bool(days) == (row["status"] in {"running", "done", "stopped"}), row["key"]
        for report in row["reports"]:
            assert ORGANISATION_OF[report["by"]] == row["responsible"]
            assert 0 <= report["percent"] <= 100
        if row["status"] == "done":
            assert row["reports"][-1]["percent"] == 100


# --- changes after 1.0 -------------------------------------------------------------------------------


def test_changes_follow_each_other_and_are_approved_by_somebody_else() -> None:
    assert len(CHANGES) >= 8
    assert [row["order"] for row in CHANGES] == list(range(1, len(CHANGES) + 1))
    days = [row["days_ago"] for row in CHANGES]
    assert days == sorted(days, reverse=True)
    heads = {row["key"]: row["body"] for row in SECTIONS}
    for row in CHANGES:
        assert row["body"] != heads[row["section"]]
        heads[row["section"]] = row["body"]
        assert row["source"] in keys(SOURCES)
        assert row["author"] in ROLE_OF
        assert row["author"] != row["approver"]
        assert ROLE_OF[row["approver"]] == "moderator"
        assert 0 < len(row["summary"]) <= 200
        assert row["reason"]


def test_the_round_opens_after_the_earlier_changes() -> None:
    assert min(row["days_ago"] for row in CHANGES) > -SITE["round"]["opens"]
    assert max(row["days_ago"] for row in PROPOSALS) <= -SITE["round"]["opens"]


# --- proposals -----------------------------------------------------------------------------------------


def test_proposals_are_numbered_in_the_order_of_their_first_step() -> None:
    assert [row["order"] for row in PROPOSALS] == list(range(1, len(PROPOSALS) + 1))
    first = [row["events"][0]["step"] for row in PROPOSALS]
    assert first == sorted(first)


def test_steps_are_counted_through_and_time_runs_forward() -> None:
    events = sorted((event["step"], event["days_ago"]) for row in PROPOSALS for event in row["events"])
    assert [step for step, _ in events] == list(range(1, len(events) + 1))
    days = [ago for _, ago in events]
    assert days == sorted(days, reverse=True)
    assert days[-1] >= 0


@pytest.mark.parametrize("row", PROPOSALS, ids=lambda row: f"{row['order']}-{row['state']}")
def test_events_lead_to_the_stated_end(row: Row) -> None:
    state = ""
    for event in row["events"]:
        state = STEPS[state, event["verb"]]
        if event["verb"] in MODERATOR_VERBS:
            assert ROLE_OF[event["by"]] == "moderator"
            assert event["by"] != row["author"]
            assert event["reason"]
        else:
            assert event["by"] == row["author"]
        assert ("body" in event) == (event["verb"] in {"resubmit", "approve_with_changes"})
    assert state == row["state"]
    assert row["days_ago"] == row["events"][0]["days_ago"]
    if state.startswith("approved") or state in {"rejected", "changes_requested"}:
        decision = [event for event in row["events"] if event["verb"] in MODERATOR_VERBS][-1]
        assert (row["decision_by"], row["decision_reason"]) == (decision["by"], decision["reason"])


@pytest.mark.parametrize("row", PROPOSALS, ids=lambda row: f"{row['order']}-{row['kind']}")
def test_proposals_resolve_and_say_something_new(row: Row) -> None:
    assert row["author"] in ROLE_OF
    assert 0 < len(row["summary"]) <= 200
    assert row["reason"]
    assert row["kind"] in {"change", "new_section", "new_measure", "deletion", "move"}
    assert row.get("source", "redaktion") in keys(SOURCES)
    section_keys = keys(SECTIONS)
    if row["kind"] == "change":
        assert target(row) in HEADS
        wordings = [working_draft()[target(row)], row["body"]]
        wordings += [event["body"] for event in row["events"] if "body" in event]
        assert len(set(wordings)) == len(wordings)
    else:
        assert (target(row) in section_keys) == (row["kind"] in {"deletion", "move"})
    if row["kind"] in {"new_section", "move"}:
        assert row["parent"] in section_keys
        assert row["after"] in section_keys
        siblings = {other["key"] for other in SECTIONS if other["parent"] == row["parent"]}
        assert row["after"] in siblings
    if row["kind"] == "new_measure":
        assert row["after"] in {measure["key"] for measure in MEASURES if measure["field"] == row["field"]}
        assert {row["responsible"], *row["participants"]} <= keys(ORGANISATIONS)
        check_indicators(row["indicators"])


@pytest.mark.parametrize(
    "row", [row for row in PROPOSALS if row["state"] in OPEN], ids=lambda row: str(row["order"])
)
def test_open_proposals_stand_to_the_text_as_expected(row: Row) -> None:
    if row["kind"] != "change":
        assert row["expect"] == "clean"
        return
    base, wording = VERSIONS[row["order"]]
    assert merge_state(base, HEADS[target(row)], wording) == row["expect"]


def test_nobody_submits_on_a_text_that_the_file_does_not_show() -> None:
    """Bodies refer to the text after revisions.toml: no submission may follow an approval in its section."""
    approved_at = {
        target(row): event["step"]
        for row in PROPOSALS
        for event in row["events"]
        if event["verb"] in {"approve", "agree"}
    }
    for row in PROPOSALS:
        if row["kind"] == "change":
            written = max(
                event["step"]
                for event in row["events"]
                if event["verb"] in {"save_draft", "submit", "resubmit"}
            )
            assert written < approved_at.get(target(row), written + 1), row["summary"]


def test_every_kind_and_state_occurs_often_enough() -> None:
    states = Counter(row["state"] for row in PROPOSALS)
    wanted = {
        "draft": 1, "draft_shared": 1, "submitted": 5, "changes_requested": 1, "resubmitted": 1,
        "approved": 2, "approved_with_changes": 1, "rejected": 1, "withdrawn": 1,
    }  # fmt: skip
    assert len(PROPOSALS) >= 14
    assert set(states) == set(wanted)
    assert all(states[state] >= number for state, number in wanted.items()), states
    assert {row["kind"] for row in PROPOSALS} == {"change", "new_section", "new_measure", "deletion", "move"}
    assert any(row.get("measure") for row in PROPOSALS)
    assert any(row["kind"] == "new_measure" and ROLE_OF[row["author"]] == "attendee" for row in PROPOSALS)
    assert {row["expect"] for row in PROPOSALS if row["state"] in OPEN} == {
        "clean", "moved", "conflict", "already_contained",
    }  # fmt: skip


def test_the_guides_proposal_is_open_and_clean() -> None:
    (row,) = [
        row for row in PROPOSALS if row["summary"] == "Transformationslotsen auch für kleine Betriebe öffnen"
    ]
    assert (row["author"], row["state"], row["expect"]) == ("ihk@example.org", "submitted", "clean")
    (section,) = [section for section in SECTIONS if section["key"] == row["section"]]
    assert section["title"] == "Wandel im Betrieb gemeinsam gestalten"


# --- site ------------------------------------------------------------------------------------------------


def test_the_site_names_itself_its_funder_and_that_it_is_a_demonstration() -> None:
    site = SITE["site"]
    assert {"name", "initiative", "region", "taglines", "funding", "demonstration"} <= set(site)
    assert site["funding"] == "Gefördert durch das Bundesministerium für Wirtschaft und Klimaschutz"
    assert "erfunden" in site["demonstration"]
    assert [phase["name"] for phase in SITE["phase"]] == ["Entwurf", "Konsolidierung", "Verstetigung"]
    assert [phase["current"] for phase in SITE["phase"]].count(True) == 1


def test_legal_pages_are_marked_as_templates_and_name_their_law() -> None:
    pages = {page["key"]: page for page in SITE["page"]}
    assert set(pages) == {"imprint", "privacy", "accessibility", "about", "contact"}
    for key in ("imprint", "privacy", "accessibility"):
        assert pages[key]["template"]
        assert "Vorlage" in pages[key]["body"]
        assert "‹" in pages[key]["body"]
    assert "§ 5" in pages["imprint"]["body"]
    assert "DDG" in pages["imprint"]["body"]
    assert "DSGVO" in pages["privacy"]["body"]
    assert "BITV" in pages["accessibility"]["body"]


def test_news_dates_and_round_lie_around_the_day_of_loading() -> None:
    assert len(SITE["news"]) == 5
    assert len(SITE["date"]) == 3  # forums come into the calendar by themselves
    assert all(row["days_ago"] >= 0 and row["title"] and row["body"] for row in SITE["news"])
    assert all(row["days_from_now"] > 0 and row["title"] and row["place"] for row in SITE["date"])
    period = SITE["round"]
    assert period["opens"] < 0 < period["closes"] < period["editorial_deadline"] < period["answer_promised"]
