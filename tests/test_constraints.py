"""constraints.txt names the versions that these very tests run with."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.scripts import load_script

ROOT = Path(__file__).parents[1]
FILE = ROOT / "constraints.txt"


@pytest.fixture(scope="module")
def constraints() -> ModuleType:
    return load_script("scripts/constraints.py")


def test_the_tests_run_with_the_versions_that_are_written(constraints: ModuleType) -> None:
    text = FILE.read_text("utf-8")
    pins = constraints.read_constraints(text)
    versions_here = constraints.tested_versions(constraints.declared_requirements())
    if f"Python {sys.version_info[0]}.{sys.version_info[1]}," not in text:  # markers add and drop distributions
        pins = {name: version for name, version in pins.items() if name in versions_here}
        versions_here = {name: version for name, version in versions_here.items() if name in pins}
    assert constraints.differences(pins, versions_here) == []


def test_every_version_lies_in_the_range_that_the_project_declares(constraints: ModuleType) -> None:
    pins = constraints.read_constraints(FILE.read_text("utf-8"))
    outside = [
        f"{requirement} excludes {pins[requirement.name]}"
        for requirement in constraints.declared_requirements()
        if requirement.name in pins and pins[requirement.name] not in requirement.specifier
    ]
    assert outside == []
    assert len(pins) > 100


def test_every_version_runs_on_the_oldest_python_that_the_project_admits(constraints: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [oldest] = [each.version for each in SpecifierSet(project["requires-python"]) if each.operator == ">="]
    pins = constraints.read_constraints(FILE.read_text("utf-8"))
    admitted_pythons = {
        name: distribution.metadata.get("Requires-Python")
        for distribution in distributions()
        if (name := canonicalize_name(distribution.name)) in pins
    }
    too_new = [
        f"{name} needs Python {pythons}"
        for name, pythons in admitted_pythons.items()
        if pythons and f"{oldest}.0" not in SpecifierSet(pythons)
    ]
    assert too_new == []
    assert len(admitted_pythons) > 100


def test_the_file_holds_no_address_and_no_option() -> None:
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert not [line for line in lines if "/" in line or line.startswith("-") or line.count("==") != 1]


def test_what_is_not_installed_was_not_tested(constraints: ModuleType) -> None:
    versions = constraints.tested_versions([Requirement("no-such-distribution-anywhere>=1"), Requirement("httpx")])
    assert "no-such-distribution-anywhere" not in versions
    assert {"httpx", "httpcore", "certifi"} <= versions.keys()


def test_a_changed_version_is_named(constraints: ModuleType) -> None:
    lines = constraints.differences({"a": "1", "b": "1"}, {"a": "2", "c": "3"})
    assert lines == [
        "a: constraints.txt says 1, installed is 2",
        "b: constraints.txt says 1, installed is nothing",
        "c: constraints.txt says nothing, installed is 3",
    ]
