#!/usr/bin/env python3
"""Compares what `CMCCTL inspect --json FILE` prints with expected.json.

    check_vectors.py CMCCTL VECTORS_DIR [--only TEXT]

One line for each field that differs, then "N passed, N failed" (files).
Exit status 1 when a file failed.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "expectations"))

import loose  # noqa: E402

# Word of expected.json -> rule identifiers (a regular expression) that may report it.
ODDITY_RULES = {
    "bare-name-getcert": r"CMC-5272-6\.9-02",
    "bare-name-getcrl": r"CMC-5272-6\.10-01",
    "bare-pkidata-contentinfo": r"CMC-5272-2\.2-01|CMC-5652-3-01",
    "ber-indefinite": r"CMC-5273-4\.2-01|CMC-X690-11-01",
    "ber-inside-pkidata": r"CMC-X690-11-01|CMC-5272-6\.2\.1-09|CMC-5273-4\.2-01",
    "body-part-id-zero": r"CMC-5272-3\.2\.2-04",
    "confirm-extra-sequence": r"CMC-5272-6\.14-03",
    "confirm-general-names": r"CMC-5272-6\.14-03",
    "constructed-string": r"CMC-5273-4\.2-01|CMC-X690-11-01",
    "duplicate-body-part-id": r"CMC-5272-3\.2\.2-02",
    "ecdsa-null-parameters": r"CMC-5754-3\.3-01",
    "empty-certificates": r"CMC-5652-5\.1-0[15]|CMC-5652-10\.2.*",
    "empty-crmf-controls": r"CMC-4211-.*",
    "empty-econtent": r"CMC-5272-4\.1-02|CMC-5652-5\.2-.*",
    "explicit-false-default": r"CMC-5280-4\.1-01|CMC-X690-11-01",
    "explicit-key-identifier": r"CMC-5652-5\.3-0[12]",
    "missing-octet-string": r"CMC-5652-5\.2-02|CMC-5652-5\.2\.1-01",
    "pkidata-missing-sequences": r"CMC-5272-3\.2\.1-01",
    "signerinfo-version": r"CMC-5652-5\.3-01",
    "ski-without-octet-string": r"CMC-5280-4\.1-01|CMC-5272-3\.2-0[68]",
    "unsigned-id-data": r"CMC-5272-2\.2-01|CMC-5272-6\.11-04",
    "unsorted-set": r"CMC-5652-5\.1-05|CMC-X690-11-01",
    "untagged-extended-fail-info": r"CMC-10002-6\.1\.1-01",
}
BER_WORDS = {"ber-indefinite", "ber-inside-pkidata", "constructed-string"}
LOOSE_DER_WORDS = {"unsorted-set", "explicit-false-default"}
STATUS_OIDS = {"1.3.6.1.5.5.7.7.1", "1.3.6.1.5.5.7.7.25"}
EXIT_UNDECODABLE = 3
POPO_ARMS = ("raVerified", "signature", "keyEncipherment", "keyAgreement")


# ---- reading the contract: one place for each of its shapes ----

def first_with(value, member):
    """The first object, outermost first, that has the member."""
    if isinstance(value, dict):
        if member in value:
            return value
        value = [part for name, part in value.items() if name != "at"]
    if isinstance(value, list):
        for part in value:
            found = first_with(part, member)
            if found is not None:
                return found
    return None


def oid_of(value):
    """OID text of {"oid":..,"name":..}, of an AlgorithmIdentifier, or of plain text."""
    if isinstance(value, dict):
        return oid_of(value.get("oid", value.get("algorithm", value.get("type"))))
    return value


def number_of(value):
    """Number of an INTEGER or enumeration."""
    return number_of(value.get("value")) if isinstance(value, dict) else value


def arm_of(choice):
    """(name, value) of a CHOICE."""
    for name, value in choice.items():
        if name not in ("at", "offset", "length", "type"):
            return name, value
    return None, None


def reference_of(value):
    """A bodyList entry: a number or a path."""
    if isinstance(value, dict):
        return reference_of(arm_of(value)[1])
    return [number_of(step) for step in value] if isinstance(value, list) else value


def control_of(item):
    return {"bodyPartID": number_of(item.get("bodyPartID")), "oid": oid_of(item.get("attrType")), "value": item.get("attrValues")}


def pop_of(message):
    popo = message.get("popo", message.get("pop"))
    if popo is None:
        return "absent"
    return popo if isinstance(popo, str) else next((name for name in POPO_ARMS if name in popo), str(popo))


def crm_of(message):
    request = message["certReq"]
    subject = request.get("certTemplate", {}).get("subject")
    return {"choice": "crm", "id": number_of(request.get("certReqId")), "subject": subject, "pop": pop_of(message)}


def request_of(item):
    choice, value = arm_of(item)
    if choice == "crm":
        return crm_of(value)
    found = {"choice": choice, "id": number_of(value.get("bodyPartID"))}
    if choice == "tcr":
        found["subject"] = (first_with(value, "subject") or {}).get("subject")
    else:
        found["type"] = oid_of(value.get("requestMessageType"))
    return found


def requests_of(message):
    """Requests of a PKIData, of a CertReqMessages or of a lone CertReqMsg."""
    body = first_with(message, "reqSequence")
    if body is not None:
        return [request_of(item) for item in body["reqSequence"]]
    found = []

    def collect(value):
        if isinstance(value, dict) and "certReq" in value:
            found.append(crm_of(value))
        elif isinstance(value, (dict, list)):
            for part in value.values() if isinstance(value, dict) else value:
                collect(part)
    collect(message)
    return found


def statuses_of(body):
    found = []
    for item in body.get("controlSequence", []):
        if oid_of(item.get("attrType")) in STATUS_OIDS:
            found += [status_of(value) for value in item.get("attrValues", [])]
    return found


def status_of(value):
    other = value.get("otherInfo") or {}
    found = {"cMCStatus": number_of(value.get("cMCStatus")), "bodyList": [reference_of(one) for one in value.get("bodyList", [])]}
    found["statusString"], found["failInfo"] = value.get("statusString"), number_of(other.get("failInfo"))
    found["other"] = other
    return found


def signer_of(info):
    sid, value = arm_of(info.get("sid", {}))
    found = {"version": number_of(info.get("version")), "sid": sid}
    if sid == "issuerAndSerialNumber":
        found.update({"issuer": value.get("issuer"), "serial": value.get("serialNumber")})
    else:
        found["ski"] = value
    found["digestAlgorithm"] = oid_of(info.get("digestAlgorithm"))
    found["signatureAlgorithm"] = oid_of(info.get("signatureAlgorithm"))
    return found


def numbers_in(body, sequence):
    return [number_of(item.get("bodyPartID")) for item in body.get(sequence) or []]


def contained(message, path):
    """The message at a path of body part identifiers below cmsSequence."""
    for number in path:
        body = first_with(message, "cmsSequence") or {}
        matches = [item for item in body.get("cmsSequence", []) if loose.same_number(number_of(item.get("bodyPartID")), number)]
        if not matches:
            return None
        message = matches[0].get("contentInfo", matches[0])
    return message


# ---- comparing ----

class Comparison:
    """Failures of one file."""

    def __init__(self, name):
        self.name, self.failures = name, []

    def fail(self, field, wanted, actual):
        texts = [json.dumps(value, ensure_ascii=False) for value in (wanted, actual)]
        self.failures.append("%s: %s: wanted %s, got %s" % (self.name, field, *texts))

    def scalar(self, field, wanted, actual):
        if actual is None or not loose.same_scalar(wanted, actual) and not loose.same_name(str(wanted), str(actual)):
            self.fail(field, wanted, actual)

    def equal(self, field, wanted, actual):
        if wanted != actual:
            self.fail(field, wanted, actual)

    def items(self, field, wanted, actual, compare):
        if len(wanted) != len(actual):
            self.fail(field + " count", len(wanted), len(actual))
            return
        for at, (one, other) in enumerate(zip(wanted, actual)):
            compare("%s[%d]" % (field, at), one, other)

    def members(self, field, wanted, actual):
        for name, value in wanted.items():
            self.scalar("%s.%s" % (field, name), value, actual.get(name))

    def control(self, field, wanted, actual):
        self.scalar(field + ".bodyPartID", wanted["bodyPartID"], actual["bodyPartID"])
        self.scalar(field + ".oid", wanted["oid"], actual["oid"])
        missing = loose.holds(wanted.get("value"), actual["value"])
        if missing:
            self.fail(field + ".value", missing, actual["value"])

    def status(self, field, wanted, actual):
        self.equal(field + ".bodyList", wanted["bodyList"], actual["bodyList"])
        for name in ("cMCStatus", "statusString", "failInfo"):
            if name in wanted:
                self.scalar("%s.%s" % (field, name), wanted[name], actual[name])
            elif actual[name] is not None:
                self.fail("%s.%s" % (field, name), None, actual[name])
        rest = {name: wanted[name] for name in ("extendedFailInfo", "pendToken", "pendTime") if name in wanted}
        if loose.holds(rest, actual["other"]):
            self.fail(field + ".otherInfo", rest, actual["other"])

    def body(self, wanted, message):
        body = first_with(message, "controlSequence") or {}
        if "controls" in wanted:
            self.items("controls", wanted["controls"], [control_of(item) for item in body.get("controlSequence", [])], self.control)
        if "requests" in wanted:
            self.items("requests", wanted["requests"], requests_of(message), self.members)
        for field, sequence in (("cms", "cmsSequence"), ("otherMsgs", "otherMsgSequence")):
            if field in wanted:
                self.equal(field, wanted[field], numbers_in(body, sequence))
        if "controls" in wanted:
            self.items("status", wanted.get("status", []), statuses_of(body), self.status)

    def signed(self, wanted, message):
        if "signers" not in wanted:
            return
        data = first_with(message, "signerInfos") or {}
        self.items("signers", wanted["signers"], [signer_of(info) for info in data.get("signerInfos", [])], self.members)
        self.equal("certificates", wanted.get("certificates", 0), len(data.get("certificates") or []))
        self.equal("crls", wanted.get("crls", 0), len(data.get("crls") or []))
        self.scalar("version", wanted["version"], number_of(data.get("version")))
        self.subjects(wanted.get("certificateSubjects", []), data.get("certificates") or [])

    def subjects(self, wanted, certificates):
        actual = [(first_with(certificate, "subject") or {}).get("subject") for certificate in certificates]
        for subject in wanted:
            if not any(other is not None and loose.same_name(subject, other) for other in actual):
                self.fail("certificateSubjects", subject, actual)

    def enveloped(self, wanted, message):
        if "recipients" not in wanted:
            return
        data = first_with(message, "recipientInfos") or {}
        self.equal("recipients", wanted["recipients"], [arm_of(info)[0] for info in data.get("recipientInfos", [])])
        for field in ("encryptedContentType", "contentEncryption"):
            if loose.holds(wanted[field], data):
                self.fail(field, wanted[field], None)

    def oddities(self, wanted, form, oddities):
        if not wanted or oddities is None:
            return
        rules = [oddity.get("rule") or "" for oddity in oddities]
        unmatched = [word for word in wanted if not any(re.match(ODDITY_RULES.get(word, r"$^"), rule) for rule in rules)]
        if form in ("BER", "HTTP", "PEM"):
            unmatched = [word for word in unmatched if word not in BER_WORDS]
        if unmatched and not rules:
            self.fail("oddities", unmatched, rules)

    def form(self, wanted, actual):
        allowed = {wanted["form"]}
        if LOOSE_DER_WORDS & set(wanted.get("oddities", [])):
            allowed |= {"DER", "BER"}
        if actual not in allowed:
            self.fail("form", wanted["form"], actual)

    def message(self, wanted, answer):
        message = answer.get("message", {})
        self.equal("kind", wanted["kind"], answer.get("kind"))
        self.form(wanted, answer.get("form"))
        for field, members in (("subject", ("subject",)), ("serial", ("serialNumber",))):
            if field in wanted:
                holder = first_with(message, members[0]) or {}
                self.scalar(field, wanted[field], holder.get(members[0]))
        self.body(wanted, message)
        self.signed(wanted, message)
        self.enveloped(wanted, message)
        for inner in wanted.get("nested", []):
            part = contained(message, inner["path"])
            if part is None:
                self.fail("nested", inner["path"], None)
                continue
            below = Comparison("%s: nested %s" % (self.name, inner["path"]))
            below.body(inner, part)
            below.signed(inner, part)
            self.failures += below.failures
        self.oddities(wanted.get("oddities", []), answer.get("form"), answer.get("oddities"))


def inspected(cmcctl, path):
    """(exit status, JSON or None, text of stderr)"""
    try:
        run = subprocess.run([cmcctl, "inspect", "--json", str(path)], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, None, "no answer within a minute"
    try:
        return run.returncode, json.loads(run.stdout.decode("utf-8")), run.stderr.decode("utf-8", "replace")
    except ValueError as reason:
        return run.returncode, None, "%s %s" % (reason, run.stderr.decode("utf-8", "replace").strip())


def check(cmcctl, folder, wanted):
    comparison = Comparison(wanted["file"])
    code, answer, noise = inspected(cmcctl, folder / wanted["file"])
    if not isinstance(answer, dict):
        comparison.fail("output", "JSON", "exit status %s: %s" % (code, noise))
    elif wanted["kind"] == "invalid":
        if "error" not in answer or code != EXIT_UNDECODABLE:
            comparison.fail("error", "exit status %d and an error" % EXIT_UNDECODABLE, "exit status %s, kind %s" % (code, answer.get("kind")))
    elif "error" in answer:
        comparison.fail("error", None, answer["error"])
    else:
        comparison.message(wanted, answer)
    return comparison.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cmcctl")
    parser.add_argument("vectors", type=pathlib.Path)
    parser.add_argument("--only", default="", help="only files whose name has this text")
    options = parser.parse_args()
    passed = failed = 0
    for wanted in json.loads((options.vectors / "expected.json").read_text(encoding="utf-8")):
        if options.only in wanted["file"]:
            failures = check(options.cmcctl, options.vectors, wanted)
            failed += bool(failures)
            passed += not failures
            for line in failures:
                print(line)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
