"""PKIData and PKIResponse octet by octet, and the way back into them, for the tests of the program."""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "support"))
from pki import *  # noqa: E402,F403

DOGTAG = TESTS / "vectors" / "dogtag"
CMC = "1.3.6.1.5.5.7.7."
PKI_DATA, PKI_RESPONSE = "1.3.6.1.5.5.7.12.2", "1.3.6.1.5.5.7.12.3"
HMAC_SHA256 = algorithm("1.2.840.113549.2.9", NULL)
KP_CMC_CA, KP_CMC_RA = "1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28"
# From just after the making of Dogtag's messages.
DOGTAG_TIME = "2026-11-21T12:00:00Z"

IDENTIFICATION, IDENTITY_PROOF, DATA_RETURN, TRANSACTION, SENDER_NONCE, RECIPIENT_NONCE = 2, 3, 4, 5, 6, 7
ADD_EXTENSIONS, ENCRYPTED_POP, DECRYPTED_POP, LRA_POP, REVOKE, STATUS_V1 = 8, 9, 10, 11, 17, 1
POP_LINK_RANDOM, POP_LINK_WITNESS, STATUS, TRUST_ANCHORS, AUTH_DATA = 22, 23, 25, 26, 27
BATCH, BATCH_RESPONSES, MOD_TEMPLATE, PROCESSED, POP_LINK_V2, IDENTITY_V2, RA_IDENTITY = 28, 29, 31, 32, 33, 34, 35


def ids(*numbers):
    return sequence(*map(integer, numbers))


def control(part, number, value):
    return sequence(integer(part), oid(CMC + str(number)), set_of(value))


def status(kind, *parts, other=None, text=None):
    return sequence(integer(kind), ids(*parts), *([utf8(text)] if text else []), *([other] if other else []))


def pki_data(controls=(), requests=(), nested=()):
    return sequence(sequence(*controls), sequence(*requests), sequence(*nested), sequence())


def pki_response(controls=(), nested=()):
    return sequence(sequence(*controls), sequence(*nested), sequence())


def pkcs10(subject, key, *attributes):
    return signed(sequence(integer(0), name(subject) if isinstance(subject, str) else subject, key.public,
                           tlv(0xA0, *sorted(attributes))), key)


def tcr(part, request):
    return tlv(0xA0, integer(part), request)


def crm(part, subject, public, *popo, extensions=()):
    """Encryption keys have no signature: `popo` is absent, or the element that it is."""
    template = [explicit(5, name(subject)), b"\xa6" + public[1:]]
    if extensions:
        template.append(tlv(0xA9, *extensions))
    return tlv(0xA1, sequence(integer(part), sequence(*template)), *popo)


# and back

def elements(der):
    """(tag, whole, content) of each element."""
    found, at = [], 0
    while at < len(der):
        start, tag, length = at, der[at], der[at + 1]
        at += 2
        if length >= 0x80:
            count = length & 0x7F
            length = int.from_bytes(der[at:at + count], "big")
            at += count
        found.append((tag, der[start:at + length], der[at:at + length]))
        at += length
    return found


def inside(der, *steps):
    """The content of the element that the indices lead to."""
    for step in steps:
        der = elements(der)[step][2]
    return der


def content_of_signed(message):
    """eContent of a ContentInfo with SignedData."""
    return inside(message, 0, 1, 0, 2, 1, 0)


def values_of(content):
    """{number: value} of the controls of a PKIData or PKIResponse; of the first where there are several."""
    found = {}
    for _, whole, inner in elements(inside(content, 0, 0)):
        _, kind, values = elements(inner)
        for number in range(1, 40):
            if kind[1] == oid(CMC + str(number)):
                found.setdefault(number, values[2])
    return found


def readable_key(path):
    """Key files that are open to others get a warning; a checkout leaves them so."""
    os.chmod(path, 0o600)
    return str(path)
