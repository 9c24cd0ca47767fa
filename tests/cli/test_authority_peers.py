"""Bouncy Castle builds the requests that the test CA answers, and verifies the answers; OpenSSL verifies them, too."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _ca import CA
from _run import Checks

if shutil.which("openssl") is None:
    sys.exit(77)

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-authority-peers-")
here = Path(scratch.name)
JUDGE = Path(__file__).resolve().parent.parent / "peers" / "run_judge.sh"
GOOD, FAILED = "status 0", "status 2"


def bouncy_castle(*arguments):
    result = subprocess.run([str(JUDGE), str(here / "classes"), "full", *arguments], cwd=here, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=120)
    if result.returncode == 77:
        print(result.stderr, end="")
        sys.exit(77)
    checks.equal((result.returncode, result.stderr), (0, ""), f"Bouncy Castle: {arguments}")
    return result.stdout.splitlines()


def openssl(*arguments):
    result = subprocess.run(["openssl", *arguments], cwd=here, stdin=subprocess.DEVNULL, capture_output=True,
                            timeout=60)
    return result.returncode, result.stdout + result.stderr


def ask(ca, what, name, *arguments):
    """Builds a request, sends it, and has the answer read; its lines."""
    bouncy_castle(what, name, *arguments)
    answer = ca.post((here / name).read_bytes())
    checks.equal(answer.status, 200, f"{what} {name}")
    (here / "answer").write_bytes(answer.body)
    code, said = openssl("cms", "-verify", "-inform", "DER", "-in", "answer", "-CAfile", ca.root, "-purpose", "any",
                         "-binary", "-out", "content")
    checks.equal(code, 0, f"OpenSSL verifies the answer to {what}: {said}")
    return bouncy_castle("read", "answer", "root.der", name + ".crt")


def issued(subject, status=GOOD):
    return ["signature: true", status, f"certificate {subject}: true"]


with CA("--user", "alice=pass:wonderland", "--write-ra", str(here / "ra")) as ca:
    for pem, der in ((ca.root, "root.der"), ("ra.pem", "ra.crt")):
        checks.equal(openssl("x509", "-in", pem, "-outform", "DER", "-out", der)[0], 0, der)
    code, said = openssl("pkcs8", "-topk8", "-nocrypt", "-in", "ra.key", "-outform", "DER", "-out", "ra.p8")
    checks.equal(code, 0, f"the RA's key: {said}")

    checks.equal(ask(ca, "secret", "first", "CN=alice", "alice", "wonderland"), issued("CN=alice"), "a shared secret")
    code, said = openssl("verify", "-CAfile", ca.root, "first.crt")
    checks.equal(code, 0, f"OpenSSL verifies the certificate: {said}")
    checks.equal(ask(ca, "secret", "wrong", "CN=alice", "alice", "mirror"),
                 ["signature: true", FAILED + " 7"], "badIdentity")
    for kind in ("p10", "crmf"):
        checks.equal(ask(ca, kind, kind, "CN=agent", "ra.p8", "ra.crt"), issued("CN=agent"), f"{kind} signed by an RA")
        checks.equal(ask(ca, kind, "renewed", "CN=alice", "first.key", "first.crt"),
                     issued("CN=alice"), f"{kind}: a renewal")
    checks.equal(ask(ca, "p10", "stolen", "CN=mallory", "first.key", "first.crt"), ["signature: true", FAILED + " 2"],
                 "a renewal with another subject")
    checks.equal(ask(ca, "cert", "cert", "first.key", "first.crt"), issued("CN=alice"), "getCert")

    # The messages of a batch: one that is good, one that is not.
    bouncy_castle("secret", "inner", "CN=alice", "alice", "wonderland")
    bouncy_castle("secret", "outer", "CN=alice", "alice", "mirror")
    lines = ask(ca, "batch", "batch", "ra.p8", "ra.crt", "inner", "outer")
    checks.equal(lines, ["signature: true", GOOD, *issued("CN=alice"), "signature: true", FAILED + " 7"], "a batch")

    checks.equal(ask(ca, "crl", "crl", "first.key", "first.crt")[2:], ["CRL of 0: true"], "getCRL")
    checks.equal(ask(ca, "lost", "guess", "renewed.crt", "mirror"),
                 ["signature: true", FAILED + " 7"], "a wrong passphrase")
    checks.equal(ask(ca, "lost", "lost", "renewed.crt", "wonderland"), ["signature: true", GOOD], "the passphrase")
    checks.equal(ask(ca, "revoke", "revoke", "first.key", "first.crt"),
                 ["signature: true", GOOD], "a signed revocation")
    checks.equal(ask(ca, "crl", "late", "first.key", "first.crt"), ["signature: true", FAILED + " 7"],
                 "what is revoked signs nothing")
    checks.equal(ask(ca, "crl", "crl2", "ra.p8", "ra.crt")[2:], ["CRL of 2: true"], "both are on the CRL")
checks.finish()
