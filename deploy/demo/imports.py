"""The first part of the demo: a company's files come in, checked first, then slice by slice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo import documents
from deploy.demo.gateway import Person
from deploy.demo.screen import Screen, Trouble
from deploy.demo.stage import Stage

SLICE = 500
MOST_SHOWN = 40
OPS, HR = Person("demo-ops", ("ops",)), Person("xu.jing", ("hr",))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0

    def plus(self, payload: dict[str, Any]) -> "Imported":
        """Return the sum with another slice."""
        return Imported(
            self.created + payload["created"],
            self.updated + payload["updated"],
            self.unchanged + payload["unchanged"],
            self.failed + payload["failed"],
        )

    @property
    def changed(self) -> bool:
        """Whether anything is different now."""
        return bool(self.created or self.updated)


def import_employees(stage: Stage, file: Path) -> Imported:
    """Import our own staff; refuses bad rows, of which there are none."""
    screen = stage.screen
    screen.title("1  Our own staff", "1  本公司员工")
    payload = stage.take(HR, documents.IMPORT_EMPLOYEES, csv=_text(file))
    done = Imported().plus(payload)
    screen.done(*_counted(done), fresh=done.changed)
    return done


def import_members(stage: Stage, file: Path) -> Imported:
    """Check the file whole, show what is wrong with it, then import it in slices."""
    screen = stage.screen
    screen.title(f"2  {file.name}: the people we care for", f"2  {file.name}：我们关怀的会员")
    text = _text(file)
    with screen.waiting("Checking the whole file; nothing is stored yet.", "正在检查整个文件，暂不写入。"):
        checked = stage.take(OPS, documents.IMPORT_MEMBERS, csv=text, dryRun=True, lineOffset=0)
    screen.say(
        f"Dry run: {checked['rows']} rows, {checked['created']} to create, {checked['updated']} to change,"
        f" {checked['unchanged']} known already, {checked['failed']} that cannot be taken:",
        f"试导入：共 {checked['rows']} 行，新增 {checked['created']}，变更 {checked['updated']}，"
        f"无变化 {checked['unchanged']}，无法导入 {checked['failed']}：",
    )
    _show_errors(screen, checked["errors"])
    done = Imported()
    slices = list(sliced(text))
    with screen.progress() as progress:
        bar = progress.add_task(screen.words("importing", "导入中"), total=checked["rows"])
        for part, line_offset, rows in slices:
            payload = stage.take(OPS, documents.IMPORT_MEMBERS, csv=part, dryRun=False, lineOffset=line_offset)
            done = done.plus(payload)
            progress.advance(bar, rows)
    screen.done(*_counted(done), fresh=done.changed)
    return done


def sliced(text: str, size: int = SLICE) -> Iterator[tuple[str, int, int]]:
    """Yield the header with the next `size` lines, what to add to the line numbers of the part, and its lines."""
    header, *lines = text.splitlines(keepends=True)
    for first in range(0, len(lines), size):
        part = lines[first : first + size]
        yield header + "".join(part), first, len(part)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Trouble(
            f"There is no file {file}. Run the demo from the repository, or name a file: --members FILE",
            f"找不到文件 {file}。请在仓库目录中运行演示，或指定文件：--members FILE",
        ) from None
    except UnicodeDecodeError:
        raise Trouble(
            f"{file} is not UTF-8. Save it again as CSV UTF-8.", f"{file} 不是 UTF-8。请另存为 CSV UTF-8。"
        ) from None


def _show_errors(screen: Screen, errors: list[dict[str, Any]]) -> None:
    heads = (
        screen.words("Line", "行"),
        screen.words("Column", "列"),
        screen.words("Code", "代码"),
        screen.words("What is wrong", "问题"),
    )
    rows = [(each["line"], each["column"] or "-", each["code"], each["message"]) for each in errors[:MOST_SHOWN]]
    screen.table(heads, rows, right=(0,))
    if len(errors) > MOST_SHOWN:
        screen.say(f"... and {len(errors) - MOST_SHOWN} more.", f"……另有 {len(errors) - MOST_SHOWN} 行。")


def _counted(done: Imported) -> tuple[str, str]:
    return (
        f"{done.created} new, {done.updated} changed, {done.unchanged} as they were, {done.failed} refused.",
        f"新增 {done.created}，变更 {done.updated}，无变化 {done.unchanged}，拒绝 {done.failed}。",
    )
