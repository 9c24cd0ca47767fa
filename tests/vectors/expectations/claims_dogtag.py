"""What the cfg files, command lines, CMCResponse texts and responses.tsv of dogtag/ say about each file."""

import re
import shlex

import messages
import names

DIGESTS = {"SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
MACS = {"SHA-256-HMAC": "hmacWithSHA256", "SHA-512-HMAC": "hmacWithSHA512"}
REASONS = {"caCompromise": "cACompromise"}
REASON_NUMBERS = {"0": "unspecified", "1": "keyCompromise"}
TEXT_CONTROLS = {"CMCStatusInfoV2": 25, "CMC encrypted POP": 9, "CMC ResponseInfo": 19, "CMC Data Return": 4,
                 "CMC Transaction Id": 5, "CMC Recipient Nonce": 7, "CMC Sender Nonce": 6}
ORIGIN = "dogtag/README.md: Dogtag PKI 10.10.2, %s"


def _configuration(path):
    pairs = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            pairs[name] = value
    return pairs


class Request:
    """Replays how CMCRequest numbers and fills the message of one cfg file."""

    def __init__(self, cfg, folder, root):
        self.cfg, self.folder, self.root = cfg, folder, root
        self.next, self.controls, self.requests = 1, [], []

    def on(self, name):
        return self.cfg.get(name + ".enable") == "true"

    def add(self, last, value=None, keep=False):
        control = {"bodyPartID": self.next, "oid": names.CMC_CONTROL_ARC + str(last), "name": names.CMC_CONTROLS[last]}
        if value is not None:
            control["value"] = value
        self.controls.append(control)
        self.next += not keep

    def certificate_named(self, prefix):
        return {"issuer": self.cfg[prefix + ".issuer"], "serial": self.cfg[prefix + ".serial"]}

    def before_requests(self):
        if self.on("confirmCertAcceptance"):
            self.add(24, self.certificate_named("confirmCertAcceptance"))
        if self.on("LraPopWitness"):
            self.add(11, {"pkiDataBodyid": 0, "bodyIds": [int(one) for one in self.cfg["LraPopWitness.bodyPartIDs"].split()]})
        if self.on("getCert"):
            self.add(15, self.certificate_named("getCert"))
        if self.on("dataReturn"):
            self.add(4, self.cfg["dataReturn.data"].encode().hex())
        if self.on("senderNonce"):
            self.add(6, self.cfg["senderNonce"].encode().hex() if self.cfg.get("senderNonce") else None)

    def revocation(self):
        reason = self.cfg["revRequest.reason"]
        value = {"serial": self.cfg["revRequest.serial"], "reason": REASONS.get(reason, reason)}
        secret, comment = self.cfg.get("revRequest.sharedSecret"), self.cfg.get("revRequest.comment")
        if secret:
            value.update({"issuer": self.cfg["revRequest.issuer"], "passphrase": secret.encode().hex()})
        if comment:
            value["comment"] = comment
        self.add(17, value)

    def take_requests(self):
        for name in self.cfg["input"].split():
            described = messages.describe((self.folder / name).read_bytes())
            if self.cfg["format"] == "crmf":
                self.requests.append(described["requests"][0])
            else:
                self.requests.append({"choice": "tcr", "id": self.next, "subject": described["subject"]})
                self.next += 1

    def after_requests(self):
        if self.on("transactionMgt"):
            text = self.cfg.get("transactionMgt.id")
            self.add(5, str(int.from_bytes(text.encode(), "big")) if text else None)
        if self.on("identification"):
            self.add(2, self.cfg["identification"])
        if self.on("identityProofV2"):
            if self.cfg["identityProofV2.macAlg"] in MACS:
                digest, mac = DIGESTS[self.cfg["identityProofV2.hashAlg"]], MACS[self.cfg["identityProofV2.macAlg"]]
                self.add(34, {"proofAlgID": digest, "macAlgId": mac})
        elif self.on("identityProof"):
            self.add(3)

    def challenge_answer(self):
        self.next = 2
        self.add(10, {"bodyPartID": 1})
        self.add(18)
        described = messages.describe((self.folder / self.cfg["input"]).read_bytes())
        self.requests = [described["requests"][0]]

    def signer(self):
        if self.cfg.get("request.useSharedSecret") == "true":
            return [{"version": 3, "sid": "subjectKeyIdentifier"}]
        if self.cfg.get("revRequest.sharedSecret"):
            return None
        signer = {"version": 1, "sid": "issuerAndSerialNumber"}
        for folder in (self.root / "tools/pki", self.folder.parent / "pki"):
            path = folder / (self.cfg["nickname"] + ".pem")
            if folder.parent == self.folder.parent and path.exists():
                signer["serial"] = messages.describe(path.read_bytes())["serial"]
        return [signer]

    def claim(self):
        if self.on("decryptedPop"):
            self.challenge_answer()
        elif self.on("revRequest"):
            self.revocation()
        else:
            self.before_requests()
            if self.on("popLinkWitnessV2"):
                self.add(22, keep=True)
            self.take_requests()
            self.after_requests()
        claim = {"kind": "Full PKI Request", "ber": False, "controls": self.controls, "requests": self.requests}
        claim.update({"cms": [], "otherMsgs": []})
        signers = self.signer()
        if signers:
            claim["signers"] = signers
        else:
            claim["oddities"] = ["unsigned-id-data"]
        return claim


def _revoke_command(folder):
    options = {word[1]: word[2:] for word in shlex.split((folder / "cmd.txt").read_text())[1:] if word.startswith("-")}
    value = {"issuer": options["i"], "serial": options["s"], "reason": REASON_NUMBERS[options["m"]]}
    if "t" in options:
        value["passphrase"] = options["t"].encode().hex()
    if "c" in options:
        value["comment"] = options["c"]
    controls = [{"bodyPartID": 1, "oid": names.CMC_CONTROL_ARC + "6", "name": "senderNonce"},
                {"bodyPartID": 2, "oid": names.CMC_CONTROL_ARC + "17", "name": "revokeRequest", "value": value}]
    signers = [{"version": 1, "sid": "issuerAndSerialNumber"}]
    return {"kind": "Full PKI Request", "ber": False, "controls": controls, "requests": [], "signers": signers}


def _key_tool(line):
    """Claim from a PKCS10Client or CRMFPopClient command line."""
    words = shlex.split(line)
    options = dict(zip(words, words[1:]))
    subject = options["-n"]
    if words[0] == "PKCS10Client":
        return {"kind": "Simple PKI Request", "form": "PEM", "subject": subject}
    pop = "absent" if options.get("-q") == "POP_NONE" else "signature"
    return {"kind": "CertReqMessages", "form": "PEM", "requests": [{"choice": "crm", "id": 1, "subject": subject, "pop": pop}]}


def _signed_octets(text):
    return bytes(int(one) & 0xFF for one in text.split()).hex()


def _response_text(text):
    """Claim from what CMCResponse printed."""
    claim = {"kind": "Full PKI Response" if "CMC Full Response." in text else "Simple PKI Response"}
    claim["certificates"] = len(re.findall(r"^    Certificate: ", text, re.MULTILINE))
    controls = []
    for block in re.split(r"^Control #\d+: ", text, flags=re.MULTILINE)[1:]:
        last = TEXT_CONTROLS[block.splitlines()[0].strip()]
        control = {"oid": names.CMC_CONTROL_ARC + str(last), "name": names.CMC_CONTROLS[last]}
        value = re.search(r"^   Value: (.*)", block, re.MULTILINE)
        number = re.search(r"^   INTEGER: (\d+)", block, re.MULTILINE)
        if value:
            control["value"] = _signed_octets(value.group(1))
        elif number:
            control["value"] = number.group(1)
        controls.append(control)
    if controls:
        claim["controls"] = controls
        assert len(controls) == int(re.search(r"Number of controls is (\d+)", text).group(1))
    return claim


def _status_line(text):
    if text.startswith("certs-only"):
        return {"kind": "Simple PKI Response"}
    statuses = []
    for match in re.finditer(r'status=(\d+) body=\[([\d, ]+)\](?: "([^"]*)")?(?: failInfo=(\d+))?', text):
        status = {"cMCStatus": int(match.group(1)), "bodyList": [int(one) for one in match.group(2).split(",")]}
        if match.group(3):
            status["statusString"] = match.group(3)
        if match.group(4):
            status["failInfo"] = int(match.group(4))
        statuses.append(status)
    return {"kind": "Full PKI Response", "status": statuses}


def _responses(root, found):
    for line in (root / "responses.tsv").read_text().splitlines():
        name, text = line.split("\t")
        claim = _status_line(text)
        path = root / name
        printed = _response_text((path.parent / path.name.replace("resp", "cmcresponse").replace(".bin", ".txt")).read_text())
        assert printed["kind"] == claim["kind"], name
        found["dogtag/" + name] = dict(printed, **claim, ber=False, origin=ORIGIN % "answer of the CA")


def _requests(root, found):
    pairs = [(path, path.parent / "out.bin") for path in root.glob("tools/*/cmc.cfg")]
    pairs += [(path, path.with_suffix(".req")) for path in root.glob("ca*/*/cmc*.cfg")]
    for cfg, output in pairs:
        if output.exists():
            name = output.relative_to(root.parent).as_posix()
            found[name] = dict(Request(_configuration(cfg), cfg.parent, root).claim(), origin=ORIGIN % "CMCRequest with %s" % cfg.name)


def _commands(root, found):
    for path in root.glob("*/*/cmd.txt"):
        tools = [line for line in path.read_text().splitlines() if line.startswith(("PKCS10Client -d", "CRMFPopClient -d"))]
        outputs = ["req.pem"] if (path.parent / "req.pem").exists() else ["r1.pem", "r2.pem"]
        for line, output in zip(tools, outputs):
            if (path.parent / output).exists():
                name = (path.parent / output).relative_to(root.parent).as_posix()
                found[name] = dict(_key_tool(line), origin=ORIGIN % line.split()[0])
        if (path.parent / "CMCRevoke.out").exists():
            name = (path.parent / "CMCRevoke.out").relative_to(root.parent).as_posix()
            found[name] = dict(_revoke_command(path.parent), origin=ORIGIN % "CMCRevoke")


def claims(folder):
    """{file: claim} of the collection."""
    root, found = folder / "dogtag", {}
    _responses(root, found)
    _requests(root, found)
    _commands(root, found)
    return found
