import runpy
from pathlib import Path

from deploy.local import lockfile

ROOT = Path(__file__).resolve().parents[3]
SUBSET = runpy.run_path(str(ROOT / "deploy/images/subset.py"))
PYPROJECT = '[project]\nname = "membercare"\ndependencies = ["cattrs"]\n[project.optional-dependencies]\n'
LOCK = "cattrs==1.0 \\\n    --hash=sha256:aa\n    # via membercare (pyproject.toml)\n"


def test_a_complete_lock_has_no_complaint() -> None:
    assert lockfile.complaints(PYPROJECT, LOCK) == []


def test_a_requirement_that_is_not_locked_is_named() -> None:
    assert lockfile.complaints(PYPROJECT + 'care = ["borax==4.1.3"]\n', LOCK) == [
        "requirements.lock lacks borax; run `make lock`."
    ]


def test_a_pin_that_the_project_no_longer_wants_is_named() -> None:
    said = lockfile.complaints(PYPROJECT + 'care = ["cattrs==2.0"]\n', LOCK)
    assert said == ["requirements.lock pins cattrs==1.0, pyproject.toml asks for 2.0; run `make lock`."]


def test_an_address_in_the_lock_is_named() -> None:
    assert lockfile.complaints(PYPROJECT, "--index-url https://example.com/simple\n" + LOCK) == [
        "requirements.lock names an address: --index-url https://example.com/simple"
    ]


def test_an_image_installs_what_its_extra_needs_and_nothing_of_the_others() -> None:
    lock = (
        LOCK
        + "nameko==3.0 \\\n    --hash=sha256:bb\n    # via membercare (pyproject.toml)\n"
        + "kombu==5.7 \\\n    --hash=sha256:cc\n    # via\n    #   membercare (pyproject.toml)\n    #   nameko\n"
        + "vine==5.1 \\\n    --hash=sha256:dd\n    # via kombu\n"
        + "mypy==2.0 \\\n    --hash=sha256:ee\n    # via membercare (pyproject.toml)\n"
    )
    project = {
        "name": "membercare",
        "dependencies": ["cattrs"],
        "optional-dependencies": {"events": ["nameko==3.0"], "care": ["membercare[events]"], "dev": ["mypy"]},
    }
    roots = SUBSET["declared"](project, "care")
    assert SUBSET["closure"](SUBSET["entries"](lock), roots) == ["cattrs", "kombu", "nameko", "vine"]
