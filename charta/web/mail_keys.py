# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys that end mails of an account: signed, kept nowhere, good for nothing else."""

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from charta.notifications.rules import Unsubscribe


def unsubscribe_key(person_id: int, what: Unsubscribe) -> str:
    """Return the key that ends one kind of mails of a person; the same each time, it does not expire."""
    return str(_serializer().dumps([person_id, what.value]))


def read_unsubscribe_key(key: str) -> tuple[int, Unsubscribe] | None:
    """Return whose mails and which ones a key ends; None when it is not ours."""
    try:
        person_id, what = _serializer().loads(key)
        return int(person_id), Unsubscribe(what)
    except (BadData, TypeError, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="unsubscribe")
