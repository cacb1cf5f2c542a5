# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A mail server to test with: keeps what it takes and answers as told (fixture `smtp`)."""

import asyncio
import email
import socket
import threading
from email import policy
from typing import Any

from aiosmtpd.controller import Controller


class Server:
    """A mail server that keeps what it takes and answers as told."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"
        self.wait_seconds = 0.0
        self._lock = threading.Lock()
        with socket.socket() as free:  # aiosmtpd wants to be told a port
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, mail_session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, mail_session: Any, envelope: Any) -> str:  # noqa: N802
        if self.wait_seconds:
            await asyncio.sleep(self.wait_seconds)
        if self.answer.startswith("250"):
            with self._lock:
                self.messages.append((envelope.rcpt_tos[0], envelope.content))
        return self.answer

    @property
    def parsed(self) -> list[Any]:
        return [email.message_from_bytes(content, policy=policy.SMTP) for _to, content in self.messages]

    @property
    def recipients(self) -> list[str]:
        return [to for to, _content in self.messages]
