"""`cmcctl enroll` and `cmcctl revoke`, which speak to the CA themselves: HTTPS, its certificate verified, and all round trips."""

from archival import TRANSPORT, expect_recovered, subject
from harness import AGENT, AGENT_SIGNED, ROOT, SECRET, SELF_SIGNED, SERVER, case, client, cmcctl, expect, must, servlet_path
from secret_revocation import agree_on, expect_status, issued

AS_AGENT = [*AGENT, "--client-key", client / "caadmin.key", "--client-cert", client / "caadmin.pem"]


def to(servlet, profile):
    return ["--to", SERVER + servlet_path(servlet, profile), "--trust", ROOT, "--profile", "dogtag"]


def enroll(name, wanted, *more):
    made = cmcctl("enroll", "--new-key", "rsa:2048", "--key-out", f"{name}.key", "--subject", wanted, "-o", f"{name}.pem", *more)
    must("openssl", "verify", "-CAfile", ROOT, f"{name}.pem")
    return made.stdout


def enroll_with_secret():
    wanted = "UID=testuser,OU=people,DC=example,DC=com"
    expect(enroll("enroll", wanted, *SECRET, *to(SELF_SIGNED, "caFullCMCSharedTokenCert")), "issued", "1 round trip")
    return "issued"


def enroll_for_encryption():
    name = "enroll-encryption"
    said = enroll(name, subject(name), "--encryption-key", "--archive-to", TRANSPORT, *AS_AGENT,
                  *to(AGENT_SIGNED, "caFullCMCUserCert"))
    expect(said, "issued", "2 round trips")
    expect_recovered(name)
    return "challenged, issued, key recovered"


def revoke_with_secret():
    name = "lost-too"
    issued(name)
    agree_on(name, "revoke me too")
    cmcctl("revoke", "--cert", f"{name}.pem", "--reason", "superseded", "--secret", "pass:revoke me too",
           *to(SELF_SIGNED, "caFullCMCSharedTokenCert"))
    expect_status(name, "REVOKED")
    return "revoked"


def cases():
    case("`cmcctl enroll`, shared secret", enroll_with_secret)
    case("`cmcctl enroll`, agent-signed, key for encryption, archived", enroll_for_encryption)
    case("`cmcctl revoke` by secret", revoke_with_secret)
