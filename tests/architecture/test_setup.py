# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The set-up: what run.py says and does, the pinned files, the papers. Nothing is installed here."""

import ast
import importlib.util
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "run.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def load_run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("charta_run", RUN)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run() -> ModuleType:
    return load_run()


def tracked_files() -> list[Path]:
    """Return the files of the project: as git knows them, or all below an unpacked source archive."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        made = {
            ".venv",
            "instance",
            "build",
            "dist",
            "__pycache__",
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
        }
        return [p for p in ROOT.rglob("*") if p.is_file() and not made & set(p.relative_to(ROOT).parts)]
    names = (name for name in done.stdout.decode().split("\0") if name)
    return [path for name in names if (path := ROOT / name).is_file()]


# -------------------------------------------------------------------------------------------- run.py


def test_run_parses_on_python_3_6() -> None:
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_run_imports_only_the_standard_library() -> None:
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(RUN.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= set(sys.stdlib_module_names)


def test_old_python_is_told_both_versions_in_both_languages(
    run: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run.check_python((3, 8, 18))
    message = capsys.readouterr().err
    assert ended.value.code == 1
    for words in ("zu alt", "too old", "3.8.18", "3.11"):
        assert words in message


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 0), (4, 0, 0)])
def test_new_enough_python_passes(run: ModuleType, version: tuple[int, ...]) -> None:
    run.check_python(version)


def test_taken_port_is_named_with_a_free_one(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            run.check_port(port)
    message = capsys.readouterr().err
    assert ended.value.code == 1
    assert f"Port {port} ist belegt" in message
    assert f"port {port} is taken" in message
    suggested = int(re.findall(r"run\.py --port (\d+)", message)[0])
    assert suggested != port
    assert run.port_is_free(suggested)


def test_python_without_ensurepip_is_told_what_to_install(tmp_path: Path) -> None:
    # Debian's python3 without python3-venv: the module is simply not there.
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("run.py", "pyproject.toml", "constraints.txt", "hatch_build.py"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        [sys.executable, str(copy / "run.py"), "--port", str(load_run().free_port())],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "CHARTA_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install -y python3-venv" in done.stderr
    assert "fehlt" in done.stderr
    assert "lacks" in done.stderr
    assert not (copy / ".venv").exists()


# What pip prints, and the words people get instead.
PIP_FAILURES = [
    ("WARNING: Retrying after connection broken by 'NewConnectionError(…)'", "out of reach"),  # no network
    ("ERROR: No matching distribution found for Flask<4,>=3.1", "out of reach"),  # a mirror that lacks it
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "disk space"),  # full
    ("error: subprocess-exited-with-error", "installing the packages failed"),  # anything else
]


@pytest.mark.parametrize("output,words", PIP_FAILURES)
def test_failed_installation_is_explained(
    run: ModuleType, capsys: pytest.CaptureFixture[str], output: str, words: str
) -> None:
    with pytest.raises(SystemExit):
        run.explain_pip(output)
    assert words in capsys.readouterr().err


def test_full_disk_is_told_before_anything_is_installed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "is_installed", lambda _: False)
    monkeypatch.setattr(run.shutil, "disk_usage", lambda _: SimpleNamespace(free=20_000_000))
    with pytest.raises(SystemExit):
        run.install("test")
    assert "20 MB" in capsys.readouterr().err


def test_data_folder_that_cannot_be_written_is_named(
    run: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SystemExit):
        run.data_environment(str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file" / "data") in capsys.readouterr().err


def test_options_reach_the_server(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHARTA_DATA_DIR", raising=False)
    plain = run.parse([])
    assert (plain.command, plain.port, plain.data) == ("start", 8080, str(ROOT / "instance"))
    assert run.serve_command(plain.port, plain.empty)[1:] == [
        "serve",
        "--embedded",
        "--port",
        "8080",
        "--demo",
    ]
    chosen = run.parse(["--port", "8099", "--data", "elsewhere", "--empty"])
    assert (chosen.port, chosen.data, chosen.empty) == (8099, "elsewhere", True)
    assert "--demo" not in run.serve_command(chosen.port, chosen.empty)
    assert run.parse(["--smoke"]).command == "smoke"


def test_data_folder_comes_from_the_environment(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTA_DATA_DIR", "/srv/charta")
    assert run.parse([]).data == "/srv/charta"
    assert run.parse(["--data", "/srv/other"]).data == "/srv/other"


def test_address_and_demonstration_accounts_are_printed(
    run: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    run.announce(8123, empty=False)
    said = capsys.readouterr().out
    people = tomllib.loads((ROOT / "charta/demo/data/people.toml").read_text(encoding="utf-8"))
    names = {address.split("@")[0] for address in re.findall(r"[\w-]+@example\.org", str(people))}
    assert "http://127.0.0.1:8123" in said
    assert run.DEMONSTRATION_PASSWORD in said
    assert {name for name in names if f" {name}@" not in said} <= {f"teilnahme{n}" for n in range(2, 8)}
    run.announce(8123, empty=True)
    assert "example.org" not in capsys.readouterr().out


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_impossible_ports_are_refused(run: ModuleType, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.parse(["--port", port])
    assert "--port" in capsys.readouterr().err


def test_what_follows_test_goes_to_pytest(run: ModuleType) -> None:
    options = run.parse(["test", "--require", "all", "tests/text", "-k", "merge"])
    assert (options.command, options.require, options.system) == ("test", "all", False)
    assert options.arguments == ["tests/text", "-k", "merge"]
    command = run.pytest_command(options.arguments, {}, "report.xml")
    assert command[-3:] == ["tests/text", "-k", "merge"]


def test_groups_that_cannot_run_are_deselected_and_named(
    run: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = {"browser": "no Chromium", "postgresql": "no server"}
    command = run.pytest_command([], missing, "report.xml")
    assert command[command.index("-m", 3) + 1] == "not browser and not postgresql"
    run.report_skipped(missing, ["tests.x::test_y: why"])
    said = capsys.readouterr().out
    assert "browser" in said
    assert "skipped: tests.x::test_y: why" in said
    assert run.APT_LINE in said


@pytest.mark.parametrize(
    "require,missing,skipped,pytest_code,expected",
    [
        (None, {}, [], 0, 0),  # everything ran
        (None, {"browser": "-"}, ["one"], 0, 0),  # left out, and that is allowed
        ("all", {"browser": "-"}, [], 0, 1),  # a group left out
        ("all", {}, ["one"], 0, 1),  # a single test skipped itself
        ("all", {}, [], 0, 0),  # CI as it should be
        (None, {}, [], 1, 1),  # a failing test
        (None, {}, [], 5, 1),  # no test at all
    ],
)
def test_exit_code_of_the_test_command(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    require: str | None,
    missing: dict[str, str],
    skipped: list[str],
    pytest_code: int,
    expected: int,
) -> None:
    monkeypatch.setattr(run, "ROOT", str(tmp_path))
    monkeypatch.setattr(run, "prepare", lambda extra: None)
    monkeypatch.setattr(run, "missing_groups", lambda: missing)
    monkeypatch.setattr(run, "run_checks", list)
    monkeypatch.setattr(run, "run_node", list)
    monkeypatch.setattr(run, "count_skipped", lambda report: skipped)

    def pretend(command: list[str], **options: object) -> int:
        Path(command[command.index("--junitxml") + 1]).write_text("<testsuites/>")
        return pytest_code

    monkeypatch.setattr(run, "run", pretend)
    options = SimpleNamespace(system=False, require=require, arguments=[])
    assert run.test(options) == expected


def test_skipped_tests_are_read_from_the_report(run: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite><testcase classname='a' name='ran'/>"
        "<testcase classname='a' name='left'><skipped type='pytest.skip' message='no printer'/></testcase>"
        "<testcase classname='a' name='known'><skipped type='pytest.xfail' message='later'/></testcase>"
        "</testsuite></testsuites>"
    )
    assert run.count_skipped(str(report)) == ["a::left: no printer"]


def test_a_finished_set_up_is_not_repeated(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "VENV", str(tmp_path))
    monkeypatch.setattr(run, "venv_version", lambda: tuple(sys.version_info[:2]))
    Path(run.in_venv("charta")).parent.mkdir()
    Path(run.in_venv("charta")).touch()
    assert not run.is_installed("")
    (tmp_path / ".charta-stamp-test").write_text(run.stamp("test"))
    assert run.is_installed("test")
    assert run.is_installed(""), "the test set contains the runtime set"
    (tmp_path / ".charta-stamp-test").write_text("of an older pyproject.toml")
    assert not run.is_installed("test")


def test_run_works_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(RUN), "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for option in ("--port", "--data", "--empty", "--smoke", "test"):
        assert option in done.stdout


def test_ci_script_is_executable_and_parses() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    text = script.read_text(encoding="utf-8")
    for package in load_run().APT_LINE.split()[3:]:
        assert package in text
    assert "run.py test --require all" in text


# -------------------------------------------------------------------------------------- pinned files


def requirements(*extras: str) -> list[Requirement]:
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(found[0]): found[1]
        for found in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize(
    "file,extras", [("constraints.txt", ("test", "production")), ("requirements.lock", ("production",))]
)
def test_pinned_files_cover_the_dependencies(file: str, extras: tuple[str, ...]) -> None:
    versions = pinned(file)
    for requirement in requirements(*extras):
        version = versions.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is missing in {file}"
        assert requirement.specifier.contains(version), f"{requirement} is not {version} of {file}"


def test_both_pinned_files_name_the_same_versions() -> None:
    versions = pinned("constraints.txt")
    assert {name: versions.get(name) for name in pinned("requirements.lock")} == pinned("requirements.lock")


def test_every_locked_version_has_a_hash() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    entries = [line for line in lines if "==" in line and not line.startswith("#")]
    assert len(entries) == len(pinned("requirements.lock"))
    assert [line for line in entries if "--hash=sha256:" not in line] == []


def test_every_dependency_has_an_upper_bound() -> None:
    unbounded = {r.name for r in requirements() if not any(s.operator in {"<", "=="} for s in r.specifier)}
    assert unbounded == set()


# --------------------------------------------------------------------------------------------- papers


def papers() -> list[Path]:
    return sorted(path for path in tracked_files() if path.suffix == ".md" and "tests" not in path.parts)


@pytest.mark.parametrize("paper", papers(), ids=lambda path: str(path.relative_to(ROOT)))
def test_documentation_names_existing_files(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:|mailto:|#|/)([^)#\s]+)", text)
    missing = [target for target in linked if not (paper.parent / target).exists()]
    folders = r"(?:charta|templates|static|migrations|tests|docs|benchmarks|\.ci)"
    mentioned = re.findall(rf"`({folders}/[\w./-]*\w)`", text)
    # _bundle exists in an installed wheel only.
    missing += [target for target in mentioned if not (ROOT / target).exists() and "_bundle" not in target]
    assert missing == []


def test_readme_names_settings_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## Configuration")[1].split("## Production")[0]
    settings = (ROOT / "config.py").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([A-Z][A-Z_]{3,})`", table) if not name.endswith("_FILE")}
    assert named
    assert {name for name in named if name not in settings} == set()


def test_papers_of_a_public_project_are_there() -> None:
    for name in ("LICENSE", "README.md", "CHANGELOG.md", "UPGRADING.md", "CONTRIBUTING.md", "SECURITY.md"):
        assert (ROOT / name).stat().st_size > 200, name
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUPL-1.2" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")


# Written in two halves, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        (
            r"pypi" + r"\.org",
            r"python" + r"hosted\.org",
            r"registry\." + r"npmjs",
            r"npmjs" + r"\.(com|org)",
            r"deb\." + r"debian",
            r"/work/" + r"(main|shared|\.library)",
            r"/root/" + r"\.",
            r"/home/" + r"[a-z]+/",
            r"/opt/" + r"(wheels|pypi)",
        )
    )
)


def test_no_tracked_file_names_a_machine_path_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {hit.group(0)}" for hit in FOREIGN.finditer(text)]
    assert found == []
