"""Names of object identifiers, and distinguished names as RFC 4514 text."""

import ber_reader as ber

CMC_CONTROL_ARC = "1.3.6.1.5.5.7.7."
CMC_CONTROLS = {
    1: "statusInfo", 2: "identification", 3: "identityProof", 4: "dataReturn", 5: "transactionId", 6: "senderNonce",
    7: "recipientNonce", 8: "addExtensions", 9: "encryptedPOP", 10: "decryptedPOP", 11: "lraPOPWitness", 15: "getCert",
    16: "getCRL", 17: "revokeRequest", 18: "regInfo", 19: "responseInfo", 21: "queryPending", 22: "popLinkRandom",
    23: "popLinkWitness", 24: "confirmCertAcceptance", 25: "statusInfoV2", 26: "trustedAnchors", 27: "authData",
    28: "batchRequests", 29: "batchResponses", 30: "publishCert", 31: "modCertTemplate", 32: "controlProcessed",
    33: "popLinkWitnessV2", 34: "identityProofV2", 35: "raIdentityWitness", 36: "changeSubjectName", 37: "responseBody",
}
MICROSOFT_ADD_ATTRIBUTES = "1.3.6.1.4.1.311.10.10.1"

ALGORITHMS = {
    "sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3", "hmacwithsha256": "1.2.840.113549.2.9", "hmacwithsha384": "1.2.840.113549.2.10",
    "hmacwithsha512": "1.2.840.113549.2.11", "rsaencryption": "1.2.840.113549.1.1.1",
    "sha256withrsa": "1.2.840.113549.1.1.11", "sha256withecdsa": "1.2.840.10045.4.3.2",
    "sha512withecdsa": "1.2.840.10045.4.3.4", "ecdsasha256": "1.2.840.10045.4.3.2", "ed25519": "1.3.101.112",
    "id-alg-nosignature": "1.3.6.1.5.5.7.6.2", "aes256-cbc": "2.16.840.1.101.3.4.1.42", "aes128-gcm": "2.16.840.1.101.3.4.1.6",
}

ATTRIBUTE_TYPES = {
    "2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C", "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
}
STRING_CODECS = {
    ber.UTF8_STRING: "utf-8", 18: "ascii", ber.PRINTABLE_STRING: "ascii", ber.T61_STRING: "latin-1", ber.IA5_STRING: "ascii",
    26: "ascii", ber.UNIVERSAL_STRING: "utf-32-be", ber.BMP_STRING: "utf-16-be",
}


def control_name(oid):
    if oid.startswith(CMC_CONTROL_ARC):
        last = oid[len(CMC_CONTROL_ARC):]
        return CMC_CONTROLS.get(int(last)) if last.isdigit() else None
    return "szOID_CMC_ADD_ATTRIBUTES" if oid == MICROSOFT_ADD_ATTRIBUTES else None


def text_of(node):
    """Text of a string element, or None if it is no (sound) string."""
    if node.tag_class != ber.UNIVERSAL or node.number not in STRING_CODECS:
        return None
    try:
        return node.octets().decode(STRING_CODECS[node.number])
    except UnicodeDecodeError:
        return None


def _escaped(text):
    out = "".join("\\" + c if c in ',+"\\<>;' else "\\00" if c == "\0" else c for c in text)
    if out[:1] in (" ", "#"):
        out = "\\" + out
    return out[:-1] + "\\ " if out.endswith(" ") and len(text) > 1 else out


def _attribute(node):
    oid = node.children[0].oid()
    text = text_of(node.children[1]) if oid in ATTRIBUTE_TYPES else None
    if text is None:
        return "%s=#%s" % (oid, node.children[1].encoded.hex())
    return "%s=%s" % (ATTRIBUTE_TYPES[oid], _escaped(text))


def distinguished_name(node):
    """RFC 4514 text of a Name: last RDN first."""
    return ",".join("+".join(_attribute(part) for part in rdn.children) for rdn in reversed(node.children))
