"""What collected/index.json says about each file."""

import json
import re

import names

KINDS = {"PKCS10": "Simple PKI Request", "certs-only": "Simple PKI Response", "SignedData/PKIData": "Full PKI Request",
         "SignedData/PKIResponse": "Full PKI Response", "CertReqMessages": "CertReqMessages", "CertReqMsg": "CertReqMsg",
         "ContentInfo / PKIData": "Full PKI Request", "PKCS#7 SignedData around PKCS#10": "SignedData", "broken PKIResponse": "invalid"}
SIDS = {"SKI": "subjectKeyIdentifier", "issuerAndSerial": "issuerAndSerialNumber"}
ODDITIES = {
    "SignerInfo version 3 although": "signerinfo-version", "eContent is PRESENT as an empty": "empty-econtent",
    "id-cct-PKIData itself": "bare-pkidata-contentinfo", "has only the reqSequence": "pkidata-missing-sequences",
    "bodyPartID 0": "body-part-id-zero", "BER indefinite length": "ber-indefinite",
}
CONTROL_OIDS = {name: names.CMC_CONTROL_ARC + str(last) for last, name in names.CMC_CONTROLS.items()}
CONTROL_OIDS["szOID_CMC_ADD_ATTRIBUTES"] = names.MICROSOFT_ADD_ATTRIBUTES


def _references(text):
    return [] if text == "none" else [part.rsplit("#", 1) for part in text.split(", ")]


def _signer(match):
    digest, algorithm = match.group(3).split("/")
    return {"version": int(match.group(1)), "sid": SIDS[match.group(2)], "digestAlgorithm": names.ALGORITHMS[digest],
            "signatureAlgorithm": names.ALGORITHMS[algorithm.lower()]}


def _crmf(content):
    match = re.match(r"certReqId (\d+), .* pop (\w+)", content)
    return [{"choice": "crm", "id": int(match.group(1)), "pop": match.group(2)}]


def _part(text, claim):
    if text.startswith("SignedData v"):
        claim["version"] = int(text[len("SignedData v"):])
    elif text.startswith("controls: "):
        pairs = _references(text[len("controls: "):])
        claim["controls"] = [{"bodyPartID": int(number), "oid": CONTROL_OIDS[name], "name": name} for name, number in pairs]
    elif text.startswith("requests: "):
        pairs = _references(text[len("requests: "):])
        claim["requests"] = [{"choice": choice, "id": int(number)} for choice, number in pairs]
    elif text.startswith("certs "):
        claim["certificates"] = int(re.match(r"certs (\d+)", text).group(1))
        crls = re.search(r"crls (\d+)", text)
        if crls:
            claim["crls"] = int(crls.group(1))
    elif text.startswith("signer v"):
        claim["signers"] = [_signer(re.match(r"signer v(\d) (\w+) ([\w/]+)", text))]


def _claim(item):
    claim = {"kind": KINDS[item["kind"]], "ber": "indefinite length" in item["content"]}
    if claim["kind"] == "invalid":
        claim.pop("ber")
    if item["content"].startswith("certReqId"):
        claim["requests"] = _crmf(item["content"])
    else:
        for part in item["content"].split("; "):
            _part(part, claim)
    claim["oddities"] = [word for text, word in ODDITIES.items() if text in item["notes"]]
    claim["origin"] = "%s %s @ %s; %s" % (item["repo"], item["path"], item["commit"][:12], item["producer"])
    if item["notes"]:
        claim["notes"] = item["notes"]
    return dict(claim, sha256=item["sha256"])


def claims(folder):
    """{file: claim} of the collection."""
    items = json.loads((folder / "collected/index.json").read_text())
    return {"collected/" + item["file"]: _claim(item) for item in items}
