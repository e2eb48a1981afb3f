"""Child processes that answer before one goes on, and that can be started again when killed."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 30
# How long a new server may find the traces of a killed one: its last children, its lock files.
PATIENCE_SECONDS = 10
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class StoppedEarly(RuntimeError):
    """The process ended before it answered."""


def die_with_parent(number=signal.SIGTERM):
    """For `preexec_fn`: a signal when the thread that started this process ends, even by kill -9.

    The thread and not the process: start, and start again, from the main thread.
    """
    with contextlib.suppress(AttributeError, OSError):  # not Linux
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


class Service:
    """One child process, which can be started again after it was killed."""

    name = "service"
    stop_signal = signal.SIGTERM
    process: subprocess.Popen | None = None
    log: Path

    def start(self):
        """Start, and wait until it answers. Called again, it comes back at the same address."""
        self.prepare()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.launch()
            try:
                self.wait_until_ready()
                return self
            except StoppedEarly:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def prepare(self):
        """Folders and files, before the process."""

    def launch(self):
        raise NotImplementedError

    def wait_until_ready(self):
        """Return once the process answers."""

    def spawn(self, command, **options):
        self.process = subprocess.Popen(
            [str(word) for word in command],
            start_new_session=True,  # a Ctrl-C of the terminal reaches the parent alone
            preexec_fn=functools.partial(die_with_parent, self.stop_signal),
            **options,
        )

    def spawn_logged(self, command, **options):
        with open(self.log, "ab") as log:
            self.spawn(command, stdout=log, stderr=log, **options)

    def wait_for(self, attempt, error):
        """Repeat `attempt` while it raises `error`; return its result."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return attempt()
            except error as reason:
                stopped = not self.running()
                if stopped or time.monotonic() > deadline:
                    self.end()
                    log = self.log.read_text(errors="replace")[-2000:]
                    failure = StoppedEarly if stopped else RuntimeError
                    raise failure(f"{self.name} did not start: {log}") from reason
            time.sleep(0.02)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, timeout=15):
        """End the process and what it left behind in its session; return its exit status."""
        process, self.process = self.process, None
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(self.stop_signal)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.returncode

    def stop(self):
        self.end()


class Server(Service):
    """Listens on a unix socket, in a folder that only its owner opens."""

    folder: Path
    _socket_folder: Path | None = None

    def socket_folder(self) -> Path:
        """`folder`, or a temporary one: the whole path of a unix socket is limited to 107 bytes."""
        if not self._socket_folder:
            long = len(os.fsencode(self.folder)) >= 80
            self._socket_folder = Path(tempfile.mkdtemp(prefix="dui-")) if long else self.folder
        return self._socket_folder

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def stop(self):
        self.end()
        if self._socket_folder and self._socket_folder != self.folder:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
            self._socket_folder = None

    def erase(self):
        shutil.rmtree(self.folder, ignore_errors=True)
