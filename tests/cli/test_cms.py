"""cmcctl cms encrypt, decrypt, mac and unwrap, with OpenSSL on the other side."""

import json
import os
import tempfile

from _recipients import CONTENT, KEK, KEK_ID, PASSWORD, make_recipients, openssl
from _run import Checks, cmcctl

CHECKS = Checks()
SIGNED_DATA = "1.2.840.113549.1.7.2"


def content_of(folder, name="opened"):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        content = file.read()
    os.remove(path)
    return content


# what makes it, what opens it, and the same for OpenSSL
WHO = {
    "RSA": (["-r", "rsa.crt"], ["--key", "rsa.pem", "--cert", "rsa.crt"], ["-recip", "rsa.crt"], ["-inkey", "rsa.pem", "-recip", "rsa.crt"]),
    "RSA, no certificate": (["-r", "rsa.crt"], ["--key", "rsa.pem"], ["-recip", "rsa.crt"], ["-inkey", "rsa.pem"]),
    "RSA OAEP SHA-1": (["-r", "rsa.crt", "--oaep", "sha1"], ["--key", "rsa.pem", "--cert", "rsa.crt"],
                       ["-recip", "rsa.crt", "-keyopt", "rsa_padding_mode:oaep"], ["-inkey", "rsa.pem", "-recip", "rsa.crt"]),
    "RSA OAEP SHA-256": (["-r", "rsa.crt", "--oaep", "sha256"], ["--key", "rsa.pem", "--cert", "rsa.crt"],
                         ["-recip", "rsa.crt", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"],
                         ["-inkey", "rsa.pem", "-recip", "rsa.crt"]),
    "RSA by key identifier": (["-r", "rsa.crt", "--key-id"], ["--key", "rsa.pem", "--cert", "rsa.crt"],
                              ["-keyid", "-recip", "rsa.crt"], ["-inkey", "rsa.pem", "-recip", "rsa.crt"]),
    "ECDH": (["-r", "ec.crt"], ["--key", "ec.pem", "--cert", "ec.crt"], ["-recip", "ec.crt"], ["-inkey", "ec.pem", "-recip", "ec.crt"]),
    "ECDH SHA-512": (["-r", "ec.crt", "--kdf", "sha512"], ["--key", "ec.pem", "--cert", "ec.crt"],
                     ["-recip", "ec.crt", "-keyopt", "ecdh_kdf_md:sha512"], ["-inkey", "ec.pem", "-recip", "ec.crt"]),
    "KEK": (["--kek", f"{KEK_ID}=file:kek"], ["--kek", f"{KEK_ID}=file:kek"], ["-secretkey", KEK, "-secretkeyid", KEK_ID],
            ["-secretkey", KEK, "-secretkeyid", KEK_ID]),
    "password": (["--password", "file:secret", "--iterations", "5000"], ["--password", "file:secret"],
                 ["-pwri_password", PASSWORD], ["-pwri_password", PASSWORD]),
}


def run(folder, *arguments):
    return cmcctl("cms", *arguments, cwd=folder)


def both_ways(folder):
    for name, (makes, opens, openssl_makes, openssl_opens) in WHO.items():
        for cipher in ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"]:
            what = f"{name}, {cipher}"
            made = run(folder, "encrypt", *makes, "--cipher", cipher, "--tag", "16", "-o", "out.p7m", "content")
            CHECKS.equal((made.returncode, made.stdout, made.stderr), (0, "", ""), what + ": encrypt")
            CHECKS.that(openssl(folder, "cms", "-decrypt", "-binary", "-inform", "DER", "-in", "out.p7m", "-out", "opened",
                                *openssl_opens), what + ": OpenSSL opens ours")
            CHECKS.equal(content_of(folder), CONTENT, what + ": what OpenSSL reads")
            run(folder, "decrypt", *opens, "-o", "opened", "out.p7m")
            CHECKS.equal(content_of(folder), CONTENT, what + ": what we read of ours")
            if name == "password" and cipher.endswith("gcm"):
                continue  # OpenSSL takes the content's cipher for PWRI-KEK, too
            CHECKS.that(openssl(folder, "cms", "-encrypt", "-binary", "-" + cipher, "-in", "content", "-outform", "DER",
                                "-out", "theirs.p7m", *openssl_makes), what + ": OpenSSL makes it")
            opened = run(folder, "decrypt", *opens, "-o", "opened", "theirs.p7m")
            CHECKS.equal(opened.returncode, 0, what + ": we open OpenSSL's: " + opened.stderr)
            CHECKS.equal(content_of(folder), CONTENT, what + ": what we read of OpenSSL's")
    CHECKS.that(openssl(folder, "cms", "-encrypt", "-binary", "-des3", "-in", "content", "-outform", "DER", "-out", "theirs.p7m",
                        "rsa.crt"), "OpenSSL makes triple DES")
    opened = run(folder, "decrypt", "--key", "rsa.pem", "-o", "opened", "theirs.p7m")
    CHECKS.equal(content_of(folder), CONTENT, "triple DES is read")
    CHECKS.contains(opened.stderr, "cipher: unknown: DES-EDE3-CBC, which is too weak today", "and reported")


def in_and_out_of_layers(folder):
    CHECKS.that(openssl(folder, "cms", "-sign", "-binary", "-nodetach", "-in", "content", "-signer", "rsa.crt", "-inkey", "rsa.pem",
                        "-outform", "DER", "-out", "signed"), "OpenSSL signs")
    with open(os.path.join(folder, "signed"), "rb") as file:
        signed = file.read()
    steps = [
        ["encrypt", "-r", "ec.crt", "--cipher", "aes-256-gcm", "-o", "layer-1", "signed"],
        ["mac", "--password", "file:secret", "--iterations", "1000", "-o", "layer-2", "layer-1"],
        ["encrypt", "-r", "rsa.crt", "--to", "pem", "-o", "layer-3", "layer-2"],
    ]
    for step in steps:
        CHECKS.equal(run(folder, *step).returncode, 0, " ".join(step))
    opens = ["--key", "rsa.pem", "--key", "ec.pem", "--cert", "ec.crt", "--password", "file:secret"]
    unwrapped = run(folder, "unwrap", "--json", *opens, "-o", "opened", "layer-3")
    CHECKS.equal(unwrapped.returncode, 0, "unwrap: " + unwrapped.stderr)
    CHECKS.equal(content_of(folder), signed, "what was signed is under three layers")
    layers = json.loads(unwrapped.stdout)["layers"]
    CHECKS.equal([layer["kind"] for layer in layers], ["EnvelopedData", "AuthenticatedData", "AuthEnvelopedData"], "the layers")
    CHECKS.equal(layers[-1]["contentType"], SIGNED_DATA, "the innermost type")
    CHECKS.equal([layer["verdict"] for layer in layers], ["unknown", "pass", "pass"], "CBC alone proves nothing")
    run(folder, "decrypt", *opens, "-o", "opened", "layer-3")
    with open(os.path.join(folder, "layer-2"), "rb") as file:
        CHECKS.equal(content_of(folder), file.read(), "decrypt opens one layer")
    limited = run(folder, "unwrap", *opens, "--limit", "layers=2", "-o", "opened", "layer-3")
    CHECKS.equal((limited.returncode, content_of(folder)), (3, None), "layers are limited")
    CHECKS.contains(limited.stderr, "(limit layers)", "and the limit is named")
    nothing = run(folder, "unwrap", "-o", "opened", "signed")
    CHECKS.equal((nothing.returncode, content_of(folder)), (1, None), "SignedData has nothing to open")


def refusals(folder):
    run(folder, "encrypt", *WHO["KEK"][0], "-o", "out.p7m", "content")
    with open(os.path.join(folder, "other-kek"), "w", encoding="ascii") as file:
        file.write(KEK[::-1])
    wrong_key = run(folder, "decrypt", "--kek", f"{KEK_ID}=file:other-kek", "-o", "opened", "out.p7m")
    run(folder, "encrypt", *WHO["password"][0], "-o", "out.p7m", "content")
    wrong_password = run(folder, "decrypt", "--password", "file:kek", "-o", "opened", "out.p7m")
    run(folder, "encrypt", *WHO["KEK"][0], "--cipher", "aes-128-gcm", "-o", "out.p7m", "content")
    path = os.path.join(folder, "out.p7m")
    with open(path, "r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    wrong_tag = run(folder, "decrypt", *WHO["KEK"][1], "-o", "opened", "out.p7m")
    for result in [wrong_key, wrong_password, wrong_tag]:
        CHECKS.equal((result.returncode, result.stdout), (7, ""), "decryption failed")
        CHECKS.equal(result.stderr, wrong_key.stderr, "all failures look the same")
        CHECKS.contains(result.stderr, "decryption failed", "and say no more")
    CHECKS.equal(content_of(folder), None, "nothing is written")

    run(folder, "mac", *WHO["KEK"][0], "-o", "out.p7m", "content")
    with open(path, "rb") as file:
        good = file.read()
    with open(path, "wb") as file:
        file.write(good.replace(b"last line", b"lost line"))
    changed = run(folder, "decrypt", *WHO["KEK"][1], "--json", "-o", "opened", "out.p7m")
    CHECKS.equal((changed.returncode, content_of(folder)), (1, None), "a MAC that is wrong")
    checks = json.loads(changed.stdout)["layers"][0]["checks"]
    CHECKS.equal([c["name"] for c in checks if c["verdict"] == "fail"], ["mac"], "the check that failed")

    for arguments, code, part in [
        (["encrypt", "-o", "x", "content"], 2, "there is no recipient"),
        (["encrypt", "--kek", "xyz=file:kek", "-o", "x", "content"], 2, "--kek wants ID=SOURCE"),
        (["encrypt", "--kek", "6b31=file:content", "-o", "x", "content"], 7, "16, 24 or 32 octets"),
        (["encrypt", "--kek", "6b31=file:missing", "-o", "x", "content"], 7, "missing"),
        (["encrypt", "-r", "missing.crt", "-o", "x", "content"], 4, "missing.crt"),
        (["encrypt", "-r", "rsa.crt", "-o", "x", "missing"], 4, "missing"),
        (["encrypt", "-r", "rsa.crt", "--type", "1.2.x", "-o", "x", "content"], 3, "1.2.x"),
        (["decrypt", "--key", "missing.pem", "out.p7m"], 7, "missing.pem"),
        (["decrypt", "--key", "ec.pem", "-o", "x", "out.p7m"], 7, "no key is found"),
        (["decrypt", "--key", "rsa.pem", "-o", "x", "content"], 3, "content"),
    ]:
        result = run(folder, *arguments)
        CHECKS.equal(result.returncode, code, " ".join(arguments) + ": " + result.stderr)
        CHECKS.contains(result.stderr, part, " ".join(arguments))
    visible = run(folder, "mac", "--password", "pass:" + PASSWORD, "--iterations", "1", "-o", "out.p7m", "content")
    CHECKS.contains(visible.stderr, "warning: other users can see the password", "a password on the command line")
    CHECKS.that(PASSWORD not in visible.stderr, "the password is not repeated")


with tempfile.TemporaryDirectory() as scratch:
    make_recipients(scratch)
    both_ways(scratch)
    in_and_out_of_layers(scratch)
    refusals(scratch)
CHECKS.finish()
