"""cmcctl serve ca from outside: HTTP by hand and by curl, TLS by OpenSSL, the management port, faults, and hostile clients:
after each of them a good request succeeds within a second, and memory is back."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from _ca import CA, FULL_REQUEST, request, wait_until
from _run import PROGRAM, Checks, clean_environment, cmcctl

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-serve-")
here = scratch.name
SANITIZED = "ASAN_OPTIONS" in os.environ or b"__asan_init" in open(PROGRAM, "rb").read()
MEMORY_KILOBYTES = 16 * 1024

if shutil.which("openssl") is None:
    sys.exit(77)


def tool(*arguments, data=None, check=True):
    return subprocess.run(arguments, cwd=here, input=data, capture_output=True, check=check, timeout=60)


def run(*arguments, code=0):
    result = cmcctl(*arguments, cwd=here, environment=clean_environment())
    checks.equal(result.returncode, code, f"{arguments}: {result.stderr}")
    return result.stdout


def read(name):
    with open(os.path.join(here, name), "rb") as file:
        return file.read()


def write(name, content):
    with open(os.path.join(here, name), "wb") as file:
        file.write(content)


# Requests

def make_request(name, signer="ra", *more):
    """A Full PKI Request for a new key, signed by an RA: NAME.crq."""
    if not os.path.exists(os.path.join(here, name + ".key")):
        run("keys", "gen", "ec:P-256", "-o", name + ".key")
    run("request", "p10", "--key", name + ".key", "--subject", f"CN={name}", "-o", name + ".p10", "--force")
    run("request", "cmc", name + ".p10", "--sign-with", signer + ".key", "--cert", signer + ".pem", "-o", name + ".crq", "--force",
        *more)
    return read(name + ".crq")


def verdict(name, root):
    result = cmcctl("verify", name + ".crp", "--request", name + ".crq", "--trust", root, "--json", cwd=here,
                    environment=clean_environment())
    try:
        return json.loads(result.stdout)
    except ValueError:
        return {"text": result.stdout + result.stderr}


def is_issued(answer, name, root):
    """Whether the answer is a response that says so."""
    write(name + ".crp", answer)
    return '"issued"' in json.dumps(verdict(name, root))


# By hand

class Raw:
    """A connection of which the test writes every octet."""

    def __init__(self, port, seconds=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)

    def send(self, octets):
        try:
            self.socket.sendall(octets)
            return True
        except OSError:
            return False

    def receive(self):
        got = b""
        try:
            while True:
                more = self.socket.recv(65536)
                if not more:
                    return got
                got += more
        except OSError:
            return got

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def end_sending(raw):
    try:
        raw.socket.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the server was faster


def status_of(answer):
    words = answer.split(b" ", 2)
    return int(words[1]) if answer.startswith(b"HTTP/1.1 ") else None


def head(*fields, method="POST", target="/cmc", protocol="HTTP/1.1", host="Host: localhost", keep=False):
    lines = [f"{method} {target} {protocol}", *([host] if host else []), *([] if keep else ["Connection: close"]), *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


TYPE = "Content-Type: " + FULL_REQUEST


def refusals(good_length):
    """What is refused: the octets, and the status."""
    length = f"Content-Length: {good_length}"
    yield "another method", head(method="DELETE"), 405
    yield "GET", head(method="GET"), 405
    yield "HEAD", head(method="HEAD"), 405
    yield "GET with a body", head("Content-Length: 3", method="GET") + b"abc", 400
    yield "an unknown path", head(TYPE, "Content-Length: 0", target="/other"), 404
    yield "Dogtag's path without Dogtag's profile", head("Content-Length: 0", target="/ca/ee/ca/profileSubmitCMCFull"), 404
    yield "no Content-Length", head(TYPE), 411
    yield "Content-Length with letters", head(TYPE, "Content-Length: 12abc"), 400
    yield "Content-Length with a sign", head(TYPE, "Content-Length: +12"), 400
    yield "a negative Content-Length", head(TYPE, "Content-Length: -2"), 400
    yield "an empty Content-Length", head(TYPE, "Content-Length:"), 400
    yield "two Content-Lengths", head(TYPE, length, length), 400
    yield "a Content-Length beyond 64 bits", head(TYPE, "Content-Length: 18446744073709551617"), 413
    yield "a body over the limit", head(TYPE, "Content-Length: 1048577"), 413
    yield "Transfer-Encoding", head(TYPE, "Transfer-Encoding: chunked") + b"0\r\n\r\n", 501
    yield "Content-Length and Transfer-Encoding", head(TYPE, length, "Transfer-Encoding: chunked"), 501
    yield "a chunk of size -2", head(TYPE, "Transfer-Encoding: chunked") + b"-2\r\nabc", 501
    yield "Content-Encoding", head(TYPE, length, "Content-Encoding: gzip"), 415
    yield "Range", head(TYPE, length, "Range: bytes=0-1"), 400
    yield "Expect", head(TYPE, length, "Expect: 100-continue"), 417
    yield "Upgrade", head(TYPE, length, "Upgrade: h2c"), 400
    yield "a media type that is not CMC's", head("Content-Type: text/plain", "Content-Length: 0"), 415
    yield "a response's media type", head("Content-Type: application/pkcs7-mime; smime-type=CMC-Response", "Content-Length: 0"), 415
    yield "no media type", head("Content-Length: 0"), 415
    yield "65 fields", head(*[f"X-{i}: y" for i in range(63)]), 431
    yield "200,000 fields", head(*["X: y"] * 200_000), 431
    yield "a field of 5 KB", head("X: " + "y" * 5_000), 431
    yield "a header of 70 KB without an end", b"POST /cmc HTTP/1.1\r\n" + b"X: " + b"y" * 70_000, 431
    yield "a target of 5 KB", head(target="/" + "x" * 5_000), 414
    yield "a control octet in a value", head("X: a\x01b"), 400
    yield "a bare LF in a value", head("X: a\nY: b"), 400
    yield "a NUL in a name", head("X\0: a"), 400
    yield "a blank before the colon", head("X : a"), 400
    yield "a folded field", head("X: a", " b"), 400
    yield "no Host", head(host=None), 400
    yield "two Hosts", head("Host: other"), 400
    yield "HTTP/2.0", head(protocol="HTTP/2.0"), 505
    yield "HTTP/0.9", b"GET /\r\n\r\n", 400
    yield "what is no HTTP", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", 400
    yield "a target without a slash", head(target="cmc"), 400
    yield "an absolute target", head(target="http://other/cmc"), 400


def good_request(ca, name="good"):
    """Answered within a second; the same message gets the same answer, which says issued."""
    start = time.monotonic()
    answer = ca.post(read(name + ".crq"))
    seconds = time.monotonic() - start
    if ca.url not in known_answers and is_issued(answer.body, name, ca.root):
        known_answers[ca.url] = answer.body
    return answer.status == 200 and answer.body == known_answers.get(ca.url) and (SANITIZED or seconds < 1)


known_answers = {}  # of each CA to the good request


def memory_is_back(ca, base):
    return SANITIZED or wait_until(lambda: ca.resident_kilobytes() < base + MEMORY_KILOBYTES)


def hostile(ca):
    body = make_request("good")
    checks.that(good_request(ca), "a good request to begin with")
    base = ca.resident_kilobytes()
    for what, octets, status in refusals(len(body)):
        with Raw(ca.port) as raw:
            raw.send(octets)
            if b"\r\n\r\n" not in octets:
                end_sending(raw)
            answer = raw.receive()
        checks.equal(status_of(answer), status, what)
        checks.contains(answer, b"Connection: close\r\n", what + ": the connection ends")
        checks.that(good_request(ca), f"a good request after {what}")
    checks.that(memory_is_back(ca, base), "memory after all refusals")
    slow_clients(ca, base)
    idle_connections(ca, base)
    floods(ca, base)
    pipelined(ca, body)


def slow_clients(ca, base):
    """An octet a second of a header, and of a body: cut off while others are served."""
    one = Raw(ca.port, 60)
    other = Raw(ca.port, 60)
    other.send(head(TYPE, "Content-Length: 1000"))
    start = time.monotonic()
    ends = {}

    def drip(raw, name):
        while time.monotonic() - start < 45 and raw.send(b"x"):
            raw.socket.settimeout(0.5)
            try:
                answer = raw.socket.recv(65536)
                ends[name] = (time.monotonic() - start, status_of(answer) if answer else None)
                return
            except TimeoutError:
                continue
            except OSError:
                ends[name] = (time.monotonic() - start, None)
                return

    threads = [threading.Thread(target=drip, args=pair) for pair in ((one, "header"), (other, "body"))]
    for thread in threads:
        thread.start()
    checks.that(good_request(ca), "a good request beside slow clients")
    for thread in threads:
        thread.join()
    for name, most in (("header", 12), ("body", 33)):
        seconds, status = ends.get(name, (99, None))
        checks.that(seconds < most, f"a slow {name} is cut off: after {seconds:.1f} s")
        checks.equal(status, 408, f"a slow {name} is told why")
    one.close()
    other.close()
    checks.that(good_request(ca) and memory_is_back(ca, base), "a good request after slow clients")


def idle_connections(ca, base):
    idle = []
    try:
        for _ in range(1_000):
            idle.append(Raw(ca.port))
        checks.that(good_request(ca), "a good request beside 1,000 idle connections")
        for raw in idle[-200:]:
            raw.send(b"POST /cmc HT")
        checks.that(good_request(ca), "a good request beside half requests")
        for raw in idle[-200:]:
            raw.close()
        half = [Raw(ca.port) for _ in range(200)]
        for raw in half:
            raw.send(head(TYPE, "Content-Length: 1048576") + b"x" * 10_000)
        idle += half
        checks.that(good_request(ca), "a good request beside 200 half bodies")
        for raw in half:
            raw.send(b"x" * 600_000)
        checks.that(good_request(ca), "a good request beside 120 MB of half bodies")
    finally:
        for raw in idle:
            raw.close()
    checks.that(good_request(ca) and memory_is_back(ca, base), "memory after 1,000 idle connections")


def floods(ca, base):
    for what, octets in (("a body that is no message", os.urandom(1 << 20)), ("zeros", bytes(1 << 20)),
                         ("nested sequences", b"\x30\x80" * 500_000)):
        answer = ca.post(octets)
        checks.that(answer.status == 200 and b"HTTP" not in answer.body[:10], f"{what}: status {answer.status}")
        checks.equal(answer.content_type, "application/pkcs7-mime; smime-type=CMC-Response; name=response.p7m", what)
        write("flood.crp", answer.body)
        checks.contains(run("inspect", "flood.crp"), "failed", f"{what}: what the CMC response says")
        checks.that(good_request(ca), f"a good request after {what}")
    with Raw(ca.port) as raw:
        raw.send(head(TYPE, "Content-Length: 10") + b"abc")
        end_sending(raw)
        checks.equal(raw.receive(), b"", "a body that ends too early has no answer")
    with Raw(ca.port) as raw:  # a client that does not read
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        raw.send((head(TYPE, f"Content-Length: {len(read('good.crq'))}", keep=True) + read("good.crq")) * 50)
        checks.that(good_request(ca), "a good request beside a client that does not read")
    checks.that(memory_is_back(ca, base), "memory after floods")


def pipelined(ca, body):
    one = head(TYPE, f"Content-Length: {len(body)}", keep=True) + body
    last = head(TYPE, f"Content-Length: {len(body)}") + body
    with Raw(ca.port) as raw:
        for start in range(0, len(one), 7):
            raw.send(one[start:start + 7])
        raw.send(one + last)
        answer = raw.receive()
    checks.equal(answer.count(b"HTTP/1.1 200 OK\r\n"), 3, "three requests on one connection, one of them in pieces")
    checks.equal(answer.count(b"Connection: close\r\n"), 1, "the last one ends it")


def curl(ca):
    if shutil.which("curl") is None:
        return
    body = make_request("curled")
    result = tool("curl", "-sS", "-D", "curled.headers", "-o", "curled.crp", "--data-binary", "@curled.crq", "-H", "Content-Type: " + FULL_REQUEST,
                  ca.url)
    checks.equal(result.stderr, b"", "curl")
    headers = read("curled.headers").decode()
    checks.contains(headers, "Content-Type: application/pkcs7-mime; smime-type=CMC-Response; name=response.p7m\r\n", "curl's headers")
    checks.that(is_issued(read("curled.crp"), "curled", ca.root), "what curl got")
    tool("openssl", "cms", "-verify", "-inform", "DER", "-in", "curled.crp", "-CAfile", ca.root, "-purpose", "any", "-binary", "-out",
         "curled.content")
    checks.that(read("curled.content")[:1] == b"\x30", "OpenSSL verifies the response")
    large = tool("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-", "-H", "Content-Type: " + FULL_REQUEST,
                 ca.url, data=bytes(2 << 20), check=False)
    checks.equal(large.stdout, b"413", "curl is told that its body is too large")
    chunked = tool("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-", "-H", "Transfer-Encoding: chunked",
                   "-H", "Content-Type: " + FULL_REQUEST, ca.url, data=body, check=False)
    checks.equal(chunked.stdout, b"501", "curl is told that nothing is chunked here")


def simple_request(ca):
    """PKCS #10 alone: nobody vouches for it, so the answer is a full one that says no."""
    run("request", "p10", "--key", "good.key", "--subject", "CN=simple", "-o", "simple.p10")
    answer = ca.post(read("simple.p10"), "application/pkcs10")
    checks.equal(answer.status, 200, "a Simple PKI Request")
    write("simple.crp", answer.body)
    checks.contains(run("inspect", "simple.crp"), "failed", "a Simple PKI Request of a stranger")


def est(ca):
    body = make_request("device")
    for path in ("/.well-known/est/fullcmc", "/.well-known/est/label/fullcmc"):
        sent = tool("openssl", "base64", data=body).stdout
        answer = ca.post(sent, path=path)
        checks.equal(answer.status, 200, path)
        plain = tool("openssl", "base64", "-d", "-A", data=answer.body).stdout
        checks.that(is_issued(plain, "device", ca.root), path + ": issued")
    checks.equal(ca.post(body, path="/.well-known/est/fullcmc").status, 200, "EST with DER, as Dogtag's example has it")
    checks.equal(ca.post(tool("openssl", "base64", data=body[:-9]).stdout, path="/.well-known/est/fullcmc").status, 400, "EST: failed")
    checks.equal(ca.post(b"%%%", path="/.well-known/est/fullcmc").status, 400, "EST without base64")
    checks.equal(ca.post(body, path="/.well-known/est/a/b/fullcmc").status, 404, "EST with two labels")


def dogtag(folder):
    with CA("--profile", "dogtag", "--write-ra", os.path.join(here, "dra"), folder=folder) as ca:
        body = make_request("tagged", "dra", "--profile", "dogtag")
        with Raw(ca.port) as raw:  # what its HttpClient sends
            raw.send(b"POST /ca/ee/ca/profileSubmitCMCFull HTTP/1.0\r\nContent-length: %d\r\n\r\n" % len(body) + body)
            answer = raw.receive()
        top, _, rest = answer.partition(b"\r\n\r\n")
        names = [line.split(b":")[0] for line in top.split(b"\r\n")]
        checks.equal(names, [b"HTTP/1.1 200 OK", b"Content-Type", b"Content-Length", b"Date", b"Connection"],
                     "HttpClient throws the first six lines away")
        checks.contains(top, b"Content-Type: application/pkcs7-mime\r\n", "Dogtag's media type")
        checks.that(is_issued(rest, "tagged", ca.root), "what HttpClient saves")
        body = make_request("tagged2", "dra", "--profile", "dogtag")
        answer = ca.post(body, "application/octet-stream", "/ca/ee/ca/profileSubmitCMCFull?profileId=caCMCserverCert")
        checks.that(answer.status == 200 and is_issued(answer.body, "tagged2", ca.root), "a profileId")
        profiles = [one["profile"] for one in ca.manage("/certs")["certificates"]]
        checks.that("server" in profiles, f"the profile that profileId names: {profiles}")
        form = ca.post(body, "application/x-www-form-urlencoded", "/ca/ee/ca/profileSubmitCMCFull")
        checks.equal(form.status, 415, "a form's body is not a message")


# Management

def management(ca):
    roots = ca.manage("/roots")["roots"]
    checks.contains(roots[0]["subject"], "TEST ONLY", "the root's name")
    pem = request(ca.management, "GET", "/roots?format=pem")
    checks.equal(pem.body, read(ca.root), "the root in PEM")
    before = len(ca.manage("/certs")["certificates"])
    make_request("managed")
    checks.equal(ca.post(read("managed.crq")).status, 200, "one more certificate")
    certificates = ca.manage("/certs")["certificates"]
    checks.equal(len(certificates), before + 1, "it is listed")
    newest = next(one for one in certificates if "managed" in one["subject"])
    shown = ca.manage("/certs/" + newest["serial"])
    checks.equal(shown["serial"], newest["serial"], "one certificate")
    crl = request(ca.management, "GET", "/crl?format=der")
    write("ca.crl", crl.body)
    text = tool("openssl", "crl", "-inform", "DER", "-in", "ca.crl", "-CAfile", ca.root, "-noout", "-text", check=False)
    checks.contains(text.stdout + text.stderr, b"verify OK", "OpenSSL verifies the CRL")
    events = [one["event"] for one in ca.manage("/log")["entries"]]
    checks.that("issued" in events, f"the log: {events[:5]}")
    added = ca.manage("/users", {"name": "you", "secret": "canary-secret-4711", "subject": "CN=you", "names": ["dns:you.example"]})
    checks.equal(added, {"name": "you", "subject": "CN=you", "names": ["dns:you.example"]}, "a new user")
    checks.that("canary" not in json.dumps(ca.manage("/users")) + ca.log(), "no secret is told")
    for what, headers, status in (("a script's", {"Origin": "http://evil.example"}, 403), ("a foreign Host", {"Host": "evil.example"}, 403),
                                  ("localhost", {"Host": "localhost:1"}, 200), ("no JSON", {"Content-Type": "text/plain"}, 415)):
        body = b"{}" if status == 415 else None
        found = request(ca.management, "POST" if body else "GET", "/users", body, headers).status
        checks.equal(found, status, f"management: {what} request")
    for path, body, status in (("/other", None, 404), ("/certs/xyz", None, 400), ("/certs/01", None, 404),
                               ("/requests/99/approve", b"{}", 409), ("/requests/x/approve", b"{}", 404), ("/users", b"{}", 400),
                               ("/users", b"[1", 400), ("/users", b"[" * 100_000, 400), ("/faults", b'{"faults":["nothing"]}', 400),
                               ("/faults", b'{"faults":[7]}', 400)):
        headers = {"Content-Type": "application/json"}
        checks.equal(request(ca.management, "POST" if body else "GET", path, body, headers).status, status, f"management: {path}")


def decisions(folder):
    with CA("--pending", "always", "--write-ra", os.path.join(here, "pra"), folder=folder) as ca:
        for name in ("first", "second"):
            body = make_request(name, "pra")
            write(name + ".crp", ca.post(body).body)
            checks.contains(run("inspect", name + ".crp"), "pending", "pending")
        url = ["--management", ca.management]
        listed = run("ca", "list", *url)
        checks.contains(listed, "request 1  pending", "ca list")
        checks.contains(listed, "first", "ca list names the request")
        checks.contains(run("ca", "approve", "1", *url), "approved", "ca approve")
        checks.contains(run("ca", "reject", "2", "--reason", "not you", *url), "rejected", "ca reject")
        run("ca", "approve", "2", *url, code=1)
        states = [one["state"] for one in json.loads(run("ca", "list", "--json", *url))["requests"]]
        checks.equal(states, ["approved", "rejected"], "both are decided")
        serial = ca.manage("/requests")["requests"][0]["serial"]
        checks.contains(run("ca", "show", serial, *url), "CN=first", "ca show")
        run("ca", "crl", "-o", "listed.crl", *url)
        checks.that(read("listed.crl")[:1] == b"\x30", "ca crl")
        checks.contains(run("ca", "log", *url), "rejected  request 2: not you", "ca log")
        write("secret", b"word\n")
        checks.contains(run("ca", "add-user", "me", "--secret", "file:secret", *url), "user me", "ca add-user")
        checks.contains(run("ca", "faults", "unsigned:times=1", *url), "0 of 0", "ca faults")
        run("ca", "show", "zz", *url, code=1)
    run("ca", "list", *url, code=4)
    run("ca", "list", "--management", "nowhere", code=2)


# Faults

def say(name, *words):
    return run("inspect", name + ".crp", *words)


def faulty(ca, fault, name):
    ca.manage("/faults", {"faults": [fault]})
    return ca.post(make_request(name))


def outcome(answer, name, root):
    write(name + ".crp", answer.body)
    return json.dumps(verdict(name, root))


def faults(ca):
    for fault, said in (("nonce-mismatch", "mismatch"), ("transaction-mismatch", "mismatch"), ("status=failed,badRequest,text=\"no, never\"", "failed"),
                        ("wrong-signer", "untrusted"), ("unsigned", "untrusted"), ("bad-signature", "untrusted"), ("pend", "pending"),
                        ("try-later", "failed")):
        answer = faulty(ca, fault, "fault")
        checks.that(answer.status == 200 and f'"{said}"' in outcome(answer, "fault", ca.root), f"{fault}: {said}")
    write("fault.crp", faulty(ca, "try-later", "fault").body)
    checks.contains(say("fault"), "tryLater", "nothing is decided")
    faulty_status = faulty(ca, "status=failed,badTime,text=\"no, never\"", "fault")
    write("fault.crp", faulty_status.body)
    checks.contains(say("fault"), "badTime", "the failInfo that was asked for")
    checks.contains(say("fault"), "no, never", "the text that was asked for")
    write("fault.crp", faulty(ca, "unknown-critical-control", "fault").body)
    checks.contains(say("fault"), "2.999.10002", "a control that nobody knows")
    plain = faulty(ca, "ber-indefinite", "fault")
    checks.equal(plain.body[:2] + plain.body[-2:], b"\x30\x80\0\0", "an indefinite length")
    checks.that(is_issued(plain.body, "fault", ca.root), "BER is read all the same")
    answer = faulty(ca, "drop-cert", "fault")
    write("fault.crp", answer.body)
    checks.that("CN=fault" not in say("fault"), "the certificate is left out")
    checks.that(("X-Fault", "extra-header") in faulty(ca, "extra-header", "fault").headers, "one header more")
    checks.equal(faulty(ca, "bad-mime", "fault").content_type, "text/html", "a wrong media type")
    answer = faulty(ca, "http-500-with-cmc", "fault")
    checks.that(answer.status == 500 and is_issued(answer.body, "fault", ca.root), "HTTP 500 with an answer")
    first = ca.post(make_request("fault")).body
    ca.manage("/faults", {"faults": ["replay-last"]})
    checks.equal(ca.post(make_request("fault")).body, first, "the last answer once more")
    start = time.monotonic()
    faulty(ca, "slow:700ms", "fault")
    checks.that(time.monotonic() - start >= 0.7, "a slow answer")
    ca.manage("/faults", {"faults": ["truncate:64"]})
    body = make_request("fault")
    with Raw(ca.port) as raw:
        raw.send(head(TYPE, f"Content-Length: {len(body)}") + body)
        checks.equal(len(raw.receive().partition(b"\r\n\r\n")[2]), 64, "an answer that is cut")
    ca.manage("/faults", {"faults": ["bad-mime:every=3,times=2"]})
    types = [ca.post(make_request("fault")).content_type == "text/html" for _ in range(10)]
    checks.equal([i for i, one in enumerate(types) if one], [2, 5], "every third time, twice")
    checks.equal(ca.manage("/faults")["faults"], [{"fault": "bad-mime:every=3,times=2", "answers": 10, "fired": 2}], "faults are counted")
    ca.manage("/faults", {"faults": []})
    checks.that(good_request(ca), "a good request after the faults")
    for spec in ("nothing", "slow", "slow:5", "unsigned:5", "bad-mime:every=0", "bad-mime:every=x", "bad-mime:other=1", "truncate:x"):
        result = cmcctl("serve", "ca", "--fault", spec, cwd=here, environment=clean_environment())
        checks.equal(result.returncode, 2, f"--fault {spec}: {result.stderr}")


# TLS

def https(url, body, context):
    call = urllib.request.Request(url, data=body, headers={"Content-Type": FULL_REQUEST})
    with urllib.request.urlopen(call, context=context, timeout=20) as answer:
        return answer.read()


def tls(folder):
    with CA("--tls", "--write-ra", os.path.join(here, "tra"), folder=folder) as ca:
        checks.that(ca.url.startswith("https://127.0.0.1:"), ca.url)
        place = urllib.parse.urlsplit(ca.url).netloc
        for version, code in (("-tls1_2", 0), ("-tls1_3", 0), ("-tls1_1", 1)):
            seen = tool("openssl", "s_client", "-connect", place, "-CAfile", ca.root, "-verify_return_error", "-verify_ip", "127.0.0.1", version,
                        data=b"", check=False)
            checks.equal(seen.returncode, code, f"s_client {version}")
        names = tool("openssl", "s_client", "-connect", place, "-CAfile", ca.root, "-verify_return_error", "-verify_hostname", "localhost",
                     data=b"", check=False)
        checks.equal(names.returncode, 0, "the certificate is for localhost, too")
        body = make_request("secured", "tra")
        context = ssl.create_default_context(cafile=ca.root)
        checks.that(is_issued(https(ca.url, body, context), "secured", ca.root), "over TLS")
        context.load_cert_chain(os.path.join(here, "tra.pem"), os.path.join(here, "tra.key"))
        body = make_request("secured", "tra")
        checks.that(is_issued(https(ca.url, body, context), "secured", ca.root), "with a client's certificate")
        tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "stranger.key", "-subj",
             "/CN=stranger", "-days", "3", "-out", "stranger.pem")
        context = ssl.create_default_context(cafile=ca.root)
        context.load_cert_chain(os.path.join(here, "stranger.pem"), os.path.join(here, "stranger.key"))
        try:
            https(ca.url, body, context)
            checks.that(False, "a stranger's certificate is refused")
        except OSError:
            pass
        hostile_tls(ca, make_request("secured", "tra"))
        revoked_tls(ca)


def revoked_tls(ca):
    context = ssl.create_default_context(cafile=ca.root)
    context.load_cert_chain(os.path.join(here, "tra.pem"), os.path.join(here, "tra.key"))
    body = make_request("secured", "tra")
    run("revoke", "--to", ca.url, "--cert", "tra.pem", "--key", "tra.key", "--trust", ca.root)
    try:
        https(ca.url, body, context)
        checks.that(False, "a TLS client whose certificate is revoked is refused")
    except urllib.error.HTTPError as error:
        checks.equal(error.code, 403, "a TLS client whose certificate is revoked")
        checks.contains(error.read().decode(), "is revoked", "it is told why")
    anonymous = ssl.create_default_context(cafile=ca.root)
    checks.that(https(ca.url, body, anonymous)[:1] == b"\x30", "without that certificate it gets an answer")


def hostile_tls(ca, body):
    context = ssl.create_default_context(cafile=ca.root)
    for octets in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 70_000, os.urandom(5_000)):
        with Raw(ca.port) as raw:
            raw.send(octets)
            end_sending(raw)
            checks.that(not raw.receive().startswith(b"HTTP"), "what is no TLS gets no HTTP")
        checks.that(is_issued(https(ca.url, body, context), "secured", ca.root), "a good request after what is no TLS")
    idle = [Raw(ca.port) for _ in range(400)]
    checks.that(is_issued(https(ca.url, body, context), "secured", ca.root), "a good request beside 400 without a handshake")
    for raw in idle:
        raw.close()


def own_tls_key(folder):
    tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tls.key", "-subj", "/CN=ignored", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "3", "-out", "tls.pem")
    with CA("--tls-key", os.path.join(here, "tls.key"), "--tls-cert", os.path.join(here, "tls.pem"), folder=folder) as ca:
        context = ssl.create_default_context(cafile=os.path.join(here, "tls.pem"))
        checks.that(https(ca.url, b"abc", context)[:1] == b"\x30", "with a TLS key of our own")


# Life

def restart(folder):
    store = ["--store", os.path.join(folder, "ca.db")]
    with CA(*store, "--write-ra", os.path.join(here, "sra"), "--user", "me=pass:letmein", folder=folder) as ca:
        root = read(ca.root)
        body = make_request("kept", "sra")
        first = ca.post(body).body
        checks.that(is_issued(first, "kept", ca.root), "before the restart")
        serials = [one["serial"] for one in ca.manage("/certs")["certificates"]]
        checks.equal(ca.stop(), 0, "it ends by SIGTERM")
    with CA(*store, folder=folder) as ca:
        checks.equal(read(ca.root), root, "the root is the same")
        checks.equal([one["serial"] for one in ca.manage("/certs")["certificates"]][:len(serials)], serials, "certificates are kept")
        checks.equal(ca.post(body).body, first, "the same message gets the same answer")
        checks.equal([one["name"] for one in ca.manage("/users")["users"]], ["me"], "users are kept")
        checks.that(is_issued(ca.post(make_request("later", "sra")).body, "later", ca.root), "the RA of before may still ask")
        checks.equal(ca.stop(signal.SIGKILL), -9, "killed")
    with CA(*store, folder=folder) as ca:
        checks.that(len(ca.manage("/certs")["certificates"]) >= len(serials) + 1, "nothing is lost by a kill")
        checks.equal(ca.stop(signal.SIGINT), 0, "it ends by SIGINT")


def wrong_calls(folder):
    write("text", b"text\n")
    for words, code in ((["--key", "good.key"], 2), (["--user", "me"], 2), (["--user", "me=letmein"], 2), (["--bind", "localhost"], 4),
                        (["--store", "text"], 4), (["--store", "/nowhere/ca.db"], 4), (["--write-root", "text"], 4), (["--trust", "text"], 3),
                        (["--user-file", "text"], 3), (["--user-file", "none"], 4), (["--write-ra", "ra"], 4), (["--port", "70000"], 2),
                        (["--key", "none", "--cert", "text"], 7), (["--new-key", "rsa:512"], 7), (["--user", "me=file:none"], 7)):
        result = cmcctl("serve", "ca", *words, cwd=here, environment=clean_environment())
        checks.equal((result.returncode, result.stdout), (code, ""), f"{words}: {result.stderr}")
    with CA(folder=folder) as ca:
        result = cmcctl("serve", "ca", "--port", str(ca.port), environment=clean_environment())
        checks.equal(result.returncode, 4, "a port that is taken")


def public_ca(folder):
    for name, *issuer in (("public",), ("sub", "-CA", "public.crt", "-CAkey", "public.key")):
        tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-subj", f"/CN={name}", "-days", "3",
             "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign", *issuer, "-out", name + ".crt")
    for name in ("public", "sub"):
        result = cmcctl("serve", "ca", "--key", name + ".key", "--cert", name + ".crt", cwd=here,
                        environment=clean_environment(SSL_CERT_FILE="public.crt"))
        checks.equal((result.returncode, result.stdout), (2, ""), f"a CA that a public store trusts: {result.stderr}")
        checks.that("public.crt trusts this CA" in result.stderr, result.stderr)
    with CA("--key", os.path.join(here, "sub.key"), "--cert", os.path.join(here, "sub.crt"), folder=folder) as ca:
        checks.that(b"CERTIFICATE" in read(ca.root), "the same CA where nobody trusts it")


def start_time(folder):
    times = []
    for _ in range(3):
        start = time.monotonic()
        with CA(folder=folder, environment=clean_environment()) as ca:
            times.append(time.monotonic() - start)
            os.remove(ca.root)
    print(f"ready after {min(times):.3f} to {max(times):.3f} s")
    checks.that(SANITIZED or min(times) < 1, f"ready in under a second: {times}")


def limits(ca):
    with open(f"/proc/{ca.pid}/limits", encoding="ascii") as file:
        soft = {line[:26].strip(): line[26:].split()[0] for line in file}
    checks.equal(soft["Max core file size"], "0", "no core file")
    checks.that(SANITIZED or soft["Max address space"] == str(4 << 30), f"address space: {soft['Max address space']}")


def log_lines(ca):
    with Raw(ca.port) as raw:
        raw.send(head("X: \x1b[31m\u00e4", method="GET", target="/%1b%0a"))
        raw.receive()
    lines = wait_until(lambda: [json.loads(line) for line in ca.log().splitlines() if line.startswith("{")])
    checks.that(all({"time", "event"} <= set(line) for line in lines), "every line of the log is an object")
    checks.that(any(line.get("status") == "200" and line["event"] == "issued" for line in lines), "what was issued is there")
    checks.that(ca.log().isascii() and "\x1b" not in ca.log(), "the log is plain text")


with CA("--write-ra", os.path.join(here, "ra"), folder=here) as main_ca:
    hostile(main_ca)
    curl(main_ca)
    simple_request(main_ca)
    est(main_ca)
    management(main_ca)
    faults(main_ca)
    limits(main_ca)
    log_lines(main_ca)
    checks.equal(main_ca.stop(), 0, "a clean end")
for number, part in enumerate((dogtag, decisions, tls, own_tls_key, restart, wrong_calls, public_ca, start_time)):
    own = os.path.join(here, f"part{number}")
    os.mkdir(own)
    part(own)
checks.finish()
