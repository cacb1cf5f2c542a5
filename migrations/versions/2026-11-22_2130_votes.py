# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots with their rolls and votes, polls at forums, notes of dissent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recurring_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "scale",
                "single",
                "multiple",
                "points",
                "words",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_question")),
        sa.UniqueConstraint("text", name=op.f("uq_recurring_question_text")),
    )
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("recurring_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "scale",
                "single",
                "multiple",
                "points",
                "words",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "running",
                "stopped",
                "follow_up",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("shows_results", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("tally", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("tally_answers", sa.Integer(), nullable=False),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'ready') = (launched_at IS NULL)", name=op.f("ck_poll_launched")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_poll_forum_id")),
        sa.ForeignKeyConstraint(
            ["recurring_id"], ["recurring_question.id"], name=op.f("fk_poll_recurring_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index("ix_poll_forum_id_state", ["forum_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_poll_recurring_id"), ["recurring_id"], unique=False)
        batch_op.create_index(
            "uq_poll_running",
            ["forum_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("proposal_version", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("has_partners", sa.Boolean(), nullable=False),
        sa.Column("has_participants", sa.Boolean(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "consent",
                "simple",
                "qualified",
                "unanimity",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("verified", "forums", name="scope", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("forum_ids", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("text_title", sa.String(length=200), nullable=False),
        sa.Column("text_body", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=True),
        sa.Column("rules_hash", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.Column("tally_hash", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (tally IS NOT NULL)", name=op.f("ck_ballot_closed_with_tally")
        ),
        sa.CheckConstraint(
            "(proposal_id IS NULL) = (proposal_version IS NULL)", name=op.f("ck_ballot_version_of_proposal")
        ),
        sa.CheckConstraint("has_partners OR has_participants", name=op.f("ck_ballot_somebody_votes")),
        sa.CheckConstraint(
            "opens_at IS NULL OR opens_at < closes_at", name=op.f("ck_ballot_opens_before_it_closes")
        ),
        sa.CheckConstraint("section_id IS NULL OR proposal_id IS NULL", name=op.f("ck_ballot_one_subject")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_ballot_created_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_ballot_opened_by_id")),
        sa.ForeignKeyConstraint(["outcome_by_id"], ["person.id"], name=op.f("fk_ballot_outcome_by_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_ballot_proposal_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_ballot_revision_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_ballot_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_opened_by_id"), ["opened_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_outcome_by_id"), ["outcome_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_section_id"), ["section_id"], unique=False)
        batch_op.create_index("ix_ballot_state_closes_at", ["state", "closes_at"], unique=False)

    op.create_table(
        "poll_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("is_follow_up", sa.Boolean(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_answer_poll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("poll_id", "voter_key", name=op.f("uq_poll_answer_poll_id_voter_key")),
    )
    op.create_table(
        "ballot_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "yes_no",
                "scale",
                "points",
                "ranking",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_question_ballot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_question")),
        sa.UniqueConstraint("ballot_id", "position", name=op.f("uq_ballot_question_ballot_id_position")),
    )
    op.create_table(
        "dissent_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_on_revision_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("start_at", sa.Integer(), nullable=True),
        sa.Column("end_at", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "in_place",
                "changed",
                "orphan",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'orphan') = (start_at IS NULL)", name=op.f("ck_dissent_note_orphan_has_no_place")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_dissent_note_author_id")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_dissent_note_ballot_id")),
        sa.ForeignKeyConstraint(
            ["made_on_revision_id"], ["revision.id"], name=op.f("fk_dissent_note_made_on_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dissent_note_organisation_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_dissent_note_revision_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_dissent_note_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent_note")),
    )
    with op.batch_alter_table("dissent_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dissent_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dissent_note_ballot_id"), ["ballot_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dissent_note_made_on_revision_id"), ["made_on_revision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_dissent_note_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dissent_note_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index("ix_dissent_note_section_id", ["section_id"], unique=False)

    op.create_table(
        "participant_seat",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.String(length=64), nullable=False),
        sa.Column(
            "group",
            sa.Enum(
                "company",
                "employees",
                "science",
                "education",
                "youth",
                "administration",
                "chamber",
                "union",
                "labour_administration",
                "contractor",
                "other",
                name="group",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("choices", sa.JSON(), nullable=True),
        sa.Column("receipt", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_participant_seat_ballot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_seat")),
        sa.UniqueConstraint("ballot_id", "voter_key", name=op.f("uq_participant_seat_ballot_id_voter_key")),
        sa.UniqueConstraint("receipt", name=op.f("uq_participant_seat_receipt")),
    )
    op.create_table(
        "partner_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("member_ids", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("reservation_until", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(length=20), nullable=True),
        sa.Column("cast_by_id", sa.Integer(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(choices IS NULL) = (cast_by_id IS NULL)", name=op.f("ck_partner_seat_cast_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_partner_seat_ballot_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["cast_by_id"], ["person.id"], name=op.f("fk_partner_seat_cast_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_seat_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_seat")),
        sa.UniqueConstraint(
            "ballot_id", "organisation_id", name=op.f("uq_partner_seat_ballot_id_organisation_id")
        ),
        sa.UniqueConstraint("receipt", name=op.f("uq_partner_seat_receipt")),
    )
    with op.batch_alter_table("partner_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_seat_cast_by_id"), ["cast_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_partner_seat_organisation_id"), ["organisation_id"], unique=False
        )

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.add_column(sa.Column("projector_poll_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_column("projector_poll_id")

    with op.batch_alter_table("partner_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_seat_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_partner_seat_cast_by_id"))

    op.drop_table("partner_seat")
    op.drop_table("participant_seat")
    with op.batch_alter_table("dissent_note", schema=None) as batch_op:
        batch_op.drop_index("ix_dissent_note_section_id")
        batch_op.drop_index(batch_op.f("ix_dissent_note_revision_id"))
        batch_op.drop_index(batch_op.f("ix_dissent_note_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_dissent_note_made_on_revision_id"))
        batch_op.drop_index(batch_op.f("ix_dissent_note_ballot_id"))
        batch_op.drop_index(batch_op.f("ix_dissent_note_author_id"))

    op.drop_table("dissent_note")
    op.drop_table("ballot_question")
    op.drop_table("poll_answer")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_state_closes_at")
        batch_op.drop_index(batch_op.f("ix_ballot_section_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_revision_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_outcome_by_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_opened_by_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_created_by_id"))

    op.drop_table("ballot")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index("uq_poll_running")
        batch_op.drop_index(batch_op.f("ix_poll_recurring_id"))
        batch_op.drop_index("ix_poll_forum_id_state")

    op.drop_table("poll")
    op.drop_table("recurring_question")
