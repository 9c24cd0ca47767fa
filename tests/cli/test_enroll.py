"""cmcctl enroll, renew and poll against canned answers: all round trips, every interruption, and nothing written that was not
verified. OpenSSL reads what they write."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _canned import *  # noqa: F403
from _run import PROGRAM, Checks, clean_environment

if shutil.which("openssl") is None:
    sys.exit(77)

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-enroll-")
here = Path(scratch.name)
server = CannedServer(here)
AGENT_KEY = ec_key()
server.write("agent.key", AGENT_KEY.pem)
server.write("agent.crt", certificate("agent", AGENT_KEY, "TEST ONLY CA", server.ca_key, key_usage(SIGNATURE), serial=2, **LONG))
server.write("secret", b"let me in\n")
TO = ["--to", server.url, "--trust", "ca.crt"]
SECRET = ["--identification", "me", "--secret", "file:secret"]
SIGNER = ["--sign-with", "agent.key", "--cert", "agent.crt"]
first_message = []


def run(*arguments):
    return cmcctl(*map(str, arguments), cwd=here)


def enroll(name, *arguments, key="ec:P-256"):
    return run("enroll", *TO, "--new-key", key, "--subject", "CN=me", "-o", name + ".pem", *arguments)


def files(name):
    return sorted(path.name for path in here.glob(name + ".*"))


def openssl_says(*arguments):
    return subprocess.run(["openssl", *arguments], cwd=here, capture_output=True, text=True).stdout.strip()


def is_pair(key, certificate_):
    public = openssl_says("pkey", "-in", key, "-pubout")
    return public != "" and public == openssl_says("x509", "-in", certificate_, "-noout", "-pubkey")


def good(what, result, name, trips, key=None):
    checks.equal(result.returncode, 0, f"{what}: {result.stdout}{result.stderr}")
    trip = "1 round trip" if trips == 1 else f"{trips} round trips"
    serial = f"{server.serial:X}"
    pairs = ":".join(serial[i:i + 2] for i in range(0, len(serial), 2))
    checks.equal(result.stdout, f"issued  CN=me  serial {pairs}  until 2040-01-01  ({trip})\n", what)
    checks.that(is_pair(key or name + ".pem", name + ".pem"), what + ": key and certificate belong together")
    left = [file for file in files(name) if ".state" in file or file.endswith(".new")]
    checks.equal(left, [], what + ": nothing is left over")


def remembered(answer):
    def both(http, body):
        first_message[:] = [body]
        answer(http, body)
    return both


def first():
    return first_message[0]


def verified(*arguments):
    (here / "request").write_bytes(server.requests[-1])
    return run("verify", "request", "--json", *arguments)


def pending(seconds=1):
    return remembered(server.status(f"pending:cafe,{seconds}"))


def later_issued(*more):
    return server.issued(*more, first=first)


def one_trip():
    for edition in ("10002", "5272", "2797"):
        for key in ("ec:P-256", "rsa:2048"):
            what = f"{edition}, {key}"
            server.serve(server.issued())
            good(what, enroll("one", *SECRET, "--edition", edition, "--force", key=key), "one", 1)
            proof = verified("--secret", "file:secret")
            checks.equal(proof.returncode, 0, what + ": the request proves who asks: " + proof.stdout)
    checks.equal(os.stat(here / "one.pem").st_mode & 0o777, 0o600, "a file with a key is its owner's")
    server.serve(server.issued("--issue", "ca.crt"))
    good("apart", enroll("apart", *SIGNER, "--key-out", "apart.key", "--out-chain", "apart.chain", "--san", "dns:me.example"), "apart", 1, "apart.key")
    checks.equal(os.stat(here / "apart.key").st_mode & 0o777, 0o600, "a key file is its owner's")
    checks.that("PRIVATE" not in (here / "apart.pem").read_text(), "the certificate alone")
    checks.contains(openssl_says("x509", "-in", "apart.chain", "-noout", "-subject"), "TEST ONLY CA", "the chain")
    checks.equal(verified("--trust", "ca.crt").returncode, 0, "the agent's signature")
    server.write("password", b"a password\n")
    server.serve(server.issued())
    result = enroll("locked", *SIGNER, "--key-out", "locked.key", "--key-password", "file:password")
    checks.equal(result.returncode, 0, "an encrypted key: " + result.stderr)
    checks.contains((here / "locked.key").read_text(), "BEGIN ENCRYPTED PRIVATE KEY", "an encrypted key")
    server.serve(server.issued())
    result = run("enroll", *TO, "--key", "apart.key", "--subject", "CN=me", "-o", "again.pem", *SIGNER, "--json")
    answer = json.loads(result.stdout)
    checks.equal((result.returncode, answer["outcome"], answer["subject"], answer["roundTrips"], answer["serialNumber"]),
                 (0, "issued", "CN=me", 1, f"{server.serial:x}"), "a key that was there: " + result.stderr)
    checks.that(is_pair("apart.key", "again.pem"), "a key that was there")


def challenges():
    for kind, more in (("x25519", []), ("rsa:2048", ["--encryption-key"]), ("ec:P-384", ["--encryption-key"])):
        for who in (SECRET, SIGNER):
            what = f"{kind} {who[0]}"
            server.serve(server.challenge(), server.issued())
            good(what, enroll("enc", *who, *more, "--force", key=kind), "enc", 2)
            trusted = ["--trust", "ca.crt"] if who is SIGNER else ["--secret", "file:secret"]
            report = json.loads(verified(*trusted, "--proof-value", "file:value").stdout)
            found = {check["name"]: check["verdict"] for part in report["parts"] for check in part["checks"]}
            checks.equal(found.get("decrypted POP"), "pass", what + f": the challenge is answered: {found}")
            if who is SECRET:
                checks.equal((found.get("identity proof"), found.get("POP link")), ("pass", "pass"), what + f": who asks {found}")
    rsa = rsa_key(2048)
    server.write("kra.crt", certificate("KRA", rsa, "TEST ONLY CA", server.ca_key, key_usage(2), serial=4, **LONG))
    server.serve(server.issued())
    good("archival", enroll("arch", *SIGNER, "--archive-to", "kra.crt"), "arch", 1)
    checks.contains(server.requests[0], oid("1.3.6.1.5.5.7.5.1.4"), "the key is in the request")

    def other_key(http, body):
        """A challenge whose witness does not fit: the client has to give up, and to say so."""
        server.write("asked", body)
        (here / "value").unlink(missing_ok=True)
        content = content_of_signed(server.made("pop", "challenge", "asked", "--proof-value", "value"))
        witness = elements(inside(values_of(content)[ENCRYPTED_POP], 0))[-1][1]
        content = content.replace(witness, octet_string(bytes(len(witness) - 2)))
        attributes = [attribute(CONTENT_TYPE, oid(PKI_RESPONSE)), attribute(MESSAGE_DIGEST, octet_string(hashlib.sha256(content).digest()))]
        signer = signer_info("TEST ONLY CA", 1, attributes, server.ca_key, kind=algorithm("1.2.840.10045.4.3.2"))
        reply(http, signed_data(PKI_RESPONSE, content, [signer], [server.ca]))

    for who in (SECRET, SIGNER):
        server.serve(other_key, server.status("failed:popFailed"))
        result = enroll("other", *who, key="x25519")
        checks.equal((result.returncode, files("other")), (1, []), "a challenge that does not fit: " + result.stdout)
        checks.contains(result.stderr, "[CMC-5272-6.7-11]", "a challenge that does not fit")
        checks.equal(len(server.requests), 2, "the server is told")


def undecided():
    server.serve(pending(), later_issued())
    result = enroll("pend", *SECRET)
    checks.equal(result.returncode, 5, "pending: " + result.stderr)
    checks.contains(result.stdout, "cmcctl poll --state pend.pem.state", "pending: what to do")
    checks.equal(files("pend"), ["pend.pem.state", "pend.pem.state.key"], "pending: no result yet")
    for file in files("pend"):
        checks.equal(os.stat(here / file).st_mode & 0o777, 0o600, file + " is its owner's")
    checks.that("let me in" not in (here / "pend.pem.state").read_text(), "the secret is kept nowhere")
    good("poll", run("poll", "--state", "pend.pem.state", "--once"), "pend", 2)
    checks.contains(server.requests[1], oid(CMC + "21"), "queryPending")
    server.serve(pending(), server.status("pending:cafe,1"), later_issued())
    good("--wait", enroll("wait", *SIGNER, "--wait=1m"), "wait", 3)
    (here / "there.pem").write_text("old")
    server.serve(pending(), later_issued())
    checks.equal(enroll("there", *SECRET, "--force").returncode, 5, "pending, with --force")
    checks.equal((here / "there.pem").read_text(), "old", "not overwritten yet")
    good("poll knows of --force", run("poll", "--state", "there.pem.state"), "there", 2)
    server.serve(pending(60))
    started = time.monotonic()
    result = enroll("short", *SIGNER, "--wait=1", "--json")
    answer = json.loads(result.stdout)
    checks.equal((result.returncode, answer["outcome"], answer["state"]), (5, "pending", "short.pem.state"), "--wait=1 ends")
    checks.that(50 <= answer["seconds"] <= 60, f"the seconds until pendTime: {answer}")
    checks.that(time.monotonic() - started < 20, "--wait=1 ends soon")
    server.serve(server.status("failed:badRequest"))
    result = run("poll", "--state", "short.pem.state", "--once")
    checks.equal((result.returncode, files("short")), (1, []), "refused at last: " + result.stdout + result.stderr)
    server.serve(pending())
    checks.equal(enroll("visible", "--identification", "me", "--secret", "pass:let me in").returncode, 5, "a visible secret")
    checks.that("let me in" not in (here / "visible.pem.state").read_text(), "a visible secret is kept nowhere")
    result = run("poll", "--state", "visible.pem.state", "--once")
    checks.equal(result.returncode, 2, "poll wants it again")
    checks.contains(result.stderr, "--secret is kept nowhere", "poll wants it again")
    server.serve(later_issued())
    good("poll with the secret", run("poll", "--state", "visible.pem.state", "--once", "--secret", "file:secret"), "visible", 2)


def steps_that_cannot_be_made():
    server.serve(server.status("popRequired"))
    result = enroll("pop", *SECRET, "--json")
    checks.equal((result.returncode, json.loads(result.stdout)["outcome"]), (6, "popRequired"), "no challenge: " + result.stderr)
    checks.that(not (here / "pop.pem").exists(), "no challenge: nothing is written")
    server.serve(server.issued())
    good("poll sends it again", run("poll", "--state", "pop.pem.state", "--once"), "pop", 2)


def confirmations():
    for who in (SECRET, SIGNER):
        server.serve(server.issued("--status", "confirmRequired"), server.status("success"))
        good("confirm " + who[0], enroll("conf", *who, "--force"), "conf", 2)
        checks.contains(server.requests[1], oid(CMC + "24"), "confirmCertAcceptance")
        checks.equal(verified("--trust", "ca.crt").returncode, 0, "the confirmation is signed")
    server.serve(pending(), server.issued("--status", "confirmRequired", first=first), server.status("success"))
    good("pending, then confirm", enroll("pc", *SECRET, "--wait=1m"), "pc", 3)
    server.serve(server.issued("--status", "confirmRequired"), server.status("failed:badCertId"))
    result = enroll("unconf", *SECRET)
    checks.equal((result.returncode, files("unconf")), (1, []), "a confirmation that is refused: " + result.stdout)


def unbelieved():
    """Nothing is written, and the same command goes on once all is right."""
    server.serve(server.issued())
    call = ["enroll", "--to", server.url, "--new-key", "ec:P-256", "--subject", "CN=me", "-o", "un.pem", *SIGNER]
    other_key = ec_key()
    server.write("other.crt", certificate("Other", other_key, "Other", other_key, basic_constraints(), key_usage(CERT_SIGN), **LONG))
    result = run(*call, "--trust", "other.crt")
    checks.equal((result.returncode, files("un")), (1, ["un.pem.state", "un.pem.state.key"]), "another anchor: " + result.stdout)
    checks.contains(result.stdout, "untrusted", "another anchor")
    checks.contains(result.stderr, "nothing was written", "another anchor")
    good("the right one", run(*call, "--trust", "ca.crt"), "un", 1)
    checks.equal(server.requests[0], server.requests[1], "the same octets are sent again")
    other = ec_key()

    def foreign(http, body):
        server.write("asked", body)
        server.issue(body, key=other)
        reply(http, server.made("respond", "asked", "--issue", "issued.crt"))

    for what, answer, outcome in [("a certificate of another CA", foreign, "untrusted"),
                                  ("an answer to another message", lambda http, _: reply(http, (here / "answer").read_bytes()), "mismatch")]:
        server.serve(answer)
        result = enroll("no", *SIGNER, "--json")
        checks.equal((result.returncode, json.loads(result.stdout)["outcome"]), (1, outcome), what + result.stderr)
        checks.that(not (here / "no.pem").exists(), what + ": nothing is written")
        for file in files("no"):
            (here / file).unlink()
    server.serve(server.status("failed:badIdentity"))
    result = enroll("no", *SECRET)
    checks.equal((result.returncode, files("no")), (1, []), "refused: " + result.stderr)
    checks.contains(result.stdout, "cmcctl explain badIdentity", "refused: the next step")
    server.serve(lambda http, _: reply(http, b"", status=503, kind=None))
    result = enroll("no", *SECRET)
    checks.equal((result.returncode, files("no")), (4, ["no.pem.state", "no.pem.state.key"]), "503: " + result.stderr)
    checks.contains(result.stderr, "kept: no.pem.state", "503")
    server.serve(server.issued())
    good("after 503", enroll("no", *SECRET), "no", 1)


def killed_at(name, arguments, answers, number, after):
    """Runs the client and kills it when its message `number` has come: before the answer or after it."""
    process = []

    def hooked(answer, index):
        def both(http, body):
            if index == number and not after:
                process[0].kill()
                process[0].wait()
                http.close_connection = True
                return
            answer(http, body)
            if index == number:
                time.sleep(after)
                process[0].kill()
        return both

    server.serve(*(hooked(answer, index) for index, answer in enumerate(answers)), *answers)
    process.append(subprocess.Popen([PROGRAM, *arguments], cwd=here, env=clean_environment(), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    process[0].communicate()
    return process[0].returncode


def interruptions():
    """kill -9 when a message has come, before its answer and in several moments after: the same command finishes."""
    flows = {
        "plain": ([*SECRET], [server.issued()]),
        "pop": ([*SIGNER, "--encryption-key"], [server.challenge(), server.issued()]),
        "conf": ([*SECRET], [server.issued("--status", "confirmRequired"), server.status("success")]),
        "pend": ([*SECRET, "--wait=1m"], [pending(), later_issued()]),
    }
    for flow, (more, answers) in flows.items():
        for number in range(len(answers)):
            for after in (0, 0.001, 0.004, 0.012):
                what = f"killed: {flow}, message {number}, after {after}"
                name = f"kill-{flow}-{number}-{after}".replace("0.", "")
                call = ["enroll", *TO, "--new-key", "ec:P-256", "--subject", "CN=me", "-o", name + ".pem", *more]
                code = killed_at(name, call, answers, number, after)
                if code == 0:
                    continue
                checks.equal(code, -9, what)
                take_up(answers)
                result = run(*call)
                if (here / (name + ".pem")).exists() and "exists" in result.stderr:
                    result.returncode = 0  # it was killed when all was done
                checks.equal(result.returncode, 0, f"{what}: {result.stdout}{result.stderr}")
                checks.that(is_pair(name + ".pem", name + ".pem"), what + ": key and certificate")
                checks.equal(files(name), [name + ".pem"], what + ": nothing is left over")


def take_up(answers):
    """Messages that came before the interruption get their answer again, new ones the next."""
    known = {body: index for index, body in enumerate(server.requests)}

    def answer(http, body):
        answers[min(known.setdefault(body, len(known)), len(answers) - 1)](http, body)

    server.serve(answer)


def state_files():
    server.serve(server.issued())
    call = ["enroll", *TO, "--new-key", "ec:P-256", "--subject", "CN=me", "-o", "kept.pem", "--state", "kept.json", *SIGNER]
    checks.equal(run(*call).returncode, 0, "with a state file")
    again = run(*call)
    checks.equal((again.returncode, len(server.requests)), (0, 1), "done already: " + again.stderr)
    checks.contains(again.stdout, "issued before  CN=me", "done already")
    again = run("poll", "--state", "kept.json", "--json")
    checks.equal((again.returncode, json.loads(again.stdout)["before"]), (0, True), "poll says so, too")
    other = run(*[word if word != "CN=me" else "CN=you" for word in call])
    checks.equal(other.returncode, 2, "another subject")
    checks.contains(other.stderr, "another --subject", "another subject")
    for what, text in (("junk", "junk"), ("another JSON", "{}"), ("a broken one", (here / "kept.json").read_text().replace('"step": "issued"', '"step": "x"')),
                       ("a time that is none", (here / "kept.json").read_text().replace('"askAfter": 0', '"askAfter": -9223372036854775808'))):
        (here / "bad.json").write_text(text)
        result = run("poll", "--state", "bad.json")
        checks.equal(result.returncode, 3, what + result.stderr)
    checks.equal(run("poll", "--state", "missing.json").returncode, 4, "no state file")
    server.serve(server.issued())
    result = enroll("late", *SIGNER, "--out-chain", "missing/chain.pem")
    checks.equal(result.returncode, 4, "the chain cannot be written: " + result.stderr)
    checks.that(not (here / "late.pem").exists(), "then nothing is")
    (here / "missing").mkdir()
    good("once it can be", enroll("late", *SIGNER, "--out-chain", "missing/chain.pem"), "late", 1)
    checks.equal(len(server.requests), 1, "nothing was sent again")


def renewal():
    server.serve(server.issued())
    good("the old one", enroll("old", *SECRET), "old", 1)
    server.serve(server.issued())
    good("renew", run("renew", *TO, "--cert", "old.pem", "--new-key", "ec:P-256", "-o", "new.pem"), "new", 1)
    checks.equal(verified("--trust", "ca.crt").returncode, 0, "signed with the old key")
    checks.that(not is_pair("old.pem", "new.pem"), "a new key")
    server.serve(server.issued())
    good("with the same key", run("renew", *TO, "--cert", "old.pem", "--key", "old.pem", "-o", "same.pem"), "same", 1, "old.pem")


def folders():
    (here / "box").mkdir()
    call = ["enroll", "--to", "box", "--trust", "ca.crt", "--new-key", "ec:P-256", "--subject", "CN=me", "-o", "boxed.pem", *SIGNER]
    checks.equal(run(*call).returncode, 5, "the request is in the folder")
    server.write("asked", (here / "box/boxed.crq").read_bytes())
    server.issue((here / "asked").read_bytes())
    (here / "box/boxed.crp").write_bytes(server.made("respond", "asked", "--issue", "issued.crt"))
    good("through a folder", run(*call), "boxed", 1)


def calls():
    for arguments, words in [
        (["-o", "x.pem", "--subject", "CN=me"], "--new-key KIND"), (["--new-key", "ec:P-256", "--subject", "CN=me"], "-o FILE"),
        (["--new-key", "ec:P-256", "-o", "x.pem"], "name nobody"),
        (["--new-key", "ec:P-256", "-o", "x.pem", "--subject", "CN=me", "--wait=soon"], "no time"),
        (["--new-key", "ec:P-256", "-o", "x.pem", "--subject", "CN=me", "--import", "nss:db"], "keys gen"),
        (["--new-key", "ec:P-256", "-o", "x.pem", "--key-out", "x.pem", "--subject", "CN=me"], "two results in one file"),
        (["--key", "agent.key", "--key-out", "x.key", "-o", "x.pem", "--subject", "CN=me"], "--key-out is for --new-key"),
    ]:
        result = run("enroll", *TO, *arguments)
        checks.equal(result.returncode, 2, f"{arguments}: {result.stderr}")
        checks.contains(result.stderr, words, f"{arguments}")
    result = run("enroll", "--to", server.url, "--new-key", "ec:P-256", "--subject", "CN=me", "-o", "x.pem", *SECRET)
    checks.equal(result.returncode, 2, "without an anchor")
    checks.contains(result.stderr, "--trust FILE", "without an anchor")
    (here / "mine.pem").write_text("mine")
    server.serve(server.issued())
    result = enroll("mine", *SIGNER)
    checks.equal((result.returncode, (here / "mine.pem").read_text(), server.requests), (4, "mine", []), "nothing is overwritten")
    shown = enroll("dry", *SIGNER, "--dry-run")
    checks.equal((shown.returncode, files("dry"), server.requests), (0, [], []), "--dry-run: " + shown.stderr)
    checks.contains(shown.stdout, "Full PKI Request", "--dry-run shows it")


one_trip()
challenges()
undecided()
steps_that_cannot_be_made()
confirmations()
unbelieved()
interruptions()
state_files()
renewal()
folders()
calls()
server.close()
checks.finish()
