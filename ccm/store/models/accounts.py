"""How people sign in: secrets as hashes, sessions, one-time links, attempts. All of it outside the journal.

No row here says anything about the plan; what was done with an account (a password set, a session ended
everywhere, a link handed over) is told by the journal without its secret.
"""

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ccm.domain.vocabulary import LinkPurpose, SignInEnd
from ccm.store.models.base import Base
from ccm.store.types import Id, Moment, Prose, code, ref

#: Hexadecimal SHA-256.
_DIGEST = 64


class Credential(Base):
    """A person's own secrets: the Argon2id hash of the password, and the second factor where one is set."""

    __tablename__ = "credential"
    user_id: Mapped[int] = ref("user_account.id", primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(300))
    changed_at: Mapped[Moment]
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[Moment | None]
    #: The time step of the last code that was accepted: a code is taken once.
    totp_last_step: Mapped[int | None]


class RecoveryCode(Base):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"
    id: Mapped[Id]
    user_id: Mapped[int] = ref("user_account.id", index=True)
    code_hash: Mapped[str] = mapped_column(String(_DIGEST), unique=True)
    created_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class ExternalIdentity(Base):
    """A person as an identity provider knows them: by issuer and subject, never by mail address."""

    __tablename__ = "external_identity"
    id: Mapped[Id]
    user_id: Mapped[int] = ref("user_account.id", index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    linked_at: Mapped[Moment]
    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class OneTimeLink(Base):
    """A link that works once: first password, reset, or (without a person) the first administrator."""

    __tablename__ = "one_time_link"
    id: Mapped[Id]
    user_id: Mapped[int | None] = ref("user_account.id", index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(code(LinkPurpose, "purpose"))
    token_hash: Mapped[str] = mapped_column(String(_DIGEST), unique=True)
    created_at: Mapped[Moment]
    created_by: Mapped[Prose]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    __table_args__ = (
        CheckConstraint("(user_id is null) = (purpose = 'first_administrator')", name="for_whom"),
    )


class SignIn(Base):
    """One signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "sign_in"
    id: Mapped[Id]
    user_id: Mapped[int] = ref("user_account.id", index=True)
    token_hash: Mapped[str] = mapped_column(String(_DIGEST), unique=True)
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    #: When the password was last given in this session: sensitive actions ask again.
    confirmed_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    ended_reason: Mapped[SignInEnd | None] = mapped_column(code(SignInEnd, "ended_reason"))
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (ended_reason is null)", name="ended"),
        CheckConstraint("expires_at > created_at", name="days_in_order"),
    )


class SignInAttempt(Base):
    """One try to sign in, kept to slow down guessing. `account` is the folded name, digested."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[Id]
    account: Mapped[str] = mapped_column(String(_DIGEST))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]
    succeeded: Mapped[bool]
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )
