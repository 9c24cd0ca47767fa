#!/usr/bin/env python3
"""Every rule id that the code reports is in the catalogue, docs/requirements.tsv, and none is there twice."""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
rows = (root / "docs/requirements.tsv").read_text(encoding="utf-8").splitlines()[1:]
ids = [row.split("\t", 1)[0] for row in rows]
problems = [f"{name} is in the catalogue twice" for name in sorted(set(ids)) if ids.count(name) > 1]
used = 0
for source in sorted(p for folder in ("codec", "cli") for p in (root / folder).rglob("*.[ch]pp")):
    for name in re.findall(r'"(CMC-[A-Za-z0-9]+-[A-Za-z0-9.]+-\d+)"', source.read_text(encoding="utf-8")):
        used += 1
        if name not in ids:
            problems.append(f"{source.relative_to(root)}: {name} is not in the catalogue")
print("\n".join(problems))
print(f"{used} uses of rule ids, {len(problems)} problems")
sys.exit(1 if problems or used == 0 else 0)
