"""What bouncycastle/index.json says was put into each file."""

import json
import re

import names

STATUS_FIELDS = ("bodyList", "statusString", "pendToken", "pendTime", "failInfo")
KINDS = {"PKCS10": "Simple PKI Request", "certs-only": "Simple PKI Response", "PKIData (bare)": "PKIData",
         "PKIResponse (bare)": "PKIResponse", "SignedData/PKIData": "Full PKI Request", "SignedData/PKIResponse": "Full PKI Response"}
ORIGIN = "bouncycastle/index.json: written with %s"


def _signer(text, algorithm):
    signer = {"signatureAlgorithm": names.ALGORITHMS[algorithm.lower()]}
    match = re.fullmatch(r"issuer=(.*) serial=(\d+)", text)
    if match:
        signer.update({"sid": "issuerAndSerialNumber", "issuer": match.group(1), "serial": match.group(2)})
    else:
        signer.update({"sid": "subjectKeyIdentifier", "ski": text.removeprefix("ski:")})
    return signer


def _status(value):
    status = {"cMCStatus": value["statusCode"]}
    status.update({name: value[name] for name in STATUS_FIELDS if name in value})
    if "extendedFailInfo" in value:
        status["extendedFailInfo"] = value["extendedFailInfo"]["failInfoOID"]
    return status


def _control(item):
    control = {"bodyPartID": item["bodyPartID"], "oid": item["oid"], "name": item["type"]}
    value = item["value"]
    if item["type"] in ("statusInfo", "statusInfoV2"):
        return control
    if isinstance(value, dict):
        value = {name: member for name, member in value.items() if name != "sharedSecret" and member is not None}
        if "extensions" in value:
            value["extensions"] = [text.split()[0] for text in value["extensions"]]
    return dict(control, value=value)


def _request(item):
    request = {"choice": item["choice"], "id": item.get("bodyPartID", item.get("certReqId"))}
    request.update({name: item[name] for name in ("subject", "pop") if item.get(name) is not None})
    if "requestMessageType" in item:
        request["type"] = item["requestMessageType"]
    return request


def _nested(expect):
    found = []
    for item in expect.get("cmsSequence", []):
        path = [item["bodyPartID"]]
        inner = _body(item["content"])
        deeper = inner.pop("nested", [])
        found.append(dict({"path": path, "kind": _kind_of(item["content"])}, **inner))
        found += [dict(entry, path=path + entry["path"]) for entry in deeper]
    return found


def _kind_of(expect):
    return "Full PKI Request" if expect["eContentType"] == "id-cct-PKIData" else "Full PKI Response"


def _body(expect):
    claim = {}
    if "controls" in expect:
        claim["controls"] = [_control(item) for item in expect["controls"]]
        statuses = [_status(item["value"]) for item in expect["controls"] if item["type"].startswith("statusInfo")]
        if statuses:
            claim["status"] = statuses
    if "requests" in expect:
        claim["requests"] = [_request(item) for item in expect["requests"]]
    if "cmsSequence" in expect:
        claim["cms"] = [item["bodyPartID"] for item in expect["cmsSequence"]]
        if expect["cmsSequence"]:
            claim["nested"] = _nested(expect)
    if "otherMsgs" in expect:
        claim["otherMsgs"] = [item["bodyPartID"] for item in expect["otherMsgs"]]
    if "certificates" in expect:
        claim["certificates"] = len(expect["certificates"])
        claim["certificateSubjects"] = expect["certificates"]
    if "crls" in expect:
        claim["crls"] = expect["crls"]
    if "signers" in expect:
        claim["signers"] = [_signer(item["sid"], item["signatureAlgorithm"]) for item in expect["signers"]]
    return claim


def _sealed(expect):
    claim = {"recipients": ["kekri" if expect["recipient"].startswith("kek") else "ktri"],
             "contentEncryption": names.ALGORITHMS[expect["contentEncryption"].lower()],
             "encryptedContentType": "1.2.840.113549.1.7.2", "inner": dict({"kind": _kind_of(expect["inner"])}, **_body(expect["inner"]))}
    claim["key"] = {"kek": expect["kekHex"]} if "kekHex" in expect else {"file": expect["keyFile"]}
    return claim


def _claim(item):
    expect, kind = item["expect"].get("base", item["expect"]), item["kind"].removesuffix(" (BER)")
    claim = {"ber": True} if item["kind"].endswith("(BER)") else {}
    if "EnvelopedData/" in kind:
        return dict(claim, kind=kind.split("/")[0], **_sealed(expect))
    claim["kind"] = KINDS.get(kind, kind)
    if "certReqIds" in expect:
        claim["requests"] = [{"choice": "crm", "id": number, "pop": pop} for number, pop in zip(expect["certReqIds"], expect["pops"])]
    elif kind == "PKCS10":
        claim["subject"] = expect["subject"]
    else:
        claim.update(_body(expect))
    return claim


def claims(folder):
    """{file: claim} of the collection."""
    found = {}
    for item in json.loads((folder / "bouncycastle/index.json").read_text())["files"]:
        claim = dict(_claim(item), origin=ORIGIN % item["producer"], sha256=item["sha256"])
        quirks = item["expect"].get("quirks", [])
        if quirks:
            claim["notes"] = "; ".join(quirks)
        if any("WITHOUT the [1] tag" in text for text in quirks):
            claim["oddities"] = ["untagged-extended-fail-info"]
        found["bouncycastle/" + item["file"]] = claim
    return found
