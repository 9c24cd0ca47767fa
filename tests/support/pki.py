"""Certificates, CRLs and SignedData octet by octet, right and wrong ones. OpenSSL's command line makes keys and signatures."""

import datetime
import os
import subprocess
import tempfile


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


# DER

def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def explicit(number, *parts):
    return tlv(0xA0 | number, *parts)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\0")


def octet_string(*parts):
    return tlv(0x04, *parts)


def bit_string(octets, unused=0):
    return tlv(0x03, bytes([unused]), octets)


def named_bits(*numbers):
    """A BIT STRING of named bits, without zeros at its end."""
    octets = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        octets[number // 8] |= 0x80 >> number % 8
    return bit_string(bytes(octets), 7 - max(numbers) % 8)


def oid(dotted):
    first, second, *others = map(int, dotted.split("."))
    content = b""
    for arc in (first * 40 + second, *others):
        digits = bytes([arc & 0x7F])
        while arc := arc >> 7:
            digits = bytes([0x80 | arc & 0x7F]) + digits
        content += digits
    return tlv(0x06, content)


NULL = tlv(0x05)


def utf8(text):
    return tlv(0x0C, text.encode())


def printable(text):
    return tlv(0x13, text.encode())


def ia5(text):
    return tlv(0x16, text.encode())


def utc_time(text):
    """Of "2026-11-21" or "2026-11-21 03:52:44"."""
    return tlv(0x17, moment(text).strftime("%y%m%d%H%M%SZ").encode())


def moment(text):
    form = "%Y-%m-%d %H:%M:%S" if " " in text else "%Y-%m-%d"
    return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc)


def algorithm(dotted, *parameters):
    return sequence(oid(dotted), *parameters)


# names

CN, O, EMAIL = "2.5.4.3", "2.5.4.10", "1.2.840.113549.1.9.1"


def name(*attributes):
    """name("x") is CN=x; name((O, "x"), (CN, "y")) has two RDNs; a value may be an element."""
    rdns = []
    for attribute in attributes:
        kind, value = (CN, attribute) if isinstance(attribute, str) else attribute
        rdns.append(set_of(sequence(oid(kind), utf8(value) if isinstance(value, str) else value)))
    return sequence(*rdns)


def dns(text):
    return tlv(0x82, text.encode())


def mailbox(text):
    return tlv(0x81, text.encode())


def directory(a_name):
    return explicit(4, a_name)


def uri(text):
    return tlv(0x86, text.encode())


def address(octets):
    return tlv(0x87, bytes(octets))


# keys

class Key:
    """A key with the OpenSSL digest and the AlgorithmIdentifier of its signatures."""

    def __init__(self, *genpkey, digest="sha256", signature=None):
        self.pem = openssl("genpkey", *genpkey)
        self.public = openssl("pkey", "-pubout", "-outform", "DER", data=self.pem)
        self.digest = digest
        rsa = "RSA" in genpkey
        self.signature = signature or (
            algorithm("1.2.840.113549.1.1.11", NULL) if rsa else algorithm("1.2.840.10045.4.3.2"))

    def sign(self, octets, digest=None):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "key")
            with open(path, "wb") as file:
                file.write(self.pem)
            return openssl("dgst", "-" + (digest or self.digest), "-sign", path, data=octets)

    def identifier(self):
        return openssl("dgst", "-sha1", "-binary", data=self.public)


def ec_key():
    return Key("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")


def rsa_key(bits):
    return Key("-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}")


# extensions

def extension(dotted, value, critical=False):
    return sequence(oid(dotted), *([boolean(True)] if critical else []), octet_string(value))


def basic_constraints(ca=True, length=None, critical=True):
    parts = ([boolean(True)] if ca else []) + ([integer(length)] if length is not None else [])
    return extension("2.5.29.19", sequence(*parts), critical)


def key_usage(*numbers):
    return extension("2.5.29.15", named_bits(*numbers), True)


SIGNATURE, NON_REPUDIATION, ENCIPHERMENT, CERT_SIGN, CRL_SIGN = 0, 1, 2, 5, 6


def ext_key_usage(*purposes):
    return extension("2.5.29.37", sequence(*map(oid, purposes)))


def alt_names(*names):
    return extension("2.5.29.17", sequence(*names))


def name_constraints(permitted=(), excluded=()):
    parts = []
    for number, bases in ((0, permitted), (1, excluded)):
        if bases:
            parts.append(explicit(number, *map(sequence, bases)))
    return extension("2.5.29.30", sequence(*parts), True)


def subject_key_identifier(octets):
    return extension("2.5.29.14", octet_string(octets))


def authority_key_identifier(octets):
    return extension("2.5.29.35", sequence(tlv(0x80, octets)))


def policies(*dotted):
    return extension("2.5.29.32", sequence(*(sequence(oid(one)) for one in dotted)))


def policy_mappings(*pairs):
    return extension("2.5.29.33", sequence(*(sequence(oid(a), oid(b)) for a, b in pairs)), True)


def policy_constraints(explicit_policy=None, mapping=None):
    parts = []
    for tag, value in ((0x80, explicit_policy), (0x81, mapping)):
        if value is not None:
            parts.append(bytes([tag]) + integer(value)[1:])
    return extension("2.5.29.36", sequence(*parts), True)


def inhibit_any_policy(count):
    return extension("2.5.29.54", integer(count), True)


def distribution_points(*uris):
    return extension("2.5.29.31", sequence(*(sequence(explicit(0, explicit(0, uri(one)))) for one in uris)))


# certificates and CRLs

serial_numbers = iter(range(1, 1 << 20))


def signed(content, key, outer=None, signature=None, unused=0):
    """SEQUENCE { content, signatureAlgorithm, signature }"""
    return sequence(content, outer or key.signature, bit_string(key.sign(content) if signature is None else signature, unused))


def certificate(subject, public, issuer, key, *extensions, version=2, since="2026-01-01", until="2030-01-01", inner=None,
                outer=None, signature=None, serial=None, unused=0):
    """`key` signs; names are texts (CN) or DER."""
    subject, issuer = (name(one) if isinstance(one, str) else one for one in (subject, issuer))
    parts = [integer(next(serial_numbers) if serial is None else serial), inner or key.signature, issuer,
             sequence(utc_time(since), utc_time(until)), subject, public.public if isinstance(public, Key) else public]
    if version:
        parts.insert(0, explicit(0, integer(version)))
    if extensions:
        parts.append(explicit(3, sequence(*extensions)))
    return signed(sequence(*parts), key, outer, signature, unused)


def revoked(serial, reason=None, critical=()):
    """An entry of revokedCertificates."""
    extensions = [] if reason is None else [extension("2.5.29.21", tlv(0x0A, bytes([reason])))]
    extensions += [extension(one, NULL, True) for one in critical]
    return sequence(integer(serial), utc_time("2026-06-01"), *([sequence(*extensions)] if extensions else []))


def crl(issuer, key, *entries, since="2026-11-01", until="2026-12-01", extensions=(), signature=None):
    parts = [integer(1), key.signature, name(issuer) if isinstance(issuer, str) else issuer, utc_time(since)]
    if until:
        parts.append(utc_time(until))
    if entries:
        parts.append(sequence(*entries))
    if extensions:
        parts.append(explicit(0, sequence(*extensions)))
    return signed(sequence(*parts), key, signature=signature)


def pem(label, der):
    import base64
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n"


# SignedData

DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
SHA256, SHA384 = algorithm("2.16.840.1.101.3.4.2.1"), algorithm("2.16.840.1.101.3.4.2.2")


def attribute(dotted, *values):
    return sequence(oid(dotted), set_of(*values))


def signer_info(issuer, serial, attributes, key, content=b"", digest=SHA256, signature=None, kind=None):
    """`attributes` None: the signature is over the content. `signature` is made of the signed octets when it is a function."""
    parts = [integer(1), sequence(name(issuer) if isinstance(issuer, str) else issuer, integer(serial)), digest]
    over = content if attributes is None else set_of(*attributes)
    if attributes is not None:
        parts.append(b"\xa0" + over[1:])
    octets = signature(over) if callable(signature) else key.sign(over) if signature is None else signature
    return sequence(*parts, kind or key.signature, octet_string(octets))


def signed_data(content_type, content, signers, certificates_=(), digests=(SHA256,)):
    inner = [integer(1 if content_type == DATA else 3), set_of(*digests),
             sequence(oid(content_type), explicit(0, octet_string(content)))]
    if certificates_:
        inner.append(explicit(0, *certificates_))
    return sequence(oid(SIGNED_DATA), explicit(0, sequence(*inner, set_of(*signers))))
