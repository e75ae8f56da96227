"""Says where the rules of the house are broken, and exits 1 then: python -m tests.house."""

import sys
from pathlib import Path

from tests.house import ceilings, images, money

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("services", "gateway", "deploy", "tests", "bench")


def main() -> int:
    """Check every module, every proto and every image of the tree."""
    modules = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    found = [
        complaint
        for path in modules
        for check in (ceilings.complaints, money.complaints)
        for complaint in check(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]
    for path in sorted((ROOT / "protos/membercare").rglob("*.proto")):
        found += money.proto_complaints(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    found += images.complaints(ROOT)
    for complaint in found:
        print(complaint)
    print(f"house: {len(modules)} modules, {len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
