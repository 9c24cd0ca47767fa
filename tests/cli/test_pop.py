"""cmcctl pop and shared-token. OpenSSL opens the challenges and tokens, Python computes witness and thePOP, and Dogtag's
client has answered Dogtag's."""

import hashlib
import hmac
import json
import os
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
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-pop-")
here = Path(scratch.name)
CA_KEY, AGENT_KEY = ec_key(), ec_key()
CA = certificate("CA", CA_KEY, "CA", CA_KEY, basic_constraints(), key_usage(SIGNATURE, CERT_SIGN, CRL_SIGN), serial=1)
AGENT = certificate("agent", AGENT_KEY, "CA", CA_KEY, key_usage(SIGNATURE), serial=2)
SERVER = ["--sign-with", "ca.key", "--cert", "ca.crt"]
CLIENT = ["--sign-with", "agent.key", "--cert", "agent.crt"]


def run(*arguments):
    return cmcctl(*map(str, arguments), cwd=here)


def done(what, *arguments):
    result = run(*arguments)
    checks.equal((result.returncode, result.stdout, result.stderr), (0, "", ""), what)


def write_secret(file, content):
    (here / file).write_bytes(content)
    (here / file).chmod(0o600)


def openssl_run(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], cwd=here, input=data, capture_output=True).stdout


for one, key, der in (("ca", CA_KEY, CA), ("agent", AGENT_KEY, AGENT)):
    write_secret(one + ".key", key.pem)
    (here / (one + ".crt")).write_bytes(der)


def challenge_of(file):
    content = content_of_signed((here / file).read_bytes())
    found = values_of(content)
    request, cms, mac, witness_algorithm, witness = elements(inside(found[ENCRYPTED_POP], 0))
    return found, request[1], cms[1], mac[1], witness_algorithm[1], witness[2]


def the_pop_of(file):
    return elements(inside(values_of(content_of_signed((here / file).read_bytes()))[DECRYPTED_POP], 0))


def verify_answer(file, value):
    result = run("verify", "--json", "--trust", "ca.crt", "--at", "2026-06-01", "--proof-value", "file:" + value, file)
    parts = json.loads(result.stdout)["parts"]
    return result.returncode, [(check["name"], check["verdict"]) for part in parts for check in part["checks"]
                               if check["name"] in ("possession", "decrypted POP")]


def rfc_form():
    """Every kind of key; OpenSSL decrypts, Python computes."""
    keys = {"rsa": rsa_key(2048), "p256": ec_key(), "p521": Key("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"),
            "x25519": Key("-algorithm", "X25519")}
    for kind, key in keys.items():
        write_secret(kind + ".key", key.pem)
        for extensions, more in (((), []), ((subject_key_identifier(b"\x11" * 20),), []), ((), ["--oaep", "sha256"])):
            if more and kind != "rsa":
                continue
            what = f"{kind} {more} {len(extensions)}"
            request = crm(7, "me", key.public, extensions=extensions)
            controls = [control(2, TRANSACTION, integer(4711)), control(3, SENDER_NONCE, octet_string(b"client's"))]
            (here / "request").write_bytes(pki_data(controls, [request]))
            (here / "value").unlink(missing_ok=True)
            done(what + ": challenge", "pop", "challenge", "request", *SERVER, *more, "--proof-value", "value", "--force", "-o", "response")
            checks.equal(oct((here / "value").stat().st_mode & 0o777), "0o600", what + ": the proof value is a secret")
            found, embedded, cms, mac, hash_algorithm, witness = challenge_of("response")
            checks.equal(embedded, request, what + ": the request, octet for octet")
            checks.equal((found[RECIPIENT_NONCE], found[TRANSACTION]), (octet_string(b"client's"), integer(4711)), what + ": nonces")
            checks.equal(inside(found[STATUS], 0)[:3], integer(6), what + ": popRequired")
            (here / "cms").write_bytes(cms)
            value = openssl_run("cms", "-decrypt", "-binary", "-inform", "DER", "-in", "cms", "-inkey", kind + ".key")
            if kind != "x25519":  # OpenSSL 3.0 has no X25519 in CMS
                checks.equal(value.hex(), (here / "value").read_text().strip(), what + ": OpenSSL decrypts the proof value")
            value = bytes.fromhex((here / "value").read_text())
            checks.equal((len(value), hash_algorithm, mac), (64, SHA256, HMAC_SHA256), what + ": algorithms")
            checks.equal(witness, hashlib.sha256(value).digest(), what + ": the witness")
            named = name() if not extensions else b"\x11" * 20
            checks.that((sequence() + integer(7) in cms) if not extensions else tlv(0x80, named) in cms or octet_string(named) in cms,
                        what + ": the recipient is named by key identifier, or NULL issuer and body part")
            done(what + ": answer", "pop", "answer", "response", "--key", kind + ".key", "--request", "request", *CLIENT, "--force",
                 "-o", "next")
            part, algorithm_, proof = the_pop_of("next")
            checks.equal((part[1], algorithm_[1], proof[2]), (integer(7), mac, hmac.digest(value, request, "sha256")), what + ": thePOP")
            answer = values_of(content_of_signed((here / "next").read_bytes()))
            checks.equal((answer[RECIPIENT_NONCE], answer[TRANSACTION]), (found[SENDER_NONCE], found[TRANSACTION]), what + ": goes on")
            checks.that(answer[SENDER_NONCE] not in (found[SENDER_NONCE], octet_string(b"client's")), what + ": a new senderNonce")
            checks.equal(verify_answer("next", "value"), (0, [("possession", "pass"), ("decrypted POP", "pass")]), what + ": verified")
            (here / "wrong").write_text("00" * 64)
            (here / "wrong").chmod(0o600)
            checks.equal(verify_answer("next", "wrong"), (1, [("possession", "unknown"), ("decrypted POP", "fail")]), what + ": wrong")


def dogtag_form():
    """Dogtag's challenges get Dogtag's answers; ours in its form open as its client opens them."""
    for folder in ("ca", "ca-ec"):
        case = DOGTAG / folder / "pop-challenge-rsa"
        write_secret("subject.key", (case / "key.pem").read_bytes())
        done(folder + ": answer", "pop", "answer", case / "resp.bin", "--key", "subject.key", "--request", case / "cmc.req", *CLIENT,
             "--force", "-o", "next")
        theirs = values_of(content_of_signed((case / "cmc2.req").read_bytes()))
        ours = values_of(content_of_signed((here / "next").read_bytes()))
        checks.equal(ours[DECRYPTED_POP], theirs[DECRYPTED_POP], folder + ": decryptedPOP of Dogtag's client")
        checks.equal(ours[18], theirs[18], folder + ": regInfo of Dogtag's client")
        requests = [elements(inside(content_of_signed(file.read_bytes()), 0))[1][1] for file in (case / "cmc2.req", here / "next")]
        checks.equal(requests[1], requests[0], folder + ": reqSequence of Dogtag's client")

        for more, padding in (([], "pkcs1"), (["--oaep", "sha256"], "oaep")):
            what = f"{folder}: our challenge, {padding}"
            (here / "value").unlink(missing_ok=True)
            done(what, "pop", "challenge", case / "cmc.req", "--profile", "dogtag", *more, *SERVER, "--proof-value", "value", "--force",
                 "-o", "response")
            found, request, cms, mac, _, witness = challenge_of("response")
            data = elements(inside(cms, 0, 1, 0))
            recipient = elements(inside(data[1][1], 0, 0))
            oaep = ["-pkeyopt", "rsa_oaep_md:sha256"] if more else []
            session = openssl_run("pkeyutl", "-decrypt", "-inkey", "subject.key", "-pkeyopt", "rsa_padding_mode:" + padding, *oaep,
                                  data=recipient[3][2])
            iv = elements(inside(mac, 0))[1][2]
            ciphertext = elements(data[2][2])[2][2]
            value = openssl_run("enc", "-d", "-aes-128-cbc", "-nopad", "-K", session.hex(), "-iv", iv.hex(), data=ciphertext)
            checks.equal((value.hex(), witness), ((here / "value").read_text().strip(), hashlib.sha256(value).digest()), what + ": opened")
            checks.equal(recipient[2][1], algorithm("1.2.840.113549.1.1.1", NULL), what + ": says rsaEncryption either way")
            done(what + ": answer", "pop", "answer", "response", "--key", "subject.key", *CLIENT, "--force", "-o", "next")
            checks.equal(the_pop_of("next")[2][2], hmac.digest(value, request, "sha256"), what + ": thePOP")


def refusals():
    key = rsa_key(2048)
    write_secret("subject.key", key.pem)
    (here / "request").write_bytes(pki_data([], [crm(7, "me", key.public), tcr(8, pkcs10("me", key))]))
    (here / "value").unlink(missing_ok=True)
    done("challenge", "pop", "challenge", "request", *SERVER, "--proof-value", "value", "--force", "-o", "response")
    witness = challenge_of("response")[5]
    (here / "changed").write_bytes((here / "response").read_bytes().replace(witness, bytes(32)))
    abort = ["pop", "answer", "changed", "--key", "subject.key", *CLIENT, "-o", "abort"]
    result = run(*abort)
    checks.equal((result.returncode, (here / "abort").exists()), (1, False), "a witness that is wrong")
    checks.contains(result.stderr, "--abort", "and what to do")
    result = run(*abort, "--abort")
    checks.equal(result.returncode, 1, "aborted")
    found = elements(inside(values_of(content_of_signed((here / "abort").read_bytes()))[STATUS], 0))
    checks.equal([one[1] for one in found], [integer(2), ids(7), integer(9)], "failed, popFailed for the request")
    other = rsa_key(2048)
    write_secret("other.key", other.pem)
    (here / "other").write_bytes(pki_data([], [crm(7, "you", key.public)]))
    (here / "two").write_bytes(pki_data([], [crm(7, "me", key.public), crm(8, "me", key.public)]))
    (here / "proved").write_bytes(pki_data([], [tcr(8, pkcs10("me", key))]))
    x25519 = Key("-algorithm", "X25519")
    (here / "agreeing").write_bytes(pki_data([], [crm(7, "me", x25519.public)]))
    for arguments, code, part in [
        (["answer", "response", "--key", "other.key", *CLIENT], 7, "body part 7"),
        (["answer", "response", "--key", "subject.key", "--request", "other", *CLIENT], 1, "CMC-5272-6.7-06"),
        (["answer", "response", "--key", "subject.key"], 2, "--sign-with"), (["answer", "response", *CLIENT], 2, "--key"),
        (["answer", "request", "--key", "subject.key", *CLIENT], 3, "no encryptedPOP"),
        (["answer", "missing", "--key", "subject.key", *CLIENT], 4, "missing"),
        (["challenge", "two", *SERVER], 2, "--part"), (["challenge", "proved", *SERVER], 2, "--part"),
        (["challenge", "request", "--part", "9", *SERVER], 2, "body part identifier 9"), (["challenge", "request"], 2, "--sign-with"),
        (["challenge", "response", *SERVER], 2, "no Full PKI Request"),
        (["challenge", "agreeing", "--profile", "dogtag", *SERVER], 7, "X25519"),
        (["challenge", "request", *SERVER, "--proof-value", "value"], 4, "value"),
    ]:
        result = run("pop", *arguments, "-o", "never")
        checks.equal((result.returncode, (here / "never").exists()), (code, False), " ".join(arguments) + ": " + result.stderr)
        checks.contains(result.stderr, part, " ".join(arguments))
    result = run("pop", "challenge", "request", *SERVER, "-o", "response")
    checks.equal(result.returncode, 4, "nothing is overwritten")


def shared_tokens():
    tools, ca = DOGTAG / "tools", DOGTAG / "ca"
    for key, token, secret in ((tools / "pki/issuance.key", tools / "shrtok-b/out.b64", "testing"),
                               (tools / "pki/issuance.key", tools / "shrtok-16/out.b64", "0123456789abcdef"),
                               (ca / "pki/ca_issuance_protection.key", ca / "pki/shrtok.b64", "testing")):
        write_secret("issuance.key", key.read_bytes())
        opened = run("shared-token", "open", token, "--key", "issuance.key")
        checks.equal((opened.returncode, opened.stdout, opened.stderr), (0, secret + "\n", ""), f"{token}")
        for expected, code in ((secret, 0), (secret + "x", 1)):
            write_secret("secret", expected.encode())
            checked = run("shared-token", "check", token, "--key", "issuance.key", "--secret", "file:secret")
            checks.equal(checked.returncode, code, f"{token}: {checked.stdout}{checked.stderr}")
            checks.that(secret not in checked.stdout + checked.stderr, "the secret is not shown")
    write_secret("issuance.key", (tools / "pki/issuance.key").read_bytes())
    write_secret("secret", "pässword".encode())
    for more, padding in (([], "pkcs1"), (["--oaep"], "oaep")):
        done("make", "shared-token", "make", "--for", tools / "pki/issuance.pem", "--secret", "file:secret", *more, "--force", "-o", "token")
        lines = (here / "token").read_bytes().split(b"\r\n")
        checks.equal((max(map(len, lines)), lines[-1]), (76, b""), "base64 as Dogtag writes it")
        der = openssl_run("base64", "-d", "-A", data=b"".join(lines))
        session, passphrase = elements(inside(der, 0))
        oaep = ["-pkeyopt", "rsa_oaep_md:sha256"] if more else []
        key = openssl_run("pkeyutl", "-decrypt", "-inkey", "issuance.key", "-pkeyopt", "rsa_padding_mode:" + padding, *oaep, data=session[2])
        text = openssl_run("enc", "-d", "-aes-128-cbc", "-K", key.hex(), "-iv", "01" * 16, data=passphrase[2])
        checks.equal(text.decode(), "pässword", "OpenSSL opens our token")
        opened = run("shared-token", "open", "token", "--key", "issuance.key")
        checks.equal(opened.stdout, "pässword\n", "and we ourselves")
    opened = run("shared-token", "open", "token", "--key", "issuance.key", "-o", "opened")
    checks.equal(((here / "opened").read_text(), oct((here / "opened").stat().st_mode & 0o777)), ("pässword", "0o600"), "into a file")
    for arguments, code, part in [
        (["make", "--for", tools / "pki/issuance.pem", "--secret", "file:secret", "-o", "token"], 4, "exists"),
        (["make", "--for", "agent.crt", "--secret", "file:secret"], 7, "EC P-256"), (["make"], 2, "--for"),
        (["open", "token", "--key", "agent.key"], 7, ""), (["open", "agent.crt", "--key", "issuance.key"], 3, "OCTET STRING"),
        (["open", "token", "--key", "issuance.key", "-o", "opened"], 4, "opened"), (["check", "token"], 2, "--secret"),
    ]:
        result = run("shared-token", *arguments)
        checks.equal(result.returncode, code, f"{arguments}: {result.stderr}")
        checks.contains(result.stderr, part, f"{arguments}")


rfc_form()
dogtag_form()
refusals()
shared_tokens()
checks.finish()
