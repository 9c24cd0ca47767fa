#!/usr/bin/env python3
"""Tries the judge itself: self_check.py VECTORS_DIR WORK_DIR.

Cuts the DER vectors into messages, SignedData, SignerInfo, PKIData, requests
and control values, lets each pass against itself, and then damages some: each
damaged one has to fail.
"""

import json
import pathlib
import subprocess
import sys

WHOLE = {"Simple PKI Request": "CertificationRequest", "CertReqMessages": "CertReqMessages", "CertReqMsg": "CertReqMsg",
         "PKIData": "PKIData", "PKIResponse": "PKIResponse", "Certificate": "Certificate"}
CONTROL_TYPES = {"1": "CMCStatusInfo", "8": "AddExtensions", "9": "EncryptedPOP", "10": "DecryptedPOP", "11": "LraPopWitness", "15": "GetCert",
                 "16": "GetCRL", "17": "RevokeRequest", "24": "IssuerAndSerialNumber", "25": "CMCStatusInfoV2", "26": "PublishTrustAnchors",
                 "28": "BodyPartList", "29": "BodyPartList", "34": "IdentityProofV2", "35": "BodyPartPath", "37": "BodyPartPath"}


def pieces_of_body(node, kind):
    yield kind, node.encoded
    for control in node.children[0].children:
        yield "TaggedAttribute", control.encoded
        last = control.children[1].oid().removeprefix("1.3.6.1.5.5.7.7.")
        if last in CONTROL_TYPES:
            yield CONTROL_TYPES[last], control.children[2].children[0].encoded
    if kind == "PKIData":
        for request in node.children[1].children:
            yield "TaggedRequest", request.encoded


def pieces_of_signed(node, reader):
    yield "SignedData", node.encoded
    for signer in node.children[-1].children:
        yield "SignerInfo", signer.encoded
        yield "AlgorithmIdentifier", signer.children[2].encoded
    for field in node.children[3:-1]:
        for member in field.children:
            yield "Certificate" if field.is_context(0) else "CertificateList", member.encoded
    content = node.children[2]
    kind = {"1.3.6.1.5.5.7.12.2": "PKIData", "1.3.6.1.5.5.7.12.3": "PKIResponse"}.get(content.children[0].oid())
    if kind:
        yield from pieces_of_body(reader.read(content.children[1].children[0].octets()), kind)


def pieces(entry, octets, reader):
    node = reader.read(octets)
    yield WHOLE.get(entry["kind"], "ContentInfo"), octets
    if node.children[0].is_universal(reader.OID) and node.children[0].oid() == "1.2.840.113549.1.7.2":
        yield from pieces_of_signed(node.children[1].children[0], reader)


def judge(here, work, rows):
    manifest = work / "manifest.tsv"
    manifest.write_text("".join("\t".join(row) + "\n" for row in rows))
    run = subprocess.run([str(here / "run_judge.sh"), str(work / "classes"), str(manifest)], capture_output=True, text=True)
    print(run.stdout + run.stderr, end="")
    return run


def main():
    vectors, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    here = pathlib.Path(__file__).resolve().parent
    sys.path.insert(0, str(vectors / "expectations"))
    sys.dont_write_bytecode = True
    import ber_reader
    import messages
    (work / "pieces").mkdir(parents=True, exist_ok=True)
    rows, seen = [], set()
    for entry in json.loads((vectors / "expected.json").read_text(encoding="utf-8")):
        if entry["kind"] == "invalid" or entry.get("ber") or "unsorted-set" in entry.get("oddities", []):
            continue
        for kind, octets in pieces(entry, messages.unwrap((vectors / entry["file"]).read_bytes())[1], ber_reader):
            if (kind, octets) not in seen:
                seen.add((kind, octets))
                path = work / "pieces" / ("%04d.der" % len(rows))
                path.write_bytes(octets)
                rows.append((kind, str(path), str(path)))
    good = judge(here, work, rows)
    damaged = []
    for kind, original, _ in rows[::25]:
        octets = bytearray(pathlib.Path(original).read_bytes())
        octets[-1] ^= 1
        path = pathlib.Path(original).with_suffix(".bad")
        path.write_bytes(octets)
        damaged.append((kind, original, str(path)))
    bad = judge(here, work, damaged)
    caught = sum(1 for line in bad.stdout.splitlines() if ".bad: " in line and "asn1" not in line)
    print("%d sound pieces, %d damaged ones, %d caught" % (len(rows), len(damaged), caught))
    return 0 if good.returncode == 0 and caught == len(damaged) else 1


if __name__ == "__main__":
    sys.exit(main())
