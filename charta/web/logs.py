# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logging: text or JSON lines with a request id; ids only, never people's texts, names or keys."""

import json
import logging
import secrets
import sys

from flask import Flask, Response, g, has_request_context, request


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
            line["endpoint"] = request.endpoint or ""
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(app: Flask) -> None:
    """Send the program's log to standard error in the configured format, with an id per request."""
    handler = logging.StreamHandler(sys.stderr)
    if app.config["LOG_FORMAT"] == "json":
        handler.setFormatter(_JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("charta")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = bool(app.testing or app.config.get("TESTING"))

    @app.before_request
    def give_request_id() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def show_request_id(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
        return response
