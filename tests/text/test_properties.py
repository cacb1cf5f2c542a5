# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What holds for every text: lossless, deterministic, symmetric, idempotent; nothing lost or invented."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from charta.errors import InvalidInput
from charta.text import anchor, diff, lcs, markdown, provenance, render, sentences
from charta.text.merge import MergeResult, merge3, resolve
from charta.text.normalise import normalise, single_line
from charta.text.tokens import tokens
from tests.text.german import any_text, documents, edits_of, markdown_soup, triples


def forall(*strategies: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on many drawn examples, the same ones on every machine."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        bounded = settings(
            max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
        )
        return bounded(given(*strategies)(test))

    return decorate


edited = documents.flatmap(lambda text: st.tuples(st.just(text), edits_of(text)))
pairs_of_texts = st.one_of(st.tuples(any_text, any_text), edited)
histories = st.lists(documents, min_size=1, max_size=5)


def words(text: str) -> set[str]:
    return {token for token in tokens(text) if not token.isspace()}


def arrives(block: diff.Block) -> bool:
    """Whether the block is the new end of a move: its old words are shown at the other end."""
    return block.kind is diff.BlockKind.MOVED and block.new is not None


def everything(result: MergeResult) -> str:
    return "\n".join(part for s in result.segments for part in (s.text, s.ours, s.theirs))


# --- normalise ---


@forall(st.text())
def test_normalise_is_idempotent_or_refuses(text: str) -> None:
    try:
        once = normalise(text)
    except InvalidInput:
        return
    assert normalise(once) == once
    assert once == "" or (once.endswith("\n") and not once.endswith("\n\n") and "\n\n\n" not in once)


@forall(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_single_line_is_idempotent_and_has_no_line_end(text: str) -> None:
    once = single_line(text)
    assert single_line(once) == once
    assert "\n" not in once
    assert once == once.strip()


# --- tokens, sentences, common subsequences ---


@forall(any_text)
def test_tokens_and_sentences_are_lossless(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert "".join(text[start:end] for start, end in sentences.split(text)) == text
    assert all(text[start:end].strip() or len(text.strip()) == 0 for start, end in sentences.split(text))


@forall(st.lists(st.integers(0, 4), max_size=30), st.lists(st.integers(0, 4), max_size=30))
def test_matches_are_a_longest_common_subsequence(a: list[int], b: list[int]) -> None:
    found = lcs.matches(a, b)
    assert found is not None
    assert all(a[i] == b[j] for i, j in found)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(found))
    lengths = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if x == y else max(lengths[i][j + 1], lengths[i + 1][j])
    assert len(found) == lengths[-1][-1]


# --- differences ---


@forall(pairs_of_texts)
def test_word_diff_is_lossless_without_empty_runs_and_deterministic(texts: tuple[str, str]) -> None:
    old, new = texts
    runs = diff.word_diff(old, new)
    assert "".join(text for op, text in runs if op != "+") == old
    assert "".join(text for op, text in runs if op != "-") == new
    assert all(text for _, text in runs)
    assert all(one[0] != two[0] for one, two in pairwise(runs))
    assert runs == diff.word_diff(old, new)


@forall(pairs_of_texts)
def test_word_diff_never_cuts_a_word(texts: tuple[str, str]) -> None:
    old, new = texts
    for side, text in (("-", old), ("+", new)):
        cuts, at = set(), 0
        for op, run in diff.word_diff(old, new):
            if op in ("=", side):
                at += len(run)
                cuts.add(at)
        borders, at = {0}, 0
        for token in tokens(text):
            at += len(token)
            borders.add(at)
        assert cuts <= borders


@forall(any_text)
def test_equal_texts_have_no_difference(text: str) -> None:
    assert diff.word_diff(text, text) == ([("=", text)] if text else [])
    assert diff.compare(text, text).is_unchanged


@forall(st.one_of(st.tuples(markdown_soup, markdown_soup), triples().map(lambda t: t[:2])))
def test_comparison_shows_both_sides_whole_and_survives_json(texts: tuple[str, str]) -> None:
    old, new = texts
    comparison = diff.compare(old, new)
    for text, side in ((old, "old"), (new, "new")):
        shown = [
            "".join(run.text for cell in getattr(block, side + "_side") for run in cell)
            for block in comparison.blocks
            if getattr(block, side) is not None and not (side == "old" and arrives(block))
        ]
        # Footnote numbers and the tabs between cells are no words of the text.
        expected = render.to_plain(text).replace("\t", "")
        assert sorted("".join(shown).replace(" ", "")) == sorted(expected.replace("\n", "").replace(" ", ""))
    assert diff.Comparison.from_dict(json.loads(json.dumps(comparison.to_dict()))) == comparison


@forall(triples())
def test_both_ends_of_a_move_point_at_each_other(texts: tuple[str, str, str]) -> None:
    blocks = diff.compare(texts[0], texts[1]).blocks
    for position, block in enumerate(blocks):
        assert (block.partner is None) == (block.kind is not diff.BlockKind.MOVED)
        if block.partner is not None:
            assert blocks[block.partner].partner == position
            assert (block.new is None) != (blocks[block.partner].new is None)


# --- merge ---


@forall(triples())
def test_merging_with_an_unchanged_side_gives_the_other(texts: tuple[str, str, str]) -> None:
    base, ours, _ = texts
    assert merge3(base, ours, base).text == ours
    assert merge3(base, base, ours).text == ours
    assert merge3(base, ours, ours).text == ours


@forall(triples())
def test_merge_is_symmetric(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    one, two = merge3(base, ours, theirs), merge3(base, theirs, ours)
    assert [(s.kind, s.text, s.base, s.ours, s.theirs, s.suggestion) for s in one.segments] == [
        (s.kind, s.text, s.base, s.theirs, s.ours, s.suggestion) for s in two.segments
    ]


@forall(triples())
def test_merge_loses_nothing_and_invents_nothing(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    result = merge3(base, ours, theirs)
    assert (words(ours) | words(theirs)) - words(base) <= words(everything(result))
    assert words(everything(result)) <= words(base) | words(ours) | words(theirs)
    conflicts = [segment for segment in result.segments if segment.kind == "conflict"]
    assert words(ours) - words(base) <= words(resolve(result, [segment.ours for segment in conflicts]))
    assert words(theirs) - words(base) <= words(resolve(result, [segment.theirs for segment in conflicts]))


@forall(triples())
def test_merging_a_merge_again_changes_nothing(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    merged = merge3(base, ours, theirs).text
    assume(merged is not None)
    assert merged is not None
    again = merge3(base, merged, theirs)
    assert again.text == merged or not again.clean


# --- anchors and provenance ---


@forall(documents, st.integers(0, 200), st.integers(1, 40))
def test_an_anchor_stays_on_its_words_in_the_same_text(text: str, start: int, length: int) -> None:
    assume(start + length <= len(text) and text[start : start + length].strip())
    made = json.loads(json.dumps(anchor.make_anchor(text, start, start + length)))
    assert anchor.resolve(made, text, text) == (start, start + length)


@forall(triples(), st.integers(0, 200), st.integers(1, 40))
def test_an_anchor_never_points_outside_and_says_what_happened(
    texts: tuple[str, str, str], start: int, length: int
) -> None:
    old, new, _ = texts
    assume(start + length <= len(old))
    made = anchor.make_anchor(old, start, start + length)
    for old_text in (old, None):
        found = anchor.locate(made, new, old_text)
        if found.start is None or found.end is None:
            assert found.state is anchor.AnchorState.ORPHAN
            continue
        assert 0 <= found.start < found.end <= len(new)
        same = new[found.start : found.end] == made["quote"]
        assert same or found.state is anchor.AnchorState.CHANGED


@forall(histories)
def test_blame_is_lossless_and_incremental(revisions: list[str]) -> None:
    runs = provenance.blame(revisions)
    assert "".join(text for text, _ in runs) == revisions[-1]
    assert all(0 <= origin < len(revisions) for _, origin in runs)
    state = provenance.empty_state()
    for index, text in enumerate(revisions):
        state = json.loads(json.dumps(provenance.update(state, text, index)))
    assert [(state["text"][s:e], origin) for s, e, origin in provenance.runs(state)] == runs


@forall(histories)
def test_blame_is_stable_under_unchanged_revisions(revisions: list[str]) -> None:
    last = revisions[-1]
    assert provenance.blame([*revisions, last, last]) == provenance.blame(revisions)


@forall(documents, documents)
def test_every_word_of_a_returned_text_keeps_its_origin(first: str, other: str) -> None:
    # Long sentences only: short ones are recognised at their place alone.
    first = first.replace(".", " einer hinreichend langen Aussage.")
    for text, origin in provenance.blame([first, other, first]):
        assert origin == 0 or len(text) < 40 or text in other


# --- Markdown ---


@forall(any_text)
def test_canonical_is_idempotent_and_keeps_every_word(text: str) -> None:
    try:
        text = normalise(text)
    except InvalidInput:
        return
    once = markdown.canonical(text)
    assert markdown.canonical(once) == once
    assert render.to_plain(once) == render.to_plain(text)


@forall(any_text)
def test_rendering_a_canonical_text_needs_nothing_from_the_sanitiser(text: str) -> None:
    html = str(render.to_html(text))
    assert "<script" not in html
    assert render._safe(html) == html


@forall(any_text)
def test_paragraphs_lie_in_order_and_cover_every_word(text: str) -> None:
    try:
        text = markdown.canonical(text)
    except InvalidInput:
        return
    blocks = markdown.blocks(text)
    assert [block.index for block in blocks if block.is_numbered] == list(
        range(len(markdown.paragraphs(text)))
    )
    assert all(one.end <= two.start for one, two in pairwise(blocks))
    rest = text
    for block in reversed(blocks):
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        rest = rest[: block.start] + rest[block.end :]
    assert rest.strip() == ""
    assert len(render.paragraphs_html(text)) == len(blocks)


@forall(st.text(alphabet="<>/abiulotdrhp=\"' &;#!-[]x\n", max_size=200))
def test_any_html_can_be_pasted(html: str) -> None:
    text = markdown.from_html(html)
    assert markdown.canonical(text) == text


def test_lone_surrogates_nul_and_control_characters_are_refused() -> None:
    for sign in ("\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\udfff"):
        with pytest.raises(InvalidInput) as caught:
            normalise(f"Text {sign} Text")
        assert (caught.value.field, caught.value.code) == ("text", "forbidden_character")
        assert caught.value.data["position"] == 5
