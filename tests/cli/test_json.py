"""decode and encode: every message comes back, edits do what they say, errors say where."""

import json
import os
import subprocess
import sys
import tempfile

from _run import PROGRAM, Checks, clean_environment, cmcctl

here = os.path.dirname(os.path.abspath(__file__))
vectors = os.path.join(here, "..", "vectors")
docs = os.path.join(here, "..", "..", "docs")
response = os.path.join(vectors, "dogtag", "ca", "err-pop-fail", "resp.bin")
checks = Checks()


def run(arguments, stdin=b""):
    return subprocess.run([PROGRAM, *arguments], env=clean_environment(), input=stdin, capture_output=True, timeout=60)


def read(name):
    with open(name, "rb") as file:
        return file.read()


def vector_files():
    for folder, _, names in os.walk(vectors):
        for name in names:
            if name.endswith((".der", ".bin", ".p7c", ".req", ".p7", ".cms")):
                yield os.path.join(folder, name)


# --- round trip, as the shell has it: cmcctl decode X | cmcctl encode | cmp - X
documents = []
for name in sorted(vector_files())[::4]:
    bytes_in = read(name)
    decoded = run(["decode", "--in-form", "der", name])
    if decoded.returncode != 0:
        checks.equal(decoded.returncode, 3, f"exit code of decode {name}")
        checks.equal(decoded.stdout, b"", f"no half output of {name}")
        continue
    documents.append((name, json.loads(decoded.stdout)))
    encoded = run(["encode"], decoded.stdout)
    checks.that(encoded.returncode == 0 and encoded.stdout == bytes_in, f"decode | encode of {name}: {encoded.stderr!r}")
    checks.equal(encoded.stderr, b"", f"no remark about {name}")
    text = run(["decode", "--to", "der-text", "--in-form", "der", name])
    checks.that(run(["encode"], text.stdout).stdout == bytes_in, f"DER text of {name} comes back")
checks.that(len(documents) > 30, f"messages that decode: {len(documents)}")

# jq may sort the members: identifiers then come behind what they stand for.
for name, document in documents:
    if any(note in json.dumps(document) for note in ('"$extra"', '"$tag"')):
        continue
    encoded = run(["encode"], json.dumps(document, sort_keys=True).encode())
    checks.that(encoded.stdout == read(name), f"{name} with sorted members: {encoded.stderr!r}")

# --- schema
try:
    import jsonschema
except ImportError:
    jsonschema = None
if jsonschema is not None:
    with open(os.path.join(docs, "message.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft7Validator(schema)
    for name, document in documents:
        problem = next(validator.iter_errors(document), None)
        checks.that(problem is None, f"{name} fits the schema: {problem and problem.message[:200]}")
    for spoilt in (
        {},
        {"PKIData": {}},
        {"$cmcctl": 2, "PKIData": {}},
        {"$cmcctl": 1},
        {"$cmcctl": 1, "pkiData": {}},
        {"$cmcctl": 1, "PKIData": {"$nonsense": 1}},
        {"$cmcctl": 1, "PKIData": {"reqSequence": 1.5}},
        {"$cmcctl": 1, "PKIData": {"$length": "endless"}},
        {"$cmcctl": 1, "PKIData": {"$omit": []}},
        {"$cmcctl": 1, "SEQUENCE": [{"$raw": "xyz"}]},
    ):
        checks.that(not validator.is_valid(spoilt), f"{spoilt} does not fit the schema")

# --- the examples of the documents
with open(os.path.join(docs, "json.md"), encoding="utf-8") as file:
    example = file.read().split("```json\n")[1].split("```")[0]
made = run(["encode"], example.encode())
checks.equal(made.returncode, 0, f"the example of docs/json.md: {made.stderr!r}")
shown = run(["inspect", "--in-form", "der", "-"], made.stdout).stdout.decode()
checks.contains(shown, "failed, badIdentity", "the example of docs/json.md, shown")
asn1parse = subprocess.run(["openssl", "asn1parse", "-inform", "der"], input=made.stdout, capture_output=True)
checks.equal(asn1parse.returncode, 0, "OpenSSL reads what was written by hand")

# --- edits
with tempfile.TemporaryDirectory() as folder:
    out = os.path.join(folder, "out.der")

    def edit(*arguments, source=response):
        if os.path.exists(out):
            os.remove(out)
        result = cmcctl("encode", source, "-o", out, *arguments)
        value = json.loads(cmcctl("decode", out).stdout) if result.returncode == 0 else None
        return result, value

    def controls(document):
        content = document["ContentInfo"]["content"]["SignedData"]["encapContentInfo"]["eContent"]
        return content["PKIResponse"]["controlSequence"]

    before = controls(json.loads(cmcctl("decode", response).stdout))
    result, document = edit("--set", "controlSequence[0].bodyPartID=99")
    checks.equal(controls(document)[0]["bodyPartID"], 99, "--set of a number")
    checks.contains(result.stderr, "edited after it was signed", "a remark about signed content")
    result, document = edit("--delete", "PKIResponse.controlSequence[0]")
    checks.equal(controls(document), before[1:], "--delete")
    nonce = '{"attrType": "senderNonce", "attrValues": ["00ff"], "bodyPartID": 1000}'
    result, document = edit("--insert", f"controlSequence[0]={nonce}")
    checks.equal(len(controls(document)), len(before) + 1, "--insert")
    checks.equal(controls(document)[0]["attrType"], "senderNonce", "--insert in front")
    result, document = edit("--insert", f"controlSequence[]={nonce}", "--delete", "controlSequence[0]")
    checks.equal(controls(document)[-1]["bodyPartID"], 1000, "--insert at the end, then --delete")
    result, document = edit("--set", "controlSequence[0].bodyPartID=x")
    checks.equal(result.returncode, 3, "--set of what is no number")
    checks.that(not os.path.exists(out), "no file is left")
    result, document = edit("--set", "nowhere=1")
    checks.equal(result.returncode, 2, "--set of what is not there")
    checks.contains(result.stderr, "the message has no such element", "--set of what is not there")
    result, document = edit("--set", "bodyPartID=1")
    checks.contains(result.stderr, "there are several", "--set of what is there twice")
    result, document = edit("--delete", "controlSequence[77]")
    checks.contains(result.stderr, "no such element", "--delete beyond the end")
    result, document = edit("--set", "x[1=2")
    checks.contains(result.stderr, "this is no path", "no path")
    result, document = edit("--set", f"content={'@' + response}")
    checks.equal(result.returncode, 0, f"a message in place of an element: {result.stderr}")

    # --- forms
    pem = cmcctl("encode", "--to", "pem", response)
    checks.contains(pem.stdout, "-----BEGIN CMS-----", "--to pem")
    name = os.path.join(folder, "message.pem")
    with open(name, "w") as file:
        file.write(pem.stdout)
    checks.equal(run(["encode", name]).stdout, read(response), "a message that is not changed stays as it is")
    array = cmcctl("decode", "--to", "c-array", response)
    checks.contains(array.stdout, "static const unsigned char resp[] = {", "--to c-array")
    two = os.path.join(folder, "two.pem")
    with open(two, "w") as file:
        file.write(pem.stdout + pem.stdout)
    checks.equal(cmcctl("decode", two).returncode, 2, "two messages in a file")
    checks.equal(cmcctl("decode", "--index", "1", two).returncode, 0, "the second of two messages")
    checks.equal(cmcctl("decode", "--index", "2", two).returncode, 1, "the third of two messages")
    named = run(["decode", "--type", "AlgorithmIdentifier", "--compact", "--in-form", "der", "-"], bytes.fromhex("300d06096086480165030402010500"))
    checks.equal(json.loads(named.stdout)["AlgorithmIdentifier"]["algorithm"], "SHA-256", "--type")
    unknown = run(["decode", "--type", "Nonsense", "--in-form", "der", "-"], b"\x30\x00")
    checks.that(unknown.returncode == 3 and b"no type Nonsense" in unknown.stderr, "a type that does not exist")

    # --- failures
    for arguments, code, text in (
        (["decode", "/nowhere"], 4, "No such file"),
        (["encode", "/nowhere"], 4, "No such file"),
        (["encode", folder], 4, "directory"),
        (["decode", response, "-o", os.path.join(folder, "no", "file")], 4, "No such file"),
        (["decode", "--to", "nonsense", response], 2, "nonsense"),
    ):
        failed = cmcctl(*arguments)
        checks.equal(failed.returncode, code, f"exit code of {arguments}")
        checks.contains(failed.stderr, text, f"message of {arguments}")
    for text, part in (
        (b'{"PKIData": {"reqSequence": [{"xyz": 1}]}}', "line 1, column 31: TaggedRequest has no member"),
        (b'{"PKIData":\n {"reqSequence": [}', "line 2, column 19: syntax error"),
        (b"SEQUENCE { INTEGER { x } }", "line 1, column"),
        (b"", "line 1, column 1"),
    ):
        failed = run(["encode"], text)
        checks.equal(failed.returncode, 3, f"exit code for {text}")
        checks.equal(failed.stdout, b"", f"no half output for {text}")
        checks.contains(failed.stderr.decode(), part, f"message for {text}")

checks.finish()
