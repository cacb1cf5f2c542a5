# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`charta user`: accounts from the command line, for whoever runs the installation.

The links are printed once; their keys are stored nowhere. Built from BASE_URL, as in mails.
"""

import click
from flask import current_app
from flask.cli import AppGroup

from charta.accounts import queries
from charta.accounts.rules import ROLES_WITH_ACCOUNT, Voting, clean_email
from charta.accounts.service import people
from charta.errors import InvalidInput, WrongState
from charta.permissions import Role

# Flask's group: its commands run with the context of the application.
user = AppGroup("user", help="Create and deactivate accounts, make links for new passwords.")


@user.command("create")
@click.argument("email")
@click.option("--name", required=True, help="How the person is called.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in ROLES_WITH_ACCOUNT]),
    default=Role.ATTENDEE.value,
    show_default=True,
)
@click.option("--organisation", "organisation_id", type=int, help="Number of the organisation.")
@click.option("--voting", type=click.Choice([voting.value for voting in Voting]), default=Voting.NONE.value)
def create(email: str, name: str, role: str, organisation_id: int | None, voting: str) -> None:
    """Make an account for EMAIL, mail the invitation and print its link."""
    try:
        made = people.create_by_command_line(
            email=email,
            name=name,
            role=Role(role),
            organisation_id=organisation_id,
            voting=Voting(voting),
        )
    except InvalidInput as error:
        raise _refusal(error) from None
    click.echo(f"Account {made.person_id} for {made.email} created. The invitation is in the outbox:")
    click.echo(_address("einladung", made.key))


@user.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Lock the account of EMAIL out at once."""
    people.deactivate(None, _person_id(email))
    click.echo(f"The account of {email} is deactivated, its sessions are ended.")


@user.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link with which the person of EMAIL chooses a new password."""
    person_id = _person_id(email)
    try:
        key = people.make_reset_link(None, person_id)
    except WrongState as error:
        raise click.ClickException(f"the account is {error.state}") from None
    person = queries.person(person_id)
    click.echo(_address("passwort" if person and person.joined_at else "einladung", key))


def _person_id(email: str) -> int:
    try:
        found = queries.person_by_email(clean_email(email))
    except InvalidInput as error:
        raise _refusal(error) from None
    if found is None:
        raise click.ClickException(f"there is no account for {email}")
    return found.id


def _address(path: str, key: str) -> str:
    return f"{current_app.config['BASE_URL']}/{path}/{key}"


def _refusal(error: InvalidInput) -> click.ClickException:
    return click.ClickException(f"{error.field}: {error.code}")
