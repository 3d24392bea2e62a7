"""Where things are and what is set from outside: the only reader of the environment."""

import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
DEFAULT_STORE = f"sqlite:///{DATA / 'ccm.db'}"
DEMO_STORE = f"sqlite:///{DATA / 'demo.db'}"

#: Languages of the interface, French first.
LOCALES = ("fr", "en")


@dataclass(frozen=True)
class Settings:
    """What the environment sets.

    `store`: the store's URL. `evidence`: where evidence files lie (None: beside the store). `tls`: readers
    reach us by https, so cookies are marked for it. `proxies`: addresses whose X-Forwarded-For is believed.
    `address`: where readers reach us, for links that are handed on (`https://ccm.exemple.ne`); else empty.
    `static`: where Streamlit's files lie, compressed beforehand.
    """

    store: str
    evidence: Path | None = None
    tls: bool = False
    proxies: frozenset[str] = frozenset()
    address: str = ""
    static: Path = ROOT / "build" / f"static-{version('streamlit')}"

    @property
    def session_cookie(self) -> str:
        """The name of the cookie that holds a sign-in's token."""
        return "__Host-ccm_session" if self.tls else "ccm_session"

    @property
    def device_cookie(self) -> str:
        """The name of the cookie that says, once a sign-in is over, that the browser is no stranger's."""
        return "__Host-ccm_device" if self.tls else "ccm_device"

    @property
    def csrf_cookie(self) -> str:
        """The name of the cookie that a form's hidden token must equal."""
        return "__Host-ccm_csrf" if self.tls else "ccm_csrf"


def settings() -> Settings:
    """Settings of this process, read from the environment."""
    evidence = os.environ.get("CCM_EVIDENCE")
    address = os.environ.get("CCM_ADDRESS", "").strip().rstrip("/")
    # Whoever is reached by https and says nothing more means it for the cookies, too.
    tls = os.environ.get("CCM_TLS") or ("1" if address.startswith("https://") else "")
    return Settings(
        store=os.environ.get("CCM_STORE", DEFAULT_STORE),
        evidence=Path(evidence) if evidence else None,
        tls=tls in ("1", "true", "yes"),
        proxies=frozenset(os.environ.get("CCM_PROXIES", "").replace(",", " ").split()),
        static=Path(os.environ.get("CCM_STATIC") or Settings.static),
        address=address,
    )
