#!/usr/bin/env python3
"""Classroom 50's entry point: has netgrade grade the checkout that this is started in, and leaves result.json and release-body.md there.

Copy it to <classroom>/autograders/<assignment>/autograder.py and set the five values below. Exits 0 when everything was
graded, whatever the points; otherwise with netgrade's exit code, which Classroom 50 records as an error without points.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = "https://github.com/OWNER/netgrade"
COMMIT = "COMMIT"
LAB = "nginx-flask-mongo"
# "local" would run a submission on this runner, where it can write its own result.
HOST = "disposable"
# A registry that has the images of lab hosts (npm run images -- --push REGISTRY). Without one, each job makes them.
IMAGES = ""

GRADED = (0, 1)  # 1: below --min-score, which is not an error


def netgrade(scratch: pathlib.Path) -> pathlib.Path:
    """netgrade's folder: the one that NETGRADE_DIR names, or else COMMIT of REPOSITORY."""
    if os.environ.get("NETGRADE_DIR"):
        return pathlib.Path(os.environ["NETGRADE_DIR"])
    folder = scratch / "netgrade"
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    for command in (["fetch", "--quiet", "--depth=1", REPOSITORY, COMMIT], ["checkout", "--quiet", "FETCH_HEAD"]):
        subprocess.run(["git", "-C", folder, *command], check=True)
    return folder


def main() -> int:
    checkout = pathlib.Path.cwd()
    student = os.environ.get("OWNER") or os.environ.get("USERNAME") or checkout.name
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        options = {
            "format": "classroom50",
            "lab": os.environ.get("NETGRADE_LAB", LAB),
            "host": os.environ.get("NETGRADE_HOST", HOST),
            "student": student,
            "submissions": checkout,
            "out": scratch / "reports",
        }
        images = os.environ.get("NETGRADE_IMAGES", IMAGES)
        if images:
            options["images"] = images
        command = ["node", "helpers/cli/start.mjs", "helpers/cli/grade.ts"]
        command += [f"--{option}={value}" for option, value in options.items()]
        code = subprocess.run(command, cwd=netgrade(scratch), check=False).returncode
        if code not in GRADED:
            return code
        for name in ("result.json", "release-body.md"):
            shutil.copyfile(scratch / "reports" / name, checkout / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
