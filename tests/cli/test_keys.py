"""cmcctl keys, and keys of every kind of store in cmcctl cms sign. The stores are made by OpenSSL, NSS's tools, SoftHSM
and keytool; OpenSSL verifies the signatures, pkcs11-tool and certutil look at what we put into tokens."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _run import Checks, clean_environment, cmcctl

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-keys-")
here = Path(scratch.name)
os.umask(0o077)

CANARY = "canary-4711-\u00fc"   # every password and PIN: never to be seen in any output
PIN = "canary-4711"
said = []                       # all that the program ever printed

if shutil.which("openssl") is None:
    sys.exit(77)
SOFTHSM = next((str(path) for path in (Path("/usr/lib/softhsm/libsofthsm2.so"),
                                       Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")) if path.exists()), None)
(here / "softhsm2.conf").write_text(f"directories.tokendir = {here}/tokens\nobjectstore.backend = file\nlog.level = DEBUG\n")
os.environ["SOFTHSM2_CONF"] = str(here / "softhsm2.conf")


def tool(*arguments, check=True):
    return subprocess.run([str(a) for a in arguments], cwd=here, capture_output=True, text=True, check=check)


def run(*arguments, word=CANARY, **variables):
    result = cmcctl(*arguments, cwd=here, environment=clean_environment(WORD=word, **variables))
    said.append(result.stdout + result.stderr)
    return result


def answer(*arguments, **more):
    result = run(*arguments, "--json", **more)
    checks.equal(result.returncode, 0, f"{arguments}: {result.stderr}")
    return json.loads(result.stdout) if result.returncode == 0 else {}


PASSWORD = ["--password", "env:WORD"]


def make_keys():
    for name, key in (("rsa", ["rsa:2048"]), ("ec", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
                      ("p384", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"])):
        tool("openssl", "req", "-x509", "-newkey", *key, "-keyout", f"{name}.key", "-nodes", "-subj", f"/CN={name}",
             "-days", "30", "-out", f"{name}.crt")
    (here / "data").write_bytes(b"to be signed\n" * 100)


def signs(key, certificate, *more, word=CANARY, what=""):
    """We sign with `key`; OpenSSL verifies with the certificate."""
    made = run("cms", "sign", "data", "--key", key, "--cert", certificate, *PASSWORD, *more, "-o", "made.der", word=word)
    checks.equal((made.returncode, made.stderr), (0, ""), f"sign {what or key} {more}")
    if made.returncode != 0:
        return
    judged = tool("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "made.der", "-CAfile", certificate,
                  "-purpose", "any", "-out", "content", check=False)
    checks.equal(judged.returncode, 0, f"OpenSSL verifies {what or key} {more}: {judged.stderr}")
    (here / "made.der").unlink()


def refuses(key, part, *more, word=CANARY, code=7):
    made = run("cms", "sign", "data", "--key", key, "--cert", "rsa.crt", *PASSWORD, *more, "-o", "made.der", word=word)
    checks.equal(made.returncode, code, f"refuses {key}")
    checks.contains(made.stderr, part, f"refuses {key}")


def pkcs12():
    forms = [[], ["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
             ["-macalg", "sha512", "-keypbe", "AES-128-CBC"], ["-certpbe", "NONE", "-keypbe", "NONE"], ["-nomac"],
             ["-iter", "1"], ["-legacy"]]
    for options in forms:
        for name in ("rsa", "ec"):
            tool("openssl", "pkcs12", "-export", "-in", f"{name}.crt", "-inkey", f"{name}.key", "-passout", f"pass:{CANARY}",
                 "-name", name, "-out", "t.p12", *options)
            signs("t.p12", f"{name}.crt", what=f"p12 {name} {options}")
            if options == ["-legacy"]:
                listed = run("keys", "export-pub", "t.p12", *PASSWORD)
                checks.equal(listed.returncode, 0, "the key of a file with RC2 certificates")
                certificate = run("keys", "import-cert", "t.p12", "--in", "nss:none", *PASSWORD)
                checks.equal(certificate.returncode, 7, "certificates in RC2")
            else:
                objects = answer("keys", "list", "t.p12", *PASSWORD)["objects"]
                checks.equal([o["kind"] for o in objects], ["private key", "certificate"], f"list p12 {options}")
                checks.equal(objects[0]["key"], objects[1]["key"], f"key and certificate of p12 {options}")
        refuses("t.p12", "password", word="wrong")
    tool("openssl", "pkcs12", "-export", "-in", "rsa.crt", "-inkey", "rsa.key", "-passout", "pass:", "-out", "empty.p12")
    signs("empty.p12", "rsa.crt", word="")
    if shutil.which("keytool"):
        tool("keytool", "-genkeypair", "-keystore", "java.p12", "-storetype", "PKCS12", "-storepass", PIN, "-keyalg", "RSA",
             "-keysize", "2048", "-alias", "me", "-dname", "CN=java")
        exported = tool("keytool", "-exportcert", "-rfc", "-keystore", "java.p12", "-storepass", PIN, "-alias", "me")
        (here / "java.crt").write_text(exported.stdout)
        signs("java.p12", "java.crt", word=PIN)

    # A count that would take minutes is refused at once: 2^31 - 1 iterations where 2048 stood.
    tool("openssl", "pkcs12", "-export", "-in", "rsa.crt", "-inkey", "rsa.key", "-passout", f"pass:{CANARY}", "-out", "t.p12")
    small = (here / "t.p12").read_bytes()
    at = small.rindex(bytes.fromhex("02020800"))
    grown = bytearray(small[:at] + bytes.fromhex("02047fffffff") + small[at + 4:])
    grown[2:4] = (int.from_bytes(grown[2:4], "big") + 2).to_bytes(2, "big")
    start = grown.rindex(b"\x30", 0, grown.rindex(b"\x30\x31\x30\x0d"))  # MacData, in front of its DigestInfo
    grown[start + 1] += 2
    (here / "costly.p12").write_bytes(grown)
    refuses("costly.p12", "pbkdf2_iterations")


def new_files():
    for kind in ("rsa:2048", "ec:P-256", "ec:P-384", "ec:P-521", "ed25519"):
        for password in ([], PASSWORD):
            made = answer("keys", "gen", kind, "-o", "new.pem", *password)
            checks.equal(oct((here / "new.pem").stat().st_mode & 0o777), "0o600", f"mode of a new {kind} key")
            read = tool("openssl", "pkey", "-in", "new.pem", "-passin", f"pass:{CANARY}", "-pubout", check=False)
            checks.equal(read.returncode, 0, f"OpenSSL reads a new {kind} key {password}: {read.stderr}")
            checks.equal("ENCRYPTED" in (here / "new.pem").read_text(), bool(password), "encryption of a new key")
            exported = run("keys", "export-pub", "new.pem", *PASSWORD)
            checks.equal(exported.stdout, read.stdout, f"public key of a new {kind} key")
            named = answer("keys", "id", "new.pem", *PASSWORD)
            checks.equal(named["nssId"], made["key"]["nssId"], f"id of a new {kind} key")
            again = run("keys", "gen", kind, "-o", "new.pem")
            checks.equal(again.returncode, 4, "an existing file is not overwritten")
            (here / "new.pem").unlink()
    os.chmod(here / "rsa.key", 0o644)
    warned = run("keys", "find", "rsa.key")
    checks.contains(warned.stderr, "others may read rsa.key", "a key file that others may read")
    os.chmod(here / "rsa.key", 0o600)
    checks.equal(run("keys", "gen", "ec:P-256").returncode, 2, "neither -o nor --in")
    checks.equal(run("keys", "gen", "rsa:1024", "-o", "weak.pem").returncode, 7, "a weak key")
    checks.that(not (here / "weak.pem").exists(), "no file of a weak key")
    checks.equal(run("keys", "list", "missing.pem").returncode, 7, "a missing file")


def nss():
    if not all(shutil.which(name) for name in ("certutil", "pk12util", "modutil")):
        print("no NSS tools: not tested")
        return
    (here / "pin").write_text(PIN + "\n")
    (here / "pinned").mkdir()
    (here / "open").mkdir()
    tool("certutil", "-N", "-d", "sql:pinned", "-f", "pin")
    tool("certutil", "-N", "-d", "sql:open", "--empty-password")
    for name in ("rsa", "ec"):
        tool("openssl", "pkcs12", "-export", "-in", f"{name}.crt", "-inkey", f"{name}.key", "-passout", f"pass:{PIN}",
             "-name", f"{name} nick", "-out", "t.p12")
        tool("pk12util", "-i", "t.p12", "-d", "sql:pinned", "-k", "pin", "-W", PIN)
        tool("pk12util", "-i", "t.p12", "-d", "sql:open", "-W", PIN)
    for name in ("rsa", "ec"):
        for directory in ("pinned", "open"):
            signs(f"nss:{directory}?nickname={name}%20nick", f"{name}.crt", word=PIN)
    for options in (["--pss"], ["--digest", "sha-512"], ["--pss", "--digest", "sha-384"]):
        signs("nss:pinned?nickname=rsa nick", "rsa.crt", *options, word=PIN)
    ids = answer("keys", "id", "rsa.crt")
    listed = tool("certutil", "-K", "-d", "sql:pinned", "-f", "pin").stdout
    checks.contains(listed, ids["nssId"], "certutil's id of the key is ours")
    for id in (ids["nssId"], ids["hexId"], ids["dogtagId"]):
        signs(f"nss:pinned?id={id}", "rsa.crt", word=PIN)
    found = answer("keys", "find", "nss:pinned", "--cert", "ec.crt", *PASSWORD, word=PIN)
    checks.equal((found["key"]["algorithm"], found["certificate"]), ("EC P-256", "CN=ec"), "found by public key")
    refuses("nss:pinned?nickname=rsa nick", "CKR_PIN_INCORRECT", word="wrong")
    refuses("nss:pinned?nickname=nobody", 'no private key "nobody"', word=PIN)
    refuses("nss:pinned", "several private keys", word=PIN)
    ready = tool("certutil", "-V", "-n", "rsa nick", "-u", "S", "-d", "sql:pinned", "-f", "pin", check=False)
    checks.that("could not find" not in ready.stdout + ready.stderr, "the database still serves NSS's tools")
    refuses("nss:nowhere?nickname=x", "certutil -N", word=PIN)
    refuses("nss:open?nick=x", "nickname, token, id", word=PIN)

    for kind in ("rsa:2048", "ec:P-256", "ec:P-384"):
        made = answer("keys", "gen", kind, "--in", "nss:pinned", "--label", f"made {kind}", *PASSWORD, word=PIN)
        checks.contains(tool("certutil", "-K", "-d", "sql:pinned", "-f", "pin").stdout, made["key"]["nssId"],
                        f"certutil sees the new {kind} key under its NSS id")
        exported = run("keys", "export-pub", f"nss:pinned?id={made['id']}", "-o", "made.pub", *PASSWORD, word=PIN)
        checks.equal(exported.returncode, 0, f"export of the new key: {exported.stderr}")
        # A certificate for the token's key, made by OpenSSL from the public key alone.
        tool("openssl", "x509", "-new", "-force_pubkey", "made.pub", "-subj", "/CN=made", "-CA", "p384.crt", "-CAkey",
             "p384.key", "-days", "9", "-out", "made.crt")
        put = run("keys", "import-cert", "made.crt", "--in", "nss:pinned", "--label", f"cert {kind}", *PASSWORD, word=PIN)
        checks.equal(put.returncode, 0, f"import of a certificate: {put.stderr}")
        checks.contains(tool("certutil", "-L", "-d", "sql:pinned").stdout, f"cert {kind}", "certutil lists the certificate")
        listed = answer("keys", "find", f"nss:pinned?nickname=cert {kind}", *PASSWORD, word=PIN)
        checks.equal(listed["certificate"], "CN=made", "the certificate belongs to the key")
    copied = run("keys", "gen", "ed25519", "--in", "nss:pinned", "--label", "x", *PASSWORD, word=PIN)
    checks.equal(copied.returncode, 7, "a kind of key that tokens do not make")

    if SOFTHSM and shutil.which("softhsm2-util"):
        tool("modutil", "-dbdir", "sql:pinned", "-add", "SoftHSM", "-libfile", SOFTHSM, "-force")
        signs("nss:pinned?token=second&nickname=in hsm", "hsm.crt", word=PIN)
        refuses("nss:pinned?token=third&nickname=in hsm", "no such token", word=PIN)


def softhsm():
    if not SOFTHSM or not all(shutil.which(name) for name in ("softhsm2-util", "pkcs11-tool")):
        print("no SoftHSM or OpenSC: not tested")
        return
    (here / "tokens").mkdir()
    for label in ("first", "second"):
        tool("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN)
    module = f"module-path={SOFTHSM}"
    tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", "hsm.key", "-nodes", "-subj", "/CN=hsm", "-days", "30",
         "-out", "hsm.crt")
    tool("softhsm2-util", "--import", "hsm.key", "--token", "second", "--label", "in hsm", "--id", "a1b2", "--pin", PIN)
    for options in ([], ["--pss"], ["--digest", "sha-512"], ["--pss", "--digest", "sha-384"]):
        signs(f"pkcs11:token=second;object=in%20hsm?{module}", "hsm.crt", *options, word=PIN)
    signs(f"pkcs11:token=second;id=%a1%b2?{module}", "hsm.crt", word=PIN)
    signs(f"pkcs11:token=second?{module}&pin-source=file:pin", "hsm.crt", word="another")
    for kind in ("rsa:2048", "ec:P-256", "ec:P-384", "ec:P-521"):
        made = answer("keys", "gen", kind, "--in", f"pkcs11:token=first?{module}", "--label", kind, *PASSWORD, word=PIN)
        shown = tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", "first", "--login", "--pin", PIN, "-O", "--type", "privkey")
        checks.contains(shown.stdout, made["key"]["nssId"], f"pkcs11-tool sees the new {kind} key")
        checks.contains(shown.stdout, "never extractable", f"the new {kind} key stays in the token")
        run("keys", "export-pub", f"pkcs11:token=first;object={kind}?{module}", "-o", "made.pub", *PASSWORD, word=PIN)
        tool("openssl", "x509", "-new", "-force_pubkey", "made.pub", "-subj", "/CN=made", "-CA", "p384.crt", "-CAkey",
             "p384.key", "-days", "9", "-out", "made.crt")
        put = run("keys", "import-cert", "made.crt", "--in", f"pkcs11:token=first?{module}", "--label", f"{kind} cert",
                  *PASSWORD, word=PIN)
        checks.equal(put.returncode, 0, f"import: {put.stderr}")
        signed = run("cms", "sign", "data", "--key", f"pkcs11:token=first;object={kind}?{module}", "--cert", "made.crt",
                     *PASSWORD, "-o", "made.der", word=PIN)
        checks.equal(signed.returncode, 0, f"sign with the new {kind} key: {signed.stderr}")
        judged = tool("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "made.der", "-CAfile", "p384.crt",
                      "-purpose", "any", "-out", "content", check=False)
        checks.equal(judged.returncode, 0, f"OpenSSL verifies the new {kind} key: {judged.stderr}")
    listed = answer("keys", "list", f"pkcs11:?{module}")
    checks.equal(sorted(t["label"] for t in listed["tokens"]), ["first", "second"], "both tokens")
    objects = answer("keys", "list", f"pkcs11:token=first?{module}", *PASSWORD, word=PIN)["tokens"][0]["objects"]
    checks.equal(sum(o["kind"] == "private key" for o in objects), 4, "private keys in the list")
    without = run("keys", "list", f"pkcs11:token=first?{module}")
    checks.contains(without.stderr, "only with its PIN", "a list without the PIN")
    refuses(f"pkcs11:?{module}", "several tokens fit", word=PIN)
    refuses(f"pkcs11:token=none?{module}", "no such token", word=PIN)
    refuses(f"pkcs11:token=first;slot-id=0?{module}", "slot-id", word=PIN)
    refuses("pkcs11:token=first?module-path=/none.so", "cannot be loaded", word=PIN)
    refuses(f"pkcs11:token=first;object=x?{module}&pin-value={PIN}", 'no private key "x"', word="another")
    refuses(f"pkcs11:token=first;object=ec:P-256?{module}", "tries are left", word="wrong")


def no_secret_was_shown():
    everything = "".join(said)
    for secret in (PIN, CANARY):
        checks.that(secret not in everything, "a password or PIN was printed")


make_keys()
pkcs12()
new_files()
(here / "pin").write_text(PIN + "\n")
softhsm()
nss()
no_secret_was_shown()
checks.finish()
