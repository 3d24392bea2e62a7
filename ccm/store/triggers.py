"""What the database itself refuses: rewriting or erasing what is append-only."""

#: Tables of which no row is ever changed or erased.
APPEND_ONLY = (
    "audit_event",
    "assignment",
    "assignment_change",
    "recommendation_change",
    "session_change",
    "revision",
    "membership",
    "succession",
    "evidence",
    "reminder",
)
#: Columns of a report that never change; the others are written once.
REPORT_CONTENT = (
    "id",
    "assignment_id",
    "as_of",
    "status",
    "percent",
    "note",
    "blocked_reason",
    "blocked_cause",
    "blocked_by_id",
    "dropped_kind",
    "author",
    "origin",
    "submitted_at",
)
#: Texts written together with an instant, and never after it.
REPORT_REASONS = (
    ("validated_at", "validated_by"),
    ("returned_at", "returned_reason"),
    ("returned_at", "returned_by"),
    ("retracted_at", "retracted_reason"),
    ("retracted_at", "retracted_by"),
    ("verified_at", "verified_by"),
)
REPORT_WRITTEN_ONCE = ("validated_at", "returned_at", "retracted_at", "verified_at")


def statements(dialect: str) -> list[str]:
    """The DDL that guards the append-only tables on one engine."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _report_is_rewritten(distinct: str) -> str:
    content = [f"old.{name} {distinct} new.{name}" for name in REPORT_CONTENT]
    once = [f"(old.{name} is not null and old.{name} {distinct} new.{name})" for name in REPORT_WRITTEN_ONCE]
    told = [
        f"(old.{instant} is not null and old.{text} {distinct} new.{text})"
        for instant, text in REPORT_REASONS
    ]
    return " or ".join(content + once + told)


def _sqlite() -> list[str]:
    ddl = []
    for table in APPEND_ONLY:
        for action in ("update", "delete"):
            ddl.append(
                f"create trigger {table}_no_{action} before {action} on {table} "
                f"begin select raise(abort, 'append-only: {table}'); end"
            )
    ddl.append(
        "create trigger progress_report_no_delete before delete on progress_report "
        "begin select raise(abort, 'append-only: progress_report'); end"
    )
    ddl.append(
        "create trigger progress_report_no_rewrite before update on progress_report "
        f"when {_report_is_rewritten('is not')} "
        "begin select raise(abort, 'append-only: progress_report'); end"
    )
    return ddl


def _postgresql() -> list[str]:
    ddl = [
        "create or replace function ccm_refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'append-only: %', tg_table_name; end $$"
    ]
    for table in APPEND_ONLY:
        ddl.append(
            f"create trigger {table}_no_change before update or delete on {table} "
            "for each row execute function ccm_refuse()"
        )
    ddl.append(
        "create trigger progress_report_no_delete before delete on progress_report "
        "for each row execute function ccm_refuse()"
    )
    ddl.append(
        "create trigger progress_report_no_rewrite before update on progress_report for each row "
        f"when ({_report_is_rewritten('is distinct from')}) execute function ccm_refuse()"
    )
    for table in (*APPEND_ONLY, "progress_report"):
        ddl.append(
            f"create trigger {table}_no_truncate before truncate on {table} "
            "for each statement execute function ccm_refuse()"
        )
    return ddl
