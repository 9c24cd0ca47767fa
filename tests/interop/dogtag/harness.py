"""What the cases of run.py share: cmcctl and curl as programs, requests, the CA's servlets, and the table of what came of it."""

import subprocess
import sys
import tempfile
from pathlib import Path

cmcctl_program, client = sys.argv[1], Path(sys.argv[2])
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-dogtag-")
here = Path(scratch.name)

ROOT = client / "ca_signing.pem"
AGENT = ["--sign-with", client / "caadmin.key", "--cert", client / "caadmin.pem"]
AGENT_TLS = ["--cert", client / "caadmin.pem", "--key", client / "caadmin.key"]
SECRET = ["--identification", "testuser", "--secret", "pass:testing"]
SERVER = "https://localhost:18443"
AGENT_SIGNED, USER_SIGNED, SELF_SIGNED = "profileSubmitCMCFull", "profileSubmitUserSignedCMCFull", "profileSubmitSelfSignedCMCFull"

rows = []


def run(*arguments, text=True, **more):
    return subprocess.run([str(a) for a in arguments], cwd=here, capture_output=True, text=text, **more)


def must(*arguments, **more):
    result = run(*arguments, **more)
    if result.returncode != 0:
        raise RuntimeError(f"{arguments[0]}: exit code {result.returncode}: {result.stderr or result.stdout}")
    return result.stdout


def inside(*arguments, **more):
    """Runs a program of the CA's system."""
    return must(Path(__file__).resolve().parent / "chroot.sh", "-t", client.resolve().parents[1], *arguments, **more)


def cmcctl(*arguments, code=0):
    result = run(cmcctl_program, *arguments)
    if result.returncode != code:
        raise RuntimeError(f"cmcctl {' '.join(map(str, arguments))}: exit code {result.returncode}\n{result.stderr}{result.stdout}")
    return result


def curl(url, *more):
    return must("curl", "-sS", "--fail", "-m", "60", "--cacert", ROOT, *more, SERVER + url)


def servlet_path(servlet, profile):
    return f"/ca/ee/ca/{servlet}?profileId={profile}"


def submit(name, servlet, profile, tls=()):
    curl(servlet_path(servlet, profile), *tls, "-H", "Content-Type: application/pkcs7-mime",
         "--data-binary", f"@{name}.crq", "-o", f"{name}.crp")


def p10(name, key, subject, *more):
    cmcctl("request", "p10", "--new-key", key, "--key-out", f"{name}.key", "--subject", subject, "--ski", *more, "-o", f"{name}.csr")


def crmf(name, key, subject, *more):
    crmf_for(name, ["--new-key", key, "--key-out", f"{name}.key"], subject, *more)


def crmf_for(name, key, subject, *more):
    cmcctl("request", "crmf", *key, "--subject", subject, "--ski", "--profile", "dogtag", *more, "-o", f"{name}.csr")


def full(name, *more, requests=None):
    cmcctl("request", "cmc", *(requests or [f"{name}.csr"]), "--profile", "dogtag", *more, "-o", f"{name}.crq")


def answer(name, code=0, *more):
    return cmcctl("verify", f"{name}.crp", "--request", f"{name}.crq", "--trust", ROOT, *more, code=code).stdout


def certificate(name):
    """Takes the issued certificate out of the response, for what is signed with it next."""
    chain = here / f"{name}.chain.pem"
    chain.unlink(missing_ok=True)
    cmcctl("convert", f"{name}.crp", "--extract", "certs", "--to", "pem", "-o", chain)
    blocks = chain.read_text().split("-----BEGIN CERTIFICATE-----")[1:]
    spki = run("openssl", "pkey", "-in", f"{name}.key", "-pubout").stdout
    for block in blocks:
        pem = "-----BEGIN CERTIFICATE-----" + block.split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
        (here / f"{name}.pem").write_text(pem)
        if run("openssl", "x509", "-in", f"{name}.pem", "-noout", "-pubkey").stdout == spki:
            must("openssl", "verify", "-CAfile", ROOT, f"{name}.pem")
            return f"{name}.pem"
    raise RuntimeError("no certificate for the key")


def case(what, function):
    try:
        verdict = function() or "as expected"
        rows.append((what, verdict, True))
    except RuntimeError as error:
        rows.append((what, str(error).strip().splitlines()[0], False))
        print(f"FAILED: {what}: {error}", file=sys.stderr)
    print(f"{'ok    ' if rows[-1][2] else 'FAILED'} {what}: {rows[-1][1]}", file=sys.stderr)


def expect(text, *words):
    for word in words:
        if word not in text:
            raise RuntimeError(f"{word} is not in what cmcctl says:\n{text}")


def report():
    """Prints the table; how many cases failed."""
    print("| request | answer of Dogtag 10.10 | |\n|---|---|---|")
    for what, verdict, good in rows:
        print(f"| {what} | {verdict} | {'yes' if good else 'NO'} |")
    failed = sum(1 for row in rows if not row[2])
    print(f"{len(rows) - failed} passed, {failed} failed")
    return failed
