# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The wheel and the source archive carry what the application needs. `.ci/run` installs and runs it."""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest

import charta

ROOT = Path(__file__).resolve().parents[2]
BUNDLED_FOLDERS = ("templates", "static", "migrations", "docs/help")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # Without isolation: hatchling and Babel are in the test set, so nothing is downloaded.
    command = [sys.executable, "-m", "build", "--no-isolation", "--sdist", "--wheel", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Iterator[zipfile.ZipFile]:
    (path,) = dist.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def files_below(folder: Path) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_wheel_carries_what_lies_beside_the_code(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    expected = {"charta/_bundle/config.py"}
    for folder in BUNDLED_FOLDERS:
        expected |= {f"charta/_bundle/{name}" for name in files_below(ROOT / folder)}
    assert expected - names == set()


def test_wheel_carries_the_whole_package(wheel: zipfile.ZipFile) -> None:
    expected = {name for name in files_below(ROOT / "charta") if not name.endswith((".mo", ".mo.new"))}
    assert expected - set(wheel.namelist()) == set()


def test_wheel_carries_compiled_catalogues(wheel: zipfile.ZipFile) -> None:
    sources = {name for name in wheel.namelist() if name.endswith("messages.po")}
    assert "charta/translations/en/LC_MESSAGES/messages.po" in sources
    assert {name.removesuffix(".po") + ".mo" for name in sources} <= set(wheel.namelist())


def test_wheel_puts_nothing_but_charta_into_site_packages(wheel: zipfile.ZipFile) -> None:
    top = {name.split("/")[0] for name in wheel.namelist()}
    assert top == {"charta", f"charta-{charta.__version__}.dist-info"}


def test_metadata_name_version_licence_and_command(wheel: zipfile.ZipFile) -> None:
    info = f"charta-{charta.__version__}.dist-info"
    metadata = Parser().parsestr(wheel.read(f"{info}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("charta", charta.__version__)
    assert metadata["License-Expression"] == "EUPL-1.2"
    assert metadata["Requires-Python"] == ">=3.11"
    assert "charta = charta.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert f"{info}/licenses/LICENSE" in wheel.namelist()


def test_source_archive_can_be_built_and_tested(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for name in ("run.py", "hatch_build.py", "config.py", "constraints.txt", "requirements.lock", ".ci/run"):
        assert name in names
    assert files_below(ROOT / "tests" / "architecture") <= names
    assert not [name for name in names if name.endswith(".mo") or name.startswith((".venv", "instance"))]
