"""Signatures that must not verify: attributes, signers, RSA and ECDSA at their edges; and what openssl cms -verify says to each."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _run import Checks, cmcctl

if shutil.which("openssl") is None:
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from pki import *  # noqa: E402,F403

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-signatures-")
here = Path(scratch.name)

TYPE = "1.3.6.1.4.1.99999.5"
NOW = "2026-11-21"
content = b"what is signed"

# What OpenSSL 3.0 and 3.5 say otherwise, and why.
TYPES = "OpenSSL does not compare contentType with eContentType"
DIFFERENCES = {
    "contentType is id-data": TYPES,
    "contentType is another": TYPES,
    "no attributes around another content than id-data": "OpenSSL does not ask for them",
    "signed attributes as the content": "OpenSSL does not look at the content",
    "CMSAlgorithmProtection names another digest": "OpenSSL does not know the attribute",
    "the signer is an anchor and not in the bag": "OpenSSL wants -certfile for a signer that is not in the message",
}


def rsa_numbers(key):
    """n, e and d of RSAPrivateKey."""
    der = openssl("rsa", "-traditional", "-outform", "DER", data=key.pem)
    numbers, at = [], 4
    while at < len(der):
        size, at = der[at + 1], at + 2
        if size & 0x80:
            size, at = int.from_bytes(der[at:at + (size & 0x7F)], "big"), at + (size & 0x7F)
        numbers.append(int.from_bytes(der[at:at + size], "big"))
        at += size
    return numbers[1:4]


def signer_of(subject, key, *, issuer=None, issuer_key=None, **options):
    """A certificate for a signer with serial number 7, self-signed or issued."""
    return certificate(subject, key, issuer or subject, issuer_key or key, key_usage(SIGNATURE, CERT_SIGN), basic_constraints(),
                       serial=7, **options)


key = ec_key()
own = signer_of("signer", key)
second_key = ec_key()
second = signer_of("second", second_key)


def attributes(content_type=TYPE, digest=None, *more):
    """The usual two; None leaves one out, a list has its values."""
    digest = hashlib.sha256(content).digest() if digest is None else digest
    result = [] if content_type is None else [attribute(CONTENT_TYPE, oid(content_type))]
    if digest is not False:
        result.append(attribute(MESSAGE_DIGEST, *(octet_string(one) for one in (digest if isinstance(digest, list) else [digest]))))
    return [*result, *more]


def verdicts(name, message, fails=(), unknown=(), anchors=(own, second)):
    """`fails` and `unknown` name the checks of all signers; none means that the message verifies."""
    (here / "message.der").write_bytes(message)
    (here / "anchors.pem").write_text("".join(pem("CERTIFICATE", one) for one in anchors))
    at = str(int(moment(NOW).timestamp()))
    result = cmcctl("verify", "--json", "--at", at, "--trust", "anchors.pem", "message.der", cwd=here)
    checks.that(result.returncode in (0, 1), f"{name}: {result.stderr}")
    found = [check for part in json.loads(result.stdout)["parts"] for check in part["checks"]]
    good = not fails and not unknown
    checks.equal(result.returncode, 0 if good else 1, name)
    for verdict, expected in (("fail", fails), ("unknown", unknown)):
        checks.equal({check["name"] for check in found if check["verdict"] == verdict}, set(expected), f"{name}: {verdict}")
    judged = subprocess.run(["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "message.der", "-CAfile", "anchors.pem",
                             "-no-CApath", "-purpose", "any", "-partial_chain", "-attime", at, "-out", "content"],
                            cwd=here, capture_output=True, text=True)
    if name in DIFFERENCES:
        checks.that((judged.returncode == 0) != good, f"{name}: OpenSSL agrees by now")
    else:
        checks.equal(judged.returncode == 0, good, f"{name}: OpenSSL's verdict, {judged.stderr}")
    seen.add(name)


seen = set()


def one_signer(name, signed_attributes, fails=(), unknown=(), content_type=TYPE, what=content, **options):
    info = signer_info("signer", 7, signed_attributes, key, what, **options)
    verdicts(name, signed_data(content_type, what, [info], [own]), fails, unknown)


def signed_attributes():
    one_signer("all is well", attributes())
    one_signer("no contentType", attributes(None), {"signed attributes"})
    one_signer("contentType is id-data", attributes(DATA), {"signed attributes"})
    one_signer("contentType is another", attributes("1.3.6.1.4.1.99999.6"), {"signed attributes"})
    one_signer("contentType twice", attributes() + [attribute(CONTENT_TYPE, oid(TYPE))], {"signed attributes"})
    right = hashlib.sha256(content).digest()
    one_signer("no messageDigest", attributes(digest=False), {"signed attributes", "digest"})
    one_signer("messageDigest twice", attributes() + [attribute(MESSAGE_DIGEST, octet_string(b"x" * 32))], {"signed attributes", "digest"})
    one_signer("messageDigest with two values", attributes(digest=[right, b"x" * 32]), {"signed attributes", "digest"})
    one_signer("messageDigest without a value", attributes(digest=[]), {"signed attributes", "digest"})
    one_signer("messageDigest cut", attributes(digest=right[:31]), {"digest"})
    one_signer("messageDigest empty", attributes(digest=b""), {"digest"})
    one_signer("messageDigest of another content", attributes(digest=hashlib.sha256(b"other").digest()), {"digest"})
    one_signer("no attributes around another content than id-data", None, {"signed attributes"})
    one_signer("no attributes around id-data", None, content_type=DATA)
    replayed = set_of(*attributes())
    one_signer("signed attributes as the content", None, {"signature"}, content_type=DATA, what=replayed)
    protection = sequence(SHA384, b"\xa1" + key.signature[1:])
    one_signer("CMSAlgorithmProtection names another digest", attributes() + [attribute("1.2.840.113549.1.9.52", protection)],
               {"signed attributes"})
    one_signer("CMSAlgorithmProtection fits", attributes() + [
        attribute("1.2.840.113549.1.9.52", sequence(SHA256, b"\xa1" + key.signature[1:]))])
    one_signer("digestAlgorithm is another than the signature's", attributes(digest=hashlib.sha384(content).digest()), {"algorithm"},
               digest=SHA384)


def signers():
    good = signer_info("signer", 7, attributes(), key)
    bad = signer_info("second", 7, attributes(), second_key, signature=second_key.sign(b"other"))
    other = signer_info("second", 7, attributes(), second_key)
    verdicts("no signer", signed_data(TYPE, content, [], [own]), {"signature"})
    verdicts("two good signers", signed_data(TYPE, content, [good, other], [own, second]))
    verdicts("one good signer and a bad one", signed_data(TYPE, content, [good, bad], [own, second]), {"signature"})
    verdicts("the signer is not in the bag", signed_data(TYPE, content, [good], [second]), unknown={"signature", "path"}, anchors=[second])
    verdicts("the signer is an anchor and not in the bag", signed_data(TYPE, content, [good]))
    wrong = signer_info("signer", 7, attributes(), second_key)
    verdicts("signed with another key", signed_data(TYPE, content, [wrong], [own]), {"signature"})
    nothing = algorithm("1.3.6.1.5.5.7.6.2", NULL)
    info = signer_info("signer", 7, attributes(), key, signature=hashlib.sha256(content).digest(), kind=nothing)
    verdicts("id-alg-noSignature", signed_data(TYPE, content, [info], [own]), unknown={"signature"})
    late = signer_of("signer", key, issuer="second", issuer_key=second_key, until="2026-06-01")
    timed = signer_info("second", 7, attributes() + [attribute(SIGNING_TIME, utc_time("2026-05-01"))], key)
    verdicts("signingTime is not the time of the path", signed_data(TYPE, content, [timed], [late]), {"time"})


def rsa():
    rsa_key_ = Key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3")
    n, e, d = rsa_numbers(rsa_key_)
    checks.equal(e, 3, "the exponent")
    its = signer_of("rsa", rsa_key_)
    size = (n.bit_length() + 7) // 8

    def case(name, signature, good=False):
        info = signer_info("rsa", 7, attributes(), rsa_key_, signature=signature)
        verdicts("RSA: " + name, signed_data(TYPE, content, [info], [its]), set() if good else {"signature"}, anchors=[its])

    def raw(block):
        return pow(int.from_bytes(block, "big"), d, n).to_bytes(size, "big")

    def padded(digest_info, length=size):
        return b"\0\1" + b"\xff" * (length - 3 - len(digest_info)) + b"\0" + digest_info

    def digest_info(octets, kind=algorithm("2.16.840.1.101.3.4.2.1", NULL)):
        return sequence(kind, octet_string(hashlib.sha256(octets).digest()))
    case("made here", lambda octets: raw(padded(digest_info(octets))), good=True)
    case("0", bytes(size))
    case("n - 1", (n - 1).to_bytes(size, "big"))
    case("n", n.to_bytes(size, "big"))
    case("s + n", lambda octets: (int.from_bytes(rsa_key_.sign(octets), "big") + n).to_bytes(size + 1, "big"))
    case("a zero in front", lambda octets: b"\0" + rsa_key_.sign(octets))
    case("an octet behind", lambda octets: rsa_key_.sign(octets) + b"\0")

    def cube_root(octets):
        """A number whose cube begins as the block should, and ends as it likes."""
        start = padded(digest_info(octets), 3 + 8 + len(digest_info(octets)))
        target = int.from_bytes(start + b"\xff" * (size - len(start)), "big")
        low, high = 0, 1 << (size * 8 // 3 + 1)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle ** 3 <= target else (low, middle - 1)
        checks.that((low ** 3).to_bytes(size, "big").startswith(start), "the forgery is one")
        return low.to_bytes(size, "big")
    case("garbage behind DigestInfo, without the key", cube_root)
    case("short padding", lambda octets: raw(padded(digest_info(octets), 100) + bytes(size - 100)))
    case("without NULL", lambda octets: raw(padded(digest_info(octets, SHA256))))
    case("without NULL and two octets of the hash",
         lambda octets: raw(padded(sequence(SHA256, octet_string(hashlib.sha256(octets).digest()[:30])))))
    case("BER in DigestInfo", lambda octets: raw(padded(b"\x30\x81" + digest_info(octets)[1:])))
    case("another hash in DigestInfo", lambda octets: raw(padded(digest_info(octets, algorithm("2.16.840.1.101.3.4.2.2", NULL)))))
    case("the hash alone", lambda octets: raw(padded(hashlib.sha256(octets).digest())))


def ecdsa():
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def numbers(signature):
        size = signature[3]
        return int.from_bytes(signature[4:4 + size], "big"), int.from_bytes(signature[6 + size:], "big")

    def case(name, change, good=False):
        info = signer_info("signer", 7, attributes(), key, signature=lambda octets: change(*numbers(key.sign(octets))))
        verdicts("ECDSA: " + name, signed_data(TYPE, content, [info], [own]), set() if good else {"signature"})

    def pair(r, s):
        return sequence(integer(r), integer(s))

    def padded(value):
        return tlv(0x02, b"\0\0" + value.to_bytes(33, "big"))
    case("as it is", pair, good=True)
    case("n - s", lambda r, s: pair(r, order - s), good=True)
    for text, value in (("0", 0), ("n", order), ("-1", -1), ("2^256", 1 << 256), ("2^4096", 1 << 4096)):
        case(f"r is {text}", lambda r, s, value=value: pair(value, s))
        case(f"s is {text}", lambda r, s, value=value: pair(r, value))
    case("r + n", lambda r, s: pair(r + order, s))
    case("s + n", lambda r, s: pair(r, s + order))
    case("-r", lambda r, s: pair(-r, s))
    case("octets behind", lambda r, s: pair(r, s) + b"\0")
    case("an extra member", lambda r, s: sequence(integer(r), integer(s), integer(0)))
    case("one member", lambda r, s: sequence(integer(r)))
    case("r is not minimal", lambda r, s: sequence(padded(r), integer(s)))
    case("a long form of the length", lambda r, s: b"\x30\x81" + pair(r, s)[1:])
    case("r and s without DER", lambda r, s: r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    case("empty", lambda r, s: b"")


for group in (signed_attributes, signers, rsa, ecdsa):
    group()
checks.that(DIFFERENCES.keys() <= seen, f"each difference is about a message: {DIFFERENCES.keys() - seen}")
checks.finish()
