"""cmcctl verify --secret: what a request proves. Python's hmac is the judge, and Dogtag's messages are the cases."""

import hashlib
import hmac
import json
import shutil
import sys
import tempfile
from pathlib import Path

from _cmc import *  # noqa: F403
from _run import Checks, cmcctl

if shutil.which("openssl") is None:
    sys.exit(77)

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-requests-")
here = Path(scratch.name)


def config(folder):
    lines = (line.strip() for line in (folder / "cmc.cfg").read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def parts_of(file, *arguments, secret=None):
    if secret is not None:
        (here / "secret").write_text(secret)
        (here / "secret").chmod(0o600)
        arguments += ("--secret", f"file:{here / 'secret'}")
    result = cmcctl("verify", "--json", *map(str, arguments), str(file))
    checks.equal(result.stderr, "", f"{file}")
    return result.returncode, json.loads(result.stdout)["parts"]


def check_named(parts, wanted):
    """The checks with this name, of all parts."""
    return [check for part in parts for check in part["checks"] if check["name"] == wanted]


def said(parts, wanted):
    return [(check["verdict"], check.get("rule", "")) for check in check_named(parts, wanted)]


# Dogtag's requests

IDENTITY = {"tools/cmc-ss-p10-idv2-256-256", "tools/cmc-ss-p10-idv2-512-512", "tools/cmc-ss-p10-popv2-256-256",
            "tools/cmc-ss-crmf-rsa", "tools/cmc-ss-p10-ec", "tools/cmc-ctl-idproof-v1", "ca/self-p10", "ca/self-p10-poplink"}
LINKED = {"tools/cmc-ss-p10-popv2-256-256", "tools/cmc-ss-crmf-rsa", "tools/cmc-ss-p10-ec", "ca/self-p10-poplink"}
HASHES = {oid(one): kind for one, kind in (("2.16.840.1.101.3.4.2.1", "sha256"), ("2.16.840.1.101.3.4.2.2", "sha384"),
                                           ("2.16.840.1.101.3.4.2.3", "sha512"))}
MACS = {oid(one): kind for one, kind in (("1.2.840.113549.2.9", "sha256"), ("1.2.840.113549.2.10", "sha384"),
                                         ("1.2.840.113549.2.11", "sha512"))}


def judge_v2(value, secret, identification, message):
    """Whether Python makes the same witness."""
    kind, mac, witness = elements(inside(value, 0))
    key = hashlib.new(HASHES[elements(kind[2])[0][1]], (secret + identification).encode()).digest()
    return hmac.digest(key, message, MACS[elements(mac[2])[0][1]]) == witness[2]


def dogtag():
    for case in sorted(IDENTITY):
        folder = DOGTAG / case
        file = folder / ("cmc.req" if case.startswith("ca/") else "out.bin")
        trust = ["--at", DOGTAG_TIME, "--trust", DOGTAG / ("ca/pki/ca_signing.pem" if case.startswith("ca/") else "tools/pki/ca.pem")]
        known = config(folder)
        secret = known.get("witness.sharedSecret") or known["identityProof.sharedSecret"]
        code, parts = parts_of(file, *trust, secret=secret)
        checks.equal(code, 0, case + ": with its secret: " + str(parts))
        checks.equal(said(parts, "identity proof"), [("pass", "")], case + ": identity proof")
        if case in LINKED:
            checks.equal(said(parts, "POP link"), [("pass", "")], case + ": POP link")
            checks.contains(check_named(parts, "POP link")[0]["text"], "secret and identification", case + ": the key that matched")
        code, parts = parts_of(file, *trust, secret=secret + "x")
        checks.equal((code, said(parts, "identity proof")), (1, [("fail", "CMC-5272-6.2.1-02")]), case + ": another secret")
        if case in LINKED:
            checks.equal(said(parts, "POP link"), [("fail", "CMC-5272-6.3.1.1-03")], case + ": POP link with another secret")
        code, parts = parts_of(file, *trust)
        checks.equal((code, said(parts, "identity proof")), (1, [("unknown", "")]), case + ": without the secret")
        checks.contains(check_named(parts, "identity proof")[0]["hint"], "--secret", case + ": what it would take")
        value = values_of(content_of_signed(file.read_bytes())).get(IDENTITY_V2)
        if value is not None:
            requests = elements(inside(content_of_signed(file.read_bytes()), 0))[1][1]
            checks.that(judge_v2(value, secret, known["identification"], requests), case + ": Python's witness")


def dogtag_wrong():
    wrong = DOGTAG / "ca/self-wrong-secret"
    code, parts = parts_of(wrong / "cmc.req", secret="testing")
    checks.equal((code, said(parts, "identity proof")), (1, [("fail", "CMC-5272-6.2.1-02")]), "Dogtag refused this one, too")
    code, parts = parts_of(DOGTAG / "ca/poplink-missing/cmc.req", secret="testing")
    checks.equal((code, said(parts, "POP link")), (0, []), "without random and witness the name is the link")
    # Dogtag's client left the proof out: nobody knows who signed.
    code, parts = parts_of(DOGTAG / "tools/cmc-ss-p10-idv2-256-384/out.bin", secret="Top Secret 256/384")
    checks.equal((code, [verdict for verdict, _ in said(parts, "path")]), (1, ["unknown"]), "no proof, no identity")
    file = DOGTAG / "tools/cmc-rev-sharedsecret/out.bin"
    for secret, expected in (("testing", (0, [("pass", "")])), ("other", (1, [("fail", "")])), (None, (1, [("unknown", "")]))):
        code, parts = parts_of(file, secret=secret)
        checks.equal((code, said(parts, "passphrase")), expected, f"revocation with {secret}")
    code, parts = parts_of(DOGTAG / "tools/cmc-ss-p10-idv2-256-256/out.bin", "--identification", "somebody", secret="Top Secret 256/256")
    checks.equal((code, said(parts, "identification")), (1, [("fail", "CMC-5272-6.2.3-01")]), "somebody else's secret")


# messages of our own

SECRET, WHO = "correct horse", "me"
KEY = rsa_key(2048)
CA_KEY, RA_KEY, AGENT_KEY = ec_key(), ec_key(), ec_key()
CA = certificate("CA", CA_KEY, "CA", CA_KEY, basic_constraints(), key_usage(CERT_SIGN, CRL_SIGN), serial=1)
RA = certificate("RA", RA_KEY, "CA", CA_KEY, key_usage(SIGNATURE), ext_key_usage(KP_CMC_RA), serial=2)
AGENT = certificate("agent", AGENT_KEY, "CA", CA_KEY, key_usage(SIGNATURE), serial=3)
(here / "ca.der").write_bytes(CA)
ECDSA = algorithm("1.2.840.10045.4.3.2")


def signed_request(content, key=AGENT_KEY, own=AGENT, serial=3):
    attributes = [attribute(CONTENT_TYPE, oid(PKI_DATA)), attribute(MESSAGE_DIGEST, octet_string(hashlib.sha256(content).digest()))]
    (here / "message").write_bytes(signed_data(PKI_DATA, content, [signer_info("CA", serial, attributes, key, kind=ECDSA)], [own]))
    return here / "message"


def by_ra(content):
    return signed_request(content, RA_KEY, RA, 2)


def verify(file, *arguments, secret=SECRET):
    return parts_of(file, "--trust", here / "ca.der", "--at", "2026-06-01", *arguments, secret=secret)


def identity(part, requests, who=WHO):
    key = hashlib.sha256((SECRET + who).encode()).digest()
    return control(part, IDENTITY_V2, sequence(SHA256, HMAC_SHA256, octet_string(hmac.digest(key, sequence(*requests), "sha256"))))


def witness(random, secret=SECRET):
    value = hmac.digest(hashlib.sha256(secret.encode()).digest(), random, "sha256")
    return sequence(oid(CMC + str(POP_LINK_V2)), set_of(sequence(SHA256, HMAC_SHA256, octet_string(value))))


def links():
    random = bytes(range(64))
    r = control(10, POP_LINK_RANDOM, octet_string(random))
    good, bare = pkcs10("me", KEY, witness(random)), pkcs10("me", KEY)
    wrong = pkcs10("me", KEY, witness(random, "another"))

    def link(controls, *requests):
        tagged = [tcr(i + 1, request) for i, request in enumerate(requests)]
        everything = [control(11, IDENTIFICATION, utf8(WHO)), identity(12, tagged), *controls]
        code, parts = verify(signed_request(pki_data(everything, tagged)))
        checks.equal(said(parts, "identity proof"), [("pass", "")], "our own proof, computed by Python")
        return code, said(parts, "POP link"), parts

    code, found, parts = link([r], good)
    checks.equal((code, found), (0, [("pass", "")]), "a witness keyed with the secret alone")
    checks.contains(check_named(parts, "POP link")[0]["text"], "the secret alone", "the key that matched")
    checks.equal(link([r], good, bare)[:2], (1, [("pass", ""), ("fail", "CMC-5272-6.3.1.1-06")]), "one of two has no witness")
    checks.equal(link([r], wrong)[:2], (1, [("fail", "CMC-5272-6.3.1.1-03")]), "another secret in the witness")
    checks.equal(link([], good)[:2], (1, [("fail", "CMC-5272-6.3.1.1-02")]), "no popLinkRandom")
    checks.equal(link([r, control(13, POP_LINK_RANDOM, octet_string(random))], good)[:2], (1, [("fail", "CMC-5272-6.3.1.3-01")]),
                 "two popLinkRandom")


def subjects():
    """Without a witness the names have to agree; whoever signs with a certificate is known by that."""
    for names, expected in ((("me", "me"), ["pass", "pass"]), (("me", "you"), ["pass", "fail"]), ((sequence(),), ["fail"])):
        tagged = [tcr(i + 1, pkcs10(one, KEY)) for i, one in enumerate(names)]
        content = pki_data([identity(12, tagged, "")], tagged)
        (here / "bare").write_bytes(content)
        code, parts = parts_of(here / "bare", secret=SECRET)
        checks.equal([verdict for verdict, _ in said(parts, "subject")], expected, f"subjects {len(names)}")
        checks.equal((code, said(parts, "signature")), (1, [("fail", "CMC-5272-2.2-01")]), "a Full PKI Request has to be signed")
        code, parts = verify(signed_request(content))
        checks.equal((code, said(parts, "subject")), (0, []), "the signer has a certificate")


def what_ras_say():
    no_proof = crm(1, "me", KEY.public)
    ra_verified = crm(1, "me", KEY.public, b"\x80\x00")
    seen = control(2, LRA_POP, sequence(integer(0), ids(1)))
    for what, content, name_of_check in (("raVerified", pki_data([], [ra_verified]), "possession"),
                                         ("lraPOPWitness", pki_data([seen], [no_proof]), "RA"),
                                         ("addExtensions", pki_data([control(2, ADD_EXTENSIONS, sequence(integer(0), ids(1), sequence(
                                             extension("2.5.29.17", sequence(dns("a"))))))], [tcr(1, pkcs10("me", KEY))]), "RA")):
        code, parts = verify(by_ra(content))
        checks.equal((code, said(parts, name_of_check)), (0, [("pass", "")]), what + " of an RA: " + str(parts))
        checks.equal([verdict for verdict, _ in said(parts, "possession")], ["pass"], what + ": possession")
        code, parts = verify(signed_request(content))
        checks.equal((code, said(parts, name_of_check)), (1, [("fail", "CMC-6402-2.12-01")]), what + " without id-kp-cmcRA")
        code, parts = parts_of(by_ra(content))
        checks.equal((code, [verdict for verdict, _ in said(parts, name_of_check)]), (1, ["unknown"]), what + " without an anchor")


def dangling():
    """References that lead nowhere, and to the wrong kind."""
    request = tcr(1, pkcs10("me", KEY))
    inner = sequence(oid(SIGNED_DATA), explicit(0, inside(signed_request(pki_data([], [request])).read_bytes(), 0, 1)))
    nested = sequence(integer(5), inner)
    other = sequence(integer(6), sequence(oid(DATA), explicit(0, octet_string(b"x"))))
    cases = [
        (LRA_POP, sequence(integer(0), ids(9)), "CMC-5272-6.8-02"), (LRA_POP, sequence(integer(0), ids(20)), "CMC-5272-6.8-02"),
        (LRA_POP, sequence(integer(1), ids(1)), "CMC-5272-6.8-01"), (LRA_POP, sequence(integer(5), ids(1)), ""),
        (DECRYPTED_POP, sequence(integer(9), HMAC_SHA256, octet_string(b"x")), "CMC-5272-6.7-13"),
        (RA_IDENTITY, ids(1), ""), (RA_IDENTITY, ids(5), ""), (RA_IDENTITY, ids(5, 1), ""), (RA_IDENTITY, ids(30), "CMC-6402-2.5-03"),
        (RA_IDENTITY, ids(5, 5), "CMC-6402-2.5-03"), (RA_IDENTITY, ids(*[5] * 50), "CMC-6402-2.5-03"),
        (AUTH_DATA, integer(5), "CMC-5272-6.16-01"), (AUTH_DATA, integer(9), "CMC-5272-6.16-01"),
        (BATCH, ids(5), ""), (BATCH, ids(6), "CMC-5272-6.17-01"), (BATCH, ids(20), "CMC-5272-6.17-01"),
        (PROCESSED, sequence(sequence(integer(30), ids(5, 1))), ""), (PROCESSED, sequence(sequence(ids(5, 9))), "CMC-5272-6.19-02"),
        (MOD_TEMPLATE, sequence(ids(0), ids(9), sequence(explicit(5, name("you")))), "CMC-5272-6.5.1-01"),
        (MOD_TEMPLATE, sequence(ids(5), ids(1), sequence(explicit(5, name("you")))), ""),
    ]
    for number, value, rule in cases:
        content = pki_data([control(20, number, value), control(30, IDENTIFICATION, utf8("x"))], [request], [nested, other])
        _, parts = verify(by_ra(content))
        expected = [("fail", rule)] if rule else [("pass", "")]
        checks.equal(said(parts, "references"), expected, f"control {number} with {value.hex()}: {parts}")
    for octets, verdict in ((32, "pass"), (20, "fail")):
        anchors = sequence(integer(1), SHA256, sequence(octet_string(bytes(octets))))
        _, parts = verify(by_ra(pki_data([control(20, TRUST_ANCHORS, anchors)], [request])))
        checks.equal([found for found, _ in said(parts, "hashes")], [verdict], f"trust anchor hashes of {octets} octets")


def public_key_mac():
    """RFC 4211 section 4.1: who has no name yet puts a MAC of the public key into poposkInput."""
    for secret, verdict in ((SECRET, "pass"), ("other", "fail")):
        salt, count = b"saltsalt", 1000
        key = SECRET.encode() + salt
        for _ in range(count):
            key = hashlib.sha256(key).digest()
        parameters = sequence(octet_string(salt), SHA256, integer(count), HMAC_SHA256)
        mac = sequence(algorithm("1.2.840.113533.7.66.13", parameters), bit_string(hmac.digest(key, KEY.public, "sha256")))
        popo_input = sequence(mac, KEY.public)
        popo = tlv(0xA1, b"\xa0" + popo_input[1:], KEY.signature, bit_string(KEY.sign(popo_input)))
        code, parts = verify(signed_request(pki_data([], [crm(1, "me", KEY.public, popo)])), secret=secret)
        checks.equal(said(parts, "possession"), [("pass", "")], "poposkInput is signed")
        checks.equal((code, [found for found, _ in said(parts, "public key MAC")]), (0 if verdict == "pass" else 1, [verdict]),
                     "publicKeyMAC with " + secret)


USER_KEY = ec_key()
USER_NAMES = [dns("a"), dns("b")]
USER = certificate("user", USER_KEY, "CA", CA_KEY, key_usage(SIGNATURE), alt_names(*USER_NAMES), serial=4)
EXTENSION_REQUEST, RULE_NAMES = "1.2.840.113549.1.9.14", "CMC-6402-2.4-01"


def existing_certificate():
    """RFC 10002 section 6.3.3: who renews copies subject and alternative names of the certificate that signs."""
    def wanted(names):
        return sequence(oid(EXTENSION_REQUEST), set_of(sequence(alt_names(*names)))) if names else b""

    change = sequence(oid(CMC + "36"), set_of(sequence(name("another"))))
    for subject, names, more, code, found, word in (
            ("user", USER_NAMES, [], 0, ("pass", ""), "subject and 2 alternative names"),
            ("user", USER_NAMES[::-1], [], 0, ("pass", ""), "subject and 2 alternative names"),
            ("user", USER_NAMES, [change], 0, ("pass", ""), "changeSubjectName asks for another name"),
            ("user", [*USER_NAMES, dns("c")], [], 0, ("skipped", RULE_NAMES), "asks for DNS:c"),
            ("user", USER_NAMES[:1], [], 0, ("skipped", RULE_NAMES), "leaves out DNS:b"),
            ("user", [], [], 0, ("skipped", RULE_NAMES), "leaves out DNS:a"),
            ("other", USER_NAMES, [], 0, ("skipped", RULE_NAMES), "another subject than CN=user")):
        attributes = [one for one in [wanted(names), *more] if one]
        content = pki_data([], [tcr(1, pkcs10(subject, KEY, *attributes))])
        result, parts = verify(signed_request(content, USER_KEY, USER, 4))
        what = f"{subject} with {len(names)} names"
        checks.equal((result, said(parts, "existing certificate")), (code, [found]), what + ": " + str(parts))
        checks.contains(check_named(parts, "existing certificate")[0]["text"], word, what)
        _, parts = verify(by_ra(content))
        checks.equal(said(parts, "existing certificate"), [], what + ": an RA asks for others")
    template = crm(1, "user", KEY.public, b"\x80\x00", extensions=[alt_names(*USER_NAMES)])
    _, parts = verify(signed_request(pki_data([], [template]), USER_KEY, USER, 4))
    checks.equal(said(parts, "existing certificate"), [("pass", "")], "CRMF")
    broken = sequence(oid(EXTENSION_REQUEST), set_of(sequence(extension("2.5.29.17", NULL))))
    _, parts = verify(signed_request(pki_data([], [tcr(1, pkcs10("user", KEY, broken))]), USER_KEY, USER, 4))
    checks.equal([verdict for verdict, _ in said(parts, "existing certificate")], ["fail"], "no GeneralNames")


def derived(own, peer, octets):
    """The secret that OpenSSL agrees on. With DH it leaves out leading zeros, which RFC 2631 section 2.1.2 keeps."""
    for file, content in (("own", own.pem), ("peer", peer.public)):
        (here / file).write_bytes(content)
    secret = openssl("pkeyutl", "-derive", "-inkey", str(here / "own"), "-peerkey", str(here / "peer"), "-peerform", "DER")
    return secret.rjust(octets, b"\0")


def dh_keys():
    """Two of one group of RFC 5114, whose q is much shorter than p."""
    (here / "group").write_bytes(openssl("genpkey", "-genparam", "-algorithm", "DHX", "-pkeyopt", "dh_rfc5114:3"))
    return [Key("-paramfile", str(here / "group")) for _ in range(2)]


def static_dh(recipient, own, number, octets):
    """RFC 6955 sections 4 and 6, with the secret from OpenSSL and the MAC from Python."""
    cert = certificate("static", recipient, "CA", CA_KEY, serial=9)
    (here / "recipient.pem").write_bytes(recipient.pem)
    (here / "recipient.pem").chmod(0o600)
    (here / "recipient.der").write_bytes(cert)
    opening = ("--key", here / "recipient.pem", "--cert", here / "recipient.der")
    key = hashlib.sha384(name("static") + derived(own, recipient, octets) + name("CA")).digest()
    kind = algorithm("1.3.6.1.5.5.7.6." + number)

    def proof(message, key):
        return bit_string(sequence(sequence(name("CA"), integer(9)), octet_string(hmac.digest(key, message, "sha384"))))

    info = sequence(integer(0), name("me"), own.public, tlv(0xA0))
    template = sequence(integer(1), sequence(explicit(5, name("me")), b"\xa6" + own.public[1:]))
    for what, message, request in (("PKCS #10", info, lambda key: sequence(info, kind, proof(info, key))),
                                   ("agreeMAC", template, lambda key: sequence(sequence(template, tlv(0xA3, tlv(
                                       0xA3, kind, proof(template, key))))))):
        (here / "right").write_bytes(request(key))
        code, parts = parts_of(here / "right", *opening)
        checks.equal((code, said(parts, "possession")), (0, [("pass", "")]), f"{what}: {parts}")
        code, parts = parts_of(here / "right")
        checks.equal((code, said(parts, "possession")), (1, [("unknown", "")]), what + ": without the recipient's key")
        checks.contains(check_named(parts, "possession")[0]["hint"], "--key SOURCE", what + ": what it would take")
        (here / "wrong").write_bytes(request(key[::-1]))
        code, parts = parts_of(here / "wrong", *opening)
        checks.equal((code, said(parts, "possession")), (1, [("fail", "")]), what + ": another secret")


def numbers_of(key):
    """p, g, q and y of a DH key's SubjectPublicKeyInfo."""
    _, _, parameters = elements(inside(key.public, 0, 0))[1]
    p, g, q = (int.from_bytes(content, "big") for _, _, content in elements(parameters)[:3])
    return p, g, q, int.from_bytes(inside(elements(inside(key.public, 0))[1][2][1:], 0), "big")


def value_to_be_signed(q, message, kind):
    """RFC 6955 section 5.1."""
    length, value = q.bit_length(), hashlib.new(kind, message).digest()
    bits = 8 * len(value)
    if length == bits:
        return int.from_bytes(value, "big")
    for _ in range(length // bits):
        value += hashlib.new(kind, value).digest()
    return int.from_bytes(value, "big") >> (8 * len(value) - (length - 1))


def is_discrete_log_signature(key, message, signature, kind):
    """RFC 6955 section 5.3."""
    p, g, q, y = numbers_of(key)
    r, s = (int.from_bytes(content, "big") for _, _, content in elements(inside(signature, 0)))
    w = pow(s, -1, q)
    u1, u2 = value_to_be_signed(q, message, kind) * w % q, r * w % q
    return 0 < r < q and 0 < s < q and pow(g, u1, p) * pow(y, u2, p) % p % q == r


def discrete_log(key):
    """RFC 6955 section 5, with Python's arithmetic as the judge."""
    (here / "dh.pem").write_bytes(key.pem)
    (here / "dh.pem").chmod(0o600)
    for kind in ("sha224", "sha256"):
        made = cmcctl("request", "p10", "--key", str(here / "dh.pem"), "--subject", "CN=me", "--digest", kind, "--force",
                      "-o", str(here / kind))
        checks.equal((made.returncode, made.stderr), (0, ""), f"{kind}: made")
        info, _, signature = elements(inside((here / kind).read_bytes(), 0))
        checks.that(is_discrete_log_signature(key, info[1], signature[2][1:], kind), f"{kind}: Python verifies it")
        checks.that(not is_discrete_log_signature(key, info[1] + b"x", signature[2][1:], kind), f"{kind}: and no other")


dogtag()
dogtag_wrong()
links()
subjects()
what_ras_say()
dangling()
public_key_mac()
existing_certificate()
static_dh(ec_key(), ec_key(), "27", 32)
static_dh(*dh_keys(), "17", 256)
discrete_log(dh_keys()[0])
discrete_log(Key("-algorithm", "DHX", "-pkeyopt", "group:ffdhe2048"))
checks.finish()
