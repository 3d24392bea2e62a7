"""First schema."""

import sqlalchemy as sa
from alembic import op

import ccm.store.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("clock_suspect", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object_type", sa.String(length=24), nullable=False),
        sa.Column("object_key", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_object", ["object_type", "object_key", "seq"], unique=False)

    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "region",
                "ministry",
                "agency",
                "state",
                "local_authorities",
                "partner",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("iso", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["entity.id"], name=op.f("fk_entity_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sa.UniqueConstraint("key", name=op.f("uq_entity_key")),
    )
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("key", name=op.f("uq_framework_key")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("initial_political_date", sa.Date(), nullable=True),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_session_number_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("key", name=op.f("uq_session_key")),
        sa.UniqueConstraint("number", name=op.f("uq_session_number")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "store_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_uuid", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("demo_seed", sa.Integer(), nullable=True),
        sa.Column("demo_size", sa.String(length=1), nullable=True),
        sa.Column("state_day", sa.Date(), nullable=False),
        sa.Column("next_change_on", sa.Date(), nullable=True),
        sa.Column("created_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_store_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_state")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "reader",
                "donor",
                "minister",
                "focal_point",
                "validator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("disabled_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) between 1 and 120", name=op.f("ck_user_account_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
    )
    op.create_table(
        "axis",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_axis_framework_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_axis")),
        sa.UniqueConstraint("key", name=op.f("uq_axis_key")),
    )
    op.create_table(
        "entity_alias",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_entity_alias_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_alias")),
        sa.UniqueConstraint("folded", name=op.f("uq_entity_alias_folded")),
    )
    with op.batch_alter_table("entity_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entity_alias_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "entity_name",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("short_name", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "valid_to is null or valid_from is null or valid_from <= valid_to",
            name=op.f("ck_entity_name_days_in_order"),
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_entity_name_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_name")),
    )
    with op.batch_alter_table("entity_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entity_name_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "preparatory",
                "technical",
                "political",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_instance_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
        sa.UniqueConstraint("session_id", "kind", name=op.f("uq_instance_session_id_kind")),
    )
    op.create_table(
        "session_change",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "role",
                "weight",
                "due_date",
                "end",
                "nature",
                "place",
                "withdrawn",
                "political_date",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("field = 'political_date'", name=op.f("ck_session_change_of_session")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_change_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_change")),
    )
    with op.batch_alter_table("session_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_change_session_id"), ["session_id"], unique=False)

    op.create_table(
        "user_entity",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_user_entity_entity_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_entity_user_id")),
        sa.PrimaryKeyConstraint("user_id", "entity_id", name=op.f("pk_user_entity")),
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("axis_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["axis_id"], ["axis.id"], name=op.f("fk_challenge_axis_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_challenge_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("key", name=op.f("uq_challenge_key")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_session_id"), ["session_id"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.CheckConstraint("status in ('open', 'integrated')", name=op.f("ck_observation_status")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_observation_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("key", name=op.f("uq_observation_key")),
    )
    op.create_table(
        "priority",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_priority_challenge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority")),
        sa.UniqueConstraint("key", name=op.f("uq_priority_key")),
    )
    with op.batch_alter_table("priority", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_priority_challenge_id"), ["challenge_id"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("initial_axis_id", sa.Integer(), nullable=False),
        sa.Column("initial_challenge_id", sa.Integer(), nullable=False),
        sa.Column(
            "initial_nature",
            sa.Enum(
                "finite", "continuous", name="nature", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("source_line", sa.Integer(), nullable=True),
        sa.Column("actor_cell", sa.Text(), server_default="", nullable=False),
        sa.Column("doubt", sa.Text(), server_default="", nullable=False),
        sa.Column("other_reading", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) between 1 and 10000", name=op.f("ck_recommendation_text_length")),
        sa.ForeignKeyConstraint(
            ["initial_axis_id"], ["axis.id"], name=op.f("fk_recommendation_initial_axis_id")
        ),
        sa.ForeignKeyConstraint(
            ["initial_challenge_id"], ["challenge.id"], name=op.f("fk_recommendation_initial_challenge_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_recommendation_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("key", name=op.f("uq_recommendation_key")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendation_session_id"), ["session_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column(
            "initial_role",
            sa.Enum(
                "responsible", "support", name="role", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("initial_weight", sa.Integer(), nullable=False),
        sa.Column("initial_due_date", sa.Date(), nullable=True),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("initial_weight between 1 and 100", name=op.f("ck_assignment_weight")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_assignment_entity_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_assignment_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("key", name=op.f("uq_assignment_key")),
        sa.UniqueConstraint(
            "recommendation_id", "entity_id", name=op.f("uq_assignment_recommendation_id_entity_id")
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_membership_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_membership_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "recommendation_id", "session_id", name=op.f("uq_membership_recommendation_id_session_id")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_session_id"), ["session_id"], unique=False)

    op.create_table(
        "recommendation_change",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("axis_id", sa.Integer(), nullable=True),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "role",
                "weight",
                "due_date",
                "end",
                "nature",
                "place",
                "withdrawn",
                "political_date",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "field in ('nature', 'place', 'withdrawn')",
            name=op.f("ck_recommendation_change_of_recommendation"),
        ),
        sa.ForeignKeyConstraint(["axis_id"], ["axis.id"], name=op.f("fk_recommendation_change_axis_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_recommendation_change_challenge_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_change_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_change")),
    )
    with op.batch_alter_table("recommendation_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_change_recommendation_id"), ["recommendation_id"], unique=False
        )

    op.create_table(
        "recommendation_priority",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["priority_id"], ["priority.id"], name=op.f("fk_recommendation_priority_priority_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_priority_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "priority_id", name=op.f("pk_recommendation_priority")),
    )
    with op.batch_alter_table("recommendation_priority", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_priority_priority_id"), ["priority_id"], unique=False
        )

    op.create_table(
        "recommendation_state",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("axis_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "finite", "continuous", name="nature", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("follow_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["axis_id"], ["axis.id"], name=op.f("fk_recommendation_state_axis_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_recommendation_state_challenge_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_state_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_recommendation_state_session_id")
        ),
        sa.PrimaryKeyConstraint("recommendation_id", name=op.f("pk_recommendation_state")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "proposed",
                "amended",
                "moved",
                "merged",
                "split",
                "adopted",
                "withdrawn",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_revision_instance_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_revision_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_revision_recommendation_id"), ["recommendation_id"], unique=False
        )

    op.create_table(
        "assignment_change",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "role",
                "weight",
                "due_date",
                "end",
                "nature",
                "place",
                "withdrawn",
                "political_date",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "field in ('role', 'weight', 'due_date', 'end')", name=op.f("ck_assignment_change_of_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_change_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_change")),
    )
    with op.batch_alter_table("assignment_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_change_assignment_id"), ["assignment_id"], unique=False
        )

    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "completed",
                "in_progress",
                "blocked",
                "not_started",
                "not_reported",
                "dropped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("blocked_reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "blocked_cause",
            sa.Enum(
                "funding",
                "legal_text",
                "coordination",
                "capacity",
                "security",
                "other",
                name="blocked_cause",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("blocked_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "dropped_kind",
            sa.Enum(
                "abandoned",
                "overtaken",
                name="dropped_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "validated",
                "returned",
                "retracted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("validated_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.Column("validated_by", sa.Text(), server_default="", nullable=False),
        sa.Column("returned_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.Column("returned_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("retracted_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.Column("retracted_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("verified_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'retracted') = (retracted_at is not null)", name=op.f("ck_progress_report_retracted")
        ),
        sa.CheckConstraint(
            "(state = 'returned') = (returned_at is not null)", name=op.f("ck_progress_report_returned")
        ),
        sa.CheckConstraint(
            "(state in ('validated', 'retracted')) = (validated_at is not null)",
            name=op.f("ck_progress_report_validated"),
        ),
        sa.CheckConstraint(
            "\n    (status = 'completed' and (percent = 100 or percent is null))\n    or (status = 'in_progress' and (percent between 1 and 99 or percent is null))\n    or (status = 'blocked' and (percent between 0 and 99 or percent is null))\n    or (status = 'not_started' and (percent = 0 or percent is null))\n    or (status = 'dropped' and percent is null)\n",
            name=op.f("ck_progress_report_percent_fits_status"),
        ),
        sa.CheckConstraint(
            "status <> 'blocked' or length(blocked_reason) > 0",
            name=op.f("ck_progress_report_blocked_reason"),
        ),
        sa.CheckConstraint(
            "status <> 'dropped' or (dropped_kind is not null and length(note) > 0)",
            name=op.f("ck_progress_report_dropped_reason"),
        ),
        sa.CheckConstraint("status <> 'not_reported'", name=op.f("ck_progress_report_silence_is_no_report")),
        sa.CheckConstraint(
            "length(note) <= 10000 and length(blocked_reason) <= 10000",
            name=op.f("ck_progress_report_text_length"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_progress_report_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["blocked_by_id"], ["entity.id"], name=op.f("fk_progress_report_blocked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_progress_report_order", ["assignment_id", "as_of", "validated_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_progress_report_pending",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )

    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("predecessor_id <> successor_id", name=op.f("ck_succession_two_entities")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_succession_assignment_id")
        ),
        sa.ForeignKeyConstraint(["predecessor_id"], ["entity.id"], name=op.f("fk_succession_predecessor_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["entity.id"], name=op.f("fk_succession_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_succession_predecessor_id"), ["predecessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_succession_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "assignment_state",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "responsible", "support", name="role", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "completed",
                "in_progress",
                "blocked",
                "not_started",
                "not_reported",
                "dropped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_state_assignment_id")
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_assignment_state_entity_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_assignment_state_recommendation_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_assignment_state_report_id")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_assignment_state")),
    )
    with op.batch_alter_table("assignment_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_state_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignment_state_recommendation_id"), ["recommendation_id"], unique=False
        )

    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", ccm.store.types.Instant(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", ccm.store.types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_contest_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
    )
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contest_report_id"), ["report_id"], unique=False)
