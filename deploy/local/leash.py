"""Starts programs that never outlive the process that started them, not even when that one is killed."""

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Loaded here, once: between fork and exec nothing may be imported or allocated.
_libc = ctypes.CDLL(None, use_errno=True)
# The kernel takes the thread that started a child for its parent. This one lives as long as the process does; a child
# that was started by a thread of the caller's would be killed when that thread ends.
_starter = ThreadPoolExecutor(1, thread_name_prefix="leash")


def tie_to_parent() -> None:
    """Ask the kernel to kill this process when its parent dies; for use between fork and exec."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:  # the parent died before the request
        os._exit(1)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdout: Path | int | None = None,
    stderr: Path | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session, so that Ctrl-C reaches only us; output goes to files, a pipe or nowhere."""
    with contextlib.ExitStack() as files:

        def target(place: Path | int | None) -> int:
            if isinstance(place, Path):
                return files.enter_context(place.open("ab")).fileno()
            return subprocess.DEVNULL if place is None else place

        start = _starter.submit(
            subprocess.Popen[bytes],
            command,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=target(stdout),
            stderr=target(stderr),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=tie_to_parent,
        )
        return start.result()


def stop(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Ask a program to end, and end it when it has not after so many seconds; return its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
