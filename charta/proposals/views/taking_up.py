# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From contributions to a proposal: choosing what it becomes, and what the edit pages take up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from charta.contributions.queries import listing, public_topics
from charta.contributions.queries.listing import Row
from charta.contributions.queries.public_topics import TopicRow
from charta.contributions.rules import GAP, clean_code
from charta.errors import InvalidInput, NotFound
from charta.fields import queries as fields
from charta.permissions import Permission, require
from charta.proposals import queries, service
from charta.proposals.forms import DraftForm, chosen
from charta.proposals.queries import taken_up
from charta.proposals.queries.taken_up import Linked
from charta.proposals.rules import ProposalKind
from charta.proposals.service import Prefilled
from charta.proposals.views.blueprint import blueprint, catching_all, new_key
from charta.sections import queries as sections
from charta.sections.queries import Outline
from charta.sections.rules import SUMMARY_MAX, SectionKind
from charta.web.access import access
from charta.web.choices import choice
from charta.web.forms import Form
from charta.web.viewer import actor, policy, site_settings

CODES_MAX = 50
FOUND_MAX = 8


class BeginForm(Form):
    """What contributions shall become."""

    kind = RadioField(
        _l("Was soll daraus werden?"),
        choices=[
            choice(ProposalKind.CHANGE.value, _l("Eine Änderung an einem Abschnitt")),
            choice(ProposalKind.NEW_SECTION.value, _l("Ein neuer Abschnitt")),
            choice(ProposalKind.NEW_MEASURE.value, _l("Eine neue Maßnahme")),
        ],
        validators=[chosen(_l("Bitte wählen Sie, was daraus werden soll."))],
    )
    section_id = SelectField(_l("Welcher Abschnitt?"), choices=[], validate_choice=False)
    target = SelectField(_l("An welcher Stelle?"), choices=[], validate_choice=False)
    field_id = SelectField(_l("In welchem Handlungsfeld?"), choices=[], validate_choice=False)
    page_key = HiddenField(validators=[Length(max=64)])


@dataclass(frozen=True, slots=True)
class Taken:
    """The contributions a new proposal begins with, perhaps as a whole topic."""

    rows: Sequence[Row]
    topic: TopicRow | None

    @property
    def title(self) -> str:
        """How the matter is called."""
        return self.topic.title if self.topic is not None else self.rows[0].title

    @property
    def field_id(self) -> int | None:
        """The field of action most of it belongs to."""
        if self.topic is not None and self.topic.field is not None:
            return self.topic.field.id
        return next((row.field.id for row in self.rows if row.field is not None), None)


@blueprint.route("/vorschlaege/aus-beitrag", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def from_contributions() -> ResponseReturnValue:
    """Choose what contributions become: a change of a section, a new section, a new measure.

    `beitrag` (repeated) or `thema` name them; then the ordinary edit page, with the links kept.
    """
    require(actor(), Permission.PROPOSE, policy=policy())
    taken = _taken()
    form = BeginForm()
    _offer(form, taken)
    if form.validate_on_submit():
        with catching_all(form):
            return redirect(url_for("proposals.edit", number=_start(form, taken)), 303)
    if request.method == "POST":
        taken = _taken()  # the command has let go what was read before
    else:
        form.page_key.data = new_key()
        form.kind.data = ProposalKind.CHANGE.value
        form.field_id.data = str(taken.field_id or "")
    return render_template("proposals/from_contributions.html", form=form, taken=taken), form.status_code


def _taken() -> Taken:
    raw = request.args.get("thema", "")
    if raw:
        found = public_topics.topic(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
        if found is None:
            raise NotFound(kind="topic", id=raw[:20])
        return Taken(listing.rows(actor(), topic_id=found.id, limit=listing.PAGE_SIZE), found)
    codes = {code for code in map(clean_code, request.args.getlist("beitrag")[:CODES_MAX]) if code}
    rows = listing.rows(actor(), codes=codes, limit=CODES_MAX) if codes else []
    if not rows:
        raise NotFound(kind="contribution", codes=len(codes))
    return Taken(rows, None)


def _offer(form: BeginForm, taken: Taken) -> None:
    from charta.proposals.views.structure import slot_choices  # it uses the edit page, which uses this module

    outline = list(sections.tree(with_measures=True))
    form.section_id.choices = _section_choices(outline, taken.field_id)
    form.target.choices = slot_choices(outline)
    form.field_id.choices = [
        SelectChoice("", _("Bitte wählen")),
        *(SelectChoice(str(item.id), f"{item.number} {item.name}") for item in fields.fields()),
    ]


def _section_choices(outline: Sequence[Outline], field_id: int | None) -> list[SelectChoice]:
    """Return the sections to choose from, those of the field first."""
    entries = [entry for entry in outline if entry.kind is SectionKind.SECTION]
    near = [entry for entry in entries if field_id is not None and entry.field_id == field_id]
    far = [entry for entry in entries if entry not in near]

    def label(entry: Outline) -> str:
        return f"{entry.number} {entry.title}".strip()

    return [
        SelectChoice("", _("Bitte wählen")),
        *(SelectChoice(str(entry.id), label(entry), optgroup=_("In diesem Handlungsfeld")) for entry in near),
        *(SelectChoice(str(entry.id), label(entry), optgroup=_("Andere Abschnitte")) for entry in far),
    ]


def _start(form: BeginForm, taken: Taken) -> int:
    from charta.proposals.views.structure import read_slot

    kind = ProposalKind(form.kind.data)
    section_id, slot = _number(form.section_id.data), read_slot(form.target.data)
    if kind is ProposalKind.CHANGE and section_id is None:
        raise InvalidInput("section_id", "required")
    if kind is ProposalKind.NEW_MEASURE and _number(form.field_id.data) is None:
        raise InvalidInput("field_id", "required")
    return service.start_from(
        actor(),
        kind=kind,
        codes=[row.code for row in taken.rows] if taken.topic is None else [],
        topic_id=taken.topic.id if taken.topic is not None else None,
        section_id=section_id if kind is ProposalKind.CHANGE else None,
        field_id=_number(form.field_id.data) if kind is ProposalKind.NEW_MEASURE else None,
        parent_id=slot.parent_id if kind is ProposalKind.NEW_SECTION else None,
        after_id=slot.after_id if kind is ProposalKind.NEW_SECTION else None,
        prefilled=prefilled(taken, kind),
        once_key=form.page_key.data or None,
    )


def _number(raw: str | None) -> int | None:
    raw = raw or ""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 and int(raw) > 0 else None


def prefilled(taken: Taken, kind: ProposalKind) -> Prefilled:
    """Return what the draft begins with, in the language of the Charta: German whatever the page's is."""
    codes = [row.code for row in taken.rows]
    named = taken.title.rstrip(" .…").replace(GAP, "…")
    lines = [
        f"„{row.title.replace(GAP, '…')}“ (Beitrag {row.code}, {row.forum.title})" for row in taken.rows[:5]
    ]
    if len(codes) > len(lines):
        lines.append(f"und {len(codes) - len(lines)} weitere Beiträge")
    if taken.topic is not None:
        begin = f"Der Vorschlag greift das Thema „{taken.topic.title}“ mit {_counted(len(codes))} auf:"
    elif len(codes) == 1:
        begin = "Der Vorschlag greift einen Beitrag auf:"
    else:
        begin = f"Der Vorschlag greift {_counted(len(codes))} auf:"
    reason = "\n\n".join([begin, *lines])
    if taken.topic is not None and taken.topic.answer:
        reason = f"{reason}\n\n{taken.topic.answer}"
    body = ""
    if kind is not ProposalKind.CHANGE:
        only = taken.rows[0].text if len(codes) == 1 and taken.topic is None else ""
        body = (taken.topic.text if taken.topic is not None else only).replace(GAP, "…")
    return Prefilled(title=named, body=body, summary=named[:SUMMARY_MAX], reason=reason)


def _counted(number: int) -> str:
    return "einem Beitrag" if number == 1 else f"{number} Beiträgen"


# ------------------------------------------------------------------------------------ on the edit pages


@dataclass(frozen=True, slots=True)
class Block:
    """The part „Greift auf“ of an edit page: what is linked, and what a search found."""

    linked: Sequence[Linked]
    sought: str
    found: Sequence[Row]


def block(number: int | None) -> Block:
    """Return what the edit page of a proposal shows of contributions (one statement, two with a search)."""
    linked = taken_up.of_proposals([number]).get(number, []) if number is not None else []
    sought = request.args.get("beitraege", "").strip()[: listing.SEARCH_MAX]
    found: Sequence[Row] = []
    if sought:
        known = {one.id for one in linked}
        rows = listing.rows(actor(), search=sought, limit=FOUND_MAX + len(known))
        found = [row for row in rows if row.id not in known][:FOUND_MAX]
    return Block(linked, sought, found)


def act(number: int, deed: str, form: DraftForm) -> dict[str, Any] | None:
    """Do what a button of the block wants; return arguments of the address to go on with, None: not ours."""
    here: dict[str, Any] = {"_anchor": "greift-auf"}
    if deed.startswith("aufgreifen-"):
        _take_up(number, [deed.removeprefix("aufgreifen-")])
        return here
    if deed.startswith("loesen-"):
        ident = _number(deed.removeprefix("loesen-"))
        if ident is not None:
            service.leave_out(actor(), number, ident)
            flash(_("Der Beitrag ist nicht mehr mit dem Vorschlag verbunden."), "success")
        return here
    if deed != "beitrag-suchen":
        return None
    typed = (form.codes.data or "").strip()[: listing.SEARCH_MAX]
    words = [word for word in typed.replace(",", " ").replace(";", " ").split() if word]
    codes = [code for code in map(clean_code, words) if code]
    if codes and len(codes) == len(words):
        try:
            _take_up(number, codes)
        except InvalidInput:
            if any(any(char.isdigit() for char in code) for code in codes):
                raise
        else:
            return here
    if not typed:
        raise InvalidInput("codes", "required")
    return here | {"beitraege": typed}


def _take_up(number: int, codes: Sequence[str]) -> None:
    count = service.take_up(actor(), number, codes)
    if count:
        flash(
            ngettext(
                "Der Vorschlag greift den Beitrag jetzt auf.",
                "Der Vorschlag greift %(num)s Beiträge jetzt auf.",
                count,
            ),
            "success",
        )


def linked_of(number: int) -> list[Linked]:
    """Return the contributions a proposal takes up, for its page."""
    return taken_up.of_proposals([number]).get(number, [])


@blueprint.post("/vorschlaege/<id:number>/beitraege")
@access(Permission.PROPOSE)
def take_up(number: int) -> ResponseReturnValue:
    """Link a contribution to a proposal that is handed in, by its code: its author, or the moderation."""
    row = queries.by_number(actor(), site_settings(), number)
    if row is None:
        raise NotFound(kind="proposal", id=number)
    form = DraftForm()
    if form.validate_on_submit():
        with catching_all(form):
            act(number, request.form.get("tun", "beitrag-suchen"), form)
    for message in [*form.codes.errors, *form.form_errors]:
        flash(str(message), "error")
    return redirect(url_for("proposals.show", number=number, _anchor="greift-auf"), 303)
