"""cmcctl verify and cmcctl cms sign, with OpenSSL's command line as the other side."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _run import Checks, clean_environment, cmcctl

checks = Checks()
scratch = tempfile.TemporaryDirectory(prefix="cmcctl-verify-")
here = Path(scratch.name)
vectors = Path(__file__).resolve().parent.parent / "vectors"

if shutil.which("openssl") is None:
    sys.exit(77)


def openssl(*arguments, check=True):
    return subprocess.run(["openssl", *map(str, arguments)], cwd=here, capture_output=True, text=True, check=check)


def self_signed(name, *key, usage="digitalSignature,keyCertSign,cRLSign"):
    openssl("req", "-x509", "-newkey", *key, "-keyout", f"{name}.key", "-nodes", "-subj", f"/CN={name}", "-days", "30",
            "-out", f"{name}.crt", "-addext", f"keyUsage={usage}")
    os.chmod(here / f"{name}.key", 0o600)


def issue(name, issuer, extensions, *key, serial="1000", days="30"):
    """A certificate for `name` by `issuer`."""
    openssl("req", "-new", "-newkey", *(key or ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")), "-keyout", f"{name}.key",
            "-nodes", "-subj", f"/CN={name}", "-out", f"{name}.csr")
    (here / f"{name}.ext").write_text(extensions)
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key", "-set_serial", serial,
            "-days", days, "-out", f"{name}.crt", "-extfile", f"{name}.ext")
    os.chmod(here / f"{name}.key", 0o600)


def run(*arguments, **more):
    return cmcctl(*arguments, cwd=here, **more)


def report(*arguments):
    result = run("verify", "--json", *arguments)
    return result.returncode, json.loads(result.stdout)


def failed(document):
    """The names of the checks that did not pass."""
    return {check["name"] for part in document["parts"] for check in part["checks"]
            if check["verdict"] not in ("pass", "skipped")}


data = random.Random(4).randbytes(3000)
(here / "data").write_bytes(data)
self_signed("rsa", "rsa:2048")
self_signed("p256", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
self_signed("p384", "ec", "-pkeyopt", "ec_paramgen_curve:P-384")
self_signed("p521", "ec", "-pkeyopt", "ec_paramgen_curve:P-521")
self_signed("pss", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048")
self_signed("ed", "ed25519")


def ours_for_openssl():
    """OpenSSL and we ourselves accept what `cms sign` makes."""
    for key in ("rsa", "p256", "p384", "p521", "pss", "ed"):
        for options in ([], ["--ski"], ["--no-time"], ["--detached"], ["--digest", "sha-512"], ["--pss"]):
            if "--pss" in options and key != "rsa" or "--digest" in options and key == "ed":
                continue
            made = run("cms", "sign", "data", "--key", f"{key}.key", "--cert", f"{key}.crt", *options, "-o", "made.der")
            checks.equal((made.returncode, made.stderr), (0, ""), f"sign with {key} {options}")
            content = ["-content", "data"] if "--detached" in options else []
            if key != "ed":  # OpenSSL 3.0 has no Ed25519 in CMS
                judged = openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", "made.der", "-CAfile", f"{key}.crt",
                                 "-purpose", "any", "-out", "content", *content, check=False)
                checks.equal(judged.returncode, 0, f"OpenSSL verifies {key} {options}: {judged.stderr}")
                checks.that((here / "content").read_bytes() == data, f"OpenSSL's content of {key} {options}")
            verified = run("verify", "--trust", f"{key}.crt", "made.der", *(["--content", "data"] if content else []))
            checks.equal(verified.returncode, 0, f"we verify {key} {options}: {verified.stdout}")


def openssls_for_us():
    for key in ("rsa", "p256", "p384", "p521", "pss"):
        for options in ([], ["-keyid"], ["-noattr"], ["-md", "sha384"], ["-stream", "-indef"]):
            if key == "pss" and "-noattr" in options or key == "pss" and "-stream" in options:
                continue  # OpenSSL 3.0 cannot
            more = ["-keyopt", "rsa_padding_mode:pss"] if key == "pss" else []
            openssl("cms", "-sign", "-binary", "-in", "data", "-signer", f"{key}.crt", "-inkey", f"{key}.key", "-outform",
                    "DER", "-nodetach", "-out", "theirs.der", *options, *more)
            verified = run("verify", "--trust", f"{key}.crt", "theirs.der")
            checks.equal(verified.returncode, 0, f"OpenSSL's {key} {options}: {verified.stdout}")


def key_forms():
    """Every form of a key file makes the same signature possible; passwords come from everywhere."""
    (here / "word").write_text("sesam öffne dich\n")
    os.chmod(here / "word", 0o600)
    forms = {
        "rsa-traditional.pem": ("rsa", ["-in", "rsa.key", "-traditional", "-out"]),
        "p256-traditional.pem": ("p256", ["ec", "-in", "p256.key", "-out"]),
        "rsa.der": ("rsa", ["-in", "rsa.key", "-outform", "DER", "-out"]),
        "rsa-aes.pem": ("rsa", ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", "rsa.key", "-passout", "file:word", "-out"]),
        "p256-scrypt.der": ("p256", ["pkcs8", "-topk8", "-scrypt", "-in", "p256.key", "-passout", "file:word", "-outform", "DER", "-out"]),
    }
    for file, (key, arguments) in forms.items():
        openssl(*(arguments if arguments[0] in ("ec", "pkcs8") else ["pkey", *arguments]), file)
        os.chmod(here / file, 0o600)
        password = ["--password", "file:word"] if "pkcs8" in arguments else []
        made = run("cms", "sign", "data", "--key", file, "--cert", f"{key}.crt", *password, "-o", "made.der")
        checks.equal((made.returncode, made.stderr), (0, ""), f"sign with {file}")
        checks.equal(run("verify", "--trust", f"{key}.crt", "made.der").returncode, 0, f"signed with {file}")
    sign = ("cms", "sign", "data", "--key", "rsa-aes.pem", "--cert", "rsa.crt", "-o", "made.der")
    environment = clean_environment(WORD="sesam öffne dich", BAD="sesam")
    checks.equal(run(*sign, "--password", "env:WORD", environment=environment).returncode, 0, "password from the environment")
    for arguments, code in (([], 7), (["--password", "env:BAD"], 7), (["--password", "env:NONE"], 7), (["--password", "sesam"], 2),
                            (["--password", "fd:77"], 7), (["--password", "file:none"], 7)):
        refused = run(*sign, *arguments, environment=environment)
        checks.equal(refused.returncode, code, f"{arguments}: {refused.stderr}")
        checks.that("sesam" not in refused.stderr, f"{arguments}: the password is shown")
    visible = run(*sign, "--password", "pass:sesam öffne dich")
    checks.that(visible.returncode == 0 and "warning" in visible.stderr, "a password on the command line gives a warning")
    os.chmod(here / "rsa.der", 0o644)
    warned = run("cms", "sign", "data", "--key", "rsa.der", "--cert", "rsa.crt", "-o", "made.der")
    checks.that(warned.returncode == 0 and "others may read" in warned.stderr, "a key that others may read")
    refused = run("cms", "sign", "data", "--key", "rsa.key", "--cert", "p256.crt", "-o", "other.der")
    checks.equal(refused.returncode, 7, "the certificate of another key")
    checks.that(not (here / "other.der").exists(), "nothing is written")


def chains():
    self_signed("root", "rsa:2048")
    ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n"
    issue("sub", "root", ca, serial="20")
    issue("leaf", "sub", "keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n", serial="30")
    issue("enc", "sub", "keyUsage=keyEncipherment\n", serial="31")
    issue("odd", "sub", "1.2.3.4=critical,DER:0500\n", serial="32")
    issue("below", "leaf", "keyUsage=digitalSignature\n", serial="33")
    for name in ("leaf", "enc", "odd", "below"):
        bag = (here / f"{name}.crt").read_text() + (here / "sub.crt").read_text() + (here / "leaf.crt").read_text()
        (here / f"{name}.bag").write_text(bag)
        made = run("cms", "sign", "data", "--key", f"{name}.key", "--cert", f"{name}.bag", "-o", f"{name}.der")
        checks.equal(made.returncode, 0, f"sign with {name}: {made.stderr}")
    rows = [
        (["--trust", "root.crt", "leaf.der"], 0, set()),
        (["leaf.der"], 1, {"path"}),
        (["--trust", "rsa.crt", "leaf.der"], 1, {"path"}),
        (["--trust", "sub.crt", "leaf.der"], 0, set()),  # the user may name any anchor
        (["--trust", "leaf.crt", "leaf.der"], 0, set()),
        (["--trust", "root.crt", "enc.der"], 1, {"usage"}),
        (["--trust", "root.crt", "--purpose", "any", "enc.der"], 0, set()),
        (["--trust", "root.crt", "--purpose", "ra", "leaf.der"], 1, {"usage"}),
        (["--trust", "root.crt", "odd.der"], 1, {"extensions"}),
        (["--trust", "root.crt", "below.der"], 1, {"usage"}),
        (["--trust", "root.crt", "--at", "2001-01-01", "leaf.der"], 1, {"time"}),
        (["--trust", "root.crt", "--at", "2101-01-01T00:00:00Z", "leaf.der"], 1, {"time"}),
        (["--trust", "root.crt", "--limit", "path_certificates=2", "leaf.der"], 1, {"path"}),
        (["--trust", "root.crt", "--limit", "path_signatures=1", "leaf.der"], 1, {"path"}),
        (["--trust", "root.crt", "--limit", "rsa_bits_least=3072", "leaf.der"], 1, {"path"}),
    ]
    for arguments, code, names in rows:
        got, document = report(*arguments)
        checks.equal((got, failed(document)), (code, names), f"{arguments}")
    checks.equal(run("verify", "--trust", "root.crt", "--crl", "sub.crt", "leaf.der").returncode, 0, "a certificate is no CRL to ask")
    revocation()


def crl_of(issuer, name, revoked=()):
    folder = here / f"{name}.ca"
    folder.mkdir(exist_ok=True)
    lines = [f"R\t491231235959Z\t261101000000Z,{reason}\t{serial}\tunknown\t/CN=x" for serial, reason in revoked]
    (folder / "index.txt").write_text("".join(line + "\n" for line in lines))
    (folder / "crlnumber").write_text("01\n")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\ncrlnumber={folder}/crlnumber\ndefault_md=sha256\n"
        "default_crl_days=30\n")
    openssl("ca", "-config", folder / "ca.cnf", "-gencrl", "-keyfile", f"{issuer}.key", "-cert", f"{issuer}.crt", "-out", f"{name}.crl")


def revocation():
    crl_of("root", "root")
    crl_of("sub", "sub")
    crl_of("sub", "sub-revoked", [("1E", "keyCompromise")])
    crl_of("root", "root-revoked", [("14", "superseded")])
    crl_of("rsa", "foreign", [("1E", "keyCompromise")])
    verify = ["--trust", "root.crt", "leaf.der"]
    rows = [
        (["--crl", "root.crl", "--crl", "sub.crl"], 0, set()),
        (["--crl", "root.crl"], 1, {"revocation"}),
        (["--crl", "root.crl", "--crl", "sub-revoked.crl"], 1, {"revocation"}),
        (["--crl", "root-revoked.crl", "--crl", "sub.crl"], 1, {"revocation"}),
        (["--crl", "root.crl", "--crl", "foreign.crl"], 1, {"revocation"}),
        (["--crl", "root.crl", "--crl", "sub.crl", "--crl", "foreign.crl"], 0, set()),
    ]
    for arguments, code, names in rows:
        got, document = report(*verify, *arguments)
        checks.equal((got, failed(document)), (code, names), f"{arguments}")
    text = run("verify", *verify, "--crl", "root.crl", "--crl", "sub-revoked.crl").stdout
    checks.that("keyCompromise" in text and "CN=leaf" in text, f"who is revoked, and why: {text}")


def changed():
    """Whatever verifies still has the content that was signed."""
    run("cms", "sign", "data", "--key", "p256.key", "--cert", "p256.crt", "-o", "made.der")
    good = (here / "made.der").read_bytes()
    chance = random.Random(5)
    start = good.index(data)
    places = [*range(0, start, 3), *(start + chance.randrange(len(data)) for _ in range(10)), *range(start + len(data), len(good), 7)]
    verified = 0
    for at in places:
        bad = bytearray(good)
        bad[at] ^= 1 << chance.randrange(8)
        (here / "bad.der").write_bytes(bad)
        if run("verify", "--trust", "p256.crt", "bad.der").returncode != 0:
            continue
        verified += 1
        run("convert", "--extract", "econtent", "bad.der", "-o", "content")
        checks.that((here / "content").read_bytes() == data, f"byte {at} changed: verified, with another content")
    checks.that(verified < len(places) // 3, f"{verified} of {len(places)} changed messages verified")


def real_messages():
    """Messages of Bouncy Castle and Dogtag: verdicts as their indexes have them."""
    folder = vectors / "bouncycastle"
    trust = ["--trust", folder / "ca.crt.der", "--at", "2026-06-01"]
    for name in ("signers-two", "resp-v2-all-status", "resp-full-certs-crl-ber", "certsonly-2", "nested-three-levels-ber",
                 "pkidata-tcr-rsa", "pkidata-tcr-ed25519", "pkidata-tcr-ec384-sha512", "pkidata-crm-sigpop"):
        code, document = report(*trust, folder / f"{name}.der")
        checks.equal((code, failed(document)), (0, set()), name)
    code, document = report(*trust, folder / "nosignature-issuerserial0.der")
    checks.equal(code, 1, "noSignature never verifies")
    for ca in ("ca", "ca-ec"):
        code, document = report(vectors / "dogtag" / ca / "err-bad-signature" / "cmc.req")
        checks.that("signature" in failed(document), f"{ca}: the bad signature is found")
    code, document = report(vectors / "collected" / "sunet-cmc-tcr-badsig.der")
    checks.equal((code, failed(document)), (1, {"signature", "path"}), "sunet-cmc-tcr-badsig")


def calls():
    checks.equal(run("verify", "none.der").returncode, 4, "no such file")
    checks.equal(run("verify", "--trust", "none.crt", "made.der").returncode, 4, "no such anchor")
    checks.equal(run("verify", "data").returncode, 3, "no message")
    checks.equal(run("verify", "--trust", "data", "made.der").returncode, 3, "no certificate")
    checks.equal(run("verify", "--at", "yesterday", "made.der").returncode, 2, "no time")
    shown = run("inspect", "--trust", "p256.crt", "made.der")
    checks.equal(shown.returncode, 0, "inspect with an anchor")
    checks.contains(shown.stdout, "Verification: verified", "inspect shows the verdict")
    checks.equal(run("inspect", "--json", "--trust", "p256.crt", "made.der").returncode, 2, "inspect --json has no verdicts")
    several = run("verify", "--json", "--jobs", "2", "--trust", "p256.crt", "made.der", "none.der", "made.der")
    checks.equal((several.returncode, len(json.loads(several.stdout))), (4, 3), "several files")


for group in (ours_for_openssl, openssls_for_us, key_forms, chains, changed, real_messages, calls):
    group()
checks.finish()
