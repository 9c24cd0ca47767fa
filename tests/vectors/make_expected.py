#!/usr/bin/env python3
"""Writes expected.json: one expectation for each message file below this folder.

    make_expected.py [--judge COMMAND]           write expected.json
    make_expected.py --check [--judge COMMAND]   only compare with the expected.json that is there

A file is read by a small BER reader of its own (expectations/), never by the
codec under test. Where an index, a cfg file or a printed text says what the
file holds, that claim is compared with the reading and wins; each
disagreement is printed. COMMAND, if given, is run once with all file names
and prints one JSON object a line of what Bouncy Castle reads (tests/peers).
"""

import argparse
import hashlib
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(FOLDER / "expectations"))

import claims_bouncycastle  # noqa: E402
import claims_collected  # noqa: E402
import claims_dogtag  # noqa: E402
import loose  # noqa: E402
import messages  # noqa: E402

SUFFIXES = (".der", ".req", ".bin", ".out", ".pem", ".p7b", ".raw")
ORDER = ("file", "kind", "form", "ber", "sha256", "subject", "serial", "version", "controls", "requests", "cms", "otherMsgs", "nested", "status",
         "certificates", "certificateSubjects", "crls", "signers", "recipients", "encryptedContentType", "contentEncryption", "key", "inner",
         "oddities", "reason", "notes", "origin")
PLAIN = ("kind", "form", "ber", "version", "cms", "otherMsgs", "certificates", "crls", "recipients", "encryptedContentType", "contentEncryption")
UNREAD = ("oddities", "origin", "notes", "key", "sha256", "inner")


class Merger:
    """Puts a claim over a reading and collects where they differ."""

    def __init__(self, name):
        self.name, self.differences = name, []

    def differ(self, field, claimed, read):
        self.differences.append("%s: %s: claimed %s, read %s" % (self.name, field, json.dumps(claimed), json.dumps(read)))

    def scalars(self, field, claimed, read):
        if loose.holds(claimed, read):
            self.differ(field, claimed, read)
            return claimed
        return claimed if isinstance(claimed, (dict, list)) else read

    def item(self, field, claimed, read):
        merged = dict(read)
        for name, value in claimed.items():
            if name in ("value", "type"):
                merged[name] = self.scalars("%s.%s" % (field, name), value, read.get(name))
            elif isinstance(value, str) and loose.same_name(value, str(read.get(name))):
                continue
            elif value != read.get(name):
                self.differ("%s.%s" % (field, name), value, read.get(name))
                merged[name] = value
        return merged

    def items(self, field, claimed, read):
        read = read or []
        if len(claimed) != len(read):
            self.differ(field, claimed, read)
            return claimed
        return [self.item("%s[%d]" % (field, at), *pair) for at, pair in enumerate(zip(claimed, read))]

    def nested(self, claimed, read):
        paths = [item["path"] for item in claimed]
        if paths != [item["path"] for item in read]:
            self.differ("nested", paths, [item["path"] for item in read])
            return claimed
        return [self.merge(one, other) for one, other in zip(claimed, read)]

    def merge(self, claimed, read):
        merged = dict(read)
        for field, value in claimed.items():
            if field in ("controls", "requests", "signers", "status"):
                merged[field] = self.items(field, value, read.get(field))
            elif field == "nested":
                merged[field] = self.nested(value, read.get(field, []))
            elif field == "certificateSubjects":
                pairs = zip(sorted(value, key=str), sorted(read.get(field, []), key=str))
                if not all(any(loose.same_name(one, other) for other in read.get(field, [])) for one, _ in pairs):
                    self.differ(field, value, read.get(field))
            elif field == "oddities":
                missing = sorted(set(value) - set(read.get(field, [])))
                if missing:
                    self.differ(field, missing, read.get(field))
                merged[field] = sorted(set(value) | set(read.get(field, [])))
            elif field == "inner" and "inner" in read:
                merged[field] = self.merge(value, read[field])
            elif field in UNREAD or loose.same_name(str(value), str(read.get(field))):
                merged.setdefault(field, value)
            elif value != read.get(field):
                self.differ(field, value, read.get(field))
                merged[field] = value
        return merged


def decrypted(path, claim):
    """The reading of what openssl takes out of an enveloped message, or None."""
    key = claim.get("key")
    if not key:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        command = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", str(path), "-out", scratch + "/inner"]
        if "kek" in key:
            command += ["-secretkey", key["kek"], "-secretkeyid", b"kek-1".hex()]
        else:
            command += ["-inkey", str(path.parent / key["file"]), "-keyform", "DER"]
        if subprocess.run(command, capture_output=True).returncode != 0:
            return None
        octets = pathlib.Path(scratch, "inner").read_bytes()
    return messages.describe_signed_data(octets)


def message_files():
    for path in sorted(FOLDER.rglob("*")):
        relative = path.relative_to(FOLDER)
        if relative.parts[0] in ("bouncycastle", "collected", "dogtag") and path.suffix in SUFFIXES and not path.name.endswith("key.pem"):
            yield path


def default_origin(name):
    return claims_dogtag.ORIGIN % "as described there" if name.startswith("dogtag/") else "bouncycastle/index.json"


def expectation(path, claim):
    name = path.relative_to(FOLDER).as_posix()
    merger, read = Merger(name), messages.describe(path.read_bytes())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if claim.get("sha256", digest) != digest:
        merger.differ("sha256", claim["sha256"], digest)
    inner = decrypted(path, claim)
    if inner:
        read["inner"] = inner
    merged = dict(merger.merge(claim, read), file=name, sha256=digest)
    merged.setdefault("origin", default_origin(name))
    return {field: merged[field] for field in ORDER if field in merged and merged[field] not in ([], None) or field in ("file", "kind") or
            field in ("controls", "requests", "cms", "otherMsgs", "signers", "oddities") and field in merged}, merger.differences


def judged(command, entries):
    """Differences between the entries and what Bouncy Castle reads in the same files."""
    names = [entry["file"] for entry in entries if entry["kind"] not in ("invalid", "Certificate", "EnvelopedData", "AuthEnvelopedData")]
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for number, name in enumerate(names):
            paths.append("%s/%d.der" % (scratch, number))
            pathlib.Path(paths[-1]).write_bytes(messages.unwrap((FOLDER / name).read_bytes())[1])
        run = subprocess.run(shlex.split(command) + paths, capture_output=True, text=True)
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    if len(lines) != len(names):
        return ["judge: %d answers for %d files: %s" % (len(lines), len(names), run.stderr.strip())]
    by_name, found = {entry["file"]: entry for entry in entries}, []
    for name, line in zip(names, lines):
        line.pop("file")
        if "error" in line:
            found.append("%s: Bouncy Castle refuses it: %s" % (name, line["error"]))
            continue
        merger = Merger(name + ": Bouncy Castle")
        merger.merge(line, by_name[name])
        found += merger.differences
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare with expected.json")
    parser.add_argument("--judge", help="command that prints what Bouncy Castle reads in the files given to it")
    options = parser.parse_args()
    claims = {}
    for source in (claims_bouncycastle, claims_collected, claims_dogtag):
        claims.update(source.claims(FOLDER))
    entries, differences = [], []
    for path in message_files():
        entry, found = expectation(path, claims.pop(path.relative_to(FOLDER).as_posix(), {}))
        entries.append(entry)
        differences += found
    differences += ["%s: claimed but not there" % name for name in sorted(claims)]
    if options.judge:
        differences += judged(options.judge, entries)
    text = "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n"
    target, stale = FOLDER / "expected.json", False
    if options.check:
        stale = target.read_text(encoding="utf-8") != text
    else:
        target.write_text(text, encoding="utf-8")
    summary = "%d entries, %d disagreements" % (len(entries), len(differences))
    print("\n".join(differences + [summary + (", expected.json is out of date" if stale else "")]))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
