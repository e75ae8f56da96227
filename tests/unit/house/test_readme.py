import re
from pathlib import Path

from tests.unit.house.settings_table import rows

ROOT = Path(__file__).parents[3]
READMES = ("README.md", "README.zh-CN.md")


def test_the_readme_names_every_setting_of_every_process() -> None:
    section = (ROOT / "README.md").read_text().split("### Settings of the processes\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines] == rows()


def test_what_the_readmes_link_to_in_this_repository_exists() -> None:
    links = {
        (name, link)
        for name in READMES
        for link in re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text())
        if "://" not in link
    }
    assert {(name, link) for name, link in links if not (ROOT / link).exists()} == set()


def test_every_make_target_that_the_readmes_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for name in READMES
        for line in re.findall(r"`make ([^`]*)`", (ROOT / name).read_text())
        for target in [word for word in line.split() if "=" not in word and not word.startswith("-")][:1]
    }
    assert named - targets == set()
