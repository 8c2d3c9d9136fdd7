"""No test of the client sees a key, a mode or a proxy of whoever runs it."""

from __future__ import annotations

import pytest

from worldkit.stores.api import secret


@pytest.fixture(autouse=True)
def _nobodys_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALAKAZAM_API_KEY", "ALAKAZAM_MODE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(secret, "_from_keyring", lambda: secret.Secret(None))
