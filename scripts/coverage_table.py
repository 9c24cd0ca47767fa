#!/usr/bin/env python3
"""Prints which share of the lines and branches of each folder is covered, from gcovr's JSON summaries.

usage: coverage_table.py NAME.summary.json...    two columns for each file; the first file has to reach LEAST
exit code 0: it does; 1: it does not
"""

import collections
import json
import pathlib
import sys

LEAST = {"codec": 90.0}  # per cent of the lines


def shares(path):
    """Folder, or "total": per cent of its lines and of its branches."""
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for file in json.loads(path.read_text(encoding="utf-8"))["files"]:
        for folder in (file["filename"].split("/")[0], "total"):
            for at, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
                counts[folder][at] += file[key]
    return {folder: (per_cent(c[0], c[1]), per_cent(c[2], c[3])) for folder, c in counts.items()}


def per_cent(covered, total):
    return 100.0 * covered / total if total else 100.0


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]]
    if not paths:
        sys.exit(__doc__)
    columns = [shares(path) for path in paths]
    print("%-10s" % "" + "".join("%19s" % path.name.split(".")[0] for path in paths))
    print("%-10s" % "folder" + "     lines  branches" * len(paths))
    for folder in sorted(columns[0], key=lambda name: (name == "total", name)):
        print("%-10s" % folder + "".join("  %6.1f %%  %6.1f %%" % column.get(folder, (0.0, 0.0)) for column in columns))
    poor = [folder for folder, least in LEAST.items() if columns[0].get(folder, (0.0,))[0] < least]
    for folder in poor:
        print("coverage: the tests reach less than %.0f %% of the lines of %s/" % (LEAST[folder], folder))
    return 1 if poor else 0


if __name__ == "__main__":
    sys.exit(main())
