# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings: flat, UPPERCASE, each from one environment variable. Loaded by path, never imported.

`.env.example` is made from this file (test), so each setting carries a comment in the line above it.
"""

import os
from pathlib import Path


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def _secret(name: str) -> str:
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(name, "")


# Folder of the embedded database, the secret key and mails written to files
CHARTA_DATA_DIR = os.environ.get("CHARTA_DATA_DIR", "instance")
# Address of the database; empty: an SQLite file in CHARTA_DATA_DIR; else postgresql://user@host/name
DATABASE_URL = os.environ.get("DATABASE_URL", "")
# "production" refuses demonstration accounts and a missing secret key; "embedded" makes a key once
CHARTA_MODE = os.environ.get("CHARTA_MODE", "embedded")
# Key that signs cookies (or SECRET_KEY_FILE: a file that holds it); at least 32 characters
SECRET_KEY = _secret("SECRET_KEY")
# Older keys, comma separated, still accepted while a new one spreads
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
# The address people use, without a slash at the end; mails are built from it and from nothing else
BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8080").rstrip("/")
# Host names that are answered, comma separated; empty: in production the host of BASE_URL, else any
TRUSTED_HOSTS = [host for host in os.environ.get("TRUSTED_HOSTS", "").split(",") if host] or None
# Number of reverse proxies in front whose X-Forwarded headers are believed
REVERSE_PROXY = int(os.environ.get("REVERSE_PROXY", "0"))
# How mails leave: console, file (into CHARTA_DATA_DIR/mail) or smtp
MAIL_TRANSPORT = os.environ.get("MAIL_TRANSPORT", "file")
# Mail server and its port
MAIL_HOST = os.environ.get("MAIL_HOST", "localhost")
MAIL_PORT = int(os.environ.get("MAIL_PORT", "25"))
# Name and password at the mail server (or MAIL_PASSWORD_FILE); empty: none
MAIL_USER = os.environ.get("MAIL_USER", "")
MAIL_PASSWORD = _secret("MAIL_PASSWORD")
# How the connection to the mail server is protected: none, starttls or tls
MAIL_SECURITY = os.environ.get("MAIL_SECURITY", "none")
# Sender of all mails
MAIL_FROM = os.environ.get("MAIL_FROM", "Charta <charta@localhost>")
# Seconds to wait for the mail server
MAIL_TIMEOUT_SECONDS = int(os.environ.get("MAIL_TIMEOUT_SECONDS", "10"))
# First administrator, made by `charta init` and at the first start when nobody has an account yet
CHARTA_ADMIN_EMAIL = os.environ.get("CHARTA_ADMIN_EMAIL", "")
# Log format: text or json
LOG_FORMAT = os.environ.get("LOG_FORMAT", "text")
# Failed sign-ins per account before answers are delayed, and per address (a hall shares one address)
SIGN_IN_FREE_ATTEMPTS = int(os.environ.get("SIGN_IN_FREE_ATTEMPTS", "5"))
SIGN_IN_FREE_ATTEMPTS_PER_ADDRESS = int(os.environ.get("SIGN_IN_FREE_ATTEMPTS_PER_ADDRESS", "200"))
# Shows template changes without a restart; for development only
DEVELOPMENT = _flag("CHARTA_DEVELOPMENT", False)
