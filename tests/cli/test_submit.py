"""cmcctl submit, and the network's errors: a server with canned answers stands in for the CA."""

import base64
import json
import os
import re
import shutil
import socket
import ssl
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
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-submit-")
here = Path(scratch.name)
server = CannedServer(here)
AGENT_KEY = ec_key()
AGENT = certificate("agent", AGENT_KEY, "TEST ONLY CA", server.ca_key, key_usage(SIGNATURE), serial=2, **LONG)
server.write("agent.key", AGENT_KEY.pem)
server.write("agent.crt", AGENT)
SIGNER = ["--sign-with", "agent.key", "--cert", "agent.crt"]


def run(*arguments):
    return cmcctl(*map(str, arguments), cwd=here)


def submit(*arguments, to=None):
    return run("submit", "request.crq", "--to", to or server.url + "/cmc", "--trust", "ca.crt", *arguments)


def make_requests():
    for command in (["request", "p10", "--new-key", "ec:P-256", "--key-out", "me.key", "--subject", "CN=me", "-o", "me.csr"],
                    ["request", "cmc", "me.csr", *SIGNER, "-o", "request.crq"],
                    ["convert", "request.crq", "--to", "pem", "-o", "request.pem"]):
        result = run(*command)
        checks.equal(result.returncode, 0, " ".join(command) + result.stderr)


def verdicts():
    for what, answer, code, outcome in [
        ("issued", server.issued(), 0, "issued"), ("refused", server.status("failed:badIdentity"), 1, "failed"),
        ("pending", server.status("pending:cafe,60"), 5, "pending"),
        ("confirm", server.issued("--status", "confirmRequired"), 6, "confirmRequired"),
        ("no certificate", server.status("success"), 1, "mismatch"),
    ]:
        server.serve(answer)
        result = submit("--json", "-o", "response-" + what)
        checks.equal(result.returncode, code, what + result.stderr)
        answered = json.loads(result.stdout)
        checks.equal((answered["response"]["outcome"], answered["to"]), (outcome, server.url + "/cmc"), what)
        checks.equal((here / ("response-" + what)).exists(), outcome != "mismatch", what + ": -o only for what is believed")
        checks.equal(server.requests, [(here / "request.crq").read_bytes()], what + ": DER is sent")
        checks.equal(server.headers[0]["Content-Type"], "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m", what)
    server.serve(server.status("failed:badIdentity"))
    shown = submit()
    for part in (server.url + "/cmc: Full PKI Response: failed", "next: read what it means", "failed, badIdentity for body part 2"):
        checks.contains(shown.stdout, part, "a refusal as text")
    server.serve(server.issued())
    result = run("submit", "request.crq", "--to", server.url)
    checks.equal(result.returncode, 1, "without an anchor nothing is believed")
    checks.contains(result.stdout, "untrusted", "without an anchor")


def forms():
    """What is sent is DER whatever came in; simple requests have their own media type; EST is base64 both ways."""
    server.serve(server.issued())
    checks.equal(run("submit", "request.pem", "--to", server.url, "--trust", "ca.crt").returncode, 0, "PEM")
    checks.equal(server.requests, [(here / "request.crq").read_bytes()], "PEM becomes DER")

    def simple(http, body):
        server.write("asked", body)
        server.issue(body)
        reply(http, made_simple(), kind=CERTS_ONLY)

    def made_simple():
        result = run("respond", "asked", "--issue", "issued.crt", "--issue", "ca.crt", "--certs-only", "--force", "-o", "answer")
        checks.equal(result.returncode, 0, "certs-only: " + result.stderr)
        return (here / "answer").read_bytes()

    server.serve(simple)
    result = run("submit", "me.csr", "--to", server.url, "--trust", "ca.crt")
    checks.equal(result.returncode, 0, "a simple request: " + result.stdout + result.stderr)
    checks.equal(server.headers[0]["Content-Type"].split(";")[0], "application/pkcs10", "its media type")

    def est(http, body):
        server.write("asked", base64.b64decode(body))
        server.issue(base64.b64decode(body))
        reply(http, base64.encodebytes(server.made("respond", "asked", "--issue", "issued.crt")), kind="application/pkcs7-mime; smime-type=CMC-response")

    server.serve(est)
    result = submit(to=server.url + "/.well-known/est/fullcmc")
    checks.equal(result.returncode, 0, "EST: " + result.stdout + result.stderr)
    checks.equal(server.headers[0].get("Content-Transfer-Encoding"), "base64", "EST says that it is base64")

    def dogtag(http, body):
        server.write("asked", body)
        server.issue(body)
        reply(http, server.made("respond", "asked", "--issue", "issued.crt"), kind="application/pkcs7-mime")

    server.serve(dogtag)
    result = submit("--profile-id", "ca User/Cert", "--header", "X-One: two", to=server.url + "/ca/ee?a=b")
    checks.equal(result.returncode, 0, "without smime-type: " + result.stderr)
    checks.equal((server.paths, server.headers[0].get("X-One")), (["/ca/ee?a=b&profileId=ca%20User%2fCert"], "two"), "path and header")

    junk = run("submit", "me.key", "--to", server.url)
    checks.equal(junk.returncode, 3, "no message: " + junk.stderr)
    junk = run("submit", "ca.crt", "--to", server.url, "--json")
    checks.equal((junk.returncode, junk.stdout), (3, "null\n"), "a certificate is no request")
    checks.contains(junk.stderr, "expected a PKCS #10 or a Full PKI Request, found", "a certificate is no request")


def encrypted():
    """The client's key opens what is encrypted for it."""
    def answer(http, body):
        server.write("asked", body)
        server.issue(body)
        reply(http, server.made("respond", "asked", "--issue", "issued.crt", "--encrypt-to", "agent.crt"))

    server.serve(answer)
    result = submit("--key", "agent.key", "-o", "encrypted.crp")
    checks.equal(result.returncode, 0, "an encrypted answer: " + result.stdout + result.stderr)
    for keys, code in ((["--key", "agent.key"], 0), ([], 1)):
        result = run("verify", "--request", "request.crq", "encrypted.crp", "--trust", "ca.crt", *keys)
        checks.equal(result.returncode, code, f"verify --request {keys}: {result.stdout}{result.stderr}")
    result = submit()
    checks.equal(result.returncode, 7, "without the key: " + result.stdout)
    result = submit("--key", "me.key")
    checks.equal(result.returncode, 7, "with another key: " + result.stdout)

    def sealed(http, body):
        server.write("sealed", body)
        opened = run("cms", "unwrap", "sealed", "--key", "ca.key", "--cert", "ca.crt", "-o", "asked")
        checks.equal(opened.returncode, 0, "the CA opens what is encrypted for it: " + opened.stderr)
        server.issue((here / "asked").read_bytes())
        reply(http, server.made("respond", "asked", "--issue", "issued.crt"))

    server.serve(sealed)
    result = submit("--encrypt-to", "ca.crt")
    checks.equal(result.returncode, 0, "an encrypted request: " + result.stdout + result.stderr)
    sent = len(server.requests)
    result = run("submit", "sealed", "--to", server.url)
    checks.equal((result.returncode, len(server.requests)), (7, sent), "a request that cannot be read is not sent: " + result.stdout)
    checks.contains(result.stderr, "--encrypt-to", "a request that cannot be read")


def plain(body, **more):
    return lambda http, _: reply(http, body, **more)


def network():
    """Each error with its exit code, its words and a hint; with --json there is null."""
    right = (here / "response-issued").read_bytes()

    def cut(http, _):
        http.send_response(200)
        http.send_header("Content-Type", RESPONSE)
        http.send_header("Content-Length", str(len(right) + 100))
        http.end_headers()
        http.wfile.write(right[:100])
        http.close_connection = True

    def slow(http, _):
        time.sleep(3)
        reply(http, right)

    def endless(http, _):
        http.send_response(200)
        http.send_header("Content-Type", RESPONSE)
        http.send_header("Content-Length", str(64 << 20))
        http.end_headers()
        try:
            for _ in range(64):
                http.wfile.write(bytes(1 << 20))
        except OSError:
            pass

    for what, answer, code, words, more in [
        ("500", plain(b"oops", status=500, kind="text/html"), 4, "HTTP 500 Internal Server Error (text/html)", []),
        ("404", plain(b"", status=404, kind=None), 4, "HTTP 404 Not Found (no media type)", []),
        ("418", plain(b"", status=418, kind=None), 4, "HTTP 418 (the client's fault)", []),
        ("redirect", plain(b"", status=302, kind=None, Location="http://127.0.0.1:1/"), 4, "HTTP 302 Found: redirections are not followed", []),
        ("html", plain(b"<html>", kind="text/html"), 4, "HTTP 200 OK, but no PKI Response: text/html [CMC-5273-4.2-02]", []),
        ("a request", plain(right, kind="application/pkcs7-mime; smime-type=CMC-Request"), 4, "no PKI Response", []),
        ("empty", plain(b""), 4, "HTTP 200 OK, but the answer is empty", []),
        ("202", plain(b"", status=202, kind=None), 5, "HTTP 202 Accepted: the server has not decided yet", []),
        ("junk", plain(b"\0junk"), 3, "try:", []), ("truncated DER", plain(right[:-20]), 3, "try:", []),
        ("truncated HTTP", cut, 4, "try:", []), ("slow", slow, 4, "took too long", ["--timeout", "1"]),
        ("too large", endless, 4, "limit", []),
    ]:
        server.serve(answer)
        result = submit("--json", "-o", "never", *more)
        checks.equal((result.returncode, result.stdout), (code, "null\n"), f"{what}: {result.stderr}")
        checks.contains(result.stderr, words, what)
        checks.contains(result.stderr, "  try: ", what + ": a hint")
        checks.contains(result.stderr, server.url, what + ": which server it was")
        checks.that(not (here / "never").exists(), what + ": nothing is written")
    server.serve(plain((here / "response-refused").read_bytes(), status=400))
    result = submit()
    checks.equal(result.returncode, 1, "HTTP 400 with a PKI Response of another exchange: " + result.stdout)
    checks.contains(result.stderr, "HTTP 400 Bad Request, with a PKI Response", "HTTP 400")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        refused = submit(to=f"http://127.0.0.1:{free.getsockname()[1]}/cmc")
    checks.equal(refused.returncode, 4, "refused: " + refused.stderr)
    for part in ("no connection to the other side", "refused", "is the server running"):
        checks.contains(refused.stderr, part, "refused")
    nowhere = submit(to="http://name.invalid/cmc")
    checks.equal(nowhere.returncode, 4, "no such host: " + nowhere.stderr)


def tls():
    """The server's certificate leads to an anchor; --insecure is loud; the client's certificate is shown."""
    key = ec_key()
    made = certificate("127.0.0.1", key, "TEST ONLY CA", server.ca_key, alt_names(address(bytes([127, 0, 0, 1]))), key_usage(SIGNATURE),
                       ext_key_usage("1.3.6.1.5.5.7.3.1"), serial=3, **LONG)
    server.write("tls.key", key.pem)
    (here / "tls.pem").write_text(pem("CERTIFICATE", made))
    (here / "ca.pem").write_text(pem("CERTIFICATE", server.ca))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(here / "tls.pem", here / "tls.key")
    context.load_verify_locations(here / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    secure = CannedServer(here, tls=context)
    server.write("ca.key", server.ca_key.pem)
    server.write("ca.crt", server.ca)
    secure.serve(server.issued())
    client = ["--client-key", "agent.key", "--client-cert", "agent.crt"]
    result = submit(*client, to=secure.url)
    checks.equal(result.returncode, 0, "TLS with a client certificate: " + result.stdout + result.stderr)
    other = certificate("Other", key, "Other", key, basic_constraints(), key_usage(CERT_SIGN), **LONG)
    (here / "other.crt").write_bytes(other)
    result = submit(*client, "--tls-trust", "other.crt", to=secure.url)
    checks.equal(result.returncode, 4, "an unknown CA: " + result.stderr)
    checks.contains(result.stderr, "TLS failed", "an unknown CA")
    result = submit(*client, "--tls-trust", "other.crt", "--insecure", to=secure.url)
    checks.equal(result.returncode, 0, "--insecure: " + result.stderr)
    checks.contains(result.stderr, "warning: --insecure", "--insecure is loud")
    result = submit(to=secure.url)
    checks.equal(result.returncode, 4, "without the client's certificate: " + result.stderr)
    result = submit("--client-key", "agent.key", to=secure.url)
    checks.equal(result.returncode, 7, "a client key without certificate: " + result.stderr)
    secure.close()


def folder():
    """RFC 10003 section 4: NAME.crq goes out, NAME.crp comes in."""
    (here / "out").mkdir()
    result = submit(to="file:out")
    checks.equal(result.returncode, 5, "no answer yet: " + result.stderr)
    checks.equal((here / "out/request.crq").read_bytes(), (here / "request.crq").read_bytes(), "the request is there")
    server.write("asked", (here / "request.crq").read_bytes())
    server.issue((here / "asked").read_bytes())
    (here / "out/request.crp").write_bytes(server.made("respond", "asked", "--issue", "issued.crt"))
    result = submit(to="out")
    checks.equal(result.returncode, 0, "the answer is there: " + result.stderr)
    (here / "out/request.crq").write_bytes(b"another")
    result = submit(to="out")
    checks.equal(result.returncode, 4, "another request of this name: " + result.stderr)
    checks.equal((here / "out/request.crq").read_bytes(), b"another", "is not overwritten")


def progress():
    """A line on a terminal after a second, and only there."""
    def slow(http, body):
        time.sleep(1.5)
        server.issued()(http, body)

    for on_terminal in (True, False):
        server.serve(slow)
        ours, theirs = os.openpty()
        result = subprocess.run([PROGRAM, "submit", "request.crq", "--to", server.url, "--trust", "ca.crt"], cwd=here, env=clean_environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs if on_terminal else subprocess.PIPE)
        os.close(theirs)
        said = os.read(ours, 4096) if on_terminal else result.stderr
        os.close(ours)
        checks.equal((result.returncode, b"waiting for " in said), (0, on_terminal), f"on a terminal: {on_terminal}: {said}")
    server.serve(server.issued())
    ours, theirs = os.openpty()
    start = time.monotonic()
    subprocess.run([PROGRAM, "submit", "request.crq", "--to", server.url, "--trust", "ca.crt"], cwd=here, env=clean_environment(),
                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs)
    took = time.monotonic() - start  # the answer is made while the client waits, which sanitizers on a busy machine draw out
    os.write(theirs, b"end")
    checks.that(os.read(ours, 4096) == b"end" or took > 1, "nothing is said of what is quick")


def saving():
    server.serve(server.issued())
    result = submit("--save-request", "sent", "--save-response", "came")
    checks.equal(result.returncode, 0, "saving: " + result.stderr)
    checks.equal((here / "sent").read_bytes(), server.requests[0], "what was sent")
    checks.equal((here / "came").read_bytes(), (here / "answer").read_bytes(), "what came")
    asked = len(server.requests)
    result = submit("--save-response", "came")
    checks.equal((result.returncode, len(server.requests)), (4, asked), "nothing is overwritten, nothing sent")
    checks.contains(result.stderr, "--force", "nothing is overwritten")
    result = submit("--replay", "came")
    checks.equal((result.returncode, len(server.requests)), (0, asked), "replay sends nothing: " + result.stderr)
    server.serve(plain(b"oops", status=500, kind="text/html"))
    submit("--save-response", "error")
    checks.equal((here / "error").read_bytes(), b"oops", "what came with an error")


def revocation():
    def revoked(http, body):
        server.write("asked", body)
        reply(http, server.made("respond", "asked", "--status", "success"))

    server.serve(revoked)
    result = run("revoke", "--to", server.url, "--cert", "agent.crt", "--key", "agent.key", "--reason", "superseded", "--trust", "ca.crt")
    checks.equal(result.returncode, 0, "revoke with its own key: " + result.stdout + result.stderr)
    checks.that(re.fullmatch(r"revoked  serial [0-9A-F:]+  superseded\n", result.stdout), "revoke says so: " + result.stdout)
    values = values_of(content_of_signed(server.requests[0]))
    checks.contains(values[REVOKE], tlv(0x0A, b"\x04"), "the reason")
    checks.equal(len(elements(elements(inside(server.requests[0], 0, 1, 0))[-1][2])), 1, "one signer")
    server.write("secret", b"for revocation")
    result = run("revoke", "--to", server.url, "--cert", "agent.crt", "--secret", "file:secret", "--trust", "ca.crt", "--json")
    checks.equal((result.returncode, json.loads(result.stdout)["response"]["outcome"]), (0, "success"), "revoke by secret: " + result.stderr)
    checks.contains(values_of(content_of_signed(server.requests[1]))[REVOKE], b"for revocation", "the secret")
    checks.contains(result.stderr, "the secret can be read on its way", "a secret in clear")
    result = run("revoke", "--to", server.url, "--cert", "agent.crt", "--key", "me.key", "--trust", "ca.crt")
    checks.equal(result.returncode, 7, "a key without certificate: " + result.stderr)
    result = run("revoke", "--to", server.url, "--cert", "agent.crt")
    checks.equal(result.returncode, 2, "nobody asks: " + result.stderr)


def calls():
    for arguments, words in [
        ([], "--to URL"), (["--to", "nowhere"], "neither http"), (["--to", "ftp://x/"], "neither http"),
        (["--to", server.url, "--client-cert", "agent.crt"], "--client-key"), (["--to", ".", "--profile-id", "a"], "--profile-id"),
        (["--to", server.url, "--header", "none"], "NAME:VALUE"),
    ]:
        result = run("submit", "request.crq", *arguments)
        checks.equal(result.returncode, 2, f"{arguments}: {result.stderr}")
        checks.contains(result.stderr, words, f"{arguments}")
    checks.equal(submit(to="file:missing").returncode, 4, "a folder that is not there")


make_requests()
verdicts()
forms()
encrypted()
network()
tls()
folder()
progress()
saving()
revocation()
calls()
server.close()
checks.finish()
