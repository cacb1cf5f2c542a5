# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The `charta` command."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask
from flask.cli import FlaskGroup
from flask_migrate import downgrade, upgrade

from charta import __version__
from charta.accounts.cli import user
from charta.app import create_app
from charta.votes.cli import ballot


def _app() -> Flask:
    return create_app()


@click.group(cls=FlaskGroup, create_app=_app, add_version_option=False)
@click.version_option(__version__, prog_name="charta")
def main() -> None:
    """Charta: a region writes one strategic document together."""


main.add_command(user)
main.add_command(ballot)


@main.group("db")
def database() -> None:
    """Create and migrate the database."""


@database.command("upgrade")
@click.argument("revision", default="head")
def db_upgrade(revision: str) -> None:
    """Bring the schema to REVISION (the newest one when left out)."""
    from charta.server import migrate_under_lock

    migrate_under_lock(lambda: upgrade(revision=revision))


@database.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Take the schema back to REVISION."""
    downgrade(revision=revision)


@main.command("init")
@click.option("--email", envvar="CHARTA_ADMIN_EMAIL", prompt="E-Mail-Adresse der Administration")
@click.option("--name", default="Administration", show_default=True)
@click.password_option(envvar="CHARTA_ADMIN_PASSWORD")
def init(email: str, name: str, password: str) -> None:
    """Create the schema and the first administrator."""
    from charta.accounts import service
    from charta.errors import InvalidInput, NotPermitted
    from charta.server import migrate_under_lock

    migrate_under_lock(upgrade)
    try:
        service.create_first_administrator(email=email, name=name, password=password)
    except NotPermitted:
        raise click.ClickException("there are accounts already: nothing was changed") from None
    except InvalidInput as error:
        raise click.ClickException(f"{error.field}: {error.code} {error.data}") from None
    click.echo(f"Administrator {email} created.")


@main.group("audit")
def audit() -> None:
    """Check the hash chain of the activity log."""


@audit.command("verify")
def audit_verify() -> None:
    """Recompute the chain; exits with 1 when an entry does not hold."""
    from charta.activity import queries

    result = queries.verify()
    if not result:
        raise click.ClickException(f"entry {result.broken_at}: {result.problem}")
    click.echo(f"{result.entries} entries hold, head {result.head}")


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--embedded", is_flag=True, help="Migrate first and run the worker in a thread.")
@click.option("--demo", is_flag=True, help="Load the demonstration once.")
def serve(host: str, port: int, *, embedded: bool, demo: bool) -> None:
    """Serve pages with waitress."""
    from charta import server

    server.serve(host, port, embedded=embedded, demo=demo)


@main.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def worker(*, once: bool) -> None:
    """Send mails and do other work that is due."""
    from charta import server

    server.work(once=once)


@main.command("demo")
def demo() -> None:
    """Load the demonstration into an empty installation."""
    from charta.demo import loader

    click.echo(loader.load() or "The demonstration is loaded already.")


@main.command("seed")
@click.option("--people", default=20, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--sections", default=30, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--revisions", default=20, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--proposals", default=20, show_default=True, type=click.IntRange(0, 20_000))
@click.option("--measures", default=10, show_default=True, type=click.IntRange(0, 20_000))
@click.option("--sessions", default=10, show_default=True, type=click.IntRange(0, 20_000))
@click.option("--characters", default=3_000, show_default=True, type=click.IntRange(1, 90_000))
@click.option("--contributions", default=0, show_default=True, type=click.IntRange(0, 50_000))
@click.option("--seed", default=1, show_default=True, help="Another number makes other data.")
def seed(**amounts: int) -> None:
    """Add mass data for measurements, never in production; see docs/performance.md.

    One section has all the REVISIONS and PROPOSALS. Prints JSON: that section, its first open proposal, the
    code of a forum that runs now (with CONTRIBUTIONS), and the cookies of SESSIONS browsers signed in.
    """
    from charta.demo.seed import Amount
    from charta.demo.seed import seed as make

    number = amounts.pop("seed")
    try:
        made = make(Amount(**amounts), number=number)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(asdict(made), indent=1))


@main.command("permissions")
@click.option("--write", type=click.Path(path_type=Path), help="Write docs/permissions.md.")
def permissions(write: Path | None) -> None:
    """Print the table of permissions as Markdown."""
    from charta.web.permission_table import as_markdown

    text = as_markdown()
    if write:
        write.write_text(text, encoding="utf-8")
    else:
        click.echo(text)


@main.command("settings")
@click.option("--write", type=click.Path(path_type=Path), help="Write .env.example.")
def settings(write: Path | None) -> None:
    """Print every setting with its default, as .env.example."""
    from charta.paths import data_root
    from charta.web.settings_example import env_example

    text = env_example((data_root() / "config.py").read_text(encoding="utf-8"))
    if write:
        write.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
