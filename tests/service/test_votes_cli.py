# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`charta ballot`: the file of a closed ballot, and counting it again."""

from pathlib import Path

import pytest
from flask import Flask

from charta.cli import main
from charta.votes import service
from tests import voting


@pytest.mark.sqlite_only
def test_the_file_of_a_ballot_is_counted_again_by_the_command(app: Flask, tmp_path: Path) -> None:
    world = voting.world(5)
    ballot = voting.opened(world.moderator)
    for who in world.attendees:
        service.cast(who.actor, ballot, answers=["yes"])
    runner, file = app.test_cli_runner(), tmp_path / "ballot.json"
    commands = main.commands["ballot"].commands  # type: ignore[attr-defined]
    refused = runner.invoke(commands["export"], [str(ballot)])
    assert refused.exit_code == 1
    assert "no closed ballot" in refused.output
    voting.closed(ballot)
    assert runner.invoke(commands["export"], [str(ballot), "--out", str(file)]).exit_code == 0
    counted = runner.invoke(commands["recount"], [str(file)])
    assert counted.stdout_bytes.decode() == voting.stored(ballot).tally
    file.write_bytes(file.read_bytes().replace(b'"yes"', b'"no"', 1))
    broken = runner.invoke(commands["recount"], [str(file)])
    assert broken.exit_code == 1
    assert "checksum" in broken.output
