"""Makes typed Python of the .proto files, when one of them is newer than what was made last."""

import fcntl
import hashlib
import sys
import tempfile
from importlib import metadata
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "protos"
TARGET = SOURCES / "gen"


def proto_files() -> list[Path]:
    """Return every .proto of the suite, in order."""
    return sorted((SOURCES / "membercare").rglob("*.proto"))


def fingerprint(sources: list[Path]) -> str:
    """Name what would be made: the sources and the generator's version."""
    digest = hashlib.sha256(metadata.version("grpcio-tools").encode() + metadata.version("mypy-protobuf").encode())
    for source in sources:
        digest.update(str(source.relative_to(SOURCES)).encode() + source.read_bytes())
    return digest.hexdigest()


def generate(sources: list[Path], target: Path) -> None:
    """Run protoc into an empty folder."""
    from grpc_tools import protoc  # noqa: PLC0415 - a second to import, needed only when something changed

    plugins = [f"--plugin=protoc-gen-{name}={_plugin(name)}" for name in ("mypy", "mypy_grpc")]
    outputs = [f"--{kind}_out={target}" for kind in ("python", "grpc_python")]
    outputs += [f"--{kind}_out=quiet:{target}" for kind in ("mypy", "mypy_grpc")]
    well_known = str(files("grpc_tools") / "_proto")
    code = protoc.main(["protoc", f"-I{SOURCES}", f"-I{well_known}", *plugins, *outputs, *map(str, sources)])
    if code:
        raise SystemExit("The .proto files above have mistakes; correct them and run `make protos` again.")


def make() -> bool:
    """Bring protos/gen up to date; say whether there was anything to do."""
    with (ROOT / "buf.yaml").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once
        sources = proto_files()
        wanted = fingerprint(sources)
        stamp = TARGET / ".made"
        if stamp.exists() and stamp.read_text() == wanted:
            return False
        with tempfile.TemporaryDirectory(dir=SOURCES, prefix=".gen-") as scratch:
            made = Path(scratch) / "gen"
            made.mkdir()
            generate(sources, made)
            (made / ".made").write_text(wanted)
            if TARGET.exists():
                TARGET.rename(Path(scratch) / "old")
            made.rename(TARGET)
    return True


def _plugin(name: str) -> Path:
    return Path(sys.executable).with_name(f"protoc-gen-{name}")


if __name__ == "__main__":
    make()
