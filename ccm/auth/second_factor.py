"""The second factor: six digits that change every thirty seconds (TOTP, RFC 6238), each taken once."""

import datetime as dt
import secrets

import pyotp

_STEP = 30
_ISSUER = "CCM Niger"
#: Recovery codes: how many, and letters that are not taken for one another.
RECOVERY_CODES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A secret for an authenticator application, in base 32."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """The `otpauth://` address that an authenticator application reads from a QR code."""
    return pyotp.TOTP(secret, interval=_STEP).provisioning_uri(name=name, issuer_name=_ISSUER)


def accepted_step(secret: str, typed: str, now: dt.datetime, last_step: int | None) -> int | None:
    """The time step of a right code, one step early or late included; None where it is wrong or used."""
    digits = "".join(typed.split())
    present = int(now.timestamp()) // _STEP
    totp = pyotp.TOTP(secret, interval=_STEP)
    for step in (present - 1, present, present + 1):
        right = secrets.compare_digest(totp.at(step * _STEP), digits) if digits.isascii() else False
        if right and (last_step is None or step > last_step):
            return step
    return None


def new_recovery_code() -> str:
    """A code to be written down: `abcde-fghjk`."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def tidy_recovery_code(typed: str) -> str:
    """A recovery code as it was given, whatever blanks and capitals it was typed with."""
    letters = "".join(typed.lower().replace("-", "").split())
    return f"{letters[:5]}-{letters[5:]}"
