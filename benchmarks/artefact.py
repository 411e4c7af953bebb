"""What is deployed, as far as it bears on time: botocore with only the models in use, everything compiled."""

from __future__ import annotations

import compileall
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import botocore

ROOT = Path(__file__).parent.parent


def build(folder: Path) -> list[str]:
    """Lay out layers and functions below the folder as `sam build` does. The import path."""
    vendor, core, functions = folder / "vendor", folder / "souk", folder / "functions"
    shutil.copytree(Path(botocore.__file__).parent, vendor / "botocore")
    subprocess.run([sys.executable, ROOT / "layers/vendor/slim.py", vendor / "botocore/data"], check=True)
    without = shutil.ignore_patterns("__pycache__", "*.yaml")
    shutil.copytree(ROOT / "layers/souk/souk", core / "souk", ignore=without)
    shutil.copytree(ROOT / "functions", functions, ignore=without)
    for part in (vendor, core, functions):
        compileall.compile_dir(part, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    return [str(functions), str(core), str(vendor)]
