"""cmcctl request cmc, revoke, get-cert, get-crl, confirm and query-pending, and respond: OpenSSL verifies and decrypts them,
Dogtag's own messages are the pattern."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile

import _cmc
from _run import Checks, cmcctl

CHECKS = Checks()
VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors", "dogtag", "tools")
CA = "CN=CA Signing Certificate,OU=cmcctl-test,O=EXAMPLE"
AGENT = ["--sign-with", "agent.key", "--cert", "agent.pem"]
AGENT_TOO = ["--sign-with", "agent.key", "--signer-cert", "agent.pem"]


def openssl(folder, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def prepare(folder):
    for name in ["agent", "user", "ca"]:
        for kind in ["key", "pem"]:
            shutil.copy(os.path.join(VECTORS, "pki", f"{name}.{kind}"), folder)
    for name in ["p10-rsa-ski", "p10-rsa2048", "p10-ec256", "crmf-rsa-pop", "crmf-rsa-ski"]:
        shutil.copy(os.path.join(VECTORS, name, "req.pem"), os.path.join(folder, name + ".pem"))
        shutil.copy(os.path.join(VECTORS, name, "key.pem"), os.path.join(folder, name + ".key"))
    for name in os.listdir(folder):
        os.chmod(os.path.join(folder, name), 0o600)
    for name, secret in {"secret": "testing", "other": "Top Secret 256/256"}.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(secret + "\n")


def run(folder, *arguments):
    return cmcctl(*arguments, cwd=folder)


def make(folder, out, *arguments):
    """Makes a message without a word on stdout or stderr."""
    result = run(folder, *arguments, "-o", out, "--force")
    CHECKS.equal((result.returncode, result.stdout, result.stderr), (0, "", ""), " ".join(arguments))


def controls(folder, message):
    """Name and identifier of each control, as inspect shows them."""
    text = run(folder, "inspect", message).stdout
    return [(name, int(number)) for number, name in re.findall(r"^    \[(\d+)\] (\w+)", text, re.MULTILINE)]


def difference(folder, ours, vector):
    """What is not as Dogtag made it, without what has to differ: random parts, and the chain that NSS puts in."""
    theirs = os.path.join(VECTORS, vector, "out.bin")
    text = run(folder, "diff", "--ignore", "nonce,time,signature", ours, theirs).stdout
    return [line for line in text.splitlines()
            if not re.fullmatch(r"(\d+|no) differences?(, \d+ ignored)?", line) and "SignedData.certificates" not in line
            and ("macAlg" not in line or "parameters" not in line)]


def as_dogtag_makes_them(folder):
    dogtag = ["--profile", "dogtag", "--no-nonce"]
    enroll = ["--self-sign", "--sign-with", "p10-rsa-ski.key", "--identification", "testuser"]
    make(folder, "m", "request", "cmc", "p10-rsa-ski.pem", *enroll, "--secret", "file:other", *dogtag)
    lines = difference(folder, "m", "cmc-ss-p10-idv2-256-256")
    CHECKS.equal([line for line in lines if "MessageDigest" not in line], [], "identity proof")
    make(folder, "m", "request", "cmc", "p10-rsa2048.pem", "p10-ec256.pem", *AGENT, "--identification", "me",
         "--control", "dataReturn=abc", "--sender-nonce", "n1", "--transaction-id", "13362", "--profile", "dogtag")
    CHECKS.equal(difference(folder, "m", "cmc-multi-p10-2-controls"), [], "two requests with controls")
    make(folder, "m", "request", "cmc", "crmf-rsa-pop.pem", *AGENT, *dogtag)
    CHECKS.equal(difference(folder, "m", "cmc-agent-crmf-rsa-pop"), [], "CRMF")
    make(folder, "m", "request", "revoke", "--issuer", CA, "--serial", "17", "--comment", "lost", "--secret", "file:secret",
         *dogtag)
    CHECKS.equal(difference(folder, "m", "cmc-rev-sharedsecret"), [], "revocation by secret")
    with open(os.path.join(folder, "m"), "rb") as ours, \
            open(os.path.join(VECTORS, "cmc-rev-sharedsecret", "out.bin"), "rb") as theirs:
        CHECKS.that(ours.read() == theirs.read(), "revocation by secret, octet by octet")
    make(folder, "m", "request", "revoke", "--issuer", CA, "--serial", "61", *AGENT_TOO, *dogtag)
    CHECKS.equal(difference(folder, "m", "cmc-rev-unspecified"), [], "revocation, signed")


def with_pop_link(folder):
    for request, key in [("p10-rsa-ski.pem", "p10-rsa-ski.key"), ("crmf-rsa-ski.pem", "crmf-rsa-ski.key")]:
        make(folder, "m", "request", "cmc", request, "--self-sign", "--request-key", key, "--secret", "file:secret",
             "--identification", "me", "--pop-link", "--identity-proof", "both")
        text = run(folder, "inspect", "m").stdout
        for word in ["popLinkRandom", "popLinkWitness", "identityProof", "identityProofV2"]:
            CHECKS.contains(text, word, request)
        CHECKS.contains(run(folder, "verify", "m").stdout, "possession", request)
        CHECKS.that("fail" not in run(folder, "verify", "--json", "m").stdout.replace('"fail": 0', ""), request + " verifies")
        ids = [number for _, number in controls(folder, "m")]
        CHECKS.equal(len(ids), len(set(ids)), "identifiers of " + request)


def outer_layers(folder):
    make(folder, "m", "request", "cmc", "p10-rsa2048.pem", *AGENT)
    seen = openssl(folder, "cms", "-verify", "-inform", "DER", "-in", "m", "-CAfile", "ca.pem", "-purpose", "any", "-binary",
                   "-out", "content")
    CHECKS.that(seen.returncode == 0, "OpenSSL verifies: " + seen.stderr)
    make(folder, "sealed", "request", "cmc", "p10-rsa2048.pem", *AGENT, "--encrypt-to", "user.pem")
    seen = openssl(folder, "cms", "-decrypt", "-inform", "DER", "-in", "sealed", "-inkey", "user.key", "-recip", "user.pem",
                   "-binary", "-out", "opened")
    CHECKS.that(seen.returncode == 0, "OpenSSL decrypts: " + seen.stderr)
    make(folder, "sealed", "request", "cmc", "p10-rsa2048.pem", *AGENT, "--encrypt-to", "user.pem", "--gcm")
    opened = run(folder, "cms", "decrypt", "--key", "user.key", "--cert", "user.pem", "-o", "opened", "sealed")
    CHECKS.equal(opened.returncode, 0, "AuthEnvelopedData")
    make(folder, "m", "request", "cmc", "p10-rsa2048.pem", "--mac-with-secret", "--identification", "me", "--secret",
         "file:secret")
    with open(os.path.join(folder, "both"), "w", encoding="utf-8") as file:
        file.write("metesting")  # the identification comes first here
    CHECKS.equal(run(folder, "cms", "unwrap", "--password", "file:both", "-o", "opened", "m").returncode, 0, "MAC")
    make(folder, "m", "request", "cmc", "p10-rsa-ski.pem", "--no-signature")
    CHECKS.contains(run(folder, "inspect", "m").stdout, "noSignature", "no signature")
    make(folder, "m", "request", "cmc", "p10-rsa2048.pem", *AGENT, "--sign-with", "user.key", "--cert", "user.pem")
    CHECKS.contains(run(folder, "inspect", "m").stdout, "signer 2", "two signers")


def one_control(folder):
    for arguments, shown in [
            (["revoke", "--cert", "user.pem", "--reason", "keyCompromise", "--invalidity-date", "2026-01-01"], "keyCompromise"),
            (["revoke", "--issuer", CA, "--serial", "04:D2"], "0x04d2"),
            (["get-cert", "--issuer", "CN=x", "--serial", "0x04d2"], "0x04d2"),
            (["get-crl", "--issuer", "CN=x", "--reasons", "keyCompromise,aACompromise"], "aACompromise"),
            (["confirm", "--cert", "user.pem"], "confirmCertAcceptance"),
            (["confirm", "--reject", "--text", "not me"], "not me"),
            (["query-pending", "--token", "0a0b"], "0a0b")]:
        make(folder, "m", "request", *arguments, *AGENT_TOO)
        text = run(folder, "inspect", "m").stdout
        CHECKS.contains(text, shown, arguments[0])
        CHECKS.equal([number for _, number in controls(folder, "m")], [1, 2, 3], arguments[0])
    shown = run(folder, "request", "revoke", "--cert", "user.pem", "--secret", "file:secret", "--dry-run")
    CHECKS.contains(shown.stdout, "not signed", "unsigned revocation")
    CHECKS.that("testing" not in shown.stdout + shown.stderr, "the secret is not shown")


def registration_authority(folder):
    make(folder, "one", "request", "cmc", "p10-rsa2048.pem", *AGENT)
    make(folder, "m", "request", "cmc", "one", "one", "p10-ec256.pem", *AGENT, "--batch", "--lra-pop", "4", "--lra-pop",
         "2:2", "--add-ext", "3:2=1.2.3=0500", "--control-processed", "1,2.1", "--control",
         'raIdentityWitness=[2,1]')
    names = [name for name, _ in controls(folder, "m")]
    for name in ["batchRequests", "lraPOPWitness", "addExtensions", "controlProcessed", "raIdentityWitness"]:
        CHECKS.that(name in names, name)
    many = os.path.join(folder, "many.pem")
    with open(os.path.join(folder, "p10-rsa2048.pem"), encoding="utf-8") as file:
        request = file.read()
    with open(many, "w", encoding="utf-8") as file:
        file.write(request * 1000)
    make(folder, "m", "request", "cmc", "many.pem", *AGENT, "--secret", "file:secret", "--no-nonce")
    ids = re.findall(r'"bodyPartID": (\d+)', run(folder, "decode", "m").stdout)
    CHECKS.equal((len(ids), len(set(ids)), "0" in ids), (1001, 1001, False), "1000 requests")
    make(folder, "m", "request", "cmc", *["one"] * 1000, *AGENT, "--batch", "--no-nonce")
    shown = run(folder, "inspect", "--limit", "nested_messages=2000", "m")
    CHECKS.equal(shown.returncode, 0, "1000 messages in a batch")


def values_in(folder, message, number):
    """The DER of all controls id-cmc NUMBER, out of what OpenSSL takes out of the message."""
    seen = openssl(folder, "cms", "-verify", "-inform", "DER", "-in", message, "-noverify", "-binary", "-out", "content")
    CHECKS.that(seen.returncode == 0, "OpenSSL verifies: " + seen.stderr)
    with open(os.path.join(folder, "content"), "rb") as file:
        listed = [_cmc.elements(control) for _, _, control in _cmc.elements(_cmc.inside(file.read(), 0, 0))]
    return [values[2] for _, kind, values in listed if kind[1] == _cmc.oid(_cmc.CMC + str(number))]


def fingerprint(folder, certificate):
    shown = openssl(folder, "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").stdout
    return _cmc.octet_string(bytes.fromhex(shown.split("=")[1].replace(":", "")))


def own_options(folder):
    """modCertTemplate, raIdentityWitness and publishCert octet by octet."""
    sequence, ids, tlv, name = _cmc.sequence, _cmc.ids, _cmc.tlv, _cmc.name
    make(folder, "m", "request", "cmc", "one", "p10-ec256.pem", *AGENT, "--no-nonce", "--ra-identity", "1", "--ra-identity", "1.2",
         "--modify", "1:2=subject=CN=you", "--modify", "1:2=ext=1.2.3=0500", "--modify", "2=not-after=2027-01-31",
         "--modify", "1.5:3=subject=CN=you", "--remove", "2=subject", "--remove", "2=extKeyUsage", "--publish", "user.pem",
         "--publish-at", "web=uri:https://a/", "--publish-at", "dir:CN=x", "--unpublish", "agent.pem")
    you = _cmc.explicit(5, name("you"))
    CHECKS.equal(values_in(folder, "m", _cmc.MOD_TEMPLATE), [
        sequence(ids(1, 5), ids(3), sequence(you)),
        sequence(ids(1), ids(2), sequence(you, tlv(0xA9, _cmc.extension("1.2.3", _cmc.NULL)))),
        sequence(ids(0), ids(2), sequence(tlv(0xA4, tlv(0xA1, _cmc.utc_time("2027-01-31"))))),
        sequence(ids(0), ids(2), tlv(1, b"\0"), sequence(_cmc.explicit(5, sequence()), tlv(0xA9, _cmc.extension("2.5.29.37", b""))))],
        "--modify and --remove")
    CHECKS.equal(values_in(folder, "m", _cmc.RA_IDENTITY), [ids(1), ids(1, 2)], "--ra-identity")
    sha256 = _cmc.algorithm("2.16.840.1.101.3.4.2.1")
    places = sequence(sequence(_cmc.integer(2), _cmc.uri("https://a/")), sequence(_cmc.integer(0), _cmc.directory(name("x"))))
    CHECKS.equal(values_in(folder, "m", 30), [
        sequence(sha256, sequence(fingerprint(folder, "user.pem")), sequence(_cmc.integer(1), places)),
        sequence(sha256, sequence(fingerprint(folder, "agent.pem")), sequence(_cmc.integer(0)))], "--publish and --unpublish")
    make(folder, "m", "request", "cmc", "one", *AGENT, "--publish", "user.pem", "--publish", "agent.pem")
    both = sequence(fingerprint(folder, "user.pem"), fingerprint(folder, "agent.pem"))
    CHECKS.equal(values_in(folder, "m", 30), [sequence(sha256, both, sequence(_cmc.integer(1)))], "two certificates, one control")


def responses(folder):
    make(folder, "q", "request", "cmc", "p10-rsa2048.pem", "p10-ec256.pem", *AGENT, "--control", "dataReturn=abc")
    make(folder, "a", "respond", "q", "--issue", "user.pem", *AGENT)
    CHECKS.equal([name for name, _ in controls(folder, "a")],
                 ["statusInfoV2", "transactionId", "senderNonce", "recipientNonce", "dataReturn"], "controls of a response")
    sent, answered = (run(folder, "inspect", name).stdout for name in "qa")
    nonce = re.search(r"senderNonce\s+(.*)", sent).group(1)
    CHECKS.equal(re.search(r"recipientNonce\s+(.*)", answered).group(1), nonce, "the nonce comes back")
    CHECKS.equal(re.search(r"transactionId\s+(.*)", answered).group(1), re.search(r"transactionId\s+(.*)", sent).group(1),
                 "the transaction identifier comes back")
    seen = openssl(folder, "cms", "-verify", "-inform", "DER", "-in", "a", "-noverify", "-binary", "-out", "content")
    CHECKS.that(seen.returncode == 0, "OpenSSL verifies a response: " + seen.stderr)
    make(folder, "a", "respond", "q", "--status", "4=failed:badIdentity", "--status", "pending:token,3600", "--text", "why",
         "--edition", "5272", *AGENT)
    text = run(folder, "inspect", "a").stdout
    for part in ["badIdentity \"why\"", "statusInfo ", "pending"]:
        CHECKS.contains(text, part, "statuses")
    make(folder, "next", "request", "query-pending", "a", *AGENT_TOO)
    CHECKS.contains(run(folder, "inspect", "next").stdout, "queryPending", "the token is taken from a response")
    CHECKS.contains(run(folder, "inspect", "next").stdout, "recipientNonce", "and the nonce")
    make(folder, "s.p7c", "respond", "q", "--issue", "user.pem", "--certs-only")
    seen = openssl(folder, "pkcs7", "-inform", "DER", "-in", "s.p7c", "-print_certs", "-noout")
    CHECKS.contains(seen.stdout, "jsmith", "OpenSSL reads a Simple PKI Response")
    make(folder, "a", "respond", "p10-rsa2048.pem", "--status", "failed:1.2.3=0500", *AGENT)
    CHECKS.contains(run(folder, "inspect", "a").stdout, "for body part 1", "status of a Simple PKI Request")
    make(folder, "outer", "respond", "q", "--response", "a", *AGENT)
    CHECKS.contains(run(folder, "inspect", "outer").stdout, "batchResponses", "responses inside")


def profiles(folder):
    make(folder, "ms", "request", "cmc", "p10-rsa-ski.pem", "--self-sign", "--sign-with", "p10-rsa-ski.key", "--profile", "ms")
    windows = os.path.join(VECTORS, "..", "..", "collected", "win11-certreq-cmc-sha256.der")
    # Of what certreq signs there is a SignerInfo of the same make: no time, and NULL beside both algorithms.
    ours, theirs = (json.loads(run(folder, "decode", file).stdout) for file in ("ms", windows))
    parts = [find(message, "signerInfos")[0] for message in (ours, theirs)]
    CHECKS.equal(*(part["digestAlgorithm"] for part in parts), "digestAlgorithm as certreq writes it")
    CHECKS.equal(*([attribute["type"] for attribute in part["signedAttrs"]] for part in parts),
                 "signed attributes as certreq writes them")
    CHECKS.contains(run(folder, "inspect", "ms").stdout, "controls            none", "no control but those asked for")
    make(folder, "est", "request", "cmc", "p10-rsa2048.pem", *AGENT, "--profile", "est")
    with open(os.path.join(folder, "est"), "rb") as text, open(os.path.join(folder, "est.der"), "wb") as der:
        der.write(base64.b64decode(text.read()))
    CHECKS.equal(openssl(folder, "cms", "-verify", "-inform", "DER", "-in", "est.der", "-CAfile", "ca.pem", "-purpose", "any",
                         "-out", "out").returncode, 0, "OpenSSL verifies the body for EST")
    make(folder, "der", "request", "cmc", "p10-rsa2048.pem", *AGENT, "--profile", "est", "--to", "der")
    with open(os.path.join(folder, "der"), "rb") as der:
        CHECKS.equal(der.read(1), b"\x30", "--to der prevails")


def find(value, name):
    """The first member of this name, wherever it is."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        value = list(value.values())
    if isinstance(value, list):
        return next((found for found in (find(one, name) for one in value) if found is not None), None)
    return None


def refusals(folder):
    self_sign = ["--self-sign", "--sign-with"]
    for code, word, arguments in [
            (2, "nothing protects", ["request", "cmc", "p10-rsa2048.pem"]),
            (2, "3.2", ["request", "cmc", "p10-rsa2048.pem", *self_sign, "p10-rsa2048.key"]),
            (7, "no request", ["request", "cmc", "p10-rsa-ski.pem", *self_sign, "agent.key"]),
            (7, "--request-key", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--pop-link", "--secret", "file:secret"]),
            (2, "certReqId", ["request", "cmc", "crmf-rsa-pop.pem", "crmf-rsa-pop.pem", *AGENT]),
            (2, "6.2.1", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--identity-proof", "v2"]),
            (2, "5272", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--edition", "5272", "--encrypt-to", "user.pem", "--gcm"]),
            (2, "8756", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--profile", "cnsa1"]),
            (2, "ML-DSA-87", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--profile", "cnsa2"]),
            (2, "8756-4-01", ["request", "cmc", "p10-rsa2048.pem", "--mac-with-secret", "--secret", "file:secret",
                              "--profile", "cnsa2"]),
            (2, "AD CS", ["request", "cmc", "p10-rsa2048.pem", "--no-signature", "--profile", "ms"]),
            (2, "AD CS", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--secret", "file:secret", "--profile", "ms"]),
            (2, "attribute", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--control", "popLinkWitness=x"]),
            (2, "PKIResponse only", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--control", "responseInfo=x"]),
            (2, "no control", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--control", "regInf=x"]),
            (2, "--batch", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--batch"]),
            (2, "3.2.2-07", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--lra-pop", "9"]),
            (2, "3.2.2-07", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--ra-identity", "9"]),
            (2, "no field is called 'key'", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--modify", "1=key=x"]),
            (2, "no field or extension", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--remove", "1=nothing"]),
            (2, "no time", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--modify", "1=not-after=soon"]),
            (2, "=FIELD=VALUE", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--modify", "1"]),
            (2, "body part identifiers", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--modify", "a=subject=CN=x"]),
            (2, "one identifier", ["request", "cmc", "one", *AGENT, "--lra-pop", "1.2:3"]),
            (2, "--publish-at is for", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--publish-at", "web"]),
            (2, "ldap:x", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--publish", "user.pem", "--publish-at", "ldap:x"]),
            (4, "No such file", ["request", "cmc", "p10-rsa2048.pem", *AGENT, "--unpublish", "missing"]),
            (3, "expected", ["request", "cmc", "agent.pem", *AGENT]),
            (4, "No such file", ["request", "cmc", "missing", *AGENT]),
            (7, "missing", ["request", "cmc", "p10-rsa2048.pem", "--sign-with", "missing"]),
            (2, "6.11", ["request", "revoke", "--cert", "user.pem"]),
            (2, "--issuer", ["request", "revoke", "--issuer", "CN=x", *AGENT_TOO]),
            (2, "serial", ["request", "revoke", "--issuer", "CN=x", "--serial", "4g", *AGENT_TOO]),
            (2, "nothing protects", ["request", "get-cert", "--cert", "user.pem"]),
            (2, "4.1", ["respond", "p10-rsa2048.pem", "--certs-only", "--status", "success"]),
            (2, "failInfo", ["respond", "p10-rsa2048.pem", "--status", "failed:bad", *AGENT]),
            (3, "expected", ["respond", "agent.pem", *AGENT])]:
        result = run(folder, *arguments, "-o", "refused")
        CHECKS.equal(result.returncode, code, " ".join(arguments) + ": " + result.stderr)
        CHECKS.contains(result.stderr, word, " ".join(arguments))
        CHECKS.that(not os.path.exists(os.path.join(folder, "refused")), "no file after: " + " ".join(arguments))
    result = run(folder, "request", "cmc", "p10-rsa2048.pem", *AGENT, "-o", "agent.pem")
    CHECKS.equal(result.returncode, 4, "an existing file stays")
    CHECKS.contains(result.stderr, "--force", "an existing file stays")


with tempfile.TemporaryDirectory() as work:
    prepare(work)
    for part in [as_dogtag_makes_them, with_pop_link, outer_layers, one_control, registration_authority, own_options,
                 responses, profiles, refusals]:
        part(work)
CHECKS.finish()
