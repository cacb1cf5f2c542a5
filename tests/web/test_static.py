# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Static files: kept for ever under a hashed address, packed, and let go of."""

import gc
import gzip
import warnings

from flask import Flask

from charta.web.assets import asset


def test_a_packed_file_is_the_file_and_is_closed(app: Flask) -> None:
    client = app.test_client()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain = client.get("/static/css/charta.css", headers={"Accept-Encoding": "identity"})
        packed = client.get("/static/css/charta.css", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["Vary"] == "Accept-Encoding", (
            "the same for everybody: shared caches may keep it"
        )
        plain.close()
        packed.close()
        gc.collect()


def test_a_hashed_address_is_kept_for_ever(app: Flask) -> None:
    with app.test_request_context():
        address = asset("css/charta.css")
    answer = app.test_client().get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()
    answer = app.test_client().get("/static/css/charta.css")
    assert "immutable" not in answer.headers["Cache-Control"]
    answer.close()


def test_static_files_set_no_cookie_and_leave_the_folder_never(app: Flask) -> None:
    client = app.test_client()
    for address in ("/static/../config.py", "/static/%2e%2e/config.py", "/static/css/../../config.py"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
