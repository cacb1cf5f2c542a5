# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The embedded server in a thread of the test process, stopped without a race."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def serving(server: Any) -> Iterator[int]:
    """Run a waitress server while the block lasts; yield its port.

    Closing from here while the loop waits on the sockets, or while a worker wakes it, fails now and then
    ("Bad file descriptor"). So the workers end first, and the loop closes everything itself.
    """
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(lambda: _close(server))
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


def _close(server: Any) -> None:
    for channel in list(server.active_channels.values()):
        channel.close()
    server.close()
