# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forums, contributions, topics; personal links and subscriptions of mails; what a proposal takes up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "ask",
                "decline",
                "answer",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answer")),
    )
    op.create_table(
        "forum_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_series")),
        sa.UniqueConstraint("title", name=op.f("uq_forum_series_title")),
    )
    op.create_table(
        "mail_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_mail_link_key_hash")),
    )
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_mail_link_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "forum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "confirmed",
                "moved",
                "cancelled",
                "held",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_competition_notice", sa.Boolean(), nullable=False),
        sa.Column("is_always_open", sa.Boolean(), nullable=False),
        sa.Column("join_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("join_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("join_quota", sa.Integer(), nullable=False),
        sa.Column("hand_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column(
            "projector_mode",
            sa.Enum(
                "join",
                "stream",
                "pause",
                name="projector_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("projector_field_id", sa.Integer(), nullable=True),
        sa.Column("projector_pinned_id", sa.Integer(), nullable=True),
        sa.Column("projector_version", sa.Integer(), nullable=False),
        sa.Column("documentation_text", sa.Text(), nullable=False),
        sa.Column("documentation_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR starts_at IS NOT NULL", name=op.f("ck_forum_dated")
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_forum_capacity_positive")),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_forum_starts_before_ends")
        ),
        sa.ForeignKeyConstraint(
            ["projector_field_id"], ["field_of_action.id"], name=op.f("fk_forum_projector_field_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["forum_series.id"], name=op.f("fk_forum_series_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_forum_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum")),
        sa.UniqueConstraint("slug", name=op.f("uq_forum_slug")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forum_projector_field_id"), ["projector_field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_forum_series_id"), ["series_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_forum_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_forum_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (address IS NULL)", name=op.f("ck_subscription_one_recipient")
        ),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_subscription_address_lower")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subscription_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "address",
            name=op.f("uq_subscription_subject_kind_subject_id_address"),
        ),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "person_id",
            name=op.f("uq_subscription_subject_kind_subject_id_person_id"),
        ),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_person_id"), ["person_id"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_topic_not_into_itself")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_topic_answered_by_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_topic_assignee_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_topic_created_by_id")),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_action.id"], name=op.f("fk_topic_field_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["topic.id"], name=op.f("fk_topic_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_merged_into_id"), ["merged_into_id"], unique=False)

    op.create_table(
        "forum_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("ck_forum_table_people_positive")),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_action.id"], name=op.f("fk_forum_table_field_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_forum_table_forum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_table")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_forum_table_forum_id_number")),
    )
    with op.batch_alter_table("forum_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forum_table_field_id"), ["field_id"], unique=False)

    op.create_table(
        "import_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_import_draft_created_by_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_import_draft_forum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_draft_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_draft_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_draft_forum_id"), ["forum_id"], unique=False)

    op.create_table(
        "invitation_wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_invitation_wave_forum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_wave")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_invitation_wave_forum_id_number")),
    )
    with op.batch_alter_table("invitation_wave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_wave_remind_at"), ["remind_at"], unique=False)

    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "challenge",
                "need",
                "recommendation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "phone",
                "table",
                "card",
                "import",
                "split",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
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
        sa.Column(
            "public_name",
            sa.Enum(
                "none",
                "organisation",
                "name",
                name="public_name",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "asked",
                "accepted",
                "declined",
                "merged",
                "split",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("split_from_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("term_norm", sa.Double(), nullable=False),
        sa.Column("term_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_contribution_merged_into")
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_contribution_not_into_itself")
        ),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("ck_contribution_people_positive")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_contribution_assignee_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_contribution_author_id")),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_action.id"], name=op.f("fk_contribution_field_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_contribution_forum_id")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["contribution.id"], name=op.f("fk_contribution_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_contribution_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_contribution_source_id")),
        sa.ForeignKeyConstraint(
            ["split_from_id"], ["contribution.id"], name=op.f("fk_contribution_split_from_id")
        ),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name=op.f("fk_contribution_table_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_contribution_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("code", name=op.f("uq_contribution_code")),
        sa.UniqueConstraint("once_key", name=op.f("uq_contribution_once_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_field_id"), ["field_id"], unique=False)
        batch_op.create_index("ix_contribution_forum_id_state", ["forum_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_split_from_id"), ["split_from_id"], unique=False)
        batch_op.create_index("ix_contribution_state_id", ["state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_table_id"), ["table_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "forum_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("company", sa.String(length=120), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column(
            "size",
            sa.Enum(
                "micro",
                "small",
                "medium",
                "large",
                name="size",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "yes",
                "no",
                "substitute",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("substitute_name", sa.String(length=120), nullable=False),
        sa.Column("substitute_email", sa.String(length=254), nullable=True),
        sa.Column("substitute_for_id", sa.Integer(), nullable=True),
        sa.Column("answer_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_forum_invitation_email_lower")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_forum_invitation_forum_id")),
        sa.ForeignKeyConstraint(
            ["substitute_for_id"],
            ["forum_invitation.id"],
            name=op.f("fk_forum_invitation_substitute_for_id"),
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["invitation_wave.id"], name=op.f("fk_forum_invitation_wave_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_invitation")),
        sa.UniqueConstraint("forum_id", "email", name=op.f("uq_forum_invitation_forum_id_email")),
    )
    with op.batch_alter_table("forum_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_forum_invitation_substitute_for_id"), ["substitute_for_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_forum_invitation_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "join_code",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_join_code_forum_id")),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name=op.f("fk_join_code_table_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_join_code")),
        sa.UniqueConstraint("table_id", name=op.f("uq_join_code_table_id")),
    )
    with op.batch_alter_table("join_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_code_forum_id"), ["forum_id"], unique=False)

    op.create_table(
        "contribution_card",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_contribution_card_contribution_id")
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_contribution_card_forum_id")),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["person.id"], name=op.f("fk_contribution_card_printed_by_id")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_contribution_card")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_contribution_card_contribution_id")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_contribution_card_forum_id_number")),
    )
    with op.batch_alter_table("contribution_card", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contribution_card_printed_by_id"), ["printed_by_id"], unique=False
        )

    op.create_table(
        "contribution_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column(
            "verb",
            sa.Enum(
                "receive",
                "accept",
                "ask",
                "reply",
                "decline",
                "reopen",
                "merge",
                "unmerge",
                "split",
                "redact",
                "bundle",
                "unbundle",
                "answer",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "contribution_id IS NOT NULL OR topic_id IS NOT NULL", name=op.f("ck_contribution_event_subject")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_contribution_event_by_id")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_contribution_event_contribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["contribution.id"], name=op.f("fk_contribution_event_other_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_contribution_event_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_event")),
    )
    with op.batch_alter_table("contribution_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_event_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contribution_event_contribution_id"), ["contribution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_contribution_event_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_event_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "contribution_support",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("via_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_contribution_support_contribution_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contribution_support_person_id")),
        sa.ForeignKeyConstraint(["via_id"], ["contribution.id"], name=op.f("fk_contribution_support_via_id")),
        sa.PrimaryKeyConstraint("contribution_id", "person_id", name=op.f("pk_contribution_support")),
    )
    with op.batch_alter_table("contribution_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_support_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_support_via_id"), ["via_id"], unique=False)

    op.create_table(
        "contribution_term",
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_term_contribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("term", "contribution_id", name=op.f("pk_contribution_term")),
    )
    with op.batch_alter_table("contribution_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contribution_term_contribution_id"), ["contribution_id"], unique=False
        )

    op.create_table(
        "proposal_contribution",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_contribution_by_id")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_proposal_contribution_contribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_contribution_proposal_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_proposal_contribution_topic_id")),
        sa.PrimaryKeyConstraint("proposal_id", "contribution_id", name=op.f("pk_proposal_contribution")),
    )
    with op.batch_alter_table("proposal_contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_contribution_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_contribution_contribution_id"), ["contribution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_proposal_contribution_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
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
        sa.Column(
            "state",
            sa.Enum(
                "unconfirmed",
                "interested",
                "registered",
                "waiting",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_registration_email_lower")),
        sa.ForeignKeyConstraint(
            ["checked_in_by_id"], ["person.id"], name=op.f("fk_registration_checked_in_by_id")
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_registration_forum_id")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["forum_invitation.id"], name=op.f("fk_registration_invitation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("forum_id", "email", name=op.f("uq_registration_forum_id_email")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_checked_in_by_id"), ["checked_in_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_registration_forum_id_state", ["forum_id", "state", "waiting_since"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_registration_invitation_id"), ["invitation_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("is_scribe", sa.Boolean(), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
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
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_in_by_id"], ["person.id"], name=op.f("fk_attendance_checked_in_by_id")
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_attendance_forum_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_attendance_registration_id")
        ),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name=op.f("fk_attendance_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("forum_id", "person_id", name=op.f("uq_attendance_forum_id_person_id")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_attendance_registration_id")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_checked_in_by_id"), ["checked_in_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendance_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_table_id"), ["table_id"], unique=False)

    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subscription_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_mail_subscription_id"), ["subscription_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_mail_subscription_id"),
            "subscription",
            ["subscription_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_mail_subscription_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbox_mail_subscription_id"))
        batch_op.drop_column("subscription_id")

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_table_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_person_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_checked_in_by_id"))

    op.drop_table("attendance")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_invitation_id"))
        batch_op.drop_index("ix_registration_forum_id_state")
        batch_op.drop_index(batch_op.f("ix_registration_checked_in_by_id"))

    op.drop_table("registration")
    with op.batch_alter_table("proposal_contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_contribution_topic_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_contribution_contribution_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_contribution_by_id"))

    op.drop_table("proposal_contribution")
    with op.batch_alter_table("contribution_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_term_contribution_id"))

    op.drop_table("contribution_term")
    with op.batch_alter_table("contribution_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_support_via_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_support_person_id"))

    op.drop_table("contribution_support")
    with op.batch_alter_table("contribution_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_event_topic_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_event_other_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_event_contribution_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_event_by_id"))

    op.drop_table("contribution_event")
    with op.batch_alter_table("contribution_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_card_printed_by_id"))

    op.drop_table("contribution_card")
    with op.batch_alter_table("join_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_code_forum_id"))

    op.drop_table("join_code")
    with op.batch_alter_table("forum_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_invitation_wave_id"))
        batch_op.drop_index(batch_op.f("ix_forum_invitation_substitute_for_id"))

    op.drop_table("forum_invitation")
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_topic_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_table_id"))
        batch_op.drop_index("ix_contribution_state_id")
        batch_op.drop_index(batch_op.f("ix_contribution_split_from_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_source_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_merged_into_id"))
        batch_op.drop_index("ix_contribution_forum_id_state")
        batch_op.drop_index(batch_op.f("ix_contribution_field_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_author_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_assignee_id"))

    op.drop_table("contribution")
    with op.batch_alter_table("invitation_wave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_wave_remind_at"))

    op.drop_table("invitation_wave")
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_draft_forum_id"))
        batch_op.drop_index(batch_op.f("ix_import_draft_expires_at"))
        batch_op.drop_index(batch_op.f("ix_import_draft_created_by_id"))

    op.drop_table("import_draft")
    with op.batch_alter_table("forum_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_table_field_id"))

    op.drop_table("forum_table")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_topic_field_id"))
        batch_op.drop_index(batch_op.f("ix_topic_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_topic_assignee_id"))
        batch_op.drop_index(batch_op.f("ix_topic_answered_by_id"))

    op.drop_table("topic")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_person_id"))
        batch_op.drop_index(batch_op.f("ix_subscription_address"))

    op.drop_table("subscription")
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_starts_at"))
        batch_op.drop_index(batch_op.f("ix_forum_source_id"))
        batch_op.drop_index(batch_op.f("ix_forum_series_id"))
        batch_op.drop_index(batch_op.f("ix_forum_projector_field_id"))

    op.drop_table("forum")
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_link_subject")
        batch_op.drop_index(batch_op.f("ix_mail_link_expires_at"))

    op.drop_table("mail_link")
    op.drop_table("forum_series")
    op.drop_table("canned_answer")
