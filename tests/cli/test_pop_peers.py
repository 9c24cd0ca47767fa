"""Bouncy Castle opens the challenges of cmcctl pop challenge and computes the same thePOP as cmcctl pop answer."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _cmc import *  # noqa: F403
from _run import Checks, cmcctl

if shutil.which("openssl") is None:
    sys.exit(77)

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-pop-peers-")
here = Path(scratch.name)
JUDGE = TESTS / "peers" / "run_judge.sh"
CA_KEY = ec_key()
SIGNED = ["--sign-with", "ca.key", "--cert", "ca.crt", "--force"]


def bouncy_castle(*arguments):
    result = subprocess.run([str(JUDGE), str(here / "classes"), "challenge", *arguments], cwd=here, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True)
    if result.returncode == 77:
        print(result.stderr, end="")
        sys.exit(77)
    return result.stdout.strip() + result.stderr


def run(*arguments):
    result = cmcctl(*arguments, cwd=here)
    checks.equal((result.returncode, result.stderr), (0, ""), " ".join(arguments))


(here / "ca.key").write_bytes(CA_KEY.pem)
(here / "ca.key").chmod(0o600)
(here / "ca.crt").write_bytes(certificate("CA", CA_KEY, "CA", CA_KEY, basic_constraints(), key_usage(SIGNATURE, CERT_SIGN)))
for kind, key in (("RSA", rsa_key(2048)), ("EC", ec_key())):
    (here / "key").write_bytes(key.pem)
    (here / "key").chmod(0o600)
    (here / "pkcs8").write_bytes(openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=key.pem))
    ski = subject_key_identifier(b"\x22" * 20)
    for extensions in ((), (ski,)):
        for more in ([], ["--oaep", "sha256"]) if kind == "RSA" else ([],):
            what = f"{kind} {more} {len(extensions)}"
            (here / "request").write_bytes(pki_data([], [crm(3, "me", key.public, extensions=extensions)]))
            (here / "value").unlink(missing_ok=True)
            run("pop", "challenge", "request", *SIGNED, *more, "--proof-value", "value", "-o", "response")
            run("pop", "answer", "response", "--key", "key", *SIGNED, "-o", "next")
            ours = elements(inside(values_of(content_of_signed((here / "next").read_bytes()))[DECRYPTED_POP], 0))[2][2]
            checks.equal(bouncy_castle(kind, "pkcs8", "response"), ours.hex(), what)
content = content_of_signed((here / "response").read_bytes())
witness = elements(inside(values_of(content)[ENCRYPTED_POP], 0))[4][2]
(here / "response").write_bytes((here / "response").read_bytes().replace(witness, bytes(32)))
checks.contains(bouncy_castle("EC", "pkcs8", "response"), "the witness is not", "the judge notices a wrong witness")
checks.finish()
