"""A server that answers requests one after the other as a list says, for the tests of the clients. What is right in its
answers the program itself makes (respond, pop challenge); certificates come from Python."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from _cmc import *  # noqa: F403
from _run import cmcctl

RESPONSE = "application/pkcs7-mime; smime-type=CMC-Response; name=response.p7m"
CERTS_ONLY = "application/pkcs7-mime; smime-type=certs-only; name=response.p7c"
LONG = {"since": "2026-01-01", "until": "2040-01-01"}


def asked_for(message):
    """(subject, SubjectPublicKeyInfo) of the first request in a Full PKI Request, or of a PKCS #10."""
    first = elements(inside(message, 0))[0]
    if first[0] == 0x30:  # CertificationRequestInfo
        request = message
    else:
        tag, _, content = elements(elements(inside(content_of_signed(message), 0))[1][2])[0]
        if tag == 0xA1:
            template = {kind: inner for kind, _, inner in elements(inside(content, 0, 1))}
            return template[0xA5], sequence(template[0xA6])
        request = elements(content)[1][1]
    _, subject, key, *_ = elements(inside(request, 0, 0))
    return subject[1], key[1]


class CannedServer:
    """`answers`: functions of the request's octets that return (status, headers, body); the last one stays."""

    def __init__(self, folder, tls=None):
        self.folder = folder
        self.ca_key = ec_key()
        self.ca = certificate("TEST ONLY CA", self.ca_key, "TEST ONLY CA", self.ca_key, basic_constraints(),
                              key_usage(SIGNATURE, CERT_SIGN, CRL_SIGN), subject_key_identifier(b"\x01" * 20), serial=1, **LONG)
        self.write("ca.key", self.ca_key.pem)
        self.write("ca.crt", self.ca)
        self.answers, self.requests, self.headers, self.paths = [], [], [], []
        self.serial = 0x4F2A00
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append(body)
                owner.headers.append(dict(self.headers))
                owner.paths.append(self.path)
                answer = owner.answers[0] if len(owner.answers) == 1 else owner.answers.pop(0)
                answer(self, body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_):  # clients that are gone, or were killed
                if not isinstance(sys.exc_info()[1], OSError):
                    super().handle_error(*_)

        self.http = Server(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        if tls:
            self.http.socket = tls.wrap_socket(self.http.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def write(self, name, octets):
        path = self.folder / name
        path.write_bytes(octets)
        path.chmod(0o600)

    def serve(self, *answers):
        self.answers[:] = answers
        self.requests.clear()
        self.headers.clear()
        self.paths.clear()

    # answers

    def issue(self, message, key=None):
        """A certificate for what the request asks for, in the file issued.crt."""
        subject, public = asked_for(message)
        self.serial += 1
        made = certificate(subject, public, "TEST ONLY CA", key or self.ca_key, key_usage(SIGNATURE), serial=self.serial, **LONG)
        self.write("issued.crt", made)

    def made(self, *command):
        """The response of a command of the program to the file `asked`."""
        result = cmcctl(*command, "--sign-with", "ca.key", "--cert", "ca.crt", "--force", "-o", "answer", cwd=self.folder)
        if result.returncode:
            raise RuntimeError(result.stderr)
        return (self.folder / "answer").read_bytes()

    def issued(self, *more, first=None):
        """Answers with a certificate for the request, or for that of an earlier message."""
        def answer(http, body):
            self.write("asked", body)
            self.issue(first() if first else body)
            reply(http, self.made("respond", "asked", "--issue", "issued.crt", *more))
        return answer

    def status(self, *statuses):
        def answer(http, body):
            self.write("asked", body)
            reply(http, self.made("respond", "asked", *(word for one in statuses for word in ("--status", one))))
        return answer

    def challenge(self, *more):
        def answer(http, body):
            self.write("asked", body)
            (self.folder / "value").unlink(missing_ok=True)
            reply(http, self.made("pop", "challenge", "asked", "--proof-value", "value", *more))
        return answer


def reply(http, body, status=200, kind=RESPONSE, **headers):
    http.send_response(status)
    if kind:
        http.send_header("Content-Type", kind)
    for field, value in headers.items():
        http.send_header(field, value)
    http.send_header("Content-Length", str(len(body)))
    http.end_headers()
    http.wfile.write(body)
