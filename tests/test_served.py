"""The server as it listens: loopback only, no statistics, wherever it is started from."""

import socket
from pathlib import Path

import pytest

from tests.browser import served_dashboard

OPPOSING = """
[server]
address = "0.0.0.0"
allowedHosts = ["*"]
enableXsrfProtection = false
[browser]
gatherUsageStats = true
[client]
showErrorDetails = "full"
disableDataExport = false
"""
LISTENING = "0A"


def listening(pid):
    """Addresses that a process listens on, as the kernel writes them; Linux only."""
    own = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            own.add(str(link.readlink()))
        except OSError:
            continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in own:
                found.append(fields[1].split(":")[0])
    return found


def handshake(port, host):
    """The status with which the server answers a page of this host that wants its WebSocket."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{host}:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        return int(line.recv(200).split()[1])


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc, which only Linux has")
@pytest.mark.parametrize("where", ["root", "elsewhere with opposing settings"])
def test_p29_local_only_wherever_it_is_started_from(tmp_path, where):
    folder, log = Path("/"), tmp_path / "log"
    if where != "root":
        folder = tmp_path / "elsewhere"
        (folder / ".streamlit").mkdir(parents=True)
        (folder / ".streamlit" / "config.toml").write_text(OPPOSING)
    with served_dashboard(folder, log=log) as served:
        assert listening(served.process.pid) == ["0100007F"]
        assert handshake(served.port, "127.0.0.1") == 101
        assert handshake(served.port, "localhost") == 101
        assert handshake(served.port, "evil.example") == 403
    told = log.read_text()
    assert "statistics" not in told
    assert "Network URL" not in told
    assert "external IP" not in told


def test_the_guide_to_servers_is_right_about_host_names(tmp_path):
    options = ["--server.allowedHosts", "desk.example", "--server.allowedHosts", "localhost"]
    with served_dashboard(tmp_path, options=options) as served:
        assert handshake(served.port, "desk.example") == 101
        assert handshake(served.port, "localhost") == 101
        assert handshake(served.port, "evil.example") == 403
