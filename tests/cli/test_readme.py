"""The first five minutes of README.md: its commands are run, and their output is what stands there."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from _ca import CA
from _run import PROGRAM, Checks, clean_environment

checks = Checks()
root = Path(__file__).resolve().parent.parent.parent

ANY_LINES = "..."
# What is different every time: serial numbers, random octets, dates, sizes and ports.
VARIES = re.compile(r"\b[0-9A-F]{2}(:[0-9A-F]{2}){7,}|\b([0-9a-f]{4} ){7}[0-9a-f]{4}\b|\d{4}-\d\d-\d\d(T[0-9:]+Z)?"
                    r"|\b\d{30,}\b|\b\d,\d{3}(?= bytes)")


def first_session(text):
    """[(command, lines of its output)]"""
    block = re.search(r"## The first five minutes\n+```console\n(.*?)\n```", text, re.DOTALL).group(1)
    steps = []
    for line in block.replace("\\\n", "").split("\n"):
        if line.startswith("$ "):
            steps.append((re.sub(r" {2,}", " ", line[2:]), []))
        else:
            steps[-1][1].append(line)
    return steps


def comparable(line):
    return VARIES.sub("~", line.rstrip())


def fits(told, lines):
    """Whether the lines are as told, where ANY_LINES stands for any number of them."""
    if not told:
        return not lines
    if told[0] == ANY_LINES:
        return any(fits(told[1:], lines[i:]) for i in range(len(lines) + 1))
    return bool(lines) and comparable(told[0]) == comparable(lines[0]) and fits(told[1:], lines[1:])


def run(command, folder, url):
    command = command.replace("http://localhost:8080/cmc", url.replace("127.0.0.1", "localhost"))
    environment = {**clean_environment(), "PATH": f"{folder}/bin:{os.environ['PATH']}"}
    result = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    return result.stdout.splitlines()


with tempfile.TemporaryDirectory(prefix="cmcctl-readme-") as folder:
    os.mkdir(f"{folder}/bin")
    os.symlink(os.path.abspath(PROGRAM), f"{folder}/bin/cmcctl")
    os.symlink(root / "tests", f"{folder}/tests")
    ca = None
    try:
        for command, told in first_session((root / "README.md").read_text(encoding="utf-8")):
            if command.startswith("cmcctl serve ca"):
                options = command.split(" > ")[0].split()[3:]
                del options[options.index("--port"):options.index("--port") + 2]
                del options[options.index("--write-root"):options.index("--write-root") + 2]
                ca = CA(*options, folder=folder)
                continue
            lines = run(command, folder, ca.url if ca else "")
            checks.that(fits(told, lines), f"$ {command}\n" + "\n".join(lines))
    finally:
        if ca:
            ca.stop()
checks.finish()
