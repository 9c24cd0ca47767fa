"""What is in a message, read without the codec under test."""

import base64
import re

import ber_reader as ber
import controls
import names

DATA, SIGNED, ENVELOPED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.3"
AUTH_ENVELOPED = "1.2.840.113549.1.9.16.1.23"
PKI_DATA, PKI_RESPONSE = "1.3.6.1.5.5.7.12.2", "1.3.6.1.5.5.7.12.3"
STATUS_CONTROLS = {names.CMC_CONTROL_ARC + "1", names.CMC_CONTROL_ARC + "25"}
ECDSA_ARC = "1.2.840.10045.4."
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
POPS = {0: "raVerified", 1: "signature", 2: "keyEncipherment", 3: "keyAgreement"}
RECIPIENTS = {1: "kari", 2: "kekri", 3: "pwri", 4: "ori"}


def unwrap(data):
    """(form, octets) of a file: PEM armour and an HTTP header are taken off."""
    if data[:5] in (b"POST ", b"HTTP/"):
        return "HTTP", re.split(rb"\r?\n\r?\n", data, maxsplit=1)[1]
    armour = re.search(rb"-----BEGIN [^-]+-----(.*?)-----END [^-]+-----", data, re.DOTALL)
    if armour:
        return "PEM", base64.b64decode(b"".join(armour.group(1).split()))
    return None, data


def _note_algorithm(node, oddities):
    if node.children[0].oid().startswith(ECDSA_ARC) and len(node.children) > 1:
        oddities.add("ecdsa-null-parameters")


def _extension(node, oddities):
    oid, value = node.children[0].oid(), node.children[-1].octets()
    if len(node.children) == 3 and node.children[1].content == b"\0":
        oddities.add("explicit-false-default")
    if oid == SUBJECT_KEY_IDENTIFIER and not (value[:1] == b"\4" and len(value) == value[1] + 2):
        oddities.add("ski-without-octet-string")


def request_info(node, oddities):
    """Subject of a PKCS #10 CertificationRequest."""
    _note_algorithm(node.children[1], oddities)
    return names.distinguished_name(node.children[0].children[1])


def _template(node, found, oddities):
    for field in node.children:
        if field.is_context(5):
            found["subject"] = names.distinguished_name(field.children[0])
        elif field.is_context(9):
            for extension in field.children:
                _extension(extension, oddities)


def cert_req_msg(parts, oddities):
    """crm entry from the members of a CertReqMsg."""
    request = parts[0].children
    found = {"choice": "crm", "id": request[0].integer()}
    _template(request[1], found, oddities)
    if len(request) > 2 and not request[2].children:
        oddities.add("empty-crmf-controls")
    found["pop"] = "absent"
    for part in parts[1:]:
        if part.tag_class == ber.CONTEXT:
            found["pop"] = POPS[part.number]
            if part.number == 1:
                _note_algorithm([child for child in part.children if child.is_universal(ber.SEQUENCE)][0], oddities)
    return found


def _request(node, oddities):
    if node.number == 0:
        return {"choice": "tcr", "id": node.children[0].integer(), "subject": request_info(node.children[1], oddities)}
    if node.number == 1:
        return cert_req_msg(node.children, oddities)
    return {"choice": "orm", "id": node.children[0].integer(), "type": node.children[1].oid()}


def _control(node, found, oddities):
    oid, value = node.children[1].oid(), node.children[2].children
    control = {"bodyPartID": node.children[0].integer(), "oid": oid}
    if names.control_name(oid):
        control["name"] = names.control_name(oid)
    if oid in STATUS_CONTROLS:
        found.setdefault("status", []).extend(controls.status_of(part, oddities) for part in value)
    elif value:
        known = controls.value_of(oid, value[0], oddities)
        if known is not None:
            control["value"] = known
    found["controls"].append(control)


def _contained(node, found, oddities):
    number = node.children[0].integer()
    found["cms"].append(number)
    inner, inner_oddities = {}, set()
    content_info(node.children[1], inner, inner_oddities)
    if any(part.indefinite for part in node.children[1].walk()):
        oddities.add("ber-inside-pkidata")
    oddities |= inner_oddities - {"ber-indefinite"}
    deeper = inner.pop("nested", [])
    found.setdefault("nested", []).append(dict({"path": [number]}, **inner))
    found["nested"] += [dict(item, path=[number] + item["path"]) for item in deeper]


def _duplicates(found):
    numbers = [control["bodyPartID"] for control in found["controls"]] + [request["id"] for request in found.get("requests", [])]
    numbers += found["cms"] + found["otherMsgs"]
    return len(numbers) != len(set(numbers)), 0 in numbers


def pki_body(node, is_request, found, oddities):
    """PKIData or PKIResponse."""
    found.update({"controls": [], "cms": [], "otherMsgs": []})
    parts = list(node.children)
    if is_request:
        found["requests"] = []
        if len(parts) == 1:
            oddities.add("pkidata-missing-sequences")
            parts = [None, parts[0], None, None]
        found["requests"] = [_request(child, oddities) for child in parts.pop(1).children]
    for part, take in zip(parts, (_control, _contained)):
        for child in part.children if part else []:
            take(child, found, oddities)
    found["otherMsgs"] = [child.children[0].integer() for child in (parts[2].children if parts[2] else [])]
    twice, zero = _duplicates(found)
    if twice:
        oddities.add("duplicate-body-part-id")
    if zero:
        oddities.add("body-part-id-zero")


def _signer(node, oddities):
    version, sid = node.children[0].integer(), node.children[1]
    signer = {"version": version}
    if sid.is_context(0):
        if sid.constructed:
            oddities.add("explicit-key-identifier")
        signer.update({"sid": "subjectKeyIdentifier", "ski": sid.octets().hex()})
    else:
        serial = str(sid.children[1].integer())
        signer.update({"sid": "issuerAndSerialNumber", "issuer": names.distinguished_name(sid.children[0]), "serial": serial})
    if version != (3 if sid.is_context(0) else 1):
        oddities.add("signerinfo-version")
    signer["digestAlgorithm"] = controls.algorithm(node.children[2])
    algorithm = node.children[4] if node.children[3].is_context(0) else node.children[3]
    signer["signatureAlgorithm"] = controls.algorithm(algorithm)
    _note_algorithm(algorithm, oddities)
    return signer


def _econtent(holder, oddities):
    """The element inside eContent, or None."""
    if not holder:
        return None
    content = holder[0].children[0]
    if not content.is_universal(ber.OCTET_STRING):
        oddities.add("missing-octet-string")
        return content
    if not content.octets():
        oddities.add("empty-econtent")
        return None
    return ber.read(content.octets())


def _in_der_order(node):
    encodings = [child.encoded for child in node.children]
    longest = max([len(one) for one in encodings], default=0)
    padded = [one.ljust(longest, b"\0") for one in encodings]
    return padded == sorted(padded)


def _certificate_subject(node):
    body = node.children[0].children
    return names.distinguished_name(body[5] if body[0].is_context(0) else body[4])


def signed_data(node, found, oddities):
    parts = node.children
    found["version"] = parts[0].integer()
    content_type, certificates, crls = parts[2].children[0].oid(), None, None
    for part in parts[3:-1]:
        if part.is_context(0):
            certificates = part
        else:
            crls = part
    if certificates and not certificates.children:
        oddities.add("empty-certificates")
    if any(part and not _in_der_order(part) for part in (certificates, crls, parts[-1])):
        oddities.add("unsorted-set")
    content = _econtent(parts[2].children[1:], oddities)
    if content_type == PKI_DATA:
        found["kind"] = "Full PKI Request"
        pki_body(content, True, found, oddities)
    elif content_type == PKI_RESPONSE:
        found["kind"] = "Full PKI Response"
        pki_body(content, False, found, oddities)
    else:
        found["kind"] = "SignedData" if content or parts[-1].children else "Simple PKI Response"
    found["certificates"] = len(certificates.children) if certificates else 0
    if certificates:
        found["certificateSubjects"] = [_certificate_subject(child) for child in certificates.children]
    found["crls"] = len(crls.children) if crls else 0
    found["signers"] = [_signer(child, oddities) for child in parts[-1].children]


def _enveloped(node, found, kind):
    found["kind"] = kind
    recipients = [part for part in node.children if part.is_universal(ber.SET)][0]
    content = [part for part in node.children if part.is_universal(ber.SEQUENCE)][0]
    found["recipients"] = ["ktri" if part.is_universal(ber.SEQUENCE) else RECIPIENTS[part.number] for part in recipients.children]
    found["encryptedContentType"] = content.children[0].oid()
    found["contentEncryption"] = controls.algorithm(content.children[1])


def content_info(node, found, oddities):
    kind, content = node.children[0].oid(), node.children[1].children[0]
    if kind == SIGNED:
        signed_data(content, found, oddities)
    elif kind in (PKI_DATA, PKI_RESPONSE):
        oddities.add("bare-pkidata-contentinfo")
        found["kind"] = "Full PKI Request" if kind == PKI_DATA else "Full PKI Response"
        pki_body(content, kind == PKI_DATA, found, oddities)
    elif kind == DATA:
        oddities.add("unsigned-id-data")
        found["kind"] = "Full PKI Request"
        pki_body(ber.read(content.octets()), True, found, oddities)
    elif kind in (ENVELOPED, AUTH_ENVELOPED):
        _enveloped(content, found, "EnvelopedData" if kind == ENVELOPED else "AuthEnvelopedData")
    else:
        raise ber.BerError("content type " + kind)


def _plain(node, found, oddities):
    """A message without ContentInfo."""
    parts = node.children
    if len(parts) == 3 and parts[2].is_universal(ber.BIT_STRING):
        body = parts[0].children
        if body[0].is_universal(ber.INTEGER) and body[-1].is_context(0) and body[1].children[0].is_universal(ber.SET):
            found.update({"kind": "Simple PKI Request", "subject": request_info(node, oddities)})
            return
        at = 1 if body[0].is_context(0) else 0
        found.update({"kind": "Certificate", "subject": _certificate_subject(node), "serial": str(body[at].integer())})
    elif parts and all(part.is_universal(ber.SEQUENCE) for part in parts) and len(parts) in (3, 4) and not (
            parts[0].children and parts[0].children[0].children and parts[0].children[0].children[0].is_universal(ber.INTEGER)
            and len(parts[0].children[0].children) == 2):
        found["kind"] = "PKIData" if len(parts) == 4 else "PKIResponse"
        pki_body(node, len(parts) == 4, found, oddities)
    elif parts[0].children[0].is_universal(ber.INTEGER):
        found.update({"kind": "CertReqMsg", "requests": [cert_req_msg(parts, oddities)]})
    else:
        found.update({"kind": "CertReqMessages", "requests": [cert_req_msg(part.children, oddities) for part in parts]})


def describe(data):
    """The facts about a file as a JSON object; kind is "invalid" when it does not parse."""
    form, octets = unwrap(data)
    found, oddities = {}, set()
    try:
        node = ber.read(octets)
        if node.children[0].is_universal(ber.OID):
            content_info(node, found, oddities)
        else:
            _plain(node, found, oddities)
    except (ber.BerError, IndexError, KeyError, UnicodeDecodeError) as reason:
        return {"kind": "invalid", "form": form or "DER", "reason": str(reason)}
    oddities |= ber.leaves_der(node)
    found["ber"] = bool(ber.leaves_der(node))
    found["form"] = form or ("BER" if found["ber"] else "DER")
    found["oddities"] = sorted(oddities)
    return found


def describe_signed_data(octets):
    """The facts about a SignedData that stands without ContentInfo (an encrypted content)."""
    found, oddities = {}, set()
    signed_data(ber.read(octets), found, oddities)
    return dict(found, oddities=sorted(oddities))
