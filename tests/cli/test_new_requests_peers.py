"""Bouncy Castle verifies what cmcctl request makes, and opens the keys that it archives."""

import os
import subprocess
import sys
import tempfile

from _recipients import make_recipients
from _run import Checks, cmcctl

CHECKS = Checks()
JUDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers", "run_judge.sh")
NAME = "CN=me"


def bouncy_castle(folder, *arguments, what="requests"):
    result = subprocess.run([JUDGE, os.path.join(folder, "classes"), what, *arguments], cwd=folder,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode == 77:
        print(result.stderr, end="")
        sys.exit(77)
    return result.stdout.strip() + result.stderr


def make(folder, kind, *arguments):
    result = cmcctl("request", kind, *arguments, "-o", "request", "--force", cwd=folder)
    CHECKS.equal((result.returncode, result.stderr), (0, ""), f"request {kind} {' '.join(arguments)}")


def signatures(folder):
    for spec in ["rsa:2048", "ec:P-256", "ec:P-384", "ec:P-521", "ed25519"]:
        key = spec.replace(":", "-") + ".key"
        make(folder, "p10", "--new-key", spec, "--key-out", key, "--subject", NAME, "--san", "dns:me.example")
        CHECKS.equal(bouncy_castle(folder, "p10", "request"), NAME + ": true", "PKCS #10 with " + spec)
        make(folder, "crmf", "--key", key, "--subject", NAME)
        CHECKS.equal(bouncy_castle(folder, "crmf", "request"), NAME + ": true", "CRMF with " + spec)
    for kind in ["p10", "crmf"]:
        make(folder, kind, "--key", "rsa-2048.key", "--subject", NAME, "--pss", "--digest", "sha384")
        CHECKS.equal(bouncy_castle(folder, kind, "request"), NAME + ": true", kind + " with PSS")


def damaged(folder):
    make(folder, "p10", "--key", "rsa-2048.key", "--subject", NAME)
    path = os.path.join(folder, "request")
    with open(path, "rb") as file:
        message = file.read()
    with open(path, "wb") as file:
        file.write(message.replace(b"\x0c\x02me", b"\x0c\x02mf"))
    CHECKS.equal(bouncy_castle(folder, "p10", "request"), "CN=mf: false", "a changed request")


def public_key_mac(folder):
    with open(os.path.join(folder, "pbm"), "w", encoding="ascii") as file:
        file.write("letmein\n")
    make(folder, "crmf", "--key", "ec-P-256.key", "--subject", NAME, "--public-key-mac", "--secret", "file:pbm")
    CHECKS.equal(bouncy_castle(folder, "crmf", "request", "letmein"), NAME + ": true", "publicKeyMAC")
    CHECKS.equal(bouncy_castle(folder, "crmf", "request", "letmeout"), NAME + ": false", "publicKeyMAC, wrong secret")


def archive(folder):
    for kind, kra in [("RSA", "rsa"), ("EC", "ec")]:
        for more in [[], ["--oaep"]] if kra == "rsa" else [[]]:
            make(folder, "crmf", "--key", "ec-P-256.key", "--subject", NAME, "--identification", "me", "--archive-to",
                 kra + ".crt", *more)
            printed = bouncy_castle(folder, "archive", "request", kind, kra + ".p8.der", "archived")
            CHECKS.equal(printed, "me", f"the identifier, {kra} {more}")
            public = [subprocess.run(["openssl", "pkey", "-in", file, "-pubout"], cwd=folder, capture_output=True).stdout
                      for file in ["ec-P-256.key", "archived"]]
            CHECKS.that(public[0], "the public key")
            CHECKS.equal(public[0], public[1], f"the archived key, {kra} {more}")
            os.remove(os.path.join(folder, "archived"))


def public_of(folder, file, *form):
    result = subprocess.run(["openssl", "pkey", "-in", file, *form, "-pubout"], cwd=folder, capture_output=True)
    CHECKS.that(result.stdout, file + ": " + result.stderr.decode())
    return result.stdout


def archive_side(folder):
    """What Bouncy Castle archives we open, and what we put into EncryptedValue it opens."""
    for form in ["enveloped", "aes", "3des"]:
        printed = bouncy_castle(folder, "make", form, "rsa.crt", "request", "theirs.p8", what="archives")
        CHECKS.equal(printed, "", "Bouncy Castle archives, " + form)
        opened = cmcctl("convert", "--extract", "archive", "--key", "rsa.pem", "-o", form + ".key", "request", cwd=folder)
        CHECKS.equal((opened.returncode, opened.stderr), (0, ""), form)
        CHECKS.equal(public_of(folder, form + ".key"), public_of(folder, "theirs.p8", "-inform", "DER"), form)
    make(folder, "crmf", "--key", "ec-P-256.key", "--subject", NAME, "--archive-to", "rsa.crt", "--wrap", "aes-cbc")
    CHECKS.equal(bouncy_castle(folder, "open", "request", "rsa.p8.der", "ours", what="archives"), "", "EncryptedValue")
    CHECKS.equal(public_of(folder, "ours", "-inform", "DER"), public_of(folder, "ec-P-256.key"), "EncryptedValue")


with tempfile.TemporaryDirectory() as scratch:
    make_recipients(scratch)
    signatures(scratch)
    damaged(scratch)
    public_key_mac(scratch)
    archive(scratch)
    archive_side(scratch)
CHECKS.finish()
