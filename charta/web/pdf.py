# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""PDF files: our own typst files in `templates/pdf`, filled with data that stays data.

    pdf("cards", {"title": …, "cards": […]})    # templates/pdf/cards.typ reads `data` of base.typ

Text of people reaches typst as JSON and is never read as markup. Only the fonts inside typst are used. The
result is tagged (PDF/UA-1); a character no font has becomes a visible square instead of an error.
"""

import json
import logging
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import Response

from charta.errors import Busy
from charta.paths import data_root
from charta.web import pdf_process
from charta.web.downloads import download

SECONDS = 30
MEMORY_BYTES = 2 * 1024**3  # of address space; a file of 200 cards takes a tenth of it
_AT_ONCE = threading.BoundedSemaphore(2)

# What has no picture in any font and would only trip the tagging: controls, private use, surrogates,
# variation selectors, tags, and marks that turn the direction of reading.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufe00-\ufe0f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
                      "\U000e0000-\U000e0fff]")  # fmt: skip
_NO_CHARACTER = re.compile("[\ud800-\uf8ff\ufff9-\uffff\U000f0000-\U0010ffff]")

log = logging.getLogger(__name__)


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return `templates/pdf/<template>.typ` filled with `data` (JSON values) as a PDF file.

    Takes some 150 ms. Raises `Busy` when it would take too long or too many are being made, `RuntimeError`
    when the template itself is wrong.
    """
    if not re.fullmatch(r"[a-z][a-z_]*", template):
        raise ValueError(template)
    job = {
        "root": str(data_root() / "templates" / "pdf"),
        "file": f"{template}.typ",
        "data": json.dumps(_printable(data), ensure_ascii=False),
        "memory_bytes": MEMORY_BYTES,
        "seconds": SECONDS,
    }
    if not _AT_ONCE.acquire(timeout=SECONDS):
        raise Busy(what="pdf")
    try:
        answer = _run(job)
    finally:
        _AT_ONCE.release()
    head, _newline, content = answer.partition(b"\n")
    reached = json.loads(head)
    if reached["tagged"] != "ua-1":
        log.warning("pdf %s: not PDF/UA-1", template)
    return content


def pdf_response(content: bytes, filename: str) -> Response:
    """Answer with a PDF to keep under this name; nothing on the way may store it."""
    return download(content, filename)


def _run(job: Mapping[str, Any]) -> bytes:
    command = [sys.executable, "-I", pdf_process.__file__]
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, data only on its standard input
            command, input=json.dumps(job).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Busy(what="pdf") from error
    if done.returncode < 0:  # ended by a limit
        raise Busy(what="pdf")
    if done.returncode:
        raise RuntimeError(f"{job['file']}: {done.stderr.decode(errors='replace').strip()[-400:]}")
    return done.stdout


def _printable(value: Any) -> Any:
    """Return JSON values whose texts hold nothing that cannot be printed."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", str(value))
        return _DROPPED.sub("", _NO_CHARACTER.sub(pdf_process.REPLACEMENT, text))
    if isinstance(value, Mapping):
        return {str(name): _printable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value
