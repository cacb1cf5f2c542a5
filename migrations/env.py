# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Alembic's environment: runs inside the application, on its engine."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import charta.accounts.models
import charta.activity.models
import charta.comments.models
import charta.contributions.models
import charta.editions.models
import charta.fields.models
import charta.forums.models
import charta.measures.models
import charta.notifications.models
import charta.proposals.models
import charta.sections.models
import charta.site.models
import charta.votes.models  # noqa: F401
from charta.db import Base, db


def _configure(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Migrate; SQLite switches foreign keys off meanwhile, because batch mode rebuilds tables."""
    assert current_app
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.rollback()
        try:
            _configure(connection)
            connection.commit()
        finally:
            if connection.dialect.name == "sqlite":
                connection.rollback()
                connection.detach()  # a fresh connection has foreign keys on again


run()
