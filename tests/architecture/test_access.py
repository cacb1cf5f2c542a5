# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every address: declared, listed, and answered to each kind of visitor as `access.snapshot` says.

`urls.snapshot` only ever grows: an address that once worked is printed on paper and stands in mails.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from charta.app import create_app
from charta.db import db
from charta.permissions import ANONYMOUS, TABLE, Permission, Reason, Role, role_may
from charta.web import access
from tests import databases, factories, snapshots, world
from tests.inspecting import InspectingClient, Page

HERE = Path(__file__).parent
PERSONAS = (
    "anonymous", "attendee", "partner", "other partner", "moderator", "administrator", "deactivated",
)  # fmt: skip
# Pieces of a page that a script puts in.
FRAGMENTS = {
    "contributions.projector_state", "votes.poll_numbers", "votes.poll_stand", "votes.turnout",
}  # fmt: skip
OPEN_TO_ALL = {
    Permission.READ_PUBLIC, Permission.READ_DRAFT, Permission.SIGN_IN, Permission.REGISTER_FOR_FORUM,
    Permission.JOIN_FORUM, Permission.SUBSCRIBE, Permission.REPLY_TO_QUESTION,
    Permission.READ_BALLOT,
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})


def plain(rule: Rule) -> str:
    """Return the address without converters: they may change, the address may not."""
    parts = [f"<{part}>" if is_dynamic else part for is_dynamic, part in rule._trace]
    return "".join(parts).lstrip("|")


# ---------------------------------------------------------------------------------------------- declared


def test_every_view_declares_its_permission(app: Flask) -> None:
    assert [name for name in app.view_functions if access.declared_access(app, name) is None] == []


def test_the_application_refuses_to_start_with_an_undeclared_view(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = Blueprint("careless", __name__)
    careless.add_url_rule("/offen", "open", lambda: "offen")
    monkeypatch.setattr("charta.app.BLUEPRINTS", (careless,))
    with pytest.raises(RuntimeError, match=r"careless\.open"):
        create_app(databases.settings("sqlite://", Path(app.config["CHARTA_DATA_DIR"])))


def test_only_get_and_post_are_used(app: Flask) -> None:
    used = {method for rule in rules(app) for method in rule.methods or ()}
    assert used == {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_two_views_share_an_address(app: Flask) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in rules(app):
        for method in methods(rule):
            assert (plain(rule), method) not in seen, (plain(rule), method)
            seen[plain(rule), method] = rule.endpoint


def test_addresses_that_once_worked_still_do(app: Flask) -> None:
    file = HERE / "urls.snapshot"
    now = {f"{plain(rule)}  {method}" for rule in rules(app) for method in methods(rule)}
    known = set(file.read_text(encoding="utf-8").splitlines()) if file.exists() else set()
    assert known - now == set(), "redirect an old address instead of removing it"
    snapshots.check(file, "\n".join(sorted(known | now)) + "\n")


# ------------------------------------------------------------------------------------------------ matrix


@dataclass(frozen=True)
class Installation:
    """The file of a small installation, and a session key of each persona."""

    file: Path
    world: world.World
    keys: dict[str, str]


@pytest.fixture(scope="module")
def installation(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Installation:
    folder = tmp_path_factory.mktemp("world")
    file = folder / "world.db"
    shutil.copyfile(sqlite_template, file)
    with databases.application(f"sqlite:///{file}", folder, compiled_templates) as app, app.app_context():
        built = world.build()
        keys = {name: factories.open_browser(account) for name, account in built.people.items()}
        # Deactivated behind the back of the command, which would end the session: the row itself must refuse.
        from charta.accounts.models import Person
        from charta.db import transaction

        with transaction() as tx:
            gone = tx.lock(Person, built.people["deactivated"].id)
            assert gone is not None
            gone.deactivated_at = tx.now
        db.session.remove()
    return Installation(file, built, keys)


Browse = Callable[[str], InspectingClient]


@pytest.fixture
def browse(
    installation: Installation, tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Browse]:
    """Make a browser of one persona, each time on a fresh copy of the installation."""
    with ExitStack() as stack:

        def browse(persona: str, *, inspects: bool = False) -> InspectingClient:
            stack.close()
            file = tmp_path / "charta.db"
            for old in tmp_path.glob("charta.db*"):
                old.unlink()
            shutil.copyfile(installation.file, file)
            url = f"sqlite:///{file}"
            app = stack.enter_context(databases.application(url, tmp_path, compiled_templates))
            stack.enter_context(app.app_context())
            stack.callback(db.session.remove)
            client = InspectingClient(app, inspects=inspects)
            if persona != "anonymous":
                client.use_session(installation.keys[persona])
            return client

        yield browse


def outcome(page: Page) -> str:
    """Return what happened in a word: the status, and where a redirect leads."""
    if 300 <= page.status < 400:
        target = page.headers["Location"]
        return "sign in" if target.startswith("/anmelden") else f"{page.status}"
    return str(page.status)


def address(app: Flask, rule: Rule, built: world.World, **replaced: Any) -> str:
    values = built.values(rule) | {name: value for name, value in replaced.items() if name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def addresses(app: Flask, built: world.World) -> list[tuple[str, str, str]]:
    """Return (name, method, address) of everything that can be asked, drafts besides submitted proposals."""
    found = []
    for rule in rules(app):
        if rule.endpoint == "static":
            continue
        variants: list[tuple[str, dict[str, Any]]] = [("", {})]
        if "number" in rule.arguments and rule.endpoint.startswith("proposals."):
            variants.append((" (draft)", {"number": built.ids["draft"]}))
        found += [
            (f"{plain(rule)}{label}  {method}", method, address(app, rule, built, **replaced))
            for label, replaced in variants
            for method in methods(rule)
        ]
    return found


def test_every_visitor_gets_the_reviewed_answer(
    app: Flask, installation: Installation, browse: Browse
) -> None:
    """A form is posted empty: 422 and 404 mean that the gate let it pass, 401 and 403 that it did not."""
    asked = addresses(app, installation.world)
    cells: dict[tuple[str, str], str] = {}
    for persona in PERSONAS:
        client = browse(persona)
        for name, method, url in asked:
            if method == "GET":
                cells[name, persona] = outcome(client.open("GET", url))
        for name, method, url in asked:
            if method == "POST":
                answer = client.open("POST", url, data={"csrf_token": client.token()})
                cells[name, persona] = outcome(answer)
                if answer.status < 400:  # something may have changed: the next one gets a fresh copy
                    client = browse(persona)
    lines = [f"{'':72} " + " ".join(f"{persona:>13}" for persona in PERSONAS)]
    for name, _, _ in asked:
        lines.append(f"{name:72} " + " ".join(f"{cells[name, persona]:>13}" for persona in PERSONAS))
    snapshots.check(HERE / "access.snapshot", "\n".join(lines) + "\n")


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_page_of_every_visitor_passes_inspection(
    app: Flask, installation: Installation, browse: Browse, persona: str
) -> None:
    client = browse(persona, inspects=True)
    flaws = []
    pieces = {address(app, rule, installation.world) for rule in rules(app) if rule.endpoint in FRAGMENTS}
    for _, method, url in addresses(app, installation.world):
        if method == "GET" and url not in pieces:
            try:
                client.open("GET", url)
            except AssertionError as error:
                flaws.append(str(error))
    assert not flaws, "\n".join(flaws)


@pytest.mark.parametrize("persona", ["partner", "moderator", "administrator"])
def test_every_empty_form_comes_back_as_a_sound_page(
    app: Flask, installation: Installation, browse: Browse, persona: str
) -> None:
    client = browse(persona, inspects=True)
    flaws = []
    for _, method, url in addresses(app, installation.world):
        if method == "POST":
            try:
                page = client.open("POST", url, data={"csrf_token": client.token()})
            except AssertionError as error:
                flaws.append(str(error))
                continue
            if page.status < 400:
                client = browse(persona, inspects=True)
    assert not flaws, "\n".join(flaws)


def matrix() -> dict[str, dict[str, str]]:
    """Return the stored matrix: persona -> answer for each address and method."""
    file = HERE / "access.snapshot"
    if not file.exists():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        # Cells of 14 signs, counted from the right: addresses are of any length.
        width = 14
        start = len(line) - width * len(PERSONAS)
        name, cells = line[:start].strip(), line[start:]
        found[name] = {
            persona: cells[place * width : (place + 1) * width].strip()
            for place, persona in enumerate(PERSONAS)
        }
    return found


def permission_of(app: Flask, name: str) -> Permission:
    path, method = name.replace(" (draft)", "").split("  ")
    rule = next(rule for rule in rules(app) if plain(rule) == path and method in (rule.methods or ()))
    found = access.declared_access(app, rule.endpoint)
    assert found is not None
    return found


def test_a_deactivated_account_is_a_stranger_everywhere() -> None:
    """Its session still lies in the browser; the row no longer opens anything."""
    assert len(matrix()) > 80
    assert {name for name, cells in matrix().items() if cells["deactivated"] != cells["anonymous"]} == set()


def test_visitors_never_pass_what_is_not_public(app: Flask) -> None:
    passed = {
        name: cells["anonymous"]
        for name, cells in matrix().items()
        if permission_of(app, name) not in OPEN_TO_ALL and cells["anonymous"] not in {"sign in", "401"}
    }
    assert passed == {}


def test_a_role_outside_the_table_is_refused_at_the_gate(app: Flask) -> None:
    wrong = []
    for name, cells in matrix().items():
        permission = permission_of(app, name)
        for persona, role in world.ROLES.items():
            if role not in TABLE[permission].roles and cells[persona] != "403":
                wrong.append((name, persona, cells[persona]))
    assert wrong == []


def test_a_draft_is_seen_by_its_author_only() -> None:
    """Not visible is not there: strangers, moderators and administrators get 404 or are refused."""
    seen = {
        (name, persona): answer
        for name, cells in matrix().items()
        if " (draft)" in name
        for persona, answer in cells.items()
        if persona != "partner" and answer not in {"404", "403", "401", "sign in"}
    }
    assert seen == {}


def test_no_address_answers_with_an_error_of_ours() -> None:
    assert {
        name for name, cells in matrix().items() for cell in cells.values() if cell.startswith("5")
    } == set()


def test_role_may_agrees_with_what_a_visitor_without_account_is_told() -> None:
    for permission, rule in TABLE.items():
        expected = Reason.ALLOWED if Role.READER in rule.roles else Reason.SIGN_IN
        assert role_may(ANONYMOUS, permission).reason is expected
