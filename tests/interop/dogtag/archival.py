"""Private keys archived with their requests. The judge is the KRA: what it gives back to its agent has to be the key that
cmcctl has made."""

import base64
import json
import os

from harness import (AGENT, AGENT_SIGNED, AGENT_TLS, answer, case, certificate, client, cmcctl, crmf_for, curl, expect, full, here,
                     must, submit)

TRANSPORT = client / "transport.pem"
RSA_PROFILE = "caFullCMCUserCert"
KEYS = "/kra/rest/agent/keys"
JSON = ["-H", "Accept: application/json", "-H", "Content-Type: application/json"]


def kra(path, *more):
    return json.loads(curl(KEYS + path, *AGENT_TLS, *JSON, *more))


def archived_keys(name):
    """The KRA's identifiers of the keys that are archived under a name of this run."""
    every = kra("?size=100000&maxResults=100000")["entries"]
    return [key["keyURL"].rsplit("/", 1)[1] for key in every if key["ownerName"] == subject(name)]


def recovery_request(key_id, session_key):
    wrapped = must("openssl", "pkeyutl", "-encrypt", "-certin", "-inkey", TRANSPORT, input=session_key, text=False)
    attributes = {"keyId": key_id, "transWrappedSessionKey": base64.b64encode(wrapped).decode(),
                  "payloadEncryptionOID": "2.16.840.1.101.3.4.1.2", "payloadWrappingName": "AES/CBC/PKCS5Padding"}
    return json.dumps({"ClassName": "com.netscape.certsrv.key.KeyRecoveryRequest",
                       "Attributes": {"Attribute": [{"name": name, "value": value} for name, value in attributes.items()]}})


def recovered(name):
    ids = archived_keys(name)
    if len(ids) != 1:
        raise RuntimeError(f"the KRA has {len(ids)} keys of {subject(name)}")
    session_key = os.urandom(16)
    given = kra("/retrieve", "--data-binary", recovery_request(ids[0], session_key))
    iv, encrypted = base64.b64decode(given["nonceData"]), base64.b64decode(given["wrappedPrivateData"])
    pkcs8 = must("openssl", "enc", "-d", "-aes-128-cbc", "-K", session_key.hex(), "-iv", iv.hex(), input=encrypted, text=False)
    return must("openssl", "pkey", "-inform", "DER", input=pkcs8, text=False)


def expect_recovered(name):
    if recovered(name) != must("openssl", "pkey", "-in", f"{name}.key", text=False):
        raise RuntimeError("the KRA gives another key than the one that was archived")


def subject(name):
    return f"CN={name} {here.name},O=Example"


def whole_blocks(name):
    """AES KeyWrap/NoPadding takes multiples of 8 octets only, and the private keys of RSA have different lengths."""
    while True:
        must("openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", f"{name}.key")
        pkcs8 = must("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", f"{name}.key", "-outform", "DER", text=False)
        if len(pkcs8) % 8 == 0:
            return ["--key", f"{name}.key"]


def new(kind):
    return lambda name: ["--new-key", kind, "--key-out", f"{name}.key"]


def ask(name, key, *archive):
    crmf_for(name, key(name), subject(name), *archive)
    full(name, *AGENT)


def archived(name, key, profile, *archive):
    def go():
        ask(name, key, "--archive-to", TRANSPORT, *archive)
        submit(name, AGENT_SIGNED, profile, AGENT_TLS)
        expect(answer(name), "issued")
        certificate(name)
        expect_recovered(name)
        return "issued, key recovered"
    return go


def archived_after_challenge():
    name = "archive-challenge"
    ask(name, new("rsa:2048"), "--archive-to", TRANSPORT, "--pop", "none")
    submit(name, AGENT_SIGNED, RSA_PROFILE, AGENT_TLS)
    expect(answer(name, 6), "popRequired")
    cmcctl("pop", "answer", f"{name}.crp", "--request", f"{name}.crq", "--key", f"{name}.key", *AGENT, "-o", f"{name}-2.crq")
    submit(f"{name}-2", AGENT_SIGNED, RSA_PROFILE, AGENT_TLS)
    expect(answer(f"{name}-2"), "issued")
    expect_recovered(name)
    return "popRequired, answered, issued, key recovered"


def refused(name, key, *archive):
    def go():
        ask(name, key, *archive)
        submit(name, AGENT_SIGNED, RSA_PROFILE, AGENT_TLS)
        expect(answer(name, 1), "failed, internalCAError", "Sending DRM request failed")
        if archived_keys(name):
            raise RuntimeError("the KRA has archived a key")
        return "refused: internalCAError"
    return go


def cases():
    rsa, to_kra = new("rsa:2048"), ["--archive-to", TRANSPORT]
    case("rsa:2048 archived, AES KeyWrap/Padding", archived("archive-pad", rsa, RSA_PROFILE))
    case("rsa:2048 archived, AES/CBC/PKCS5Padding", archived("archive-cbc", rsa, RSA_PROFILE, "--wrap", "aes-cbc"))
    case("rsa:2048 archived, DES3/CBC/Pad", archived("archive-des3", rsa, RSA_PROFILE, "--wrap", "des3-cbc"))
    case("ec:P-256 archived, AES KeyWrap/Padding", archived("archive-ec", new("ec:P-256"), "caECFullCMCUserCert"))
    case("rsa:2048 archived, without POP: encryptedPOP, decryptedPOP", archived_after_challenge)
    case("archived to another key than the KRA's", refused("archive-wrong", rsa, "--archive-to", client / "issuance.pem"))
    case("archived with AES KeyWrap/NoPadding", refused("archive-kw", whole_blocks, *to_kra, "--wrap", "aes-kw"))
    case("archived with AES KeyWrap/Wrapped", refused("archive-kwp", rsa, *to_kra, "--wrap", "aes-kwp"))
    case("archived with OAEP", refused("archive-oaep", rsa, *to_kra, "--oaep"))
