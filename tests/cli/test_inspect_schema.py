"""What inspect --json prints fits docs/inspect.schema.json, for every vector, broken ones included."""

import copy
import json
import os
import sys

from _run import Checks, cmcctl

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not on this machine")
    sys.exit(77)

here = os.path.dirname(os.path.abspath(__file__))
vectors = os.path.join(here, "..", "vectors")
response = os.path.join(vectors, "dogtag", "ca", "err-pop-fail", "resp.bin")
checks = Checks()

with open(os.path.join(here, "..", "..", "docs", "inspect.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)


def problem_of(document):
    error = next(validator.iter_errors(document), None)
    if error is None:
        return None
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(vectors) for name in names)
seen = 0
for start in range(0, len(files), 20):
    documents = json.loads(cmcctl("inspect", "--json", *files[start : start + 20]).stdout)
    for name, document in zip(files[start:], documents):
        problem = problem_of(document) if document is not None else "null"
        checks.that(problem is None, f"{name}: {problem}")
        seen += 1
checks.that(seen > 700, f"{seen} files")

several = json.loads(cmcctl("inspect", "--json", response, "/nowhere", os.path.join(vectors, "forms", "several.pem")).stdout)
checks.equal(problem_of(several), None, "several files, one missing, one of several blocks")
only = json.loads(cmcctl("inspect", "--json", "--only", "ContentInfo.contentType", response).stdout)
checks.equal(problem_of(only), None, "--only")

# The schema is no rubber stamp.
good = json.loads(cmcctl("inspect", "--json", response).stdout)
checks.equal(problem_of(good), None, "the response")


for members in (
    {"schema": 2},
    {"tool": "other 1.0"},
    {"file": ""},
    {"form": "XML"},
    {"size": -1},
    {"kind": "Letter"},
    {"message": 1.5},
    {"errors": None},
    {"extra": 1},
    {"oddities": [{"severity": "bad"}]},
    {"oddities": [{"severity": "note", "offset": 1, "length": 1, "path": "", "rule": "5272", "text": "x"}]},
    {"errors": [{"code": "nonsense", "offset": 0, "path": "", "message": "x", "detail": "", "hint": "x"}]},
    {"message": {"offset": 1}},
    {"message": {"oid": "1.02"}},
    {"message": {"base64": "?"}},
    {"message": {"at": {"x": [1]}, "offset": 0, "length": 0}},
):
    document = copy.deepcopy(good)
    document.update(members)
    checks.that(problem_of(document) is not None, f"{members} is noticed")
for member in ("schema", "tool", "kind", "message", "oddities"):
    document = copy.deepcopy(good)
    del document[member]
    checks.that(problem_of(document) is not None, f"{member} missing is noticed")

checks.finish()
