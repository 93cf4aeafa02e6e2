"""How the site is tested and published: files for other machines, and the scripts they run."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.site import ROOT, SITE

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
READ_THE_DOCS = ROOT / ".readthedocs.yaml"
SCHEMAS = dict.fromkeys(WORKFLOWS, "vendor.github-workflows") | {
    READ_THE_DOCS: "vendor.readthedocs"
}

workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def parsed(path: Path) -> dict[str, Any]:
    """Return what a file says."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    """Return the jobs of a workflow."""
    found: dict[str, dict[str, Any]] = parsed(path)["jobs"]
    return found


def commands() -> list[str]:
    """Return every command that one of the files gives."""
    found = [
        step["run"]
        for path in WORKFLOWS
        for job in jobs(path).values()
        for step in job["steps"]
        if "run" in step
    ]
    steps = parsed(READ_THE_DOCS)["build"]["jobs"]
    return [*found, *steps["install"], *steps["build"]["html"]]


def test_there_is_a_workflow_for_each_purpose() -> None:
    assert {path.stem for path in WORKFLOWS} == {"publish", "test", "weekly"}
    assert ".ci/run" in commands()


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_file_is_what_its_reader_expects(path: Path) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[path]]
    result = subprocess.run([*check, path], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@workflow
def test_each_job_may_do_little_and_ends(path: Path) -> None:
    assert parsed(path)["permissions"] == {}
    assert parsed(path)["concurrency"]["group"]
    for name, job in jobs(path).items():
        assert job["timeout-minutes"] <= 90, name
        writes = {scope for scope, level in job["permissions"].items() if level == "write"}
        assert writes == {
            "deploy": {"pages", "id-token"},
            "notebooks": {"contents"},
            "report": {"issues"},
        }.get(name, set())
        # A job that writes runs nothing of what the packages bring.
        runs = " ".join(step.get("run", "") for step in job["steps"])
        assert not writes or "make" not in runs


@workflow
def test_actions_are_official_and_pinned(path: Path) -> None:
    uses = [step["uses"] for job in jobs(path).values() for step in job["steps"] if "uses" in step]
    assert uses
    assert [u for u in uses if not re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", u)] == []


@pytest.mark.parametrize("command", commands())
def test_command_is_a_script_or_a_target(command: str) -> None:
    words = [word for word in command.split() if not re.match(r"[A-Z_]+=", word)]
    if words[0] == "make":
        dry = subprocess.run(
            ["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert dry.returncode == 0, dry.stderr
    else:
        assert os.access(ROOT / words[0], os.X_OK)
        subprocess.run(["bash", "-n", ROOT / words[0]], check=True)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, and return what it prints."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    command = ["git", *identity, *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_branch_of_notebooks_is_replaced(tmp_path: Path) -> None:
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    git(tmp_path, "init", "--bare", "--initial-branch=main", str(origin))
    git(tmp_path, "clone", str(origin), str(clone))
    (clone / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "publish-notebooks", clone / ".ci")
    (clone / ".gitignore").write_text("*.whl\n")
    git(clone, "add", ".")
    git(clone, "commit", "-m", "Begin")
    git(clone, "push", "origin", "HEAD:main", "HEAD:notebooks")
    with tarfile.open(tmp_path / "site.tar", "w") as archive:
        archive.add(SITE / "lesson.zip", "./lesson.zip")
        archive.add(SITE / "index.html", "./index.html")

    script = clone / ".ci" / "publish-notebooks"
    subprocess.run([script, "../site.tar"], cwd=clone, capture_output=True, check=True)

    names = git(origin, "ls-tree", "-r", "--name-only", "notebooks").splitlines()
    wheel = next(SITE.glob("*.whl")).name
    assert {"01_digits.ipynb", "requirements.txt", "runtime.txt", wheel} <= set(names)
    assert ".gitignore" not in names
    assert git(origin, "rev-list", "--count", "notebooks") == "1"
    # Neither the checkout nor another branch is touched.
    assert git(clone, "status", "--porcelain") == ""
    assert git(origin, "rev-parse", "main") == git(clone, "rev-parse", "HEAD")


GH = """\
#!/bin/sh
# Keeps issues in a file, as GitHub's program does at GitHub.
case "$2" in
  list) cat issues 2>/dev/null || true ;;
  create) echo "$4" >> issues ;;
esac
"""


def test_an_issue_is_opened_once(tmp_path: Path) -> None:
    program = tmp_path / "gh"
    program.write_text(GH)
    program.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for title in ("It fails", "It fails", "It fails elsewhere"):
        script = [ROOT / ".ci" / "open-issue", title, "https://example.org/run"]
        subprocess.run(script, cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "issues").read_text().splitlines() == ["It fails", "It fails elsewhere"]
