"""Runs other people's programs as references: each in an environment of its own, made when it is first asked for."""

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).parent / "references"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "membercare-bench"
_TAIL = 300
_PATIENCE, _GOODBYE = 300.0, 30.0


class ReferenceMissing(Exception):
    """The program cannot be had on this machine; says why, in one line."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is ready: it sends as many mails as it is told, and says when they are sent."""

    process: subprocess.Popen[str]
    beside: Sequence[int]
    """Processes that work for it and are not its children."""
    log: Path

    @property
    def pids(self) -> list[int]:
        """Everything whose CPU time it costs."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [self.process.pid, *(child.pid for child in children), *self.beside]

    def send(self, count: int) -> int:
        """Send so many and return how many; raises ReferenceMissing when the program has ended."""
        assert self.process.stdin
        try:
            self.process.stdin.write(f"{count}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise ReferenceMissing(_last_words(self.log)) from None
        self.expect("done")
        return count

    def expect(self, word: str) -> None:
        """Wait until it says this; a program that says nothing for minutes is ended."""
        assert self.process.stdout
        patience = threading.Timer(_PATIENCE, self.kill)
        patience.start()
        try:
            for line in self.process.stdout:
                if line.strip() == word:
                    return
        finally:
            patience.cancel()
        raise ReferenceMissing(_last_words(self.log))

    def end(self) -> None:
        """Let it end by itself, or kill it."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(_GOODBYE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it and what it has started."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            child.kill()
        self.process.kill()


@contextmanager
def program(script: str, requirements: str, *arguments: str, beside: Sequence[int] = ()) -> Iterator[Program]:
    """Start a script of `references` in the environment of its requirements, and end it."""
    python = _environment(requirements)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with (
            log.open("w") as errors,
            subprocess.Popen(
                [python, HERE / script, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as process,
        ):
            started = Program(process, beside, log)
            try:
                started.expect("ready")
                yield started
            finally:
                started.end()


def _environment(requirements: str) -> Path:
    """Return the interpreter of an environment with exactly these packages; made once for each version of the file."""
    wanted = HERE / requirements
    key = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()[:12]
    place = _CACHE / f"{wanted.stem}-{key}"
    python, made = place / "bin" / "python", place / "made"
    if not made.exists():
        install = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r"]
        for command in ([sys.executable, "-m", "venv", "--clear", str(place)], [str(python), *install, str(wanted)]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise ReferenceMissing(
                    f"no packages for {wanted.stem}: {(done.stderr or done.stdout).strip()[-_TAIL:]}"
                )
        made.touch()
    return python


def _last_words(log: Path) -> str:
    return f"it ended: {' '.join(log.read_text(errors='replace')[-_TAIL:].split())}"
