"""What inspect --json prints fits docs/inspect.schema.json, for every vector, broken ones included."""

import copy
import json
import os
import re
import sys
import tempfile

from _run import Checks, cmcctl

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not on this machine")
    sys.exit(77)

here = os.path.dirname(os.path.abspath(__file__))
docs = os.path.join(here, "..", "..", "docs")
vectors = os.path.join(here, "..", "vectors")
response = os.path.join(vectors, "dogtag", "ca", "err-pop-fail", "resp.bin")
request = os.path.join(vectors, "dogtag", "ca", "self-p10-poplink", "cmc.req")
several_blocks = os.path.join(vectors, "forms", "several.pem")
checks = Checks()
sys.setrecursionlimit(20_000)  # mutants nest deep, and the validator takes a dozen calls for a level

with open(os.path.join(docs, "inspect.schema.json"), encoding="utf-8") as file:
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


def without_repetition(members):
    names = [name for name, _ in members]
    checks.equal(len(set(names)), len(names), f"different names among {names}")
    return dict(members)


def inspect(*arguments):
    output = cmcctl("inspect", "--json", *arguments).stdout
    checks.that(output.isascii(), f"{arguments}: pure ASCII")
    return json.loads(output, object_pairs_hook=without_repetition)


def says_place(value):
    """Whether the JSON of a value says where it stands; a CHOICE does when its alternative does."""
    if isinstance(value, dict) and "offset" not in value and len(value) == 1:
        return all(map(says_place, value.values()))
    return isinstance(value, dict) and "offset" in value


def problems_of_place(element, start, end, path):
    offset, length = element["offset"], element["length"]
    at = element.get("at", {})
    problems = []
    if not start <= offset <= offset + length <= end:
        problems.append(f"{path} at {offset}, {length} is not within {start} to {end}")
    for name, (inner, octets) in at.items():
        if not offset <= inner <= inner + octets <= offset + length:
            problems.append(f"{path}.{name} at {inner}, {octets} is not within its {element['type']}")
    if "tag" not in element and element["type"] not in ("Certificate", "CertificateList"):
        ours = {"offset", "length", "unexpected", "at", "base64"}
        if isinstance(element["type"], str):  # else a member of that name
            ours.add("type")
        wanted = {name for name, member in element.items() if name not in ours and not says_place(member)}
        if wanted != set(at):
            problems.append(f"{path}.at has {sorted(at)} instead of {sorted(wanted)}")
    return problems


def misplaced(value, start, end, path=""):
    """What has no place, or one outside of the element around it: what a schema cannot say."""
    if isinstance(value, list):
        return [problem for i, one in enumerate(value) for problem in misplaced(one, start, end, f"{path}[{i}]")]
    if not isinstance(value, dict):
        return []
    problems = []
    if "offset" in value:
        problems = problems_of_place(value, start, end, path)
        start, end = value["offset"], value["offset"] + value["length"]
    for name, member in value.items():
        if name != "at":
            problems += misplaced(member, start, end, f"{path}.{name}")
    return problems


def misplaced_in(document):
    if isinstance(document, list):
        return [problem for block in document for problem in misplaced_in(block)]
    if document is None or "error" in document:
        return []
    offsets = [oddity["offset"] for oddity in document["oddities"]]
    disorder = [] if offsets == sorted(offsets) else [f"oddities at {offsets}"]
    return disorder + misplaced(document["message"], 0, document["size"])


def check_files(files):
    for start in range(0, len(files), 20):
        some = files[start : start + 20]
        documents = inspect(*some)
        checks.equal(len(documents), len(some), "one entry for each file")
        for name, document in zip(some, documents):
            checks.that(document is not None, f"{name} is read")
            problem = problem_of(document)
            checks.that(problem is None, f"{name}: {problem}")
            checks.equal(misplaced_in(document), [], f"{name}: places")
    return len(files)


def files_below(folder):
    return sorted(os.path.join(below, name) for below, _, names in os.walk(folder) for name in names)


checks.that(check_files(files_below(vectors)) > 700, "as many files as there were")
with tempfile.TemporaryDirectory() as folder:
    for seed, original in enumerate((response, request, os.path.join(vectors, "bouncycastle", "nested-ra-batch.der"))):
        cmcctl("mutate", original, "--seed", str(seed), "--count", "60", "-o", folder)
    checks.equal(check_files(files_below(folder)), 180, "mutants")

# What is there besides files that are read.
for arguments, entries in (
    ((response,), dict),
    (("/nowhere",), type(None)),
    ((several_blocks,), list),
    ((response, "/nowhere", several_blocks), list),
    (("--only", "ContentInfo.contentType", response), dict),
    (("--only", "ContentInfo.content.SignedData.signerInfos[0].sid", response, request), list),
    (("--only", "ContentInfo.content.SignedData.crls", response), type(None)),
    (("--only", "ContentInfo.content.SignedData.certificates[0]", request, response), list),
    (("--only", "Certificate", several_blocks), list),
    (("--limit", "depth=3", response), dict),
    (("--limit", "message_octets=9", several_blocks), dict),
    (("--in-form", "pem", response), dict),
):
    document = inspect(*arguments)
    checks.that(isinstance(document, entries), f"{arguments}: {type(document)}")
    checks.equal(problem_of(document), None, f"{arguments}")

# The lists of the schema are those of the other documents.
shown = schema["definitions"]["shown"]["properties"]
with open(os.path.join(docs, "errors.md"), encoding="utf-8") as file:
    codes = re.findall(r"^\| `([a-z0-9_]+)` \|", file.read(), re.MULTILINE)
checks.equal(schema["definitions"]["error"]["properties"]["code"]["enum"], codes, "codes as in errors.md")
with open(os.path.join(docs, "inspect-json.md"), encoding="utf-8") as file:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", file.read(), re.MULTILINE))
checks.equal(shown["kind"]["enum"], re.findall("`([^`]+)`", rows["kind"]), "kinds as in inspect-json.md")
forms = re.findall("`([A-Za-z0-9]+)`", rows["form"])
checks.equal(schema["definitions"]["form"]["enum"], forms, "forms as in inspect-json.md")

# The schema is no rubber stamp.
good = inspect(response)
refused = inspect("--limit", "depth=3", response)
place = {"offset": 0, "length": 0}
sequence = {"type": "PKIData", **place}
untyped = {"tag": "NULL", **place, "base64": "BQA="}
certificate = {"type": "Certificate", **place, "base64": ""}
oddity = {"severity": "note", **place, "path": "PKIData.reqSequence[0]", "rule": "CMC-5272-2.2-01", "text": "x"}
error = {"code": "bad_oid", "offset": 0, "path": "", "message": "x", "detail": "", "hint": "x"}


def spoilt(members, of=good):
    document = copy.deepcopy(of)
    document.update(members)
    return document


for members in (
    {"message": untyped},
    {"message": certificate},
    {"message": {"oid": "?.1.?", "name": "x"}},
    {"message": {"value": -1, "name": "x"}},
    {"message": {"value": str(1 << 60)}},
    {"message": sequence},
    {"message": {**sequence, "unexpected": [untyped]}},
    {"message": {"hex": "00", "unusedBits": 7}},
    {"message": {"secret": True, "octets": 0}},
    {"message": {"type": {"oid": "1.2"}, **place, "at": {"x-y": [1, 2]}, "base64": None}},
    {"oddities": [oddity]},
    {"errors": [error, {**error, "rule": "CMC-X690-11-01"}]},
):
    checks.equal(problem_of(spoilt(members)), None, f"{members}")

for members in (
    {"schema": 2},
    {"tool": "other 1.0"},
    {"file": ""},
    {"form": "XML"},
    {"label": ""},
    {"size": -1},
    {"kind": "Letter"},
    {"errors": None},
    {"error": error},
    {"extra": 1},
    {"oddities": [{**oddity, "severity": "bad"}]},
    {"oddities": [{**oddity, "rule": "5272"}]},
    {"oddities": [{**oddity, "path": "PKIData..reqSequence"}]},
    {"oddities": [{**oddity, "extra": 1}]},
    {"errors": [{**error, "code": "nonsense"}]},
    {"errors": [{**error, "rule": ""}]},
    {"errors": [{**error, "hint": ""}]},
    {"message": 1.5},
    {"message": {}},
    {"message": {"a": 1, "b": 2}},
    {"message": {"offset": 1}},
    {"message": place},
    {"message": {**sequence, "length": -1}},
    {"message": {**sequence, "type": "x"}},
    {"message": {**sequence, "Member": 1}},
    {"message": {**sequence, "base64": "?"}},
    {"message": {**sequence, "base64": "AAA"}},
    {"message": {**sequence, "at": {}}},
    {"message": {**sequence, "at": {"x": [1]}}},
    {"message": {**sequence, "at": {"x": [1, 2, 3]}}},
    {"message": {**sequence, "unexpected": []}},
    {"message": {**sequence, "unexpected": [None]}},
    {"message": {"oid": "1.02"}},
    {"message": {"oid": "1"}},
    {"message": {"oid": "1.2", "number": 1}},
    {"message": {"value": "2", "name": "failed"}},
    {"message": {"value": 1 << 60}},
    {"message": [1 << 60]},
    {"message": {"hex": "0", "unusedBits": 1}},
    {"message": {"hex": "00", "unusedBits": 0}},
    {"message": {"secret": True, "octets": 7, "value": "secret"}},
    {"message": {**untyped, "base64": None}},
    {"message": {**untyped, "name": "x"}},
    {"message": {**certificate, "subject": "CN=x"}},
    {"message": {**certificate, "base64": None}},
    {"message": [[{"nested": [{"oid": "1"}]}]]},
):
    checks.that(problem_of(spoilt(members)) is not None, f"{members} is noticed")
for document, members in ((good, good), (refused, ("schema", "tool", "file", "error"))):
    checks.equal(problem_of(document), None, "the document to spoil")
    for member in members:
        without = {name: value for name, value in document.items() if name != member}
        checks.that(problem_of(without) is not None, f"{member} missing is noticed")
checks.that(problem_of(spoilt({"size": 9}, refused)) is not None, "the size of what is refused is noticed")
checks.that(problem_of([good]) is not None, "an array of one is noticed")

for member in (
    {**sequence, "version": 1},
    {**sequence, "version": 1, "at": {"version": [0, 1]}},
    {**sequence, "at": {"version": [0, 0]}},
    {**sequence, "offset": good["size"] + 1},
    {**sequence, "list": [{"failInfo": {**untyped, "offset": 1}}], "at": {"list": [0, 0]}},
):
    checks.equal(len(misplaced_in(spoilt({"message": member}))), 1, f"the place in {member}")
checks.that(problem_of([[None, [good, good]], good]) is not None, "blocks in blocks are noticed")

checks.finish()
