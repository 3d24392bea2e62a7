"""Where things are and what is set from outside: the only reader of the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
DEFAULT_STORE = f"sqlite:///{DATA / 'ccm.db'}"
DEMO_STORE = f"sqlite:///{DATA / 'demo.db'}"

#: Languages of the interface, French first.
LOCALES = ("fr", "en")


@dataclass(frozen=True)
class Settings:
    """What the environment sets: the store's URL."""

    store: str


def settings() -> Settings:
    """Settings of this process, read from the environment."""
    return Settings(store=os.environ.get("CCM_STORE", DEFAULT_STORE))
