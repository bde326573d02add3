"""JupyterLab and a headless Chromium for the tests of the explorer: `make test-browser`.

Without Chromium, or without the packages of the dependency group `browser`, the tests are skipped with the reason.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# What a closed network would only delay.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
SECONDS = 60.0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Return the folder that JupyterLab serves, its address, and its token."""
    for package in ("jupyterlab", "anywidget", "playwright"):
        pytest.importorskip(package)
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path")
    folder, port, token = tmp_path_factory.mktemp("lab"), free_port(), secrets.token_hex(8)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None"),
    ]
    environment = os.environ | {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / ".jupyter")}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: urllib.request.urlopen(f"{address}/api", timeout=1.0).status == 200)
        yield folder, address, token
    finally:
        server.terminate()
        server.wait(SECONDS)


def wait_for(condition):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.2)
    raise TimeoutError


@pytest.fixture(scope="session")
def browser(lab):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def screenshots():
    """Return the folder for pictures of what was seen."""
    folder = Path(os.environ.get("FACILIS_SCREENSHOTS", "target/screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
