# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Taking over several proposals that fit: a confirmation that names each, then what became of each."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.pages import queries
from charta.pages.forms import TogetherForm, number
from charta.pages.queries import Outcome
from charta.pages.views.blueprint import blueprint
from charta.pages.views.queue import Filters, today
from charta.permissions import Permission, may
from charta.proposals import queries as proposals
from charta.proposals import service
from charta.proposals import words as proposal_words
from charta.proposals.queries import ProposalRow
from charta.proposals.rules import BULK_MAX, MERGEABLE, State
from charta.web.access import access
from charta.web.standing import Standing
from charta.web.viewer import actor, policy


@blueprint.get("/moderation/gemeinsam")
@access(Permission.READ_QUEUE)
def together() -> ResponseReturnValue:
    """Name the proposals that fit, each with a box, and ask."""
    return _confirmation(TogetherForm(formdata=None))


@blueprint.post("/moderation/gemeinsam")
@access(Permission.APPROVE_PROPOSAL)
def approve_together() -> ResponseReturnValue:
    """Take over the chosen ones, each in its own transaction, and show what became of them."""
    form = TogetherForm()
    if form.validate_on_submit():
        items = chosen_items()
        if items:
            service.approve_clean(actor(), items)
            numbers = [item[0] for item in items]
            return redirect(
                url_for("pages.together_result", **Filters.from_address().arguments(nr=numbers)), 303
            )
        form.refuse("", _("Bitte wählen Sie mindestens einen Vorschlag."))
    return _confirmation(form)


@blueprint.get("/moderation/gemeinsam/ergebnis")
@access(Permission.READ_QUEUE)
def together_result() -> ResponseReturnValue:
    """Say of each proposal where it stands now: read from what is stored, not from the address."""
    numbers = [one for raw in request.args.getlist("nr")[:BULK_MAX] if (one := number(raw))]
    found = queries.outcomes(numbers)
    return render_template(
        "pages/together_result.html",
        taken=[item for item in found if item.state is State.APPROVED],
        left=[(item, why_left(item)) for item in found if item.state is not State.APPROVED],
        filters=Filters.from_address(),
    )


def _confirmation(form: TogetherForm) -> ResponseReturnValue:
    filters = Filters.from_address()
    overview = queries.queue_overview(actor(), since=today(), four_eyes=policy().four_eyes)
    field = next((item for item in overview.fields if item.number == filters.field_number), None)
    rows = proposals.queue(
        actor(),
        field_id=field.id if field else None,
        merge_states=MERGEABLE,
        after=filters.after,
        limit=BULK_MAX,
    )
    return (
        render_template(
            "pages/together.html",
            form=form,
            rows=[row for row in rows[:BULK_MAX] if can_be_taken(row)],
            field=field,
            filters=filters,
            author=proposal_words.author,
            fit=proposal_words.fit,
        ),
        form.status_code,
    )


def can_be_taken(row: ProposalRow) -> bool:
    """Whether this moderator may take the proposal over without a closer look."""
    return not row.is_held and bool(may(actor(), Permission.APPROVE_PROPOSAL, row, policy=policy()))


def chosen_items() -> list[tuple[int, int, int]]:
    """Return (number, seen version, seen head) of the ticked rows; what is no number is left out."""
    chosen = set(request.form.getlist("nummer"))
    items = []
    for raw in request.form.getlist("gesehen")[: 2 * BULK_MAX]:
        first, *seen = raw.split(":")
        found, numbers = number(first), [number(part, least=0) for part in seen]
        if found is not None and first in chosen and len(numbers) == 2 and None not in numbers:
            items.append((found, numbers[0] or 0, numbers[1] or 0))
    return items[:BULK_MAX]


def why_left(item: Outcome) -> Standing:
    """Return why a proposal was not taken over, from where it stands now."""
    if item.state is not State.SUBMITTED or item.awaits_author:
        return Standing("", "info", _("schon bearbeitet"), _("Jemand anderes hat inzwischen entschieden."))
    if item.is_held or item.merge_state not in MERGEABLE:
        return proposal_words.fit(item.merge_state, is_held=item.is_held)
    if policy().four_eyes and item.author_id == actor().id:
        return Standing(
            "", "people", _("eigener Vorschlag"), _("Darüber entscheidet immer eine zweite Person.")
        )
    return Standing(
        "wait",
        "eye",
        _("noch einmal ansehen"),
        _("Der Text oder der Vorschlag hat sich geändert, seit Sie ihn gesehen haben."),
    )
