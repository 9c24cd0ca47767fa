"""Requests made by cmcctl, answered by a real Dogtag CA, and what cmcctl says of the answers.

    run.py CMCCTL CLIENT_FOLDER [pop-link]

CLIENT_FOLDER is root/ca-client of the CA's system: ca_signing.pem, caadmin.pem and caadmin.key, issuance.pem and
transport.pem. curl is the transport, but for the last cases. With pop-link, what a CA says that wants POP link witnesses
(cmc.popLinkWitnessRequired=true). Prints a table in Markdown; exit code 1 when one line is not as expected.
"""

import sys

import archival
import one_command
import secret_revocation
from harness import (AGENT, AGENT_SIGNED, AGENT_TLS, SECRET, SELF_SIGNED, USER_SIGNED, answer, case, certificate, client, cmcctl,
                     crmf, expect, full, here, p10, report, submit)


def agent_signed(make, key, profile):
    def go():
        name = f"agent-{make.__name__}-{key.replace(':', '-')}"
        make(name, key, f"CN={name},O=Example")
        full(name, *AGENT)
        submit(name, AGENT_SIGNED, profile, AGENT_TLS)
        expect(answer(name), "issued")
        certificate(name)
        return "issued"
    return go


def two_requests():
    for name in ("two-1", "two-2"):
        p10(name, "rsa:2048", f"CN={name},O=Example")
    full("two", *AGENT, requests=["two-1.csr", "two-2.csr"])
    submit("two", AGENT_SIGNED, "caTestCMCDual", AGENT_TLS)
    expect(answer("two"), "issued")
    return "two issued"


def shared_secret(make, key, profile, *more):
    def go():
        name = f"secret-{make.__name__}-{key.replace(':', '-')}{len(more)}"
        make(name, key, "UID=testuser,OU=people,DC=example,DC=com")
        full(name, "--self-sign", "--sign-with", f"{name}.key", *SECRET, *more)
        submit(name, SELF_SIGNED, profile)
        expect(answer(name), "issued")
        return "issued"
    return go


def wrong_secret():
    name = "wrong"
    p10(name, "rsa:2048", "UID=testuser,OU=people,DC=example,DC=com")
    full(name, "--self-sign", "--sign-with", f"{name}.key", "--identification", "testuser", "--secret", "pass:guessing")
    submit(name, SELF_SIGNED, "caFullCMCSharedTokenCert")
    text = answer(name, 1)
    expect(text, "failed")
    return "refused: " + ("badIdentity" if "badIdentity" in text else "failed")


def user_signed():
    name, first = "user", "agent-p10-rsa-2048"
    certificate(first)
    p10(name, "rsa:2048", f"CN={first},O=Example")
    full(name, "--sign-with", f"{first}.key", "--cert", f"{first}.pem")
    submit(name, USER_SIGNED, "caFullCMCUserSignedCert", ["--cert", f"{first}.pem", "--key", f"{first}.key"])
    expect(answer(name), "issued")
    return "issued"


def challenge():
    name = "challenge"
    crmf(name, "rsa:2048", f"CN={name},O=Example", "--pop", "none")
    full(name, *AGENT)
    submit(name, AGENT_SIGNED, "caFullCMCUserCert", AGENT_TLS)
    expect(answer(name, 6), "popRequired")
    cmcctl("pop", "answer", f"{name}.crp", "--request", f"{name}.crq", "--key", f"{name}.key", *AGENT, "-o", "answered.crq")
    submit("answered", AGENT_SIGNED, "caFullCMCUserCert", AGENT_TLS)
    expect(answer("answered"), "issued")
    return "popRequired, answered, issued"


def revoke_signed():
    name = "agent-p10-ec-P-256" if (here / "agent-p10-ec-P-256.pem").exists() else "agent-p10-rsa-2048"
    cmcctl("request", "revoke", "--cert", f"{name}.pem", "--reason", "superseded", "--sign-with", client / "caadmin.key",
           "--signer-cert", client / "caadmin.pem", "--profile", "dogtag", "-o", "revoke.crq")
    submit("revoke", AGENT_SIGNED, "caFullCMCUserCert", AGENT_TLS)
    expect(answer("revoke"), "success")
    return "revoked"


def without_witness():
    name = "unlinked"
    p10(name, "rsa:2048", "UID=testuser,OU=people,DC=example,DC=com")
    full(name, "--self-sign", "--sign-with", f"{name}.key", *SECRET)
    submit(name, SELF_SIGNED, "caFullCMCSharedTokenCert")
    expect(answer(name, 1), "failed", "POP Link Witness Verification Failed")
    return "refused"


SHARED_SECRET = (
    ("PKCS #10, rsa:2048", p10, "rsa:2048", "caFullCMCSharedTokenCert"),
    ("PKCS #10, ec:P-256", p10, "ec:P-256", "caECFullCMCSharedTokenCert"),
    ("CRMF, rsa:2048", crmf, "rsa:2048", "caFullCMCSharedTokenCert"),
)


def usual_cases():
    for key, profile in (("rsa:2048", "caFullCMCUserCert"), ("ec:P-256", "caECFullCMCUserCert"), ("ec:P-521", "caECFullCMCUserCert")):
        case(f"PKCS #10, {key}, agent-signed", agent_signed(p10, key, profile))
        case(f"CRMF with signature POP, {key}, agent-signed", agent_signed(crmf, key, profile))
    case("two PKCS #10 in one message, agent-signed", two_requests)
    for what, *rest in SHARED_SECRET:
        case(f"{what}, shared secret, self-signed", shared_secret(*rest))
    case("a wrong secret", wrong_secret)
    case("PKCS #10, rsa:2048, signed by the user", user_signed)
    case("CRMF without POP: encryptedPOP, decryptedPOP", challenge)
    case("revocation, agent-signed", revoke_signed)
    secret_revocation.cases()
    archival.cases()
    one_command.cases()


def pop_link_cases():
    for what, *rest in SHARED_SECRET:
        case(f"{what}, shared secret, POP link witness required", shared_secret(*rest, "--pop-link"))
    case("no witness where one is required", without_witness)


pop_link_cases() if sys.argv[3:] == ["pop-link"] else usual_cases()
sys.exit(1 if report() else 0)
