# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Editions with their entries and printed notes; a ballot may be about an edition."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


_ONE_OF_TWO = "section_id IS NULL OR proposal_id IS NULL"
_ONE_OF_THREE = (
    "(CASE WHEN section_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN proposal_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN edition_id IS NULL THEN 0 ELSE 1 END) <= 1"
)
_LIVING = sa.text("state <> 'discarded'")
# What is published never changes: services know it, and the database refuses whatever goes past them.
_FROZEN = (
    "name",
    "title",
    "state",
    "note",
    "content_hash",
    "paragraph_count",
    "release_reason",
    "published_at",
)
_REFUSAL = "a published edition never changes"


def _guards(dialect: str) -> list[str]:
    if dialect == "postgresql":
        old, new = (", ".join(f"{row}.{name}" for name in _FROZEN) for row in ("OLD", "NEW"))
        return [
            "CREATE FUNCTION published_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF OLD.state = 'published' THEN "
            f"IF TG_OP = 'DELETE' OR ({old}) IS DISTINCT FROM ({new}) "
            f"THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER edition_stays BEFORE UPDATE OR DELETE ON edition "
            "FOR EACH ROW EXECUTE FUNCTION published_edition_stays()",
            "CREATE FUNCTION part_of_published_edition_stays() "  # noqa: S608 -- all of it is ours
            "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP <> 'INSERT' THEN "
            "IF EXISTS (SELECT 1 FROM edition WHERE id = OLD.edition_id AND state = 'published') "
            f"THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            "IF EXISTS (SELECT 1 FROM edition WHERE id = NEW.edition_id AND state = 'published') "
            f"THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; "
            "RETURN NEW; END $$",
            *(
                f"CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION part_of_published_edition_stays()"
                for table in ("edition_entry", "edition_note")
            ),
        ]
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FROZEN)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    guards = [
        f"CREATE TRIGGER edition_no_delete BEFORE DELETE ON edition WHEN OLD.state = 'published' {refuse}",
        "CREATE TRIGGER edition_no_update BEFORE UPDATE ON edition "
        f"WHEN OLD.state = 'published' AND ({changed}) {refuse}",
    ]
    for table in ("edition_entry", "edition_note"):
        for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            ids = ", ".join(f"{row}.edition_id" for row in rows)
            guards.append(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "  # noqa: S608
                f"WHEN EXISTS (SELECT 1 FROM edition WHERE id IN ({ids}) AND state = 'published') {refuse}"
            )
    return guards


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "composed",
                "published",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("paragraph_count", sa.Integer(), nullable=False),
        sa.Column("held_by_ballot", sa.Integer(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "none",
                "adopted",
                "not_adopted",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_ballot", sa.Integer(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("composed_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decision = 'none') = (decided_by_ballot IS NULL)", name=op.f("ck_edition_decided_by_a_ballot")
        ),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_edition_published_at_a_moment"),
        ),
        sa.CheckConstraint(
            "held_by_ballot IS NULL OR state = 'composed'", name=op.f("ck_edition_held_while_composed")
        ),
        sa.ForeignKeyConstraint(["composed_by_id"], ["person.id"], name=op.f("fk_edition_composed_by_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["edition.id"], name=op.f("fk_edition_previous_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_edition_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_composed_by_id"), ["composed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_previous_id"), ["previous_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_published_by_id"), ["published_by_id"], unique=False)
        batch_op.create_index(
            "uq_edition_name", ["name"], unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING
        )

    op.create_table(
        "edition_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=True),
        sa.Column("end_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_note_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_edition_note_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_note")),
    )
    with op.batch_alter_table("edition_note", schema=None) as batch_op:
        batch_op.create_index("ix_edition_note_edition_id", ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_note_section_id"), ["section_id"], unique=False)

    op.create_table(
        "edition_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("section", "measure", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("field_number", sa.Integer(), nullable=True),
        sa.Column("field_name", sa.String(length=120), nullable=False),
        sa.Column("first_rn", sa.Integer(), nullable=False),
        sa.Column("paragraph_count", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_entry_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_edition_entry_revision_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_edition_entry_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_entry")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_edition_entry_edition_id_position")),
        sa.UniqueConstraint("edition_id", "section_id", name=op.f("uq_edition_entry_edition_id_section_id")),
    )
    with op.batch_alter_table("edition_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_entry_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_entry_section_id"), ["section_id"], unique=False)

    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_ballot_edition_id"), ["edition_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_ballot_edition_id"), "edition", ["edition_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_ballot_one_subject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_ballot_one_subject"), _ONE_OF_THREE)
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    # Ballots on editions cannot stand in the schema before: they become free questions, nothing is deleted.
    op.execute("UPDATE ballot SET edition_id = NULL")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ballot_one_subject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_ballot_one_subject"), _ONE_OF_TWO)
        batch_op.drop_constraint(batch_op.f("fk_ballot_edition_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_ballot_edition_id"))
        batch_op.drop_column("edition_id")

    with op.batch_alter_table("edition_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_entry_section_id"))
        batch_op.drop_index(batch_op.f("ix_edition_entry_revision_id"))

    op.drop_table("edition_entry")
    with op.batch_alter_table("edition_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_note_section_id"))
        batch_op.drop_index("ix_edition_note_edition_id")

    op.drop_table("edition_note")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index("uq_edition_name", sqlite_where=_LIVING, postgresql_where=_LIVING)
        batch_op.drop_index(batch_op.f("ix_edition_published_by_id"))
        batch_op.drop_index(batch_op.f("ix_edition_previous_id"))
        batch_op.drop_index(batch_op.f("ix_edition_composed_by_id"))

    op.drop_table("edition")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION published_edition_stays()")
        op.execute("DROP FUNCTION part_of_published_edition_stays()")
