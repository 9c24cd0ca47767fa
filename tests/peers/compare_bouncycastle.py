#!/usr/bin/env python3
"""Asks the codec and Bouncy Castle of many octets whether they are DER or BER, and a value of the type they should be.

usage: compare_bouncycastle.py CMCCTL VERDICTS WORK_DIR [MUTANTS]

Looks at the messages of tests/vectors, the cases of tests/vectors/negative, fuzz/regressions, and MUTANTS (1000)
mutants made by `cmcctl mutate` of the vectors; more of them begin with the same ones. Each disagreement has to be of a
class of fuzz/differences.md, which bouncycastle_differences.py has as conditions. The last lines count the classes.
Exit code: 0 so it is; 1 it is not, one line each; 77 Java or Bouncy Castle is missing.
"""

import collections
import json
import math
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VECTORS = ROOT / "tests/vectors"
sys.dont_write_bytecode = True
sys.path.insert(0, str(VECTORS / "expectations"))
import bouncycastle_differences as differences  # noqa: E402
import messages  # noqa: E402

ANY = "ANY"
TYPES = ("ContentInfo", "SignedData", "PKIData", "PKIResponse", "CertificationRequest", "Certificate",
         "CertificateList", "CertReqMessages", "CertReqMsg")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 77:
        sys.stderr.write(done.stderr)
        sys.exit(77)
    if done.returncode != 0:
        sys.exit("%s: exit code %d\n%s" % (command[0], done.returncode, done.stderr))
    return done.stdout


class Sides:
    """Both readers; each gets rows (type, file) and answers in their order."""

    def __init__(self, verdicts, work):
        self.verdicts, self.work = verdicts, work

    def ours(self, rows):
        lines = run([self.verdicts, self.manifest(rows)]).splitlines()
        return [differences.Ours(*line.split("\t")[2:]) for line in lines]

    def theirs(self, rows):
        judge = [str(HERE / "run_judge.sh"), str(self.work / "classes"), "verdicts"]
        return [differences.Theirs(*line.split("\t")[2:]) for line in run([*judge, self.manifest(rows)]).splitlines()]

    def manifest(self, rows):
        path = self.work / "manifest.tsv"
        path.write_text("".join("%s\t%s\n" % row for row in rows), encoding="utf-8")
        return str(path)


def write(path, octets):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(octets)
    return path


def vectors(work):
    """The messages of expected.json, each once."""
    seen, files = set(), []
    for entry in json.loads((VECTORS / "expected.json").read_text(encoding="utf-8")):
        octets = messages.unwrap((VECTORS / entry["file"]).read_bytes())[1]
        if octets not in seen:
            seen.add(octets)
            files.append(write(work / "vectors" / entry["file"], octets))
    return files


def negatives(work):
    """(type, file) of each case of tests/vectors/negative; some have types that are parts of messages."""
    for path in sorted((VECTORS / "negative").glob("*.vec")):
        fields = dict(line.partition("=")[::2] for line in path.read_text(encoding="utf-8").splitlines())
        fields = {name.strip(): value.strip() for name, value in fields.items()}
        kind = {"walk": "ContentInfo"}.get(fields["type"], fields["type"])
        kind = kind if kind in TYPES else ANY
        yield kind, write(work / "negative" / (path.stem + ".der"), negative_octets(fields))


def negative_octets(fields):
    """As tests/unit/test_negative.cpp makes them."""
    octets = bytearray(bytes.fromhex(fields["input"]) if "input" in fields
                       else (VECTORS / "negative" / fields["file"]).read_bytes())
    for patch in filter(None, fields.get("patch", "").split(",")):
        offset, _, hexadecimal = patch.partition(":")
        new = bytes.fromhex(hexadecimal)
        octets[int(offset):int(offset) + len(new)] = new
    return bytes(octets[:int(fields.get("cut", len(octets)))]) + bytes.fromhex(fields.get("append", ""))


def mutants(cmcctl, sources, count):
    """(type, file) of the mutants, as many of each source, which are (type, file) as well."""
    each = math.ceil(count / len(sources))
    for number, (kind, path) in enumerate(sources):
        folder = path.parent / (path.name + ".mutants")
        shutil.rmtree(folder, ignore_errors=True)
        run([cmcctl, "mutate", str(path), "--seed", str(number), "--count", str(each), "-o", "%s/" % folder])
        for mutant in sorted(folder.iterdir()):
            yield kind, mutant


def with_types(sides, files):
    """(type, file), with the type that we take the file for; with every type where we take it for none."""
    rows = [(kind, path) for path in files for kind in TYPES]
    accepted = [row for row, our in zip(rows, sides.ours(rows), strict=True) if our.verdict == "accepted"]
    known = {path for _, path in accepted}
    return accepted, [row for row in rows if row[1] not in known]


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    cmcctl, work, count = sys.argv[1], pathlib.Path(sys.argv[3]).resolve(), int((sys.argv[4:] or ["1000"])[0])
    work.mkdir(parents=True, exist_ok=True)
    sides = Sides(sys.argv[2], work)
    sound, broken = with_types(sides, vectors(work))
    regressions = sorted(path for path in (ROOT / "fuzz/regressions").rglob("*") if path.is_file())
    rows = sound + broken + list(negatives(work)) + sum(with_types(sides, regressions), [])
    rows += mutants(cmcctl, sound, count)
    return report(rows, sides.ours(rows), sides.theirs(rows))


def report(rows, ours, theirs):
    classes = collections.Counter()
    for (kind, path), our, their in zip(rows, ours, theirs, strict=True):
        for axis, name in differences.compare(path.read_bytes(), our, their):
            classes[name] += 1
            if name == differences.UNEXPLAINED:
                print("%s %s: %s\n  %s\n  %s" % (kind, path, axis, our, their))
    for name, number in sorted(classes.items()):
        print("%-12s %6d" % (name, number))
    print("%d compared, %d disagreements unexplained" % (len(rows), classes[differences.UNEXPLAINED]))
    return 1 if classes[differences.UNEXPLAINED] else 0


if __name__ == "__main__":
    sys.exit(main())
