"""TLS as cmcctl does it as a client: which servers it believes, and client keys in files, NSS databases and PKCS #11 tokens.
Python's ssl is the other side, and says which certificate it got."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

from _run import Checks, clean_environment, cmcctl

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-tls-")
here = Path(scratch.name)
os.umask(0o077)
PIN = "canary-4711"
SOFTHSM = next((str(path) for path in (Path("/usr/lib/softhsm/libsofthsm2.so"),
                                       Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")) if path.exists()), None)
(here / "softhsm2.conf").write_text(f"directories.tokendir = {here}/tokens\nobjectstore.backend = file\n")
os.environ["SOFTHSM2_CONF"] = str(here / "softhsm2.conf")

if shutil.which("openssl") is None:
    sys.exit(77)


def tool(*arguments):
    return subprocess.run([str(a) for a in arguments], cwd=here, capture_output=True, text=True, check=True, timeout=60)


KINDS = {"rsa": ["rsa:2048"], "ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "p384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
         "p521": ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], "ed25519": ["ed25519"]}


# `openssl ca`, because `openssl x509` makes no certificate that has expired, from version 3.5 on.
CA_CONFIGURATION = """
[ca]
default_ca = this
[this]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


def certify(name, *extensions, kind="ec", until=None, subject=None):
    tool("openssl", "req", "-newkey", *KINDS[kind], "-nodes", "-keyout", f"{name}.key", "-subj", subject or f"/CN={name}", "-out", f"{name}.csr")
    lines = ["basicConstraints=CA:FALSE", *extensions]
    (here / "extensions").write_text("\n".join(lines) + "\n")
    validity = ["-days", "3"] if until is None else ["-startdate", "20200101000000Z", "-enddate", until]
    tool("openssl", "ca", "-batch", "-notext", "-config", "ca.conf", "-rand_serial", "-in", f"{name}.csr", "-cert", "ca.pem", "-keyfile",
         "ca.key", *validity, "-extfile", "extensions", "-out", f"{name}.pem")


def make_certificates():
    (here / "ca.conf").write_text(CA_CONFIGURATION)
    (here / "index.txt").write_text("")
    for name in ("ca", "other"):
        tool("openssl", "req", "-x509", "-newkey", *KINDS["ec"], "-nodes", "-keyout", f"{name}.key", "-subj", f"/CN={name}", "-days", "30",
             "-out", f"{name}.pem")
    certify("server", "subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth")
    certify("elsewhere", "subjectAltName=DNS:elsewhere.example,IP:192.0.2.1", "extendedKeyUsage=serverAuth")
    certify("by-cn", "extendedKeyUsage=serverAuth", subject="/CN=localhost")
    certify("no-server", "subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=clientAuth")
    certify("expired", "subjectAltName=DNS:localhost,IP:127.0.0.1", until="20210101000000Z")
    for kind in KINDS:
        certify(f"client-{kind}", "extendedKeyUsage=clientAuth", kind=kind)
    tool("openssl", "req", "-new", "-key", "client-ec.key", "-subj", "/CN=me", "-out", "request.p10", "-outform", "DER")


class Server:
    """Takes connections one after the other, and remembers whose certificates it saw."""

    def __init__(self, certificate="server", client=False, most=ssl.TLSVersion.TLSv1_3, least=ssl.TLSVersion.TLSv1_2):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # TLS 1.1 is what cmcctl has to refuse
            self.context.minimum_version, self.context.maximum_version = least, most
        self.context.load_cert_chain(here / f"{certificate}.pem", here / f"{certificate}.key")
        if client:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(here / "ca.pem")
        self.seen = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            plain.settimeout(10)
            try:
                with self.context.wrap_socket(plain, server_side=True) as tls:
                    name = dict(part[0] for part in (tls.getpeercert() or {}).get("subject", ()))
                    self.seen.append((name.get("commonName"), tls.version()))
                    got = b""
                    while b"\r\n\r\n" not in got:
                        got += tls.recv(4096)
                    tls.sendall(b"HTTP/1.1 418 No\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello")
                    tls.recv(4096)
            except OSError:
                continue

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


def submit(port, *options, host="localhost", word=PIN, seconds="10"):
    return cmcctl("submit", "request.p10", "--to", f"https://{host}:{port}/cmc", "--timeout", seconds, "--trust", "ca.pem", *options, cwd=here,
                  environment=clean_environment(WORD=word))


REACHED = "418"  # the status of an answer that came through


def servers():
    for certificate, host, options, said in (
            ("server", "localhost", [], REACHED), ("server", "127.0.0.1", [], REACHED),
            ("server", "localhost", ["--tls-trust", "server.pem"], REACHED),
            ("server", "localhost", ["--tls-trust", "other.pem"], "unable to get local issuer certificate"),
            ("elsewhere", "localhost", [], "subjectAltName does not have localhost"),
            ("elsewhere", "127.0.0.1", [], "subjectAltName does not have 127.0.0.1"),
            ("by-cn", "localhost", [], "subjectAltName does not have localhost"),
            ("no-server", "localhost", [], "not trusted"), ("expired", "localhost", [], "expired"),
            ("other", "localhost", [], "self-signed certificate"), ("expired", "localhost", ["--insecure"], REACHED)):
        with Server(certificate) as server:
            result = submit(server.port, *options, host=host)
            checks.equal(result.returncode, 4, f"{certificate} at {host} {options}: {result.stderr}")
            checks.contains(result.stderr, said, f"{certificate} at {host} {options}")
            checks.equal(len(server.seen), 1 if said == REACHED else 0, f"{certificate} at {host}: what came through")
    with Server(least=ssl.TLSVersion.TLSv1, most=ssl.TLSVersion.TLSv1_1) as server:
        result = submit(server.port)
        checks.that(result.returncode == 4 and not server.seen, f"TLS 1.1 is refused: {result.stderr}")
    with Server(client=True) as server:
        result = submit(server.port)
        checks.that(result.returncode == 4 and not server.seen, f"a server that wants a certificate: {result.stderr}")


def no_tls():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        result = submit(silent.getsockname()[1], seconds="1")
        checks.that(result.returncode == 4 and time.monotonic() - start < 5, f"a server without a handshake: {result.stderr}")


def shows(key, name, *options, word=PIN):
    """The client's key signs, in TLS 1.2 and 1.3, and the server sees the certificate."""
    for version, called in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        with Server(client=True, most=version) as server:
            result = submit(server.port, "--client-key", key, "--client-password", "env:WORD", *options, word=word)
            checks.contains(result.stderr, REACHED, f"{key}, {called}")
            checks.equal(server.seen, [(name, called)], f"{key}, {called}: what the server sees")
            checks.that(PIN not in result.stdout + result.stderr, "the PIN is not told")


def in_files():
    for kind in KINDS:
        shows(f"client-{kind}.key", f"client-{kind}", "--client-cert", f"client-{kind}.pem")
    with Server(client=True) as server:
        result = submit(server.port, "--client-key", "client-ec.key", "--client-cert", "client-rsa.pem")
        checks.that(result.returncode == 7 and not server.seen, f"a key without its certificate: {result.stderr}")


def in_nss():
    if not all(shutil.which(name) for name in ("certutil", "pk12util")):
        print("no NSS tools")
        return
    (here / "nss").mkdir()
    (here / "pin").write_text(PIN + "\n")
    tool("certutil", "-N", "-d", "sql:nss", "-f", "pin")
    for kind in ("rsa", "ec", "p384"):
        tool("openssl", "pkcs12", "-export", "-inkey", f"client-{kind}.key", "-in", f"client-{kind}.pem", "-name", f"nick {kind}",
             "-passout", f"pass:{PIN}", "-out", "one.p12")
        tool("pk12util", "-i", "one.p12", "-d", "sql:nss", "-k", "pin", "-w", "pin")
        shows(f"nss:nss?nickname=nick%20{kind}", f"client-{kind}")


def in_softhsm():
    if not SOFTHSM or not shutil.which("softhsm2-util"):
        print("no SoftHSM")
        return
    (here / "tokens").mkdir()
    tool("softhsm2-util", "--init-token", "--free", "--label", "here", "--so-pin", "12345678", "--pin", PIN)
    for number, kind in enumerate(("rsa", "ec", "p384", "p521")):
        tool("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", f"client-{kind}.key", "-out", "one.p8")
        tool("softhsm2-util", "--import", "one.p8", "--token", "here", "--label", kind, "--id", f"a{number}", "--pin", PIN)
        shows(f"pkcs11:token=here;object={kind}?module-path={SOFTHSM}", f"client-{kind}", "--client-cert", f"client-{kind}.pem")
    with Server(client=True) as server:
        result = submit(server.port, "--client-key", f"pkcs11:token=here;object=ec?module-path={SOFTHSM}", "--client-cert", "client-ec.pem",
                        "--client-password", "env:WORD", word="wrong")
        checks.that(result.returncode == 7 and not server.seen, f"a wrong PIN: {result.stderr}")


make_certificates()
servers()
no_tls()
in_files()
in_nss()
in_softhsm()
checks.finish()
