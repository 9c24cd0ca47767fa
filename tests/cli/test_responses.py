"""cmcctl verify --request: what a response says about its request. Dogtag's exchanges, and wrong answers of our own."""

import hashlib
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
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-responses-")
here = Path(scratch.name)

EXIT = {"issued": 0, "success": 0, "failed": 1, "pending": 5, "popRequired": 6, "confirmRequired": 6, "partial": 1, "untrusted": 1,
        "mismatch": 1}


def ask(response, request, *arguments):
    result = cmcctl("verify", "--json", *map(str, arguments), "--request", str(request), str(response))
    checks.equal(result.stderr, "", f"{response}")
    answer = json.loads(result.stdout)["response"]
    expected = EXIT[answer["outcome"]]
    if answer["outcome"] == "partial" and any("pendToken" in one for one in answer["statuses"]):
        expected = 5
    checks.equal(result.returncode, expected, f"{response}: exit code of {answer['outcome']}")
    return answer


def failed(answer):
    return [check["name"] for check in answer["checks"] if check["verdict"] != "pass"]


DOGTAGS = {
    "ca/agent-confirm": "partial", "ca/agent-controls": "issued", "ca/agent-crmf-pop": "issued", "ca/agent-getcert": "issued",
    "ca/agent-p10-rsa": "issued", "ca/arch-kwpad": "issued", "ca/err-bad-signature": "failed", "ca/err-pop-fail": "failed",
    "ca/err-unknown-profile": "failed", "ca/multi-2-ok": "issued", "ca/pop-challenge-rsa": "popRequired",
    "ca/poplink-missing": "failed", "ca/poplink-ok": "confirmRequired", "ca/rev-agent": "success", "ca/rev-sharedsecret": "success",
    "ca/rev-unknown-serial": "failed", "ca/self-p10-poplink": "issued", "ca/self-p10": "issued", "ca/self-wrong-secret": "failed",
    "ca/simple-p10": "issued", "ca/user-p10": "issued", "ca-ec/agent-p10-ec": "issued", "ca-ec/err-bad-signature": "failed",
    "ca-ec/pop-challenge-rsa": "popRequired",
}


def trust(case):
    return ["--at", DOGTAG_TIME, "--trust", DOGTAG / case.split("/")[0] / "pki" / "ca_signing.pem"]


def request_of(case):
    file = DOGTAG / case / "cmc.req"
    return file if file.exists() else DOGTAG / case / "req.pem"


def dogtag():
    found = {str(file.parent.relative_to(DOGTAG)) for file in DOGTAG.glob("ca*/*/resp.bin")}
    checks.equal(found, set(DOGTAGS), "every exchange has its outcome here")
    for case, outcome in DOGTAGS.items():
        answer = ask(DOGTAG / case / "resp.bin", request_of(case), *trust(case))
        checks.equal(answer["outcome"], outcome, case)
        checks.equal(failed(answer), [], case + ": the exchange")
        certificates = [request for request in answer["requests"] if "certificate" in request]
        checks.equal(len(certificates), len(answer["requests"]) if outcome in ("issued", "confirmRequired", "partial") else 0,
                     case + ": certificates")
        second = DOGTAG / case / "resp2.bin"
        if second.exists():
            checks.equal(ask(second, DOGTAG / case / "cmc2.req", *trust(case))["outcome"], "issued", case + ": second trip")
    answer = ask(DOGTAG / "ca/self-wrong-secret/resp.bin", request_of("ca/self-wrong-secret"), *trust("ca/x"))
    checks.contains(answer["nextStep"], "cmcctl explain badIdentity", "the next step of a refusal")
    checks.equal(ask(DOGTAG / "ca/pop-challenge-rsa/resp.bin", request_of("ca/pop-challenge-rsa"), *trust("ca/x"))["challenges"], [1],
                 "the challenge is named")


def dogtag_astray():
    """Right answers to other requests, changed answers, and answers of a CA that nobody trusts."""
    controls = DOGTAG / "ca/agent-controls"
    answer = ask(controls / "resp.bin", request_of("ca/agent-p10-rsa"), *trust("ca/x"))
    checks.equal((answer["outcome"], failed(answer)), ("mismatch", ["transactionId", "recipientNonce", "dataReturn"]), "foreign nonces")
    answer = ask(DOGTAG / "ca/agent-p10-rsa/resp.bin", request_of("ca/agent-controls"), *trust("ca/x"))
    checks.equal(answer["outcome"], "mismatch", "no transactionId and nonce in the answer")
    answer = ask(DOGTAG / "ca/user-p10/resp.bin", request_of("ca/arch-kwpad"), *trust("ca/x"))
    checks.equal(answer["outcome"], "mismatch", "a certificate for another key")
    answer = ask(DOGTAG / "ca/user-p10/resp.bin", request_of("ca/user-p10"), "--at", DOGTAG_TIME)
    checks.equal(answer["outcome"], "untrusted", "without an anchor")
    changed = bytearray((controls / "resp.bin").read_bytes())
    changed[-1] ^= 1
    (here / "changed").write_bytes(changed)
    checks.equal(ask(here / "changed", request_of("ca/agent-controls"), *trust("ca/x"))["outcome"], "untrusted", "a changed signature")
    echo = (controls / "resp.bin").read_bytes().replace(b"\x04\x08my-nonce", b"\x04\x08my-nance")
    (here / "changed").write_bytes(echo)
    checks.equal(ask(here / "changed", request_of("ca/agent-controls"), *trust("ca/x"))["outcome"], "untrusted", "a changed nonce")


# answers of our own

KEY, CA_KEY = ec_key(), ec_key()
CA = certificate("CA", CA_KEY, "CA", CA_KEY, basic_constraints(), key_usage(SIGNATURE, CERT_SIGN, CRL_SIGN), serial=1)
OTHER_CA_KEY = ec_key()
ISSUED = certificate("me", KEY, "CA", CA_KEY, key_usage(SIGNATURE), serial=5)
RENAMED = certificate("you", KEY, "CA", CA_KEY, key_usage(SIGNATURE), serial=6)
FALSE = certificate("me", KEY, "CA", OTHER_CA_KEY, key_usage(SIGNATURE), serial=7)
ECDSA = algorithm("1.2.840.10045.4.3.2")
NONCE, OWN = octet_string(b"nonce of the client"), octet_string(b"nonce of the server")
(here / "ca.der").write_bytes(CA)
(here / "request").write_bytes(pki_data([control(2, TRANSACTION, integer(4711)), control(3, SENDER_NONCE, NONCE)], [tcr(1, pkcs10("me", KEY))]))
TIED = [control(2, TRANSACTION, integer(4711)), control(3, RECIPIENT_NONCE, NONCE), control(4, SENDER_NONCE, OWN)]


def respond(controls, certificates=(), signed_by_ca=True, nested=()):
    content = pki_response(controls, nested)
    attributes = [attribute(CONTENT_TYPE, oid(PKI_RESPONSE)), attribute(MESSAGE_DIGEST, octet_string(hashlib.sha256(content).digest()))]
    signers = [signer_info("CA", 1, attributes, CA_KEY, kind=ECDSA)] if signed_by_ca else []
    (here / "response").write_bytes(signed_data(PKI_RESPONSE, content, signers, [CA, *certificates]))
    return ask(here / "response", here / "request", "--trust", here / "ca.der", "--at", "2026-06-01")


def own():
    def v2(kind, other=None, part=1, text=None):
        return control(1, STATUS, status(kind, part, other=other, text=text))

    pend = sequence(octet_string(b"\xca\xfe"), tlv(0x18, b"20261201120000Z"))
    for what, outcome, controls, certificates in [
        ("issued", "issued", [v2(0), *TIED], [ISSUED]), ("no status at all", "issued", TIED, [ISSUED]),
        ("status of the first version", "issued", [control(1, STATUS_V1, status(0, 1)), *TIED], [ISSUED]),
        ("another name", "issued", [v2(0), *TIED], [RENAMED]),
        ("success without a certificate", "mismatch", [v2(0), *TIED], []),
        ("a certificate of another CA with the name of ours", "untrusted", [v2(0), *TIED], [FALSE]),
        ("pending", "pending", [v2(3, pend), *TIED], []),
        ("pending, first version", "pending", [control(1, STATUS_V1, status(3, 1, other=pend)), *TIED], []),
        ("partial", "partial", [v2(7, pend), *TIED], [ISSUED]),
        ("confirmRequired", "confirmRequired", [v2(5), *TIED], [ISSUED]),
        ("popRequired without a challenge", "popRequired", [v2(6), *TIED], []),
        ("failed", "failed", [v2(2, integer(2)), *TIED], []), ("failed for reasons of its own", "failed", [v2(2, integer(1234)), *TIED], []),
        ("noSupport", "failed", [v2(4), *TIED], []), ("failed, and tied to nothing", "failed", [v2(2, integer(11), part=0)], []),
        ("success, and tied to nothing", "mismatch", [v2(0)], [ISSUED]),
        ("a foreign recipientNonce", "mismatch", [v2(0), TIED[0], control(3, RECIPIENT_NONCE, OWN), TIED[2]], [ISSUED]),
        ("a refusal with a foreign recipientNonce", "mismatch", [v2(2, integer(2)), control(3, RECIPIENT_NONCE, OWN)], []),
        ("another transactionId", "mismatch", [v2(0), control(2, TRANSACTION, integer(-4711)), *TIED[1:]], [ISSUED]),
        ("a dataReturn that was never sent", "mismatch", [v2(0), *TIED, control(5, DATA_RETURN, OWN)], [ISSUED]),
    ]:
        answer = respond(controls, certificates)
        checks.equal(answer["outcome"], outcome, what + f": {answer}")
        if outcome == "pending":
            checks.contains(answer["nextStep"], "query-pending --token cafe", what + ": the token")
            checks.contains(answer["nextStep"], "2026-12-01T12:00:00Z", what + ": the time")
        if what == "another name":
            subject = [check for check in answer["requests"][0]["checks"] if check["name"] == "subject"]
            checks.equal([(check["verdict"], check["text"]) for check in subject], [("unknown", "CN=you instead of CN=me")], what)
    answer = respond([v2(0), *TIED[:2], control(4, SENDER_NONCE, NONCE)], [ISSUED])
    checks.equal((answer["outcome"], failed(answer)), ("issued", ["senderNonce"]), "our own senderNonce sent back")
    answer = respond([v2(2, integer(11), part=0)], signed_by_ca=False)
    checks.equal(answer["outcome"], "failed", "a refusal that nobody signed is shown")
    answer = respond([v2(0), *TIED], [ISSUED], signed_by_ca=False)
    checks.equal(answer["outcome"], "untrusted", "a success that nobody signed is not believed")
    answer = respond([v2(0), v2(2, integer(2)), *TIED], [ISSUED], signed_by_ca=False)
    checks.equal(answer["outcome"], "untrusted", "nor half of one")
    answer = respond([control(1, BATCH_RESPONSES, ids(9)), control(6, STATUS, status(0, 1)), *TIED], [ISSUED])
    checks.equal(failed(answer), ["batchResponses"], "batchResponses that lead nowhere")


def calls():
    for arguments, code, part in [
        (["--request", "missing", "response"], 4, "missing"), (["--request", "request", "response", "response"], 2, "one response"),
        (["--request", "junk", "response"], 3, "junk"),
    ]:
        (here / "junk").write_bytes(b"\0\0junk")
        result = cmcctl("verify", *arguments, cwd=here)
        checks.equal(result.returncode, code, " ".join(arguments) + ": " + result.stderr)
        checks.contains(result.stderr, part, " ".join(arguments))
    shown = cmcctl("verify", "--trust", "ca.der", "--at", "2026-06-01", "--request", "request", "response", cwd=here)
    for line in ("issued\n", "  next: take the certificates", "  status success for body part 1", "serial number 0x05 of CN=CA"):
        checks.contains(shown.stdout, line, "the answer as text")


dogtag()
dogtag_astray()
own()
calls()
checks.finish()
