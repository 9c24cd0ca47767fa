"""Values of CMC controls as plain JSON, straight from the octets."""

import ber_reader as ber
import names

CRL_REASONS = {0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
               5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise"}


REASON_FLAGS = ["unused", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
                "certificateHold", "privilegeWithdrawn", "aACompromise"]


def algorithm(node):
    return node.children[0].oid()


def _general_name(node, oddities, word):
    """Text of a GeneralName; a bare Name in its place is an oddity."""
    if node.is_context(4):
        return names.distinguished_name(node.children[0])
    if node.is_universal(ber.SEQUENCE):
        oddities.add(word)
        return names.distinguished_name(node)
    return node.octets().decode("latin-1")


def _get_cert(node, oddities):
    return {"issuer": _general_name(node.children[0], oddities, "bare-name-getcert"), "serial": str(node.children[1].integer())}


def _confirm(node, oddities):
    issuer = node.children[0]
    if issuer.children and issuer.children[0].is_universal(ber.SEQUENCE):
        oddities.add("confirm-extra-sequence")
        issuer = issuer.children[0]
    elif issuer.children and issuer.children[0].is_context(4):
        oddities.add("confirm-general-names")
        issuer = issuer.children[0].children[0]
    return {"issuer": names.distinguished_name(issuer), "serial": str(node.children[1].integer())}


def _flags(octets):
    bits = [octet >> shift & 1 for octet in octets for shift in range(7, -1, -1)]
    return [REASON_FLAGS[at] for at, bit in enumerate(bits) if bit]


def _get_crl(node, oddities):
    value = {"issuer": names.distinguished_name(node.children[0])}
    for part in node.children[1:]:
        if part.is_universal(ber.GENERALIZED_TIME):
            value["time"] = part.octets().decode("ascii")
        elif part.is_universal(ber.BIT_STRING):
            value["reasons"] = _flags(part.content[1:])
        else:
            value["cRLName"] = _general_name(part, oddities, "bare-name-getcrl")
    return value


def _revoke(node, oddities):
    issuer, serial, reason = node.children[:3]
    value = {"issuer": names.distinguished_name(issuer), "serial": str(serial.integer())}
    value["reason"] = CRL_REASONS.get(reason.integer(), reason.integer())
    for part in node.children[3:]:
        if part.is_universal(ber.GENERALIZED_TIME):
            value["invalidityDate"] = part.octets().decode("ascii")
        elif part.is_universal(ber.OCTET_STRING):
            value["passphrase"] = part.octets().hex()
        else:
            value["comment"] = names.text_of(part)
    return value


def _two_algorithms(first, second):
    def read(node, oddities):
        return {first: algorithm(node.children[0]), second: algorithm(node.children[1]), "witness": node.children[2].octets().hex()}
    return read


def _lra_witness(node, oddities):
    return {"pkiDataBodyid": node.children[0].integer(), "bodyIds": _numbers(node.children[1], oddities)}


def _numbers(node, oddities):
    return [child.integer() for child in node.children]


def _add_extensions(node, oddities):
    extensions = [child.children[0].oid() for child in node.children[2].children]
    return {"pkiDataReference": node.children[0].integer(), "certReferences": _numbers(node.children[1], oddities), "extensions": extensions}


def _decrypted_pop(node, oddities):
    return {"bodyPartID": node.children[0].integer(), "thePOPAlgID": algorithm(node.children[1]), "thePOP": node.children[2].octets().hex()}


def _encrypted_pop(node, oddities):
    return {"thePOPAlgID": algorithm(node.children[2]), "witnessAlgID": algorithm(node.children[3]), "witness": node.children[4].octets().hex()}


def _trust_anchors(node, oddities):
    hashes = [child.octets().hex() for child in node.children[2].children]
    return {"seqNumber": node.children[0].integer(), "hashAlgorithm": algorithm(node.children[1]), "anchorHashes": hashes}


def _octets(node, oddities):
    return node.octets().hex()


READERS = {
    2: lambda node, oddities: names.text_of(node), 3: _octets, 4: _octets, 5: lambda node, oddities: str(node.integer()),
    6: _octets, 7: _octets, 8: _add_extensions, 9: _encrypted_pop, 10: _decrypted_pop, 11: _lra_witness, 15: _get_cert,
    16: _get_crl, 17: _revoke, 18: _octets, 19: _octets, 21: _octets, 22: _octets, 23: _octets, 24: _confirm,
    26: _trust_anchors, 27: lambda node, oddities: node.integer(), 28: _numbers, 29: _numbers,
    33: _two_algorithms("keyGenAlgorithm", "macAlgorithm"), 34: _two_algorithms("proofAlgID", "macAlgId"), 35: _numbers, 37: _numbers,
}


def value_of(oid, node, oddities):
    """JSON of a control's value, or None when this script does not know the type."""
    if not oid.startswith(names.CMC_CONTROL_ARC):
        return None
    reader = READERS.get(int(oid.rsplit(".", 1)[1]))
    return reader(node, oddities) if reader else None


def _other_info(node, status, oddities):
    if node.is_universal(ber.INTEGER):
        status["failInfo"] = node.integer()
        return
    first = node.children[0]
    if first.is_universal(ber.OID):
        if node.is_universal(ber.SEQUENCE):
            oddities.add("untagged-extended-fail-info")
        status["extendedFailInfo"] = first.oid()
    else:
        status["pendToken"] = first.octets().hex()
        status["pendTime"] = node.children[1].octets().decode("ascii")


def status_of(node, oddities):
    """cMCStatus, bodyList, statusString and otherInfo of a status control of either version."""
    references = [[step.integer() for step in part.children] if part.constructed else part.integer() for part in node.children[1].children]
    status = {"cMCStatus": node.children[0].integer(), "bodyList": references}
    for part in node.children[2:]:
        if names.text_of(part) is not None and part.tag_class == ber.UNIVERSAL:
            status["statusString"] = names.text_of(part)
        else:
            _other_info(part, status, oddities)
    return status
