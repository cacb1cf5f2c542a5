# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The `charta` command."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import FlaskGroup
from flask_migrate import downgrade, upgrade

from charta import __version__
from charta.app import create_app


def _app() -> Flask:
    return create_app()


@click.group(cls=FlaskGroup, create_app=_app, add_version_option=False)
@click.version_option(__version__, prog_name="charta")
def main() -> None:
    """Charta: a region writes one strategic document together."""


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
