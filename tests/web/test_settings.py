"""The settings that ship, known to the Streamlit that is installed."""

import json
import os
import subprocess
import sys
import tomllib
from typing import Any

import pytest

from ccm.web.pages import BROWSER
from tests.support.machine import ROOT

SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
FLAT = {f"{section}.{name}": value for section, values in SETTINGS.items() for name, value in values.items()}
#: What the application's speed and safety rest on.
SHIPPED: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.maxCachedMessageAge": 30,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1"],
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableWebsocketCompression": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxMessageSize": 50,
    "server.maxUploadSize": 10,
    "server.maxWidgetStateSize": 5,
    "server.trustedUserHeaders": {"x-ccm-browser": "browser"},
}
_READ = """
import json, sys
import streamlit
print(json.dumps({name: streamlit.get_option(name) for name in json.loads(sys.argv[1])}))
"""


@pytest.fixture(scope="module")
def in_force() -> dict[str, Any]:
    """Every setting of the file as Streamlit has read it, in the project's folder, and what it warns of."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    command = [sys.executable, "-c", _READ, json.dumps([*FLAT, "server.trustedUserHeaders"])]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    # An option that disappeared is an error here, and a warning where the application starts.
    assert ran.returncode == 0, ran.stderr
    assert "config" not in ran.stderr.lower(), ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("name", FLAT)
def test_the_setting_is_known_and_in_force(in_force: dict[str, Any], name: str) -> None:
    assert in_force[name] == FLAT[name]


def test_the_settings_that_matter_are_as_shipped() -> None:
    assert {name: value for name, value in FLAT.items() if not name.startswith("theme.")} == SHIPPED


def test_no_header_is_taken_for_an_identity(in_force: dict[str, Any]) -> None:
    """The one header there is comes from our middleware, and says which browser a socket is of: no right."""
    assert list(in_force["server.trustedUserHeaders"]) == [BROWSER.decode()]
