"""Accounts, drafts, evidence, periods and reminders; successions may be undone."""

import sqlalchemy as sa
from alembic import op

import ccm.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered_request",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("command", sa.String(length=60), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered_request")),
    )
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        batch_op.create_index("ix_answered_request_at", ["at"], unique=False)

    op.create_table(
        "reporting_period",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "starts_on <= ends_on and ends_on <= due_on", name=op.f("ck_reporting_period_days_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_period")),
        sa.UniqueConstraint("key", name=op.f("uq_reporting_period_key")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_account", ["account", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_address", ["address", "at"], unique=False)

    op.create_table(
        "contact",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.Text(), server_default="", nullable=False),
        sa.Column("function", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_contact_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_contact")),
    )
    op.create_table(
        "credential",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("changed_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_confirmed_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_credential_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("linked_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_external_identity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_identity_issuer_subject")),
    )
    with op.batch_alter_table("external_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_identity_user_id"), ["user_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "first_administrator",
                "first_password",
                "reset",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("used_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(user_id is null) = (purpose = 'first_administrator')", name=op.f("ck_one_time_link_for_whom")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_one_time_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("used_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "copy",
                "print",
                "whatsapp",
                "sms",
                "email",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_reminder_entity_id")),
        sa.ForeignKeyConstraint(["period_id"], ["reporting_period.id"], name=op.f("fk_reminder_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("entity_id", "period_id", name=op.f("uq_reminder_entity_id_period_id")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("last_seen_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("confirmed_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.Column(
            "ended_reason",
            sa.Enum(
                "signed_out",
                "everywhere",
                "idle",
                "expired",
                "disabled",
                "password_changed",
                name="ended_reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(ended_at is null) = (ended_reason is null)", name=op.f("ck_sign_in_ended")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sign_in_days_in_order")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "draft_evidence",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file", "link", "document", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("added_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'file') = (sha256 is not null and media_type is not null and size is not null)",
            name=op.f("ck_draft_evidence_file_has_content"),
        ),
        sa.CheckConstraint(
            "(kind = 'link') = (url is not null)", name=op.f("ck_draft_evidence_link_has_url")
        ),
        sa.CheckConstraint("size is null or size > 0", name=op.f("ck_draft_evidence_size_positive")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_draft_evidence_assignment_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_draft_evidence_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_evidence")),
    )
    with op.batch_alter_table("draft_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_draft_evidence_whose", ["user_id", "assignment_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("base_report_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_draft_assignment_id")),
        sa.ForeignKeyConstraint(
            ["base_report_id"], ["progress_report.id"], name=op.f("fk_draft_base_report_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("user_id", "assignment_id", name=op.f("uq_draft_user_id_assignment_id")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file", "link", "document", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("added_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'file') = (sha256 is not null and media_type is not null and size is not null)",
            name=op.f("ck_evidence_file_has_content"),
        ),
        sa.CheckConstraint("(kind = 'link') = (url is not null)", name=op.f("ck_evidence_link_has_url")),
        sa.CheckConstraint("size is null or size > 0", name=op.f("ck_evidence_size_positive")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_evidence_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_report_id"), ["report_id"], unique=False)

    # A predecessor that follows itself answers again: so is a succession undone.
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_succession_two_entities"), type_="check")

    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_by", sa.Text(), server_default="", nullable=False))

    # In one statement with its rule: Alembic would rebuild the table, which SQLite refuses while others refer
    # to its rows.
    op.execute(
        "alter table progress_report add column origin varchar(24) default 'file' not null "
        "constraint ck_progress_report_origin check (origin IN ('portal', 'file', 'phone', 'paper', 'mail'))"
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned_by", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("retracted_by", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("verified_by", sa.Text(), server_default="", nullable=False))
