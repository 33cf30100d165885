"""Starts the dashboard for browser tests and screenshots, on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def running_dashboard() -> Iterator[str]:
    """The address of a dashboard that serves until the block is left."""
    with served_dashboard(ROOT) as served:
        yield served.address


class Served(NamedTuple):
    """A dashboard that serves, and its process."""

    address: str
    port: int
    process: subprocess.Popen[bytes]


def answers(address: str) -> bool:
    """Whether something answers there."""
    with contextlib.suppress(OSError):
        urllib.request.urlopen(address, timeout=2).close()
        return True
    return False


@contextlib.contextmanager
def served_dashboard(
    folder: Path,
    *,
    log: Path | None = None,
    options: Sequence[str] = (),
    before: Sequence[str] = (),
    script: Path = ROOT / "dashboard.py",
) -> Iterator[Served]:
    """A dashboard that is started in a folder, as `streamlit run …/dashboard.py` there does.

    `before` are words that the command line begins with, `script` another page than ours. Raises
    RuntimeError where it ends, or does not answer within two minutes.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*before, sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.headless", "true", *options]
    with (log or Path(os.devnull)).open("wb") as told:
        server = subprocess.Popen(command, cwd=folder, stdout=told, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 120
            while not answers(f"{address}/_stcore/health"):
                if (ended := server.poll()) is not None or time.monotonic() > until:
                    raise RuntimeError(f"expected a dashboard at {address}, exit status {ended}")
                time.sleep(0.5)
            yield Served(address, port, server)
        finally:
            server.terminate()
            server.wait(timeout=20)
