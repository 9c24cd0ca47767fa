"""cmcctl enroll, renew, poll and revoke against cmcctl serve ca: every flow with RSA and EC, over HTTP and HTTPS, in both editions,
with keys in files and in an NSS database. OpenSSL judges what comes of it."""

import base64
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _ca import CA
from _run import PROGRAM, Checks, clean_environment, cmcctl

if shutil.which("openssl") is None:
    sys.exit(77)

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-enroll-ca-")
here = Path(scratch.name)


def write(name, text):
    (here / name).write_text(text)
    (here / name).chmod(0o600)


write("secret", "let me in\n")
write("pin", "1234 not secret\n")
USER = ["--user", f"me=file:{here}/secret"]
SECRET = ["--identification", "me", "--secret", "file:secret"]
RA = ["--sign-with", "ra.key", "--cert", "ra.pem"]


def run(*arguments):
    return cmcctl(*map(str, arguments), cwd=here)


def start(*options):
    """A CA of its own, with an RA whose key is in ra.key."""
    return CA(*USER, "--write-ra", str(here / "ra"), "--force", *options)


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], cwd=here, capture_output=True, text=True)


def certificates(ca, **wanted):
    return [one for one in ca.manage("/certs?limit=1000")["certificates"] if all(one[name] == value for name, value in wanted.items())]


def issued(what, result, name, ca, trips, key=None):
    trip = "1 round trip" if trips == 1 else f"{trips} round trips"
    checks.equal(result.returncode, 0, f"{what}: {result.stdout}{result.stderr}")
    checks.that(result.stdout.startswith("issued  CN="), what + ": " + result.stdout)
    checks.contains(result.stdout, f"({trip})", what)
    path = openssl("verify", "-CAfile", ca.root, name)
    checks.equal(path.returncode, 0, f"{what}: OpenSSL verifies the certificate: {path.stderr}")
    public = openssl("pkey", "-in", key or name, "-pubout").stdout
    checks.equal(public, openssl("x509", "-in", name, "-noout", "-pubkey").stdout, what + ": key and certificate belong together")
    left = [file.name for file in here.iterdir() if ".state" in file.name]
    checks.equal(left, [], what + ": nothing is left over")


def flows(ca, to, kind, edition):
    """One after the other: each flow with keys of one kind."""
    what = f"{kind}, {edition}, {to[1][:5]}: "
    common = [*to, "--edition", edition, "--force"]
    new = ["--new-key", kind, "--subject", "CN=me"]
    issued(what + "by secret", run("enroll", *common, *new, *SECRET, "-o", "me.pem"), "me.pem", ca, 1)
    issued(what + "by an RA", run("enroll", *common, "--new-key", kind, "--subject", "CN=other,O=Example", "--san", "dns:other.example", *RA,
                                  "-o", "other.pem", "--out-chain", "chain.pem"), "other.pem", ca, 1)
    checks.contains(openssl("x509", "-in", "chain.pem", "-noout", "-subject").stdout, "TEST ONLY", what + "the chain")
    issued(what + "renewal", run("renew", *common, "--cert", "me.pem", "--new-key", kind, "-o", "me-2.pem"), "me-2.pem", ca, 1)
    issued(what + "renewal with the same key", run("renew", *common, "--cert", "me-2.pem", "-o", "me-3.pem"), "me-3.pem", ca, 1, "me-2.pem")
    for encryption in ([kind, "--encryption-key"], ["x25519"]):
        for who in (SECRET, ["--sign-with", "me-2.pem"]):
            issued(f"{what}EncryptedPOP {encryption} {who[0]}",
                   run("enroll", *common, "--new-key", *encryption, "--subject", "CN=me", *who, "-o", "enc.pem"), "enc.pem", ca, 2)
        issued(f"{what}encrypted {encryption}", run("enroll", *common, "--new-key", *encryption, "--subject", "CN=me", *SECRET, "--encrypt-to",
                                                    "exchange.der", "-o", "enc.pem"), "enc.pem", ca, 2)
    issued(what + "archival", run("enroll", *common, *new, *SECRET, "--archive-to", "exchange.der", "-o", "arch.pem"), "arch.pem", ca, 1)
    for certificate, speaks in (("me-2.pem", ["--key", "me-2.pem"]), ("enc.pem", ["--secret", "file:secret", "--encrypt-to", "exchange.der"]),
                                ("other.pem", ["--key", "ra.key", "--signer-cert", "ra.pem"])):
        result = run("revoke", *to, "--cert", certificate, *speaks, "--reason", "superseded")
        checks.equal(result.returncode, 0, f"{what}revoke {speaks[0]}: {result.stdout}{result.stderr}")
        serial = openssl("x509", "-in", certificate, "-noout", "-serial").stdout.strip().partition("=")[2].lower()
        revocation = ca.manage("/certs/" + serial)["revocation"]
        checks.equal((revocation or {}).get("reason"), "superseded", f"{what}revoke {speaks[0]}")
    result = run("revoke", *to, "--cert", "arch.pem", "--secret", "pass:wrong")
    checks.equal(result.returncode, 1, what + "revoke with a wrong secret: " + result.stdout)
    checks.contains(result.stdout, "badIdentity", what + "revoke with a wrong secret")
    result = run("enroll", *common, *new, "--identification", "me", "--secret", "pass:wrong", "-o", "wrong.pem")
    checks.equal(result.returncode, 1, what + "a wrong secret: " + result.stdout)
    checks.contains(result.stdout, "badIdentity", what + "a wrong secret")
    checks.that(not (here / "wrong.pem").exists(), what + "a wrong secret: nothing is written")


def take_exchange(ca):
    (here / "exchange.der").write_bytes(base64.b64decode(ca.manage("/roots")["roots"][0]["exchange"]))


def over_http():
    for kind, edition, ca_key in (("ec:P-256", "10002", "ec:P-384"), ("rsa:2048", "5272", "rsa:3072")):
        with start("--edition", edition, "--new-key", ca_key) as ca:
            take_exchange(ca)
            flows(ca, ["--to", ca.url, "--trust", ca.root], kind, edition)


def over_https():
    for kind, edition in (("ec:P-256", "5272"), ("rsa:2048", "10002")):
        with start("--tls", "--edition", edition) as ca:
            take_exchange(ca)
            to = ["--to", ca.url, "--trust", ca.root]
            flows(ca, to, kind, edition)
            result = run("enroll", *to, "--new-key", kind, "--subject", "CN=other", *RA, "--client-key", "ra.key", "--client-cert", "ra.pem",
                         "-o", "tls.pem", "--force")
            issued(f"{kind}: with a client certificate", result, "tls.pem", ca, 1)
    with start("--tls") as ca, start() as stranger:
        result = run("enroll", "--to", ca.url, "--trust", stranger.root, "--new-key", "ec:P-256", "--subject", "CN=me", *SECRET, "-o", "no.pem")
        checks.equal(result.returncode, 4, "HTTPS of an unknown CA: " + result.stderr)
        checks.contains(result.stderr, "TLS failed", "HTTPS of an unknown CA")
        checks.that(not (here / "no.pem").exists(), "HTTPS of an unknown CA: nothing is written")
        for file in here.glob("no.pem.state*"):
            file.unlink()


def other_answers():
    for option in ("--encrypt", "--simple", "--confirm"):
        with start(option) as ca:
            to = ["--to", ca.url, "--trust", ca.root, "--force"]
            trips = 1 if option != "--confirm" else 2
            for kind in ("ec:P-256", "rsa:2048"):
                issued(f"{option}, {kind}", run("enroll", *to, "--new-key", kind, "--subject", "CN=me", *SECRET, "-o", "a.pem"), "a.pem", ca, trips)
                issued(f"{option}, {kind}, signed", run("enroll", *to, "--new-key", kind, "--subject", "CN=you", *RA, "-o", "b.pem"), "b.pem", ca, trips)
            issued(f"{option}, X25519", run("enroll", *to, "--new-key", "x25519", "--subject", "CN=me", *SECRET, "-o", "c.pem"), "c.pem", ca, trips + 1)
            if option == "--confirm":
                checks.equal(certificates(ca, confirmed=False), [one for one in certificates(ca) if "RA" in one["subject"] and not one["confirmed"]],
                             "all that were issued are confirmed")


def undecided():
    with start("--pending", "always", "--pend-time", "1") as ca:
        to = ["--to", ca.url, "--trust", ca.root]
        for number, who in enumerate((SECRET, RA)):
            what = f"pending {who[0]}"
            name = f"pend-{number}.pem"
            call = ["enroll", *to, "--new-key", "ec:P-256", "--subject", "CN=me", *who, "-o", name]
            result = run(*call)
            checks.equal(result.returncode, 5, what + result.stdout + result.stderr)
            result = run("poll", "--state", name + ".state", "--once")
            checks.equal(result.returncode, 5, what + ": poll: " + result.stdout + result.stderr)
            asked = [one["number"] for one in ca.manage("/requests")["requests"] if one["state"] == "pending"]
            checks.equal(len(asked), 1, what + ": one request waits")
            ca.manage(f"/requests/{asked[0]}/approve", {})
            issued(what + ": approved", run("poll", "--state", name + ".state"), name, ca, 3)
        result = run("enroll", *to, "--new-key", "ec:P-256", "--subject", "CN=me", *SECRET, "-o", "no.pem", "--wait=1")
        checks.equal(result.returncode, 5, "--wait=1: " + result.stdout + result.stderr)
        asked = [one["number"] for one in ca.manage("/requests")["requests"] if one["state"] == "pending"]
        ca.manage(f"/requests/{asked[-1]}/reject", {"reason": "not today"})
        result = run("poll", "--state", "no.pem.state", "--once")
        checks.equal(result.returncode, 1, "rejected: " + result.stdout + result.stderr)
        checks.contains(result.stdout, "not today", "rejected: the reason")


def faults():
    """Answers that are wrong are not believed; the same command gets the certificate once they are right."""
    for fault, code in (("nonce-mismatch", 1), ("transaction-mismatch", 1), ("wrong-signer", 1), ("bad-signature", 1), ("unsigned", 1),
                        ("drop-cert", 1), ("bad-mime", 4), ("truncate=64", 4)):
        with start("--fault", fault + ":times=1") as ca:
            call = ["enroll", "--to", ca.url, "--trust", ca.root, "--new-key", "ec:P-256", "--subject", "CN=me", *SECRET, "-o", "fault.pem"]
            result = run(*call)
            checks.equal(result.returncode, code, f"{fault}: {result.stdout}{result.stderr}")
            checks.that(not (here / "fault.pem").exists(), fault + ": nothing is written")
            issued(fault + ": afterwards", run(*call), "fault.pem", ca, 1)
            (here / "fault.pem").unlink()
    with start("--fault", "ber-indefinite", "--fault", "extra-header", "--fault", "http-500-with-cmc") as ca:
        result = run("enroll", "--to", ca.url, "--trust", ca.root, "--new-key", "ec:P-256", "--subject", "CN=me", *SECRET, "-o", "ber.pem")
        issued("BER, under HTTP 500", result, "ber.pem", ca, 1)


def dogtag():
    with start("--profile", "dogtag") as ca:
        base = ca.url.rpartition("/")[0] if ca.url.endswith("/cmc") else ca.url
        to = ["--to", base + "/ca/ee/ca/profileSubmitCMCFull", "--trust", ca.root, "--profile", "dogtag", "--force"]
        issued("dogtag", run("enroll", *to, "--new-key", "rsa:2048", "--subject", "CN=me", *RA, "-o", "d.pem"), "d.pem", ca, 1)
        issued("dogtag: challenge", run("enroll", *to, "--new-key", "rsa:2048", "--encryption-key", "--subject", "CN=me", *RA, "-o", "d.pem"),
               "d.pem", ca, 2)


def tokens():
    if shutil.which("certutil") is None:
        print("skipped: certutil is missing (libnss3-tools)")
        return
    (here / "db").mkdir()
    made = subprocess.run(["certutil", "-N", "-d", "sql:db", "-f", "pin"], cwd=here, capture_output=True, text=True)
    checks.equal(made.returncode, 0, "certutil -N: " + made.stderr)
    with start("--tls") as ca:
        to = ["--to", ca.url, "--trust", ca.root, "--password", "file:pin"]
        for kind in ("ec:P-256", "rsa:2048"):
            nick = kind.partition(":")[0]
            key = f"nss:db?nickname={nick}"
            gen = run("keys", "gen", kind, "--in", "nss:db", "--label", nick, "--password", "file:pin", "--json")
            checks.equal(gen.returncode, 0, "keys gen: " + gen.stderr)
            of_key = f"nss:db?id={json.loads(gen.stdout)['id']}"
            result = run("enroll", *to, "--key", of_key, "--subject", "CN=me", *SECRET, "--import", "nss:db", "--label", nick, "-o", nick + ".crt")
            checks.equal(result.returncode, 0, f"a key in NSS, {kind}: {result.stdout}{result.stderr}")
            listed = subprocess.run(["certutil", "-L", "-d", "sql:db"], cwd=here, capture_output=True, text=True).stdout
            checks.contains(listed, nick, "certutil lists the certificate")
            valid = subprocess.run(["certutil", "-K", "-d", "sql:db", "-f", "pin"], cwd=here, capture_output=True, text=True).stdout
            checks.contains(valid, nick, "certutil finds key and certificate together")
            result = run("renew", *to, "--cert", nick + ".crt", "--key", key, "-o", nick + "-2.crt", "--client-key", key, "--client-password", "file:pin")
            checks.equal(result.returncode, 0, f"renewal with the key in NSS, {kind}: {result.stdout}{result.stderr}")
            result = run("revoke", *to, "--cert", nick + ".crt", "--key", key)
            checks.equal(result.returncode, 0, f"revocation with the key in NSS, {kind}: {result.stdout}{result.stderr}")


def interruptions():
    """kill -9 at random moments: the same command finishes, and the CA has issued one certificate."""
    rounds = int(os.environ.get("CMCCTL_KILLS", "40"))
    moments = random.Random(6)
    with start("--confirm") as ca:
        for number in range(rounds):
            name, subject = f"kill-{number}.pem", f"CN=kill-{number}"
            call = ["enroll", "--to", ca.url, "--trust", ca.root, "--new-key", "ec:P-256", "--subject", subject, *RA, "-o", name]
            if number % 2:
                call.append("--encryption-key")
            kills = 0
            result = None
            while result is None or kills < 3:
                process = subprocess.Popen([PROGRAM, *call], cwd=here, env=clean_environment(), stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=moments.uniform(0.002, 0.06))
                    break
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
                    if kills == 3:
                        break
            done = (here / name).exists() and not (here / (name + ".state")).exists()
            if not done:
                result = run(*call)
                checks.equal(result.returncode, 0, f"killed, round {number}: {result.stdout}{result.stderr}")
            checks.equal(len(certificates(ca, subject=subject)), 1, f"killed, round {number}: one certificate")
            checks.equal([file.name for file in here.glob(name + ".*")], [], f"killed, round {number}: nothing is left over")
            checks.equal(openssl("verify", "-CAfile", ca.root, name).returncode, 0, f"killed, round {number}: the certificate is good")


def at_once():
    """The same command several times at once: one enrolment, and nobody's key with another one's certificate."""
    with start() as ca:
        for number in range(20):
            name = f"race-{number}.pem"
            call = [PROGRAM, "enroll", "--to", ca.url, "--trust", ca.root, "--new-key", "ec:P-256", "--subject", f"CN=race-{number}", *RA, "-o", name]
            racers = [subprocess.Popen(call, cwd=here, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True) for _ in range(3)]
            ends = [(*racer.communicate(), racer.returncode) for racer in racers]
            checks.that(any(code == 0 for *_, code in ends) and all(code in (0, 4) for *_, code in ends), f"at once, round {number}: {ends}")
            public = openssl("pkey", "-in", name, "-pubout").stdout
            checks.equal(public, openssl("x509", "-in", name, "-noout", "-pubkey").stdout, f"at once, round {number}: key and certificate")
            checks.equal(len(certificates(ca, subject=f"CN=race-{number}")), 1, f"at once, round {number}: one certificate")
            checks.equal([file.name for file in here.glob(name + ".*")], [], f"at once, round {number}: nothing is left over")


over_http()
over_https()
other_answers()
undecided()
faults()
dogtag()
tokens()
interruptions()
at_once()
checks.finish()
