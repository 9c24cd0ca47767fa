"""cmcctl request p10 and crmf: OpenSSL and Dogtag's own requests judge what is made, and wrong calls say why."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile

from _run import Checks, cmcctl

CHECKS = Checks()
TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors", "dogtag", "tools")
JSMITH = "UID=jsmith,CN=John Smith,O=EXAMPLE"


def openssl(folder, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def path(folder, name):
    return os.path.join(folder, name)


def read(folder, name):
    with open(path(folder, name), "rb") as file:
        return file.read()


def write(folder, name, content):
    with open(path(folder, name), "wb") as file:
        file.write(content)


def make(folder, kind, *arguments, output="request"):
    result = cmcctl("request", kind, *arguments, "-o", output, "--force", cwd=folder)
    CHECKS.equal((result.returncode, result.stderr), (0, ""), f"request {kind} {' '.join(arguments)}")


def refused(folder, code, part, kind, *arguments, stdout=""):
    result = cmcctl("request", kind, *arguments, cwd=folder)
    what = f"request {kind} {' '.join(arguments)}"
    CHECKS.equal(result.returncode, code, what + ": " + result.stderr)
    CHECKS.contains(result.stderr, part, what)
    CHECKS.equal(result.stdout, stdout, what + ": stdout")


def inspected(folder, name="request"):
    result = cmcctl("inspect", name, cwd=folder)
    CHECKS.equal(result.returncode, 0, "inspect: " + result.stderr)
    return result.stdout


def keys(folder):
    """One key of every kind, made with a request: NAME.key, and NAME.key.csr that OpenSSL verifies."""
    for spec in ["rsa:2048", "rsa:3072", "ec:P-256", "ec:P-384", "ec:P-521", "ed25519", "x25519"]:
        name = spec.replace(":", "-") + ".key"
        make(folder, "p10", "--new-key", spec, "--key-out", name, "--subject", r"CN=M\C3\BCller,O=Example\, Inc.,C=DE", "--san",
             "dns:me.example", "--san", "ip:2001:db8::1", "--key-usage", "digitalSignature", "--eku", "clientAuth", "--ski",
             "--to", "pem", output=name + ".csr")
        CHECKS.equal(stat.S_IMODE(os.stat(path(folder, name)).st_mode), 0o600, name + ": mode")
        verified = openssl(folder, "req", "-in", name + ".csr", "-verify", "-noout")
        if spec != "x25519":
            CHECKS.contains(verified.stdout + verified.stderr, "verify OK", "openssl req -verify, " + spec)
        text = openssl(folder, "req", "-in", name + ".csr", "-noout", "-text", "-nameopt", "RFC2253").stdout
        for part in ["CN=M", "O=Example\\, Inc.", "DNS:me.example, IP Address:2001:DB8:0:0:0:0:0:1", "Digital Signature",
                     "TLS Web Client Authentication", "Subject Key Identifier"]:
            CHECKS.contains(text, part, spec)
        public = [openssl(folder, "pkey", "-in", name, "-pubout").stdout,
                  openssl(folder, "req", "-in", name + ".csr", "-noout", "-pubkey").stdout]
        CHECKS.equal(public[0], public[1], spec + ": the key of --key-out is the request's")
    for digest, salt in [("sha256", 32), ("sha384", 48), ("sha512", 64)]:
        make(folder, "p10", "--key", "rsa-2048.key", "--pss", "--digest", digest, "--subject", "CN=me", "--to", "pem")
        verified = openssl(folder, "req", "-in", "request", "-verify", "-noout")
        CHECKS.contains(verified.stdout + verified.stderr, "verify OK", "PSS " + digest)
        text = openssl(folder, "req", "-in", "request", "-noout", "-text").stdout
        CHECKS.that(re.search(rf"Salt Length: 0x0*{salt:x}\b", text, re.IGNORECASE), "PSS salt: " + text[-900:])


def encrypted_key(folder):
    write(folder, "password", b"correct horse\n")
    make(folder, "p10", "--new-key", "ec:P-256", "--key-out", "locked.key", "--key-password", "file:password", "--subject", "CN=me")
    CHECKS.contains(read(folder, "locked.key").decode(), "BEGIN ENCRYPTED PRIVATE KEY", "the new key is encrypted")
    make(folder, "p10", "--key", "locked.key", "--password", "file:password", "--subject", "CN=me")
    before = read(folder, "locked.key")
    refused(folder, 4, "never overwritten", "p10", "--new-key", "ec:P-256", "--key-out", "locked.key", "--subject", "CN=me", "--force")
    CHECKS.equal(read(folder, "locked.key"), before, "a key is never overwritten")
    refused(folder, 7, "password", "p10", "--key", "locked.key", "--subject", "CN=me", "-o", "none")
    CHECKS.that(not os.path.exists(path(folder, "none")), "no request without its key")


def private_copy(folder, case):
    """The key of a case of Dogtag's tools, in a file that only we may read."""
    with open(os.path.join(TOOLS, case, "key.pem"), "rb") as file:
        write(folder, "dogtag.key", file.read())
    os.chmod(path(folder, "dogtag.key"), 0o600)
    with open(os.path.join(TOOLS, case, "req.pem"), encoding="ascii") as file:
        return base64.b64decode("".join(line for line in file if not line.startswith("-")))


def dogtag(folder):
    """Dogtag's tools made the same octets from the same inputs."""
    for case, kind, arguments in [("p10-rsa2048", "p10", []), ("p10-rsa-ski", "p10", ["--ski"]),
                                  ("crmf-rsa-pop", "crmf", ["--profile", "dogtag"]),
                                  ("crmf-rsa-none", "crmf", ["--profile", "dogtag", "--pop", "none"])]:
        theirs = private_copy(folder, case)
        make(folder, kind, "--key", "dogtag.key", "--subject", JSMITH, *arguments)
        CHECKS.equal(read(folder, "request").hex(), theirs.hex(), case)
    # What differs: the random parts, NULL beside ECDSA, and an identifier that is no OCTET STRING.
    for case, kind, arguments, differs in [
            ("p10-ec256", "p10", [], {"signature"}),
            ("p10-ec-ski", "p10", ["--ski"], {"signature"}),
            ("crmf-ec256-pop", "crmf", [], {"signature", "parameters"}),
            ("crmf-ec384-pop", "crmf", ["--digest", "sha256"], {"signature", "parameters"}),
            ("crmf-rsa-ski", "crmf", ["--ski"], {"signature", "extnValue"}),
            ("crmf-rsa-arch-kwpad", "crmf", ["--archive-to", os.path.join(TOOLS, "pki", "transport.pem")],
             {"signature", "parameters", "encSymmKey", "encValue"}),
            ("crmf-rsa-arch-aescbc", "crmf", ["--archive-to", os.path.join(TOOLS, "pki", "transport.pem"), "--wrap", "aes-cbc"],
             {"signature", "parameters", "encSymmKey", "encValue"})]:
        write(folder, "theirs", private_copy(folder, case))
        make(folder, kind, "--key", "dogtag.key", "--subject", JSMITH, *([] if kind == "p10" else ["--profile", "dogtag"]), *arguments)
        result = cmcctl("diff", "--json", "request", "theirs", cwd=folder)
        found = {re.sub(r"\[\d+\]", "", difference["path"]).split(".")[-1] for difference in json.loads(result.stdout)["differences"]}
        CHECKS.that(found <= differs, f"{case}: differs in {found}")


def pop_link(folder):
    write(folder, "secret", b"Secret.123\n")
    random = bytes(range(64))
    write(folder, "random", random)

    def expected(key, function):
        return hmac.new(function(key).digest(), random, function).hexdigest()

    link = ["--pop-link-random", "random", "--secret", "file:secret", "--subject", "CN=me", "--key", "ec-P-384.key"]
    for arguments, key, function in [
            ([], b"Secret.123", hashlib.sha256),
            (["--identification", "testuser"], b"Secret.123", hashlib.sha256),
            (["--identification", "testuser", "--profile", "dogtag"], b"Secret.123testuser", hashlib.sha256),
            (["--profile", "cnsa1", "--key-usage", "digitalSignature"], b"Secret.123", hashlib.sha384),
            (["--edition", "5272"], b"Secret.123", hashlib.sha256),
            (["--edition", "2797"], b"Secret.123", hashlib.sha1)]:
        for kind in ["p10", "crmf"]:
            make(folder, kind, *link, *arguments)
            CHECKS.contains(read(folder, "request").hex(), expected(key, function), f"the witness, {kind} {arguments}")
    make(folder, "p10", *link[2:], "--pop-link-random", "fresh")
    CHECKS.equal(len(read(folder, "fresh")), 64, "a new popLinkRandom")
    first = read(folder, "fresh")
    make(folder, "p10", *link[2:], "--pop-link-random", "fresh")
    CHECKS.equal(read(folder, "fresh"), first, "popLinkRandom is used again")
    write(folder, "short", bytes(63))
    refused(folder, 3, "64 octets", "p10", *link[2:], "--pop-link-random", "short", "-o", "none")
    refused(folder, 2, "--secret", "p10", "--key", "ed25519.key", "--subject", "CN=me", "--pop-link-random", "random")
    refused(folder, 2, "--identification", "p10", *link, "--profile", "dogtag")
    refused(folder, 2, "popLinkRandom", "p10", *link, "--profile", "est")


def renewal(folder):
    openssl(folder, "req", "-x509", "-new", "-key", "ec-P-256.key", "-subj", "/O=Old/CN=me", "-addext",
            "subjectAltName=DNS:old.example", "-days", "2", "-out", "old.crt")
    make(folder, "p10", "--key", "ed25519.key", "--renew", "old.crt", "--to", "pem")
    text = openssl(folder, "req", "-in", "request", "-noout", "-text", "-nameopt", "RFC2253").stdout
    CHECKS.contains(text, "CN=me,O=Old", "--renew: subject")
    CHECKS.contains(text, "DNS:old.example", "--renew: alternative names")
    make(folder, "p10", "--key", "ed25519.key", "--renew", "old.crt", "--san", "dns:new.example", "--to", "pem")
    CHECKS.contains(openssl(folder, "req", "-in", "request", "-noout", "-text").stdout, "DNS:new.example", "--san wins")
    make(folder, "crmf", "--key", "ed25519.key", "--renew", "old.crt", "--old-cert", "old.crt")
    CHECKS.contains(inspected(folder), "oldCertID", "--old-cert")
    # The request of RFC 9883 is signed with another key than its own.
    for kind in ["p10", "crmf"]:
        make(folder, kind, "--key", "x25519.key", "--possession-of", "old.crt", "--possession-key", "ec-P-256.key")
        CHECKS.contains(inspected(folder), "statementOfPossession", kind + ": RFC 9883")
        CHECKS.contains(inspected(folder), "ecdsa-with-SHA256", kind + ": RFC 9883")
        CHECKS.contains(cmcctl("verify", "request", cwd=folder).stdout, "vouched for with certificate", kind + ": RFC 9883, verify")
        message = read(folder, "request")
        write(folder, "changed", message.replace(b"\x0c\x02me", b"\x0c\x02mf", 1))
        CHECKS.contains(cmcctl("verify", "changed", cwd=folder).stdout, "NOT verified", kind + ": RFC 9883, changed")
    refused(folder, 7, "another key", "p10", "--key", "x25519.key", "--possession-of", "old.crt", "--possession-key",
            "ec-P-384.key", "-o", "none")


def proofs(folder):
    for arguments, part in [
            (["--key", "x25519.key"], "keyAgreement, subsequentMessage challengeResp"),
            (["--key", "rsa-2048.key", "--pop", "encrypted-cert"], "keyEncipherment, subsequentMessage encrCert"),
            (["--key", "rsa-2048.key", "--pop", "encrypted-key", "--pop-to", "old.crt"], "encryptedKey"),
            (["--key", "rsa-2048.key", "--pop", "this-message", "--pop-to", os.path.join(TOOLS, "pki", "transport.pem")], "thisMessage"),
            (["--key", "ec-P-256.key", "--static-ecdh", "old.crt"], "agreeMAC"),
            (["--key", "ec-P-256.key", "--pop", "ra-verified"], "raVerified"),
            (["--key", "ec-P-256.key", "--sender", "dir:CN=me"], "over poposkInput"),
            (["--key", "ec-P-256.key"], "signature, ecdsa-with-SHA256")]:
        make(folder, "crmf", "--subject", "CN=me", *arguments)
        CHECKS.contains(inspected(folder), part, f"crmf {arguments}")
    make(folder, "p10", "--key", "ec-P-256.key", "--no-signature", "--subject", "CN=me")
    CHECKS.contains(inspected(folder), "id-alg-noSignature", "--no-signature")
    make(folder, "p10", "--key", "ec-P-256.key", "--static-ecdh", "old.crt", "--subject", "CN=me")
    CHECKS.contains(inspected(folder), "ecdhPop-static-sha256-hmac-sha256", "--static-ecdh")


def archived(folder):
    """The archive's side: every wrap is opened, and only for whom it is."""
    kra = os.path.join(TOOLS, "pki", "transport.pem")
    shutil.copy(os.path.join(TOOLS, "pki", "transport.key"), path(folder, "kra.key"))
    os.chmod(path(folder, "kra.key"), 0o600)
    wanted = openssl(folder, "pkey", "-in", "ec-P-256.key", "-pubout").stdout

    def extract(*arguments):
        return cmcctl("convert", "--extract", "archive", *arguments, "request", cwd=folder)

    for wrap in ["enveloped", "aes-kw-pad", "aes-kwp", "aes-cbc", "des3-cbc"]:
        for more in [[], ["--oaep"]]:
            make(folder, "crmf", "--key", "ec-P-256.key", "--subject", "CN=me", "--archive-to", kra, "--wrap", wrap, *more)
            opened = extract("--key", "kra.key", "--to", "der", "-o", "opened")
            CHECKS.equal((opened.returncode, opened.stdout, opened.stderr), (0, "", ""), f"{wrap} {more}")
            CHECKS.equal(stat.S_IMODE(os.stat(path(folder, "opened")).st_mode), 0o600, "the mode of " + wrap)
            found = openssl(folder, "pkey", "-inform", "DER", "-in", "opened", "-pubout").stdout
            CHECKS.equal(found, wanted, f"{wrap} {more}")
            os.remove(path(folder, "opened"))
    CHECKS.contains(extract("--key", "kra.key").stdout, "BEGIN PRIVATE KEY", "stdout")
    write(folder, "opened", b"")
    for arguments, code, part in [(["--key", "kra.key", "-o", "opened"], 4, "File exists"), ([], 2, "--key SOURCE"),
                                  (["--key", "rsa-3072.key"], 7, "request"),
                                  (["--key", "ec-P-256.key"], 1, "RSA"), (["--key", "kra.key", "--index", "1"], 1, "number 1"),
                                  (["--key", "kra.key", "--to", "hex"], 2, "PEM or DER"),
                                  (["--key", "kra.key", "--split", "-o", "d"], 2, "--split")]:
        result = extract(*arguments)
        CHECKS.equal((result.returncode, result.stdout), (code, ""), f"{arguments}: {result.stderr}")
        CHECKS.contains(result.stderr, part, f"{arguments}")
    make(folder, "crmf", "--key", "ec-P-256.key", "--subject", "CN=me")
    CHECKS.equal(extract("--key", "kra.key").returncode, 1, "nothing was archived")
    result = cmcctl("convert", "--extract", "csr", "--key", "kra.key", "request", cwd=folder)
    CHECKS.equal((result.returncode, result.stdout), (2, ""), "--key is for archives: " + result.stderr)


def attributes(folder):
    write(folder, "challenge", b"xyzzy\n")
    make(folder, "p10", "--key", "ed25519.key", "--subject", "", "--challenge-password", "file:challenge", "--attribute",
         "1.3.6.1.4.1.311.13.2.3=160331302e", "--profile", "ms", "--template", "User", "--to", "pem")
    text = openssl(folder, "req", "-in", "request", "-noout", "-text").stdout
    CHECKS.contains(text, "xyzzy", "challengePassword")
    CHECKS.contains(text, "10.", "--attribute")
    template = base64.b64decode("".join(read(folder, "request").decode().splitlines()[1:-1]))
    CHECKS.that("User".encode("utf-16-be") in template, "--template is a BMPString")
    make(folder, "p10", "--key", "ed25519.key", "--subject", "CN=me", "--profile", "est")
    CHECKS.equal(base64.b64decode(read(folder, "request"))[:1], b"0", "--profile est: base64")


def dry_run(folder):
    before = sorted(os.listdir(folder))
    result = cmcctl("request", "crmf", "--new-key", "ec:P-256", "--key-out", "dry.key", "--subject", "CN=me", "--secret",
                    "file:secret", "--pop-link-random", "dry.random", "--dry-run", cwd=folder)
    CHECKS.equal((result.returncode, result.stderr), (0, ""), "--dry-run")
    CHECKS.contains(result.stdout, "CN=me", "--dry-run shows the request")
    result = cmcctl("request", "p10", "--new-key", "ec:P-256", "--subject", "CN=me", "--dry-run", cwd=folder)
    CHECKS.equal((result.returncode, result.stderr), (0, ""), "--dry-run without --key-out")
    CHECKS.equal(sorted(os.listdir(folder)), before, "--dry-run writes nothing")


def wrong_calls(folder):
    key = ["--key", "ec-P-256.key"]
    named = [*key, "--subject", "CN=me"]
    for part, kind, arguments in [
            ("--key KEY, or --new-key", "p10", ["--subject", "CN=me"]),
            ("--key-out", "p10", ["--new-key", "ec:P-256", "--subject", "CN=me"]),
            ("are for --new-key", "p10", [*named, "--key-out", "x"]),
            ("would name nobody", "p10", key),
            ("--subject: character 1: an attribute is written TYPE=value", "p10", [*key, "--subject", "me"]),
            ("A-labels", "p10", [*key, "--san", "dns:müller.example"]),
            ("no key usage is called", "p10", [*named, "--key-usage", "signing"]),
            ("there twice", "p10", [*named, "--ski", "--ext", "2.5.29.14=04020102"]),
            ("exclude each other", "p10", [*named, "--ski", "--ski-value", "00"]),
            ("--pss is for RSA", "p10", [*named, "--pss"]),
            ("takes no --digest", "p10", ["--key", "ed25519.key", "--subject", "CN=me", "--digest", "sha256"]),
            ("go together", "p10", [*named, "--possession-of", "old.crt"]),
            ("--profile ms", "p10", [*named, "--template", "User"]),
            ("CMC-8756-4-06", "p10", [*named, "--profile", "cnsa1", "--key-usage", "digitalSignature"]),
            ("CMC-8756-4.1-01", "p10", [*named, "--profile", "cnsa1"]),
            ("ML-DSA-87", "p10", [*named, "--profile", "cnsa2"]),
            ("--secret is for", "p10", [*named, "--secret", "file:secret"]),
            ("--secret is for", "crmf", [*named, "--secret", "file:secret"]),
            ("--oaep is for", "crmf", [*named, "--oaep"]),
            ("own key", "crmf", [*named, "--sender", "dir:CN=me", "--static-ecdh", "old.crt"]),
            ("takes PKCS #10", "crmf", [*named, "--profile", "ms"]),
            ("EncryptedValue only", "crmf", [*named, "--profile", "dogtag", "--archive-to", "old.crt", "--wrap", "enveloped"]),
            ("RFC 4211 section 4.2", "crmf", ["--key", "x25519.key", "--subject", "CN=me", "--pop", "sign"]),
            ("RFC 6955", "crmf", [*named, "--pop", "agree-mac"]),
            ("--pop-to CERT", "crmf", [*named, "--pop", "encrypted-key"]),
            ("wants a --secret", "crmf", [*named, "--public-key-mac"]),
            ("--pop sign or none", "crmf", [*named, "--profile", "dogtag", "--pop", "challenge"]),
            ("RFC 4211 section 4.1", "crmf", [*key, "--san", "dns:a"]),
            ("before --not-before", "crmf", [*named, "--not-before", "2026-02-01", "--not-after", "2026-01-01"])]:
        refused(folder, 2, part, kind, *arguments, "-o", "none")
    refused(folder, 7, "EnvelopedData takes it", "crmf", *named, "--archive-to", "old.crt", "--wrap", "aes-cbc", "-o", "none")
    refused(folder, 4, "No such file", "p10", *key, "--renew", "missing.crt", "-o", "none")
    CHECKS.that(not os.path.exists(path(folder, "none")), "a refused call writes nothing")
    write(folder, "there", b"mine")
    refused(folder, 4, "--force", "p10", *named, "-o", "there")
    CHECKS.equal(read(folder, "there"), b"mine", "nothing is overwritten without --force")


with tempfile.TemporaryDirectory() as scratch:
    for step in [keys, encrypted_key, dogtag, pop_link, renewal, proofs, archived, attributes, dry_run, wrong_calls]:
        step(scratch)
CHECKS.finish()
