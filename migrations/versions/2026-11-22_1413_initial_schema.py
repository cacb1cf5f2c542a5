# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The initial schema; from here on each change is a migration of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_EVENTS = ("UPDATE", "DELETE")


def _append_only(dialect: str) -> list[str]:
    """Return the triggers that refuse to change or remove an entry of the log."""
    if dialect == "postgresql":
        return [
            "CREATE FUNCTION activity_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the activity log is append-only'; END $$",
            "CREATE TRIGGER activity_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activity_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION activity_entry_is_append_only()",
        ]
    return [
        f"CREATE TRIGGER activity_entry_no_{event.lower()} BEFORE {event} ON activity_entry "
        "BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END"
        for event in _EVENTS
    ]


def _writable_again(dialect: str) -> list[str]:
    if dialect == "postgresql":
        return [
            "DROP TRIGGER activity_entry_append_only ON activity_entry",
            "DROP FUNCTION activity_entry_is_append_only()",
        ]
    return [f"DROP TRIGGER activity_entry_no_{event.lower()}" for event in _EVENTS]


def upgrade() -> None:
    op.create_table(
        "activity_entry",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=48), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activity_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_activity_entry_hash")),
    )
    with op.batch_alter_table("activity_entry", schema=None) as batch_op:
        batch_op.create_index("ix_activity_entry_section_id_seq", ["section_id", "seq"], unique=False)
        batch_op.create_index(
            "ix_activity_entry_subject", ["subject_kind", "subject_id", "seq"], unique=False
        )

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_key_hash_at", ["key_hash", "at"], unique=False)

    op.create_table(
        "calendar_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_date")),
    )
    with op.batch_alter_table("calendar_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_date_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "comparison_cache",
        sa.Column("old_hash", sa.String(length=64), nullable=False),
        sa.Column("new_hash", sa.String(length=64), nullable=False),
        sa.Column("algorithm_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("comparison", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "old_hash", "new_hash", "algorithm_version", name=op.f("pk_comparison_cache")
        ),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "news_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_item")),
    )
    with op.batch_alter_table("news_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_item_published_at"), ["published_at"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short", sa.String(length=24), nullable=False),
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
            nullable=False,
        ),
        sa.Column("is_partner", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_template", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("slug", "locale", name=op.f("uq_page_slug_locale")),
    )
    op.create_table(
        "rendered_text",
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("renderer_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "renderer_version", name=op.f("pk_rendered_text")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("editorial_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("field_numbers", sa.JSON(), nullable=False),
        sa.Column("partners_may_propose", sa.Boolean(), nullable=False),
        sa.Column("attendees_may_propose", sa.Boolean(), nullable=False),
        sa.Column("attendees_may_comment", sa.Boolean(), nullable=False),
        sa.Column("decision_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_at <= editorial_at", name=op.f("ck_round_closes_before_editorial")),
        sa.CheckConstraint("editorial_at <= answer_at", name=op.f("ck_round_editorial_before_answer")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_round_opens_before_closes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_opens_at"), ["opens_at"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "application",
                "forum",
                "congress",
                "partner_talk",
                "editorial",
                "contribution",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short", sa.String(length=40), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
        sa.UniqueConstraint("number", name=op.f("uq_source_number")),
    )
    op.create_table(
        "field_of_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("lead_organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_field_of_action_lead_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_of_action")),
        sa.UniqueConstraint("number", name=op.f("uq_field_of_action_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_field_of_action_slug")),
    )
    with op.batch_alter_table("field_of_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_field_of_action_lead_organisation_id"), ["lead_organisation_id"], unique=False
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "reader",
                "attendee",
                "partner",
                "moderator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "voting",
            sa.Enum(
                "none",
                "member",
                "deputy",
                name="voting",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
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
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("template", sa.String(length=48), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=True),
        sa.Column("once_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=120), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outbox_mail_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outbox_mail_once_key")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_mail_due", ["sent_at", "failed_at", "next_attempt_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mail_person_id"), ["person_id"], unique=False)

    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("section", "measure", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("head_number", sa.Integer(), nullable=False),
        sa.Column("structure_number", sa.Integer(), nullable=False),
        sa.Column("paragraph_count", sa.Integer(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("open_proposals", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_section_not_own_parent")),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_action.id"], name=op.f("fk_section_field_id")),
        sa.ForeignKeyConstraint(
            ["head_id"], ["revision.id"], name="fk_section_head_id_revision", use_alter=True
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["section.id"], name=op.f("fk_section_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_section_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_section_head_id"), ["head_id"], unique=False)
        batch_op.create_index("ix_section_tree", ["parent_id", "position"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "password_reset",
                "email_change",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_token_created_by_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_token_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_token_token_hash")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_user_session_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_user_session_key_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "adopted",
                "running",
                "done",
                "stopped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name=op.f("ck_measure_horizon")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["organisation.id"], name=op.f("fk_measure_responsible_id")
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_measure_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("section_id", name=op.f("uq_measure_section_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "change",
                "new_section",
                "new_measure",
                "deletion",
                "move",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "changes_requested",
                "approved",
                "rejected",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "merge_state",
            sa.Enum(
                "clean",
                "moved",
                "conflict",
                "already_contained",
                "target_gone",
                "both_moved",
                "edited_since",
                "cycle",
                name="merge_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adapted_version", sa.Integer(), nullable=True),
        sa.Column("adapted_by_id", sa.Integer(), nullable=True),
        sa.Column("adapted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('new_section', 'new_measure')) OR section_id IS NOT NULL",
            name=op.f("ck_proposal_section_given"),
        ),
        sa.CheckConstraint(
            "(adapted_version IS NULL) = (adapted_by_id IS NULL)", name=op.f("ck_proposal_adaptation_whole")
        ),
        sa.ForeignKeyConstraint(["adapted_by_id"], ["person.id"], name=op.f("fk_proposal_adapted_by_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_proposal_assignee_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_proposal_author_id")),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_action.id"], name=op.f("fk_proposal_field_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_proposal_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("once_key", name=op.f("uq_proposal_once_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_adapted_by_id"), ["adapted_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_adapted_until"), ["adapted_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_proposal_section_state", ["section_id", "state"], unique=False)
        batch_op.create_index("ix_proposal_state_submitted_at", ["state", "submitted_at"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "import",
                "proposal",
                "correction",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("proposal_version_number", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_revision_number_positive")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_revision_approved_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_revision_author_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["revision.id"], name=op.f("fk_revision_parent_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_revision_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("section_id", "number", name=op.f("uq_revision_section_id_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_approved_by_id"), ["approved_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_content_hash"), ["content_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_section_id"), ["section_id"], unique=False)

    op.create_table(
        "structure_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_tombstone", sa.Boolean(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum("import", "proposal", name="cause", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_structure_revision_author_id")),
        sa.ForeignKeyConstraint(
            ["field_id"], ["field_of_action.id"], name=op.f("fk_structure_revision_field_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["section.id"], name=op.f("fk_structure_revision_parent_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_structure_revision_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_revision")),
        sa.UniqueConstraint("section_id", "number", name=op.f("uq_structure_revision_section_id_number")),
    )
    with op.batch_alter_table("structure_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_revision_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_structure_revision_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_structure_revision_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_structure_revision_section_id"), ["section_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("baseline", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("target", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("current", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_indicator_measure_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("measure_id", "position", name=op.f("uq_indicator_measure_id_position")),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "measure_participant",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_participant_measure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_measure_participant_organisation_id")
        ),
        sa.PrimaryKeyConstraint("measure_id", "organisation_id", name=op.f("pk_measure_participant")),
    )
    with op.batch_alter_table("measure_participant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_participant_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "proposal_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "submit",
                "resubmit",
                "withdraw",
                "request_changes",
                "approve",
                "adapt",
                "agree",
                "refuse",
                "reject",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_decision_by_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_decision_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_proposal_decision_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_decision")),
    )
    with op.batch_alter_table("proposal_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_decision_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_decision_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_decision_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "proposal_draft",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("base_structure", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("target_parent_id", sa.Integer(), nullable=True),
        sa.Column("target_after_id", sa.Integer(), nullable=True),
        sa.Column("target_field_id", sa.Integer(), nullable=True),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("page_key", sa.String(length=64), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["revision.id"], name=op.f("fk_proposal_draft_base_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_draft_proposal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_proposal_draft_saved_by_id")),
        sa.ForeignKeyConstraint(
            ["target_after_id"], ["section.id"], name=op.f("fk_proposal_draft_target_after_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_field_id"], ["field_of_action.id"], name=op.f("fk_proposal_draft_target_field_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_parent_id"], ["section.id"], name=op.f("fk_proposal_draft_target_parent_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_draft")),
    )
    with op.batch_alter_table("proposal_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_draft_base_id"), ["base_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_draft_saved_by_id"), ["saved_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_draft_target_after_id"), ["target_after_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_proposal_draft_target_field_id"), ["target_field_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_proposal_draft_target_parent_id"), ["target_parent_id"], unique=False
        )

    op.create_table(
        "proposal_support",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_support_person_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_support_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_proposal_support")),
    )
    with op.batch_alter_table("proposal_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_support_person_id"), ["person_id"], unique=False)

    op.create_table(
        "proposal_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("base_structure", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("target_parent_id", sa.Integer(), nullable=True),
        sa.Column("target_after_id", sa.Integer(), nullable=True),
        sa.Column("target_field_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_proposal_version_author_id")),
        sa.ForeignKeyConstraint(["base_id"], ["revision.id"], name=op.f("fk_proposal_version_base_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_version_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_after_id"], ["section.id"], name=op.f("fk_proposal_version_target_after_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_field_id"], ["field_of_action.id"], name=op.f("fk_proposal_version_target_field_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_parent_id"], ["section.id"], name=op.f("fk_proposal_version_target_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_version")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_proposal_version_proposal_id_number")),
    )
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_version_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_version_base_id"), ["base_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_version_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_version_target_after_id"), ["target_after_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_proposal_version_target_field_id"), ["target_field_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_proposal_version_target_parent_id"), ["target_parent_id"], unique=False
        )

    op.create_table(
        "revision_provenance",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.Integer(), nullable=False),
        sa.Column("runs", sa.JSON(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_provenance_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_revision_provenance")),
    )
    op.create_table(
        "draft_source",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal_draft.proposal_id"],
            name=op.f("fk_draft_source_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_draft_source_source_id")),
        sa.PrimaryKeyConstraint("proposal_id", "source_id", name=op.f("pk_draft_source")),
    )
    with op.batch_alter_table("draft_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_source_source_id"), ["source_id"], unique=False)

    op.create_table(
        "proposal_source",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_proposal_source_source_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["proposal_version.id"], name=op.f("fk_proposal_source_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "source_id", name=op.f("pk_proposal_source")),
    )
    with op.batch_alter_table("proposal_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_source_source_id"), ["source_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # SQLite has it inline; PostgreSQL needs both tables first.
        op.create_foreign_key("fk_section_head_id_revision", "section", "revision", ["head_id"], ["id"])
    for statement in _append_only(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in _writable_again(op.get_bind().dialect.name):
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_section_head_id_revision", "section", type_="foreignkey")
    with op.batch_alter_table("proposal_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_source_source_id"))

    op.drop_table("proposal_source")
    with op.batch_alter_table("draft_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_source_source_id"))

    op.drop_table("draft_source")
    op.drop_table("revision_provenance")
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_version_target_parent_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_version_target_field_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_version_target_after_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_version_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_version_base_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_version_author_id"))

    op.drop_table("proposal_version")
    with op.batch_alter_table("proposal_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_support_person_id"))

    op.drop_table("proposal_support")
    with op.batch_alter_table("proposal_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_draft_target_parent_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_draft_target_field_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_draft_target_after_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_draft_saved_by_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_draft_base_id"))

    op.drop_table("proposal_draft")
    with op.batch_alter_table("proposal_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_decision_revision_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_decision_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_decision_by_id"))

    op.drop_table("proposal_decision")
    with op.batch_alter_table("measure_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_participant_organisation_id"))

    op.drop_table("measure_participant")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_measure_id"))

    op.drop_table("indicator")
    with op.batch_alter_table("structure_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_revision_section_id"))
        batch_op.drop_index(batch_op.f("ix_structure_revision_parent_id"))
        batch_op.drop_index(batch_op.f("ix_structure_revision_field_id"))
        batch_op.drop_index(batch_op.f("ix_structure_revision_author_id"))

    op.drop_table("structure_revision")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_section_id"))
        batch_op.drop_index(batch_op.f("ix_revision_parent_id"))
        batch_op.drop_index(batch_op.f("ix_revision_content_hash"))
        batch_op.drop_index(batch_op.f("ix_revision_author_id"))
        batch_op.drop_index(batch_op.f("ix_revision_approved_by_id"))

    op.drop_table("revision")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_state_submitted_at")
        batch_op.drop_index("ix_proposal_section_state")
        batch_op.drop_index(batch_op.f("ix_proposal_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_field_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_author_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_assignee_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_adapted_until"))
        batch_op.drop_index(batch_op.f("ix_proposal_adapted_by_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_responsible_id"))

    op.drop_table("measure")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_user_session_expires_at"))

    op.drop_table("user_session")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_person_id"))
        batch_op.drop_index(batch_op.f("ix_token_created_by_id"))

    op.drop_table("token")
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.drop_index("ix_section_tree")
        batch_op.drop_index(batch_op.f("ix_section_head_id"))
        batch_op.drop_index(batch_op.f("ix_section_field_id"))

    op.drop_table("section")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mail_person_id"))
        batch_op.drop_index("ix_outbox_mail_due")

    op.drop_table("outbox_mail")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_organisation_id"))

    op.drop_table("person")
    with op.batch_alter_table("field_of_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_of_action_lead_organisation_id"))

    op.drop_table("field_of_action")
    op.drop_table("source")
    op.drop_table("setting")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_opens_at"))

    op.drop_table("round")
    op.drop_table("rendered_text")
    op.drop_table("page")
    op.drop_table("organisation")
    with op.batch_alter_table("news_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_news_item_published_at"))

    op.drop_table("news_item")
    op.drop_table("log_head")
    op.drop_table("comparison_cache")
    with op.batch_alter_table("calendar_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_date_starts_at"))

    op.drop_table("calendar_date")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_key_hash_at")

    op.drop_table("attempt")
    with op.batch_alter_table("activity_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_entry_subject")
        batch_op.drop_index("ix_activity_entry_section_id_seq")

    op.drop_table("activity_entry")
