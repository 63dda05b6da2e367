from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.cli.trust.trust_commands import FileServer

from egovdocs.sandbox.authority import Authority


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def ca(root: Authority) -> Authority:
    return root.intermediate("НУЦ 2", algorithm="ec")


@pytest.fixture
def store(tmp_path: Path, root: Authority) -> Path:
    (tmp_path / "store" / "anchors").mkdir(parents=True)
    (tmp_path / "store" / "anchors" / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    return tmp_path / "store"


@pytest.fixture
def server() -> Iterator[FileServer]:
    server = FileServer()
    thread = threading.Thread(target=server.http.serve_forever)
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()
