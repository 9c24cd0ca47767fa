"""What the tests of the program share: running it and counting checks."""

import os
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv[1])


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED:", what)

    def equal(self, found, expected, what):
        self.that(found == expected, f"{what}: expected {expected!r}, found {found!r}")

    def contains(self, text, part, what):
        self.that(part in text, f"{what}: {part!r} is not in {text!r}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def clean_environment(**variables):
    """The environment without what would change the program's output."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CMCCTL_") and k != "NO_COLOR"}
    return {**kept, **variables}


def cmcctl(*arguments, environment=None, **options):
    """Runs the program; the result has returncode, stdout and stderr."""
    return subprocess.run(
        [PROGRAM, *arguments],
        env=clean_environment() if environment is None else environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        **options,
    )
