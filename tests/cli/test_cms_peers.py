"""Bouncy Castle opens what cmcctl cms makes, and the other way."""

import os
import subprocess
import sys
import tempfile

from _recipients import CONTENT, KEK, KEK_ID, PASSWORD, make_recipients
from _run import Checks, cmcctl

CHECKS = Checks()
JUDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers", "run_judge.sh")
ID_DATA = "1.2.840.113549.1.7.1"
PKI_DATA = "1.3.6.1.5.5.7.12.2"
KINDS = {
    "enveloped": ["encrypt"],
    "auth-enveloped": ["encrypt", "--cipher", "aes-256-gcm"],
    "authenticated": ["mac"],
}
# for the Java program: the value to make with and to open with; the same for ours
WHO = {
    "rsa": ("rsa.crt.der", "rsa.p8.der", ["-r", "rsa.crt"], ["--key", "rsa.pem", "--cert", "rsa.crt"]),
    "ec": ("ec.crt.der", "ec.p8.der", ["-r", "ec.crt"], ["--key", "ec.pem", "--cert", "ec.crt"]),
    "password": (PASSWORD, PASSWORD, ["--password", "file:secret", "--iterations", "5000"], ["--password", "file:secret"]),
    "kek": (KEK, KEK, ["--kek", f"{KEK_ID}=file:kek"], ["--kek", f"{KEK_ID}=file:kek"]),
}


def bouncy_castle(folder, *arguments):
    result = subprocess.run([JUDGE, os.path.join(folder, "classes"), "envelopes", *arguments], cwd=folder,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode == 77:
        print(result.stderr, end="")
        sys.exit(77)
    return result


def content_of(folder):
    path = os.path.join(folder, "opened")
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        content = file.read()
    os.remove(path)
    return content


def compare(folder, kind, who, content_type):
    makes_with, opens_with, ours_make, ours_open = WHO[who]
    what = f"{kind} for {who}, {content_type}"
    made = bouncy_castle(folder, "make", kind, content_type, who, makes_with, "content", "theirs")
    CHECKS.equal(made.returncode, 0, what + ": Bouncy Castle makes it: " + made.stderr)
    opened = cmcctl("cms", "decrypt", "--raw", *ours_open, "-o", "opened", "theirs", cwd=folder)
    CHECKS.equal(opened.returncode, 0, what + ": we open Bouncy Castle's: " + opened.stderr)
    CHECKS.equal(content_of(folder), CONTENT, what + ": what we read")
    if kind == "auth-enveloped" and who != "rsa":
        return  # Bouncy Castle 1.72 has no classes for it
    ours = cmcctl("cms", *KINDS[kind], *ours_make, "--type", content_type, "-o", "ours", "content", cwd=folder)
    CHECKS.equal(ours.returncode, 0, what + ": we make it: " + ours.stderr)
    read = bouncy_castle(folder, "open", who, opens_with, "ours", "opened")
    CHECKS.equal(read.returncode, 0, what + ": Bouncy Castle opens ours: " + read.stderr)
    CHECKS.equal(content_of(folder), CONTENT, what + ": what Bouncy Castle reads")


with tempfile.TemporaryDirectory() as scratch:
    make_recipients(scratch)
    for kind_of_message in KINDS:
        for recipient in WHO:
            for oid in [ID_DATA, PKI_DATA]:
                compare(scratch, kind_of_message, recipient, oid)
CHECKS.finish()
