# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Provenance: which revision, and through it which contribution, each passage of a text comes from."""

from collections.abc import Iterable, Sequence
from typing import Any

# A passage (start, end, origin): code points of the text; the origin is any JSON scalar of the caller.
Origin = int | str
PassageRun = tuple[int, int, Origin]

# The whole memory of a section's history, JSON-ready: {"version", "text", "runs", "units"}.
State = dict[str, Any]

PROVENANCE_VERSION = 1


def empty_state() -> State:
    """Return the state before the first revision."""
    return {"version": PROVENANCE_VERSION, "text": "", "runs": [], "units": {}}


def update(
    state: State,
    new_text: str,
    origin: Origin,
    *,
    inherit: Iterable[State] = (),
    sources: Sequence[PassageRun] = (),
) -> State:
    """Return the state after one more revision whose new words come from `origin`; `state` stays unchanged.

    `inherit`: further states whose words this revision took over, for a merged revision the state of the base
    with the proposal applied. `sources`: passages (start, end, origin) of `new_text` with an explicit source,
    which overrides what was found.
    """
    from charta.text.words import diff_runs

    old_runs = list(state["runs"])
    owner: list[Origin] = []
    for start, end, of in old_runs:
        owner += [of] * (end - start)
    out: list[Origin] = []
    at = 0
    for op, piece in diff_runs(state["text"], new_text)[0]:
        if op == "+":
            out += [origin] * len(piece)
        else:
            if op == "=":
                out += owner[at : at + len(piece)]
            at += len(piece)
    for start, end, of in sources:
        out[start:end] = [of] * (end - start)
    result: list[list[Any]] = []
    for k, of in enumerate(out):
        if result and result[-1][2] == of:
            result[-1][1] = k + 1
        else:
            result.append([k, k + 1, of])
    return {"version": PROVENANCE_VERSION, "text": new_text, "runs": result, "units": {}}


def runs(state: State) -> list[PassageRun]:
    """Return the passages of the state's text as (start, end, origin), without gaps."""
    return [(start, end, origin) for start, end, origin in state["runs"]]


def blame(revisions: Sequence[str]) -> list[tuple[str, int]]:
    """Return the last revision as runs (text, index of the revision the words come from); joined lossless."""
    state = empty_state()
    for index, text in enumerate(revisions):
        state = update(state, text, index)
    return [(state["text"][start:end], int(origin)) for start, end, origin in runs(state)]
