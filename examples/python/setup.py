"""Generates the protobuf code into `src/shoal_sim/_proto/` whenever the package is built or installed."""

import re
import shutil
from importlib import resources
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
PACKAGE = "shoal_sim._proto"
TARGET = HERE / "src" / "shoal_sim" / "_proto"
GENERATED_IMPORT = re.compile(r"^(from|import) fes\.", re.MULTILINE)


def proto_root() -> Path:
    """The folder with `fes/`: beside this file where the library was copied, else that of the checkout."""
    places = [HERE / "proto", HERE.parent.parent / "proto"]
    for place in places:
        if (place / "fes").is_dir():
            return place
    raise SystemExit(f"no Shoal .proto files: expected a folder `fes` in {places[0]} or {places[1]}")


def generate() -> None:
    """Runs protoc and moves what it generated below the package, so that no `fes` appears on sys.path."""
    from grpc_tools import protoc

    root = proto_root()
    sources = sorted(str(file.relative_to(root)) for file in (root / "fes").rglob("*.proto"))
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    well_known = resources.files("grpc_tools") / "_proto"
    arguments = [
        f"-I{root}",
        f"-I{well_known}",
        *(f"--{kind}_out={TARGET}" for kind in ("python", "pyi", "grpc_python")),
    ]
    if protoc.main(["protoc", *arguments, *sources]) != 0:
        raise SystemExit(f"protoc failed on the .proto files in {root}")
    for file in [*TARGET.rglob("*.py"), *TARGET.rglob("*.pyi")]:
        file.write_text(GENERATED_IMPORT.sub(rf"\1 {PACKAGE}.fes.", file.read_text()))
    for folder in [TARGET, *(it for it in TARGET.rglob("*") if it.is_dir())]:
        (folder / "__init__.py").touch()
    for file in TARGET.rglob("*_pb2_grpc.py"):
        # Most of our .proto files have no service, and protoc writes an empty stub for each.
        if "class " not in file.read_text():
            file.unlink()


class BuildWithProto(build_py):
    """`build_py`, which runs for wheels and for editable installs alike, after the code was generated."""

    def run(self) -> None:
        generate()
        # They were looked for before there was any generated code.
        self.packages = self.distribution.packages = find_packages("src")
        super().run()


# When `build_py` fails in an editable install setuptools only warns: without .proto files it ends here.
proto_root()
setup(cmdclass={"build_py": BuildWithProto})
