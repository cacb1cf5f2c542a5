# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a finished mail leaves: to the console, into a file, or to a mail server. Knows no database."""

import os
import smtplib
import ssl
import sys
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from charta.notifications.rules import is_bounce


class Unreachable(Exception):
    """The mail server cannot be used now; nothing is known against this mail."""


class Refused(Exception):
    """The mail server refused this mail; `is_final` says that trying again is pointless.

    `is_bounce`: there is no such mailbox, so that no other mail will get there either.
    """

    def __init__(self, code: int, *, is_final: bool, is_bounce: bool = False) -> None:
        self.code = code
        self.is_final = is_final
        self.is_bounce = is_bounce
        super().__init__(str(code))


class Transport(Protocol):
    """Takes finished mails; used as a context so that one connection can serve many."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...
    def deliver(self, message: EmailMessage) -> None:
        """Hand one mail over; raise `Unreachable` or `Refused`."""


class _Open:
    """A transport that needs no connection."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None


class Console(_Open):
    """Prints mails: to try things out without a mail server."""

    def deliver(self, message: EmailMessage) -> None:
        """Print the plain text with its headers."""
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        sys.stdout.write(f"\n--- {message['To']} · {message['Subject']}\n{text}---\n")
        sys.stdout.flush()


class Files(_Open):
    """Writes each mail into a folder of its own as an .eml file that mail programs open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: EmailMessage) -> None:
        """Write the file whole or not at all, readable by the owner only: it may hold a link with a key."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = str(message["Message-ID"]).strip("<>").partition("@")[0]
            draft = self._folder / f".{name}.tmp"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(message.as_bytes())
            draft.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise Unreachable(type(error).__name__) from error


class Smtp:
    """Talks to a mail server; one connection as long as it holds."""

    def __init__(
        self, host: str, port: int, *, user: str, password: str, security: str, timeout_seconds: float
    ) -> None:
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._security = security
        self._timeout_seconds = timeout_seconds
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def deliver(self, message: EmailMessage) -> None:
        """Send one mail; a server's 5xx about this mail is final, everything else may pass."""
        try:
            if self._server is None:
                self._server = self._connect()
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            self._close()
            code, answer = max(error.recipients.values(), default=(0, b""))
            is_dead = is_bounce(code, answer.decode("ascii", "replace"))
            raise Refused(code, is_final=code >= 500, is_bounce=is_dead) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            self._close()
            # 421 closes the channel whatever was said: the server is going down, not against the mail.
            if error.smtp_code == 421:
                raise Unreachable("421") from error
            raise Refused(error.smtp_code, is_final=error.smtp_code >= 500) from error
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            self._close()
            raise Refused(553, is_final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise Unreachable(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout_seconds, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds)
        try:
            if self._security == "starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _close(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def from_settings(config: Mapping[str, Any]) -> Transport:
    """Return the transport that `config.py` names; raise `RuntimeError` for an unknown one."""
    match config["MAIL_TRANSPORT"]:
        case "console":
            return Console()
        case "file":
            return Files(Path(config["CHARTA_DATA_DIR"]) / "mail")
        case "smtp":
            return Smtp(
                config["MAIL_HOST"],
                config["MAIL_PORT"],
                user=config["MAIL_USER"],
                password=config["MAIL_PASSWORD"],
                security=config["MAIL_SECURITY"],
                timeout_seconds=config["MAIL_TIMEOUT_SECONDS"],
            )
        case other:
            raise RuntimeError(f"MAIL_TRANSPORT is console, file or smtp, not {other!r}")
