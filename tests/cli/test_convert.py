"""cmcctl convert: forms, labels, parts of messages as OpenSSL reads them, files, exit codes."""

import base64
import email
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile

from _run import PROGRAM, Checks, clean_environment, cmcctl

if shutil.which("openssl") is None:
    print("openssl is not on this machine")
    sys.exit(77)

checks = Checks()
VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
BC = VECTORS / "bouncycastle"
RESPONSE = BC / "resp-full-certs-crl-ber.der"  # BER, with certificates and a CRL
REQUEST = BC / "pkidata-tcr-rsa.der"
BATCH = BC / "nested-ra-batch.der"
P10 = BC / "p10-rsa-plain.der"
CERTIFICATE = BC / "ca.crt.der"
scratch = pathlib.Path(tempfile.mkdtemp(prefix="cmcctl-convert-"))


def convert(*arguments):
    """The program with binary output."""
    return subprocess.run([PROGRAM, "convert", *map(str, arguments)], env=clean_environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60)


def openssl(data, *arguments):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=60)


def blocks(pem):
    return re.findall(rb"-----BEGIN ([^-]+)-----\n(.*?)-----END \1-----\n", pem, re.S)


def tlv(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + content


def forms():
    der = REQUEST.read_bytes()
    checks.equal(convert("--to", "der", REQUEST).stdout, der, "DER is the same bytes")
    checks.equal(convert("--to", "der", RESPONSE).stdout, RESPONSE.read_bytes(), "BER stays BER")
    for form in ("pem", "base64", "hex", "smime"):
        for source in (REQUEST, RESPONSE, P10):
            name = scratch / f"back.{form}"
            checks.equal(convert("--to", form, "-o", name, source).returncode, 0, f"{source.name} to {form}")
            checks.equal(convert("--to", "der", name).stdout, source.read_bytes(), f"{source.name} to {form} and back")
            widths = [len(line) for line in name.read_text().splitlines()]
            if form != "smime":
                checks.that(max(widths) <= 64, f"{form}: lines of {max(widths)}")
    for name in ("forms/cmc-request.eml", "forms/chunked.http", "forms/utf16le.pem", "forms/xxd.hex", "forms/url-safe.b64"):
        result = convert("--to", "der", VECTORS / name)
        checks.that(result.returncode == 0 and result.stdout[:1] == b"\x30", f"{name} is read")
    with open(REQUEST, "rb") as stdin:
        piped = subprocess.run([PROGRAM, "convert", "--to", "base64", "-"], stdin=stdin, capture_output=True, timeout=60)
    checks.equal(base64.b64decode(piped.stdout), der, "standard input")
    followed = scratch / "followed"
    followed.write_bytes(der + b"\n")
    result = convert("--to", "der", followed)
    checks.equal((result.returncode, result.stdout), (0, der), "what follows the message is left out")
    checks.contains(result.stderr, b"1 bytes behind the message", "and that is said")


def labels():
    expected = {REQUEST: b"CMS", RESPONSE: b"CMS", P10: b"CERTIFICATE REQUEST", CERTIFICATE: b"CERTIFICATE", BC / "certsonly-2.der": b"CMS",
                BC / "enveloped-signed-pkidata-kekri-ber.der": b"CMS"}
    for source, label in expected.items():
        checks.equal(blocks(convert(source).stdout)[0][0], label, f"the label of {source.name}")
    crl = convert("--extract", "crl", RESPONSE).stdout
    checks.equal(blocks(crl)[0][0], b"X509 CRL", "the label of a CRL")
    old = scratch / "old.pem"
    old.write_bytes(convert("--label", "PKCS10", P10).stdout.replace(b"PKCS10", b"NEW CERTIFICATE REQUEST"))
    checks.equal(blocks(convert(old).stdout)[0][0], b"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST is read, not written")
    checks.equal(convert("--label", "NEW CERTIFICATE REQUEST", P10).returncode, 2, "nor on demand")
    checks.equal(blocks(convert("--label", "PKCS7", REQUEST).stdout)[0][0], b"PKCS7", "--label")
    for wrong in ("A\n-----", " A", "A--B", "\x1b[31m"):
        result = convert(f"--label={wrong}", REQUEST)
        checks.equal(result.returncode, 2, f"the label {wrong!r} is refused")
        checks.that(b"\x1b" not in result.stderr, "and said without control characters")
    checks.equal(convert("--label", "CMS", "--to", "der", REQUEST).returncode, 2, "a label without PEM")
    bare = convert(BC / "pkidata-bare-empty.der")
    checks.that(bare.returncode == 2 and b"--label" in bare.stderr and bare.stdout == b"", "a bare PKIData has no label")


def certificates():
    several = 0
    for source in sorted([*BC.glob("*.der"), *(VECTORS / "collected").glob("*.der")]):
        result = convert("--extract", "certs", source)
        for label, body in blocks(result.stdout):
            read = openssl(base64.b64decode(body), "x509", "-inform", "DER", "-noout", "-subject")
            checks.equal((label, read.returncode), (b"CERTIFICATE", 0), f"OpenSSL on a certificate of {source.name}")
            several += 1
    checks.that(several > 40, f"only {several} certificates in the vectors")
    result = convert("--extract", "certs", RESPONSE)
    found = [base64.b64decode(body) for _, body in blocks(result.stdout)]
    checks.that(len(found) >= 2 and len(set(found)) == len(found), "several, each once")
    checks.that(all(one in RESPONSE.read_bytes() for one in found), "the very bytes of the message")
    checks.contains(result.stdout, b"subject=CN=Issued One\nissuer=C=DE,O=cmcctl vectors,CN=Test CMC CA\n-----BEGIN", "names in front")
    ca = scratch / "ca.pem"
    ca.write_bytes(convert(CERTIFICATE).stdout)
    issued = scratch / "issued.pem"
    issued.write_bytes(convert("--extract", "certs", "--index", "0", RESPONSE).stdout)
    verified = openssl(None, "verify", "-CAfile", str(ca), str(issued))
    checks.equal(verified.returncode, 0, f"the signature of an extracted certificate: {verified.stderr}")
    inner = {base64.b64decode(body) for _, body in blocks(convert("--extract", "certs", BATCH).stdout)}
    checks.that(len(inner) >= 2, "certificates of nested messages, too")
    for source in (RESPONSE, VECTORS / "collected/usgest-certs-only.der"):
        theirs = openssl(source.read_bytes(), "pkcs7", "-inform", "DER", "-print_certs")
        ours = convert("--extract", "certs", source).stdout
        wanted = [block for block in blocks(theirs.stdout) if block[0] == b"CERTIFICATE"]  # it prints CRLs, too
        checks.equal(sorted(blocks(ours)), sorted(wanted), f"as openssl pkcs7 prints them: {source.name}")


def requests():
    verified = 0
    for source in sorted([*BC.glob("*.der"), *(VECTORS / "dogtag").rglob("cmc.req")]):
        for _, body in blocks(convert("--extract", "csr", source).stdout):
            read = openssl(base64.b64decode(body), "req", "-inform", "DER", "-verify", "-noout")
            checks.equal(read.returncode, 0, f"openssl req on {source}: {read.stderr}")
            verified += b"OK" in read.stderr + read.stdout
    checks.that(verified > 20, f"only {verified} signatures of requests verify")
    mixed = BC / "pkidata-mixed-tcr-crm-orm.der"
    checks.equal(len(blocks(convert("--extract", "csr", mixed).stdout)), 1, "PKCS #10 only")
    both = convert("--extract", "requests", "--to", "der", "--split", "-o", scratch / "both", mixed)
    checks.equal(both.returncode, 0, "PKCS #10 and CRMF")
    files = sorted(path.name for path in (scratch / "both").iterdir())
    checks.equal(files, ["requests-0.p10", "requests-1.der"], "file names")
    shown = cmcctl("inspect", str(scratch / "both/requests-1.der"))
    checks.that(shown.returncode == 0 and "CertReqMsg" in shown.stdout, "a CRMF request stands alone")
    none = convert("--extract", "csr", RESPONSE)
    checks.equal((none.returncode, none.stdout), (1, b""), "no request in a response")
    checks.contains(none.stderr, b"Full PKI Response with ", "what there is instead")
    checks.contains(none.stderr, b"certificates", "what there is instead")


def segmented():
    """A request whose eContent came in segments that cut through the certification request."""
    signed = convert("--extract", "econtent", REQUEST).stdout
    request = convert("--extract", "csr", "--to", "der", REQUEST).stdout
    cut = signed.index(request) + 100
    for step in (cut, 7):
        segments = b"".join(tlv(4, signed[i:i + step]) for i in range(0, len(signed), step))
        content = tlv(0x30, tlv(6, bytes.fromhex("2b06010505070c02")) + tlv(0xA0, b"\x24\x80" + segments + b"\0\0"))
        data = tlv(0x30, b"\x02\x01\x03\x31\x00" + content + b"\x31\x00")
        message = scratch / "segments"
        message.write_bytes(tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d010702")) + tlv(0xA0, data)))
        checks.equal(convert("--extract", "econtent", message).stdout, signed, f"eContent in segments of {step}")
        checks.equal(convert("--extract", "csr", "--to", "der", message).stdout, request, f"a request in segments of {step}")


def other_parts():
    crl = convert("--extract", "crl", RESPONSE).stdout
    ca = scratch / "ca.pem"
    ca.write_bytes(convert(CERTIFICATE).stdout)
    read = openssl(crl, "crl", "-noout", "-CAfile", str(ca))
    checks.contains(read.stderr, b"verify OK", "openssl crl")
    for source in (REQUEST, RESPONSE, BC / "nested-three-levels-ber.der"):
        theirs = openssl(source.read_bytes(), "cms", "-verify", "-noverify", "-inform", "DER", "-binary")
        checks.equal(theirs.returncode, 0, f"openssl cms reads {source.name}: {theirs.stderr}")
        checks.equal(convert("--extract", "econtent", source).stdout, theirs.stdout, f"the eContent of {source.name}")
    outer = convert("--extract", "econtent", BATCH).stdout
    inner = convert("--extract", "econtent", "--index", "1", BATCH).stdout
    checks.that(inner != b"" and inner in outer, "an inner eContent")
    checks.equal(convert("--extract", "econtent", "--index", "99", BATCH).returncode, 1, "no such layer")
    pem = convert("--extract", "econtent", "--to", "pem", REQUEST)
    checks.equal(pem.returncode, 2, "an eContent has no label")
    checks.equal(blocks(convert("--extract", "econtent", "--label", "PKIDATA", REQUEST).stdout)[0][0], b"PKIDATA", "unless given")


def certs_only():
    one = convert("--to", "p7c", CERTIFICATE)
    listed = openssl(one.stdout, "pkcs7", "-inform", "DER", "-print_certs")
    checks.equal([base64.b64decode(body) for _, body in blocks(listed.stdout)], [CERTIFICATE.read_bytes()], "one certificate")
    three = convert("--to", "p7c", CERTIFICATE, BC / "ra.crt.der", CERTIFICATE, BC / "enc-rsa.crt.der")
    listed = openssl(three.stdout, "cms", "-cmsout", "-print", "-inform", "DER", "-noout")
    checks.equal((listed.returncode, listed.stdout.count(b"d.certificate:")), (0, 3), "three certificates, each once")
    kind = cmcctl("inspect", "--strict", write("three.p7c", three.stdout))
    checks.equal(kind.returncode, 0, f"DER without oddities: {kind.stdout}")
    checks.contains(kind.stdout, "Simple PKI Response", "what it is")
    message = convert("--to", "p7c", RESPONSE).stdout
    listed = openssl(message, "pkcs7", "-inform", "DER", "-print_certs").stdout
    ours = convert("--extract", "certs", RESPONSE).stdout
    checks.equal(sorted(blocks(listed)), sorted(blocks(ours)), "of the certificates of a message")
    checks.equal(convert("--to", "p7c", P10).returncode, 1, "without certificates")
    checks.equal(convert("--to", "p7c", "--extract", "crl", RESPONSE).returncode, 2, "of something else")


def mail():
    cases = [  # file, media type, smime-type, extension: RFC 10003 section 5
        (REQUEST, "application/pkcs7-mime", "CMC-Request", ".p7m"),
        (RESPONSE, "application/pkcs7-mime", "CMC-Response", ".p7m"),
        (BC / "certsonly-2.der", "application/pkcs7-mime", "certs-only", ".p7c"),
        (BC / "enveloped-signed-pkidata-kekri-ber.der", "application/pkcs7-mime", "enveloped-data", ".p7m"),
        (P10, "application/pkcs10", None, ".p10"),
    ]
    for source, media_type, smime_type, extension in cases:
        entity = convert("--to", "smime", source).stdout
        parsed = email.message_from_bytes(entity)
        checks.equal((parsed.get_content_type(), parsed.get_param("smime-type")), (media_type, smime_type), f"the type of {source.name}")
        checks.that(parsed.get_filename().endswith(extension), f"the file name of {source.name}")
        checks.equal(parsed.get_payload(decode=True), source.read_bytes(), f"the body of {source.name}")
        body = entity.split(b"\r\n\r\n", 1)[1].split(b"\r\n")
        checks.that(max(map(len, body)) == 76 and b"\n" not in b"".join(body), f"lines of 76 columns: {source.name}")
    read = openssl(convert("--to", "smime", REQUEST).stdout, "cms", "-verify", "-noverify", "-inform", "SMIME", "-binary")
    checks.equal((read.returncode, read.stdout), (0, convert("--extract", "econtent", REQUEST).stdout), "openssl cms -inform SMIME")
    refused = convert("--to", "smime", CERTIFICATE)
    checks.that(refused.returncode == 2 and b"p7c" in refused.stderr, "a certificate is no S/MIME message")


def write(name, data):
    path = scratch / name
    path.write_bytes(data)
    return str(path)


def files():
    target = scratch / "out.pem"
    target.write_bytes(b"before")
    target.chmod(0o600)
    checks.equal(convert("-o", target, REQUEST).returncode, 0, "a file is replaced")
    checks.equal(target.read_bytes(), convert(REQUEST).stdout, "with what stdout would have")
    checks.equal(target.stat().st_mode & 0o777, 0o600, "and keeps its mode")
    checks.equal(convert("-o", scratch / "none/out.pem", REQUEST).returncode, 4, "a folder that is missing")
    checks.equal(convert("-o", "/dev/full", REQUEST).returncode, 4, "a full disk")
    checks.equal(convert("-o", "/dev/null", REQUEST).returncode, 0, "a device")
    folder = scratch / "certs"
    checks.equal(convert("--extract", "certs", "--to", "der", "-o", folder, RESPONSE).returncode, 2, "several DER into one file")
    checks.that(not folder.exists(), "and nothing is written")
    checks.equal(convert("--extract", "certs", "--to", "der", "--split", "-o", folder, RESPONSE).returncode, 0, "--split")
    count = len(blocks(convert("--extract", "certs", RESPONSE).stdout))
    checks.equal(sorted(path.name for path in folder.iterdir()), [f"certs-{i}.cer" for i in range(count)], "one file each")
    checks.equal(convert("--extract", "certs", "-o", folder, RESPONSE).returncode, 0, "a folder that is there")
    checks.equal(len(list(folder.glob("*.pem"))), count, "one PEM file each")
    left = [path.name for path in scratch.rglob("*.tmp*")]
    checks.equal(left, [], "no temporary file is left")
    checks.equal(convert("--split", REQUEST).returncode, 2, "--split without a folder")
    terminal, pty_end = pty.openpty()
    for form, code in (("der", 2), ("pem", 0)):
        shown = subprocess.run([PROGRAM, "convert", "--to", form, str(CERTIFICATE)], stdout=pty_end, stderr=subprocess.PIPE, timeout=60)
        checks.equal(shown.returncode, code, f"{form} to a terminal")


def exit_codes():
    checks.equal(convert(scratch / "missing").returncode, 4, "a missing file")
    checks.equal(convert("--to", "nonsense", REQUEST).returncode, 2, "an unknown form")
    cut = convert(write("cut", REQUEST.read_bytes()[:500]))
    checks.that(cut.returncode == 3 and b"try:" in cut.stderr and cut.stdout == b"", "a cut message")
    checks.equal(convert(write("page", b"<html>")).returncode, 3, "a page")
    half = convert("--extract", "certs", VECTORS / "collected/cepces-truncated-pkiresponse.der")
    checks.equal(half.returncode, 3, "a message that decodes in part")
    seen = cmcctl("convert", "--help").stdout
    checks.contains(seen, "openssl x509", "examples in --help")


for group in (forms, labels, certificates, requests, segmented, other_parts, certs_only, mail, files, exit_codes):
    group()
shutil.rmtree(scratch)
checks.finish()
