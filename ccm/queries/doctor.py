"""Is this machine fit to keep the store and to show it? One line for each thing that was looked at."""

import datetime as dt
import ipaddress
import os
import platform
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import Connection, func, select, text

from ccm.config import ROOT, settings
from ccm.domain.dates import day_of, today, utc_now
from ccm.domain.errors import CcmError
from ccm.i18n import numbers
from ccm.queries.integrity import Check, require_ready, sqlite_file
from ccm.store import Store, grants
from ccm.store.files import LEFT_ALONE, files_at, unreferenced
from ccm.store.models import AuditEvent, StoreState

_LEAST_FREE = 200 * 1024 * 1024
_PYTHON = (3, 11)
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
#: What each connection to SQLite must answer.
_PRAGMAS = {
    "journal_mode": ("wal",),
    "synchronous": ("2", "3"),
    "foreign_keys": ("1",),
    "recursive_triggers": ("1",),
    "trusted_schema": ("0",),
}
_LEAST_BUSY_TIMEOUT = 10_000
#: Settings of PostgreSQL without which a confirmed write can be lost.
_POSTGRESQL = ("fsync", "full_page_writes")
#: Settings of Streamlit: (section, name) and the value that matters.
_STREAMLIT: dict[tuple[str, str], object] = {
    ("runner", "postScriptGC"): False,
    ("global", "maxCachedMessageAge"): 30,
    ("client", "showErrorDetails"): "none",
    ("browser", "gatherUsageStats"): False,
}

_WITHOUT_TLS = (
    "sans CCM_TLS=1 les cookies passent aussi en clair : mettez-le dès que l'accès se fait par https"
)
_WITHOUT_PROXIES = (
    "CCM_PROXIES manque : sans l'adresse du serveur mandataire, tous les lecteurs en ont une seule"
)


def doctor(store: Store, remedy: str = "python -m ccm init") -> Iterator[Check]:
    """Every check of the machine, then of the store; `remedy` is the command that makes an absent one."""
    yield _python()
    yield _libraries()
    yield _streamlit()
    yield _access()
    yield from _folder(store)
    try:
        require_ready(store, remedy)
        with store.read() as connection:
            yield Check("Entrepôt", True, f"{store.url}, au schéma de ce programme")
            yield _settings(connection)
            yield from _rights(connection)
            yield from _contents(connection)
            yield _evidence(connection)
    except CcmError as error:
        yield Check("Entrepôt", False, str(error))


def _python() -> Check:
    return Check("Python", sys.version_info >= _PYTHON, f"{platform.python_version()} (3.11 au moins)")


def _libraries() -> Check:
    pinned = _PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    others = [
        f"{name} {_installed(name)} au lieu de {wanted}"
        for name, wanted in pinned
        if _installed(name) != wanted
    ]
    detail = ", ".join(others) or f"{len(pinned)} bibliothèques aux versions de requirements.txt"
    return Check("Bibliothèques", not others, detail)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absente"


def _streamlit() -> Check:
    path = ROOT / ".streamlit" / "config.toml"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        return Check("Réglages de Streamlit", False, f"{path} ne peut pas être lu : {error}")
    others = [
        f"{section}.{name} devrait être {wanted}"
        for (section, name), wanted in _STREAMLIT.items()
        if given.get(section, {}).get(name) != wanted
    ]
    return Check("Réglages de Streamlit", not others, ", ".join(others) or "comme il faut")


def _access() -> Check:
    """How readers reach the dashboard, as far as the environment says: nothing here can see a proxy."""
    told, wrong = [], False
    if settings().tls:
        told.append("cookies réservés à https")
    else:
        told.append(_WITHOUT_TLS)
    unknown = sorted(proxy for proxy in settings().proxies if not _is_ip(proxy))
    if unknown:
        wrong = True
        told.append(f"CCM_PROXIES attend des adresses IP, pas {', '.join(unknown)}")
    elif settings().proxies:
        told.append(f"X-Forwarded-For est cru de {', '.join(sorted(settings().proxies))}")
    elif settings().tls:
        # Behind a proxy that is not named, everybody has its address: fifty wrong guesses and all must wait.
        wrong = True
        told.append(_WITHOUT_PROXIES)
    return Check("Accès", not wrong, " ; ".join(told))


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _folder(store: Store) -> Iterator[Check]:
    path = sqlite_file(store)
    if path is None:
        return
    folder = path.resolve().parent
    if not folder.is_dir():
        yield Check("Dossier", False, f"{folder} n'existe pas : créez-le")
        return
    writable = os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    yield Check("Dossier", writable, f"{folder} {'accepte' if writable else 'refuse'} l'écriture")
    free = shutil.disk_usage(folder).free
    yield Check("Place libre", free >= _LEAST_FREE, f"{free // 2**20} Mio (200 Mio au moins)")


def _settings(connection: Connection) -> Check:
    wrong = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    return Check("Réglages de la base", not wrong, ", ".join(wrong) or "une écriture confirmée reste")


def _sqlite(connection: Connection) -> list[str]:
    found = {name: str(connection.execute(text(f"PRAGMA {name}")).scalar()) for name in _PRAGMAS}
    wrong = [f"{name} = {value}" for name, value in found.items() if value not in _PRAGMAS[name]]
    waits = int(connection.execute(text("PRAGMA busy_timeout")).scalar() or 0)
    return wrong + ([f"busy_timeout = {waits}"] if waits < _LEAST_BUSY_TIMEOUT else [])


def _postgresql(connection: Connection) -> list[str]:
    wrong = [name for name in _POSTGRESQL if connection.execute(text(f"SHOW {name}")).scalar() != "on"]
    if connection.execute(text("SHOW synchronous_commit")).scalar() == "off":
        wrong.append("synchronous_commit")
    return [f"{name} = off" for name in wrong]


def _rights(connection: Connection) -> Iterator[Check]:
    """Whether the triggers alone keep this account from rewriting: true of the owner, who upgrades."""
    if connection.dialect.name != "postgresql":
        return
    found = grants.rewritable(connection)
    told = "ce compte n'a aucun droit de réécrire ce qui ne fait que s'ajouter"
    if found:
        told = (
            f"seules les gardes de la base empêchent ce compte de réécrire {', '.join(found)} : "
            "« python -m ccm grants » en limite un autre, qui serve l'application"
        )
    yield Check("Droits du compte", True, told)


def _contents(connection: Connection) -> Iterator[Check]:
    state = connection.execute(select(StoreState.demo, StoreState.demo_size, StoreState.demo_seed)).one()
    invented = f"données de démonstration, inventées (taille {state.demo_size}, graine {state.demo_seed})"
    yield Check("Données", True, invented if state.demo else "données réelles")
    length, last = connection.execute(select(func.count(), func.max(AuditEvent.at))).one()
    suspect = connection.execute(select(func.count()).where(AuditEvent.clock_suspect)).scalar_one()
    detail = f"{length} entrées" + (f", dont {suspect} écrites par une horloge en retard" if suspect else "")
    yield Check("Journal", True, detail)
    yield _clock(last)


def _evidence(connection: Connection) -> Check:
    """Files of evidence that nothing refers to: no harm, but room."""
    left = unreferenced(connection, files_at(connection.engine.url), utc_now() - LEFT_ALONE)
    size = sum(path.stat().st_size for path in left)
    room = numbers.decimal(Fraction(size, 2**20), "fr")
    told = f"{len(left)} fichiers que rien ne cite ({room} Mio) : « evidence sweep » les ôte"
    return Check("Fichiers de preuve", True, told if left else "aucun fichier que rien ne cite")


def _clock(last: dt.datetime | None) -> Check:
    if last is not None and last > utc_now():
        late = f"l'horloge dit {today()}, la dernière entrée du journal est du {day_of(last)} : réglez-la"
        return Check("Horloge", False, late)
    since = f", dernière entrée du journal le {day_of(last)}" if last else ""
    return Check("Horloge", True, f"nous sommes le {today()} à Niamey{since}")
