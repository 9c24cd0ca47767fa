"""Revocation by a secret that was agreed on for it: the CA finds it, encrypted, in the certificate's record. The record says
whether the certificate is revoked."""

import json

from harness import (AGENT, AGENT_SIGNED, AGENT_TLS, SELF_SIGNED, answer, case, certificate, client, cmcctl, crmf, curl, expect, full,
                     here, inside, must, submit)

DIRECTORY = ["-x", "-H", "ldap://127.0.0.1:13389", "-D", "cn=Directory Manager", "-w", "Secret.123"]
RECORDS = "ou=certificateRepository,ou=ca,dc=ca,dc=pki,dc=example,dc=com"
PROFILE = "caFullCMCSharedTokenCert"


def issued(name):
    crmf(name, "rsa:2048", f"CN={name},O=Example")
    full(name, *AGENT)
    submit(name, AGENT_SIGNED, "caFullCMCUserCert", AGENT_TLS)
    expect(answer(name), "issued")
    certificate(name)


def serial(name):
    return int(must("openssl", "x509", "-in", f"{name}.pem", "-noout", "-serial").strip().removeprefix("serial="), 16)


def agree_on(name, secret):
    cmcctl("shared-token", "make", "--for", client / "issuance.pem", "--secret", f"pass:{secret}", "-o", f"{name}.token")
    token = "".join((here / f"{name}.token").read_text().split())
    inside("ldapmodify", *DIRECTORY,
           input=f"dn: cn={serial(name)},{RECORDS}\nchangetype: modify\nadd: metaInfo\nmetaInfo: revShrTok:{token}\n")


def status(name):
    return json.loads(curl(f"/ca/rest/certs/{serial(name):#x}", "-H", "Accept: application/json"))["Status"]


def expect_status(name, wanted):
    if (found := status(name)) != wanted:
        raise RuntimeError(f"the CA's record of the certificate says {found}, and not {wanted}")


def ask(name, secret, code=0):
    cmcctl("request", "revoke", "--cert", f"{name}.pem", "--reason", "keyCompromise", "--secret", f"pass:{secret}",
           "--profile", "dogtag", "-o", f"{name}-revoke.crq")
    submit(f"{name}-revoke", SELF_SIGNED, PROFILE)
    return answer(f"{name}-revoke", code)


def right_secret():
    issued("lost")
    agree_on("lost", "revoke me")
    expect_status("lost", "VALID")
    expect(ask("lost", "revoke me"), "success")
    expect_status("lost", "REVOKED")
    return "revoked"


def wrong_secret():
    issued("kept")
    agree_on("kept", "revoke me")
    expect(ask("kept", "guessing", 1), "failed", "badIdentity")
    expect_status("kept", "VALID")
    return "refused: badIdentity"


def no_secret_agreed_on():
    issued("plain")
    expect(ask("plain", "guessing", 1), "failed", "badIdentity")
    expect_status("plain", "VALID")
    return "refused: badIdentity"


def cases():
    case("revocation by secret, unsigned", right_secret)
    case("revocation, a wrong secret", wrong_secret)
    case("revocation by secret where none was agreed on", no_secret_agreed_on)
