"""A program that runs beside the tests, and whose words are heard; it ends, with all that it started, when they do."""

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator

START_SECONDS = 60
END_SECONDS = 10


class Started:
    """`said` holds every line so far."""

    def __init__(self, process: subprocess.Popen):
        self.said: list[str] = []
        self._process = process
        self._news = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            with self._news:
                self.said.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, pattern: re.Pattern) -> str:
        """The first group of the line that matches. Raises RuntimeError when none comes in time."""

        def found() -> list[str]:
            return [match[1] for match in map(pattern.search, self.said) if match]

        with self._news:
            self._news.wait_for(lambda: found() or self._ended, START_SECONDS)
            if found():
                return found()[0]
        raise RuntimeError(f"{self._process.args[0]} did not start: {' / '.join(self.said[-5:]) or 'it said nothing'}")


@contextlib.contextmanager
def started(command: list[str], environment: dict | None = None) -> Iterator[Started]:
    """Run `command` in a session of its own, so that what it started ends with it."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    try:
        yield Started(process)
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
