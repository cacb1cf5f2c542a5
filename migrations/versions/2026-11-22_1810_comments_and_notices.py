# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments with their places, proposals made from them; notices to people, and how they want mail."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("proposal_version", sa.Integer(), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "whole",
                "paragraph",
                "range",
                name="place",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN section_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN proposal_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_comment_one_subject"),
        ),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by_id IS NULL)", name=op.f("ck_comment_hidden_by_somebody")
        ),
        sa.CheckConstraint(
            "(proposal_id IS NULL) = (proposal_version IS NULL)", name=op.f("ck_comment_version_of_proposal")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_comment_contribution_id")
        ),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["person.id"], name=op.f("fk_comment_hidden_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_comment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_comment_proposal_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name=op.f("fk_comment_resolved_by_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_comment_section_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["comment.id"], name=op.f("fk_comment_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("once_key", name=op.f("uq_comment_once_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "ix_comment_contribution_id_thread_id_id", ["contribution_id", "thread_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comment_hidden_by_id"), ["hidden_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_comment_proposal_id_thread_id_id", ["proposal_id", "thread_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comment_resolved_by_id"), ["resolved_by_id"], unique=False)
        batch_op.create_index(
            "ix_comment_section_id_thread_id_id", ["section_id", "thread_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comment_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "comment_anchor",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("made_on_revision_id", sa.Integer(), nullable=True),
        sa.Column("made_on_version", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
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
        sa.CheckConstraint(
            "(state = 'orphan') = (start_at IS NULL)", name=op.f("ck_comment_anchor_orphan_has_no_place")
        ),
        sa.CheckConstraint(
            "(start_at IS NULL) = (end_at IS NULL)", name=op.f("ck_comment_anchor_range_whole")
        ),
        sa.CheckConstraint(
            "start_at IS NULL OR start_at < end_at", name=op.f("ck_comment_anchor_range_not_empty")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_anchor_comment_id")),
        sa.ForeignKeyConstraint(
            ["made_on_revision_id"], ["revision.id"], name=op.f("fk_comment_anchor_made_on_revision_id")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_comment_anchor_proposal_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_comment_anchor_revision_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_comment_anchor_section_id")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_anchor")),
    )
    with op.batch_alter_table("comment_anchor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_anchor_made_on_revision_id"), ["made_on_revision_id"], unique=False
        )
        batch_op.create_index("ix_comment_anchor_proposal_id_state", ["proposal_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_anchor_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index("ix_comment_anchor_section_id_state", ["section_id", "state"], unique=False)

    op.create_table(
        "comment_mention",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_mention_person_id")),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_mention")),
    )
    with op.batch_alter_table("comment_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_mention_person_id"), ["person_id"], unique=False)

    op.create_table(
        "comment_report",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_report_comment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_report_person_id")),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_report")),
    )
    with op.batch_alter_table("comment_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_report_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_report_settled_at"), ["settled_at"], unique=False)

    op.create_table(
        "comment_proposal",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_proposal_comment_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_comment_proposal_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "proposal_id", name=op.f("pk_comment_proposal")),
    )
    with op.batch_alter_table("comment_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_proposal_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "mail_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "digest",
            sa.Enum(
                "never",
                "daily",
                "weekly",
                name="digest",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wants_own", sa.Boolean(), nullable=False),
        sa.Column("digested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_preference_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_preference")),
    )
    op.create_table(
        "notice_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_notice_cursor_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_cursor")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "own",
                "answered",
                "mentioned",
                "organisation",
                "watched",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("watched_kind", sa.String(length=24), nullable=False),
        sa.Column("watched_id", sa.Integer(), nullable=False),
        sa.Column("is_mailed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digested_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "seq", name=op.f("uq_notice_person_id_seq")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_digest", ["digested_at", "person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_seq"), ["seq"], unique=False)
        batch_op.create_index("ix_notice_unread", ["person_id", "read_at"], unique=False)

    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_own", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("muted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.alter_column("is_own", server_default=None)

    # Nobody is told of what happened before there were notices; who wrote something watches it from now on.
    op.execute("INSERT INTO notice_cursor (id, seq) SELECT 1, coalesce(max(seq), 0) FROM activity_entry")
    op.execute("UPDATE subscription SET is_own = (1 = 1) WHERE person_id IS NOT NULL")
    for kind, since, condition in (
        ("proposal", "created_at", "written.state <> 'draft'"),
        ("contribution", "received_at", "person.email IS NOT NULL"),
    ):
        op.execute(f"""
            INSERT INTO subscription
                (subject_kind, subject_id, person_id, locale, created_at, confirmed_at, is_own)
            SELECT '{kind}', written.id, person.id, person.locale, written.{since},
                written.{since}, (1 = 1)
            FROM {kind} AS written JOIN person ON person.id = written.author_id
            WHERE {condition} AND NOT EXISTS (
                SELECT 1 FROM subscription AS old WHERE old.subject_kind = '{kind}'
                AND old.subject_id = written.id AND old.person_id = person.id)
        """)  # noqa: S608 -- names of ours


def downgrade() -> None:
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_column("muted_at")
        batch_op.drop_column("is_own")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_unread")
        batch_op.drop_index(batch_op.f("ix_notice_seq"))
        batch_op.drop_index("ix_notice_digest")

    op.drop_table("notice")
    op.drop_table("notice_cursor")
    op.drop_table("mail_preference")
    with op.batch_alter_table("comment_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_proposal_proposal_id"))

    op.drop_table("comment_proposal")
    with op.batch_alter_table("comment_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_report_settled_at"))
        batch_op.drop_index(batch_op.f("ix_comment_report_person_id"))

    op.drop_table("comment_report")
    with op.batch_alter_table("comment_mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_mention_person_id"))

    op.drop_table("comment_mention")
    with op.batch_alter_table("comment_anchor", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_anchor_section_id_state")
        batch_op.drop_index(batch_op.f("ix_comment_anchor_revision_id"))
        batch_op.drop_index("ix_comment_anchor_proposal_id_state")
        batch_op.drop_index(batch_op.f("ix_comment_anchor_made_on_revision_id"))

    op.drop_table("comment_anchor")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_thread_id"))
        batch_op.drop_index("ix_comment_section_id_thread_id_id")
        batch_op.drop_index(batch_op.f("ix_comment_resolved_by_id"))
        batch_op.drop_index("ix_comment_proposal_id_thread_id_id")
        batch_op.drop_index(batch_op.f("ix_comment_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_comment_hidden_by_id"))
        batch_op.drop_index("ix_comment_contribution_id_thread_id_id")
        batch_op.drop_index(batch_op.f("ix_comment_author_id"))

    op.drop_table("comment")
