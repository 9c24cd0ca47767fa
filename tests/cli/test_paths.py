"""The certificate paths of tests/vectors/paths: cmcctl verify and openssl verify say the same, but where a reason stands below."""

import base64
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _run import Checks, cmcctl

if shutil.which("openssl") is None:
    sys.exit(77)

checks = Checks()
tests = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(tests / "support"))
from pki import *  # noqa: E402,F403

vectors = json.loads((tests / "vectors" / "paths" / "paths.json").read_text())
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-paths-")
here = Path(scratch.name)


def openssl_version():
    text = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.match(r"OpenSSL (\d+)\.(\d+)", text).groups())


# What OpenSSL 3.0 and 3.5 say otherwise, and why.
ONE_CANDIDATE = "OpenSSL takes one issuer of several with its name and does not try another when the signature or the rest is wrong"
HOSTS = "OpenSSL compares the characters as they are"
DIFFERENCES = {
    "a leaf with the anchor's name, which the anchor issued": "OpenSSL takes equal names for a self-signed certificate",
    "twelve issuers of one name": ONE_CANDIDATE,
    "two certificates for one CA: the second has a trusted issuer": ONE_CANDIDATE,
    "pathLen 0, a self-issued CA below": ONE_CANDIDATE,
    "a self-issued CA between is not looked at": ONE_CANDIDATE,
    "a wrong key identifier is a hint only": "OpenSSL wants it to fit; RFC 5280 section 4.2.1.1 has it for finding certificates",
    "9 certificates in the path": "limit path_certificates is ours",
    "the last second": "notAfter belongs to the validity: RFC 5280 section 4.1.2.5; OpenSSL ends it a second before",
    "extensions in a v1 certificate": "OpenSSL asks with -x509_strict only",
    "inhibitAnyPolicy below zero": "OpenSSL reads it as if it were not there",
    "dNSName: excluded, with a dot at its end": HOSTS,
    "dNSName: a NUL inside": HOSTS,
    "dNSName: a wildcard over what is excluded": "OpenSSL takes the asterisk for a label",
    "dNSName: the common name is none": "OpenSSL takes a common name for a host where there is no subjectAltName",
    "rfc822Name: excluded in another case": "OpenSSL tells A@ from a@ in exclusions, too",
    "URI: excluded, an address": "RFC 5280 section 4.2.1.10 refuses URIs without a host name under such constraints",
    "CRL: two, and one has it": "OpenSSL asks one CRL of two that are equally good",
}
DIFFERENCES_SINCE_3_5 = {
    "URI: the host stands in the path": "OpenSSL 3.5 takes the host of what is no hierarchical URI",
}
DIFFERENCES_OF_SOME = {
    "CRL: a delta": "OpenSSL takes a delta CRL for a complete one up to 3.0.20, and in 3.5 for longer",
}
if openssl_version() >= (3, 5):
    DIFFERENCES |= DIFFERENCES_SINCE_3_5


def write(name, label, table, keys):
    (here / name).write_text("".join(pem(label, base64.b64decode(vectors[table][key])) for key in keys))
    return name


def ours(row):
    arguments = ["verify", "--json", "--at", str(row["time"]), "--purpose", row["purpose"], "leaf.pem"]
    for option, keys, file in (("--trust", row["anchors"], "anchors.pem"), ("--cert", row["pool"], "pool.pem"),
                               ("--crl", row.get("crls"), "crls.pem")):
        if keys:
            arguments += [option, file]
    for limit, value in row.get("limits", {}).items():
        arguments += ["--limit", f"{limit}={value}"]
    result = cmcctl(*arguments, cwd=here)
    found = json.loads(result.stdout)["parts"][0]["checks"]
    return result.returncode, *([check["name"] for check in found if check["verdict"] == verdict] for verdict in ("fail", "unknown"))


def openssls(row):
    arguments = ["openssl", "verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-partial_chain", "-policy_check", "-policy", "anyPolicy", "-auth_level", "2",
                 "-attime", str(row["time"])]
    if row["anchors"]:
        arguments += ["-trusted", "anchors.pem"]
    if row["pool"]:
        arguments += ["-untrusted", "pool.pem"]
    if "crls" in row:
        arguments += ["-crl_check_all", "-CRLfile", "crls.pem"]
    result = subprocess.run([*arguments, "leaf.pem"], cwd=here, capture_output=True, text=True)
    return result.returncode == 0, result.stderr.strip().splitlines()


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def large():
    """What is wrong is found behind 100,000 things that are right, and each of them is looked at once."""
    root_key, sub_key, leaf_key = ec_key(), ec_key(), ec_key()
    root = certificate("root", root_key, "root", root_key, basic_constraints(), key_usage(CERT_SIGN, CRL_SIGN))
    (here / "root.der").write_bytes(root)

    def sub_with(*extensions):
        sub = certificate("sub", sub_key, "root", root_key, basic_constraints(), key_usage(CERT_SIGN, CRL_SIGN), *extensions)
        (here / "sub.der").write_bytes(sub)

    def leaf(subject, *extensions):
        return certificate(subject, leaf_key, "sub", sub_key, *extensions, serial=4711)

    def case(label, of_leaf, fails, *more):
        (here / "leaf.der").write_bytes(of_leaf)
        before = processor_seconds()
        result = cmcctl("verify", "--json", "--at", "2026-11-21", "--trust", "root.der", "--cert", "sub.der", *more, "leaf.der", cwd=here)
        took = processor_seconds() - before
        found = json.loads(result.stdout)["parts"][0]["checks"]
        checks.equal([check["name"] for check in found if check["verdict"] == "fail"], fails, label)
        checks.that(took < 5, f"{label}: {took} s")

    bad = directory(name((O, "Bad"), (CN, "x")))
    sub_with(name_constraints((), [*(directory(name((O, f"Bad {i}"))) for i in range(9)), directory(name((O, "Bad")))]))
    good = [directory(name((O, "Good"), *((CN, "x") for _ in range(6))))] * 12_000
    case("12,000 names before the excluded one", leaf("leaf", alt_names(*good, bad)), ["names"])
    sub_with(name_constraints((), [directory(name((O, f"Bad {i}"))) for i in range(50_000)]))
    case("a subject of 1 MB, 50,000 constraints", leaf(name((O, "x" * 1_000_000))), [])
    wide = set_of(*(sequence(oid(CN), utf8(f"{i}")) for i in range(20_000)))
    sub_with(name_constraints((), [directory(sequence(wide))]))
    case("an RDN of 20,000 attributes", leaf(sequence(wide)), ["names"])
    sub_with()
    many = [extension(f"1.3.6.1.4.1.99999.{i}", NULL) for i in range(100_000)]
    case("100,000 extensions, one of them twice", leaf("leaf", *many, many[0]), ["extensions"])
    both = []
    for issuer, issuer_key, last in (("root", root_key, 1), ("sub", sub_key, 4711)):
        file = f"{issuer}.crl"
        entries = [revoked(number) for number in range(10_000, 110_000)]
        (here / file).write_bytes(crl(issuer, issuer_key, *entries, *([revoked(4711)] if last == 4711 else [])))
        both += ["--crl", file]
    case("a CRL of 100,000 entries", leaf("leaf"), ["revocation"], *both)


large()
for row in vectors["rows"]:
    name_ = row["name"]
    write("leaf.pem", "CERTIFICATE", "certificates", [row["leaf"]])
    write("anchors.pem", "CERTIFICATE", "certificates", row["anchors"])
    write("pool.pem", "CERTIFICATE", "certificates", row["pool"])
    write("crls.pem", "X509 CRL", "crls", row.get("crls", []))
    good = not row["fails"] and not row["unknown"]
    checks.equal(ours(row), (0 if good else 1, row["fails"], row["unknown"]), name_)
    if row["purpose"] != "any" or "limits" in row or name_ in DIFFERENCES_OF_SOME:
        continue  # OpenSSL knows neither of the two, or says now this, now that
    judged, why = openssls(row)
    if name_ in DIFFERENCES:
        checks.that(judged != good, f"{name_}: OpenSSL agrees by now")
    else:
        checks.equal(judged, good, f"{name_}: OpenSSL's verdict, {why}")
checks.that(DIFFERENCES.keys() | DIFFERENCES_OF_SOME.keys() <= {row["name"] for row in vectors["rows"]}, "each difference is about a row")
checks.finish()
