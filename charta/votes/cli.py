# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`charta ballot`: the file of a ballot, and counting it again."""

import sys
from pathlib import Path

import click


@click.group("ballot")
def ballot() -> None:
    """Export ballots and count them again."""


@ballot.command("export")
@click.argument("ballot_id", type=click.IntRange(1))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def export(ballot_id: int, out: Path | None) -> None:
    """Write the file of a closed ballot: rules, roll, anonymous votes, receipts, checksum."""
    from charta.errors import NotFound
    from charta.votes.queries import results

    try:
        content = results.export_of(ballot_id)
    except NotFound:
        raise click.ClickException("no closed ballot has this number") from None
    if out:
        out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


@ballot.command("recount")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def recount(file: Path) -> None:
    """Count the votes of FILE and print the tally; needs no database.

    `python recount.py FILE` with the file charta/votes/recount.py alone does the same.
    """
    from charta.votes import recount as counting

    try:
        sys.stdout.buffer.write(counting.recount(file.read_bytes()))
    except counting.BrokenFile as error:
        raise click.ClickException(str(error)) from None
