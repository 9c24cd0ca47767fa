"""cmcctl inspect: every form of input, errors with their place, terminal safety, options, exit codes."""

import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from _run import PROGRAM, Checks, clean_environment, cmcctl

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
sys.path.insert(0, str(VECTORS / "expectations"))
import ber_reader  # noqa: E402

checks = Checks()
RESPONSE = VECTORS / "dogtag/ca/err-pop-fail/resp.bin"
REQUEST = VECTORS / "dogtag/ca/self-p10-poplink/cmc.req"
CUT = VECTORS / "collected/cepces-truncated-pkiresponse.der"
DER = RESPONSE.read_bytes()
scratch = pathlib.Path(tempfile.mkdtemp(prefix="cmcctl-inspect-"))


def write(name, data):
    path = scratch / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def lines64(width=64, end="\n"):
    text = base64.b64encode(DER).decode()
    return end.join(text[i:i + width] for i in range(0, len(text), width)) + end


def tlv(tag, content):
    size = len(content)
    octets = (size.bit_length() + 7) // 8
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | octets]) + size.to_bytes(octets, "big")) + content


def body_of(text):
    """The report without its first line, which names file and form."""
    return text.split("\n", 1)[1]


def forms():
    wanted = body_of(cmcctl("inspect", str(RESPONSE)).stdout)
    checks.contains(wanted, "popFailed", "the DER itself")
    pem = "-----BEGIN CMC RESPONSE-----\n" + lines64() + "-----END CMC RESPONSE-----\n"
    chunks = f"{len(DER):x}\r\n".encode() + DER + b"\r\n0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkcs7-mime; smime-type=CMC-response\r\n"
    cases = {
        "PEM": pem,
        "PEM with CRLF and text around": "Subject: x\r\n\r\n" .replace("Subject: ", "some text ") + pem.replace("\n", "\r\n") + "more\r\n",
        "PEM in long lines": pem.replace(lines64(), lines64(70000)),
        "base64": lines64(),
        "base64, no line ends, no padding": lines64(10**6).strip().rstrip("="),
        "URL-safe base64": lines64().replace("+", "-").replace("/", "_"),
        "UTF-16 base64": b"\xff\xfe" + lines64(end="\r\n").encode("utf-16-le"),
        "hex": DER.hex(),
        "hex in pairs": DER.hex(":").upper() + "\n",
        "hex with 0x": "0x" + DER.hex(),
        "HTTP": head + b"Content-Length: %d\r\n\r\n" % len(DER) + DER,
        "HTTP in chunks": head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks,
        "HTTP, base64 body": head + b"\r\n" + lines64().encode(),
        "MIME": "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + lines64(),
        "MIME multipart": "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nhi\n"
                          "--b\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + lines64() + "--b--\n",
    }
    for name, data in cases.items():
        result = cmcctl("inspect", write("form", data))
        checks.equal((result.returncode, body_of(result.stdout or "\n"), result.stderr), (0, wanted, ""), name)
    result = cmcctl("inspect", write("two.pem", pem + pem))
    checks.equal(result.stdout.count("popFailed \""), 4, "two PEM blocks: headline and control of each")
    with open(RESPONSE, "rb") as stdin:
        piped = subprocess.run([PROGRAM, "inspect"], stdin=stdin, capture_output=True, env=clean_environment(), timeout=60)
    checks.equal((piped.returncode, body_of(piped.stdout.decode())), (0, wanted), "standard input")


def errors():
    cases = [  # name, bytes, what stderr has to hold
        ("cut", DER[:700], ["byte 0", "too early", "try:"]),
        ("trailing bytes", DER + b"\0\0", [f"byte {len(DER)}", "bytes follow", "CMC-X690-11-01"]),
        ("empty", b"", ["nothing to read"]),
        ("no message", b"\x02\x01\x05", ["found INTEGER"]),
        ("PEM without an end", "-----BEGIN X-----\nMIIB\n", ["byte 0", "-----END", "line 1"]),
        ("bad base64 in PEM", "-----BEGIN X-----\nMI*B\n-----END X-----\n", ["line 2"]),
        ("a page, not a message", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>", ["404 Not Found"]),
    ]
    # The bodyPartID of the first control, three levels inside the eContent, becomes a UTF8String.
    message = json.loads(cmcctl("inspect", "--json", str(RESPONSE)).stdout)
    control = message["message"]["content"]["encapContentInfo"]["eContent"]["controlSequence"][0]
    at = control["at"]["bodyPartID"][0]
    broken = bytearray(DER)
    broken[at] = 0x0C
    path = "ContentInfo.content.SignedData.encapContentInfo.eContent.PKIResponse.controlSequence[0].bodyPartID"
    cases.append(("a wrong tag deep inside", bytes(broken), [f"byte {at}, {path}", "expected INTEGER, found UTF8String"]))
    broken = bytearray(DER)
    broken[at + 2] = 0xFF
    cases.append(("bodyPartID -1", bytes(broken), [f"byte {at}, {path}", "CMC-5272-3.2.2-01"]))
    pem = "-----BEGIN CMS-----\n" + base64.encodebytes(bytes(broken)).decode() + "-----END CMS-----\n"
    cases.append(("the same in PEM", pem, [f"byte {at}, {path}", "counted in the decoded bytes"]))
    for name, data, parts in cases:
        for option in ([], ["--json"], ["--tree"]):
            result = cmcctl("inspect", *option, write("broken", data))
            if not option or option == ["--json"]:
                checks.equal(result.returncode, 3, f"{name} {option}: exit code")
                for part in parts:
                    checks.contains(result.stderr, part, name)
            if option == ["--json"]:
                json.loads(result.stdout)
    checks.contains(cmcctl("inspect", "--tree", str(CUT)).stdout, "only", "the tree of a cut file shows how far it goes")


def text_errors():
    """Errors of the text itself count in the file, not in the decoded bytes."""
    cases = [  # form, bytes, where and what
        ("pem", "-----BEGIN X-----\nMIIB\n", "byte 0: the PEM text is malformed"),
        ("pem", "-----BEGIN X-----\nMI*B\n-----END X-----\n", "byte 20: the base64 text is malformed"),
        ("base64", "MIIB\nMI*B\n", "byte 7: the base64 text is malformed"),
        ("hex", "3003\n02x1", "byte 7: the hexadecimal text is malformed"),
        ("http", "HTTP/1.1 404 Not Found\r\n\r\n<html>", "byte 26: the HTTP message is malformed"),
        ("mime", "MIME-Version: 1.0\nContent-Type: text/plain\n\nhi\n", ": the MIME message is malformed"),
    ]
    for form, data, place in cases:
        name = write("text", data)
        for command in (["inspect"], ["convert", "--to", "pem"], ["decode"]):
            result = cmcctl(*command, "--in-form", form, name)
            checks.equal(result.returncode, 3, f"{command} {form}: exit code")
            checks.contains(result.stderr, place, f"{command} {form}")
            checks.that("decoded bytes" not in result.stderr, f"{command} {form}: {result.stderr}")


def ber_lengths():
    """Of BER, the lengths shown are those of the elements as they stand in the file."""
    for name in ("bouncycastle/nested-three-levels-ber.der", "bouncycastle/resp-full-certs-crl-ber.der", "collected/nss-pkcs7cnet-ber.der"):
        data = (VECTORS / name).read_bytes()
        lengths = {node.offset: node.end - node.offset for node in ber_reader.read(data).walk()}
        tree = cmcctl("inspect", "--tree", str(VECTORS / name)).stdout
        lines = [(int(offset), int(length)) for offset, length in re.findall(r"^ *(\d+) +(\d+)  ", tree, re.MULTILINE)]
        checks.equal([line for line in lines if lengths.get(line[0], line[1]) != line[1]], [], f"{name}: lengths in the tree")
        shown = json.loads(cmcctl("inspect", "--json", str(VECTORS / name)).stdout)["message"]
        checks.equal((shown["offset"], shown["length"]), (0, len(data)), f"{name}: the message in JSON")


def status_response(status, after=b""):
    """A PKIResponse whose only control is a statusInfoV2 with this INTEGER as cMCStatus."""
    value = tlv(0x30, tlv(2, status) + tlv(0x30, b"\x02\x01\x00") + after)
    control = tlv(0x30, b"\x02\x01\x01" + tlv(6, bytes.fromhex("2b06010505070719")) + tlv(0x31, value))
    return tlv(0x30, tlv(0x30, control) + b"\x30\x00\x30\x00")


def status_shown(status, after=b""):
    shown = json.loads(cmcctl("inspect", "--json", write("status.der", status_response(status, after))).stdout)
    return shown["message"]["controlSequence"][0]["attrValues"][0]


def json_values():
    """Numbers keep their digits, elements their place."""
    exact = 1 << 53
    for value, wanted in (
        (2, {"value": 2, "name": "failed"}),
        (1000, {"value": 1000}),
        (exact, {"value": exact}),
        (exact + 1, {"value": str(exact + 1)}),
        (-exact - 1, {"value": str(-exact - 1)}),
        (1 << 64, {"value": str(1 << 64)}),
    ):
        octets = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
        checks.equal(status_shown(octets)["cMCStatus"], wanted, f"cMCStatus {value}")
    null = status_response(b"\x02", b"\x05\x00").index(b"\x05\x00")
    checks.equal(status_shown(b"\x02", b"\x05\x00")["unexpected"],
                 [{"tag": "NULL", "offset": null, "length": 2, "base64": "BQA="}], "a NULL that does not belong")
    fail_info = tlv(2, b"\x07")
    shown = status_shown(b"\x02", fail_info)
    checks.equal(shown["otherInfo"], {"failInfo": {"value": 7, "name": "badIdentity"}}, "failInfo")
    at = status_response(b"\x02", fail_info).rindex(fail_info)
    checks.equal(shown["at"]["otherInfo"], [at, 3], "the place of failInfo")


def listed_content():
    """An eContent that is a list: no element of it has the bytes of them all."""
    extension = tlv(0x30, tlv(6, bytes.fromhex("551d0e")) + tlv(4, tlv(4, b"\x01\x02")))
    content_type = tlv(6, bytes.fromhex("2a864886f70d01090e"))  # extensionReq
    content = tlv(0x30, content_type + tlv(0xA0, tlv(4, tlv(0x30, extension + extension))))
    signed_data = tlv(0x30, b"\x02\x01\x03\x31\x00" + content + b"\x31\x00")
    message = tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d010702")) + tlv(0xA0, signed_data))
    shown = json.loads(cmcctl("inspect", "--json", write("list.der", message)).stdout)["message"]
    extensions = shown["content"]["encapContentInfo"]["eContent"]
    checks.equal([one["extnValue"] for one in extensions], ["0102", "0102"], "two extensions")
    checks.that(all("base64" not in one for one in extensions), f"the list's bytes in an element: {extensions}")
    inner = tlv(4, tlv(4, b"\x01\x02"))
    checks.equal(extensions[0]["at"]["extnValue"], [message.index(inner), len(inner)], "the place of extnValue")


def deep():
    """Messages in messages, thousands of levels: what is opened ends long before the stack does."""
    content_type = tlv(6, bytes.fromhex("2b06010505070c02"))
    signed_data = tlv(6, bytes.fromhex("2a864886f70d010702"))
    pki_data = bytes.fromhex("30083000300030003000")
    for _ in range(3000):
        content = tlv(0x30, content_type + tlv(0xA0, tlv(4, pki_data)))
        content_info = tlv(0x30, signed_data + tlv(0xA0, tlv(0x30, b"\x02\x01\x03\x31\x00" + content + b"\x31\x00")))
        nested = tlv(0x30, tlv(0x30, b"\x02\x01\x01" + content_info))
        pki_data = tlv(0x30, b"\x30\x00\x30\x00" + nested + b"\x30\x00")
    name = write("deep.der", pki_data)
    for option in ([], ["--json"], ["--tree"]):
        result = cmcctl("inspect", *option, name)
        checks.that(result.returncode in (0, 3), f"3,000 levels {option}: exit code {result.returncode}")
        if option == ["--json"]:
            json.loads(result.stdout)


def terminal():
    """Nothing in a message may reach the terminal as a control character."""
    nasty = b"\x1b[31m\x07\xe2\x80\xae\xc2\x9b\xff\x00\r\n"
    status = tlv(0x30, b"\x02\x01\x02" + tlv(0x30, b"\x02\x01\x00") + tlv(0x0C, nasty))
    control = tlv(0x30, b"\x02\x01\x01" + tlv(6, bytes.fromhex("2b06010505070719")) + tlv(0x31, status))
    bare = tlv(0x30, tlv(0x30, control) + b"\x30\x00\x30\x00")
    name = write("evil\x1b]0;x\x07.der", bare)
    for option in ([], ["--json"], ["--tree"], ["--color", "never"]):
        result = cmcctl("inspect", *option, name)
        checks.equal(result.returncode, 0, f"nasty text {option}")
        bad = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.stdout + result.stderr)
        checks.that(bad is None, f"nasty text {option}: {bad}")
    checks.contains(cmcctl("inspect", name).stdout, r"\u{1B}", "what was escaped can be seen")
    checks.contains(cmcctl("inspect", name).stdout, "CMC-5272-6.1.1-08", "invalid UTF-8 is reported")
    checks.contains(cmcctl("inspect", "--color", "always", name).stdout, "\x1b[1m", "colour when asked for")


def secrets():
    revocation = VECTORS / "dogtag/tools/cmcrevoke-sharedsecret/CMCRevoke.out"
    secret = b"testing"
    for option in ([], ["--json"], ["--tree"]):
        out = cmcctl("inspect", *option, str(revocation)).stdout
        checks.contains(out, "revokeRequest", f"the revocation {option}")
        blobs = [base64.b64decode(text) for text in re.findall(r'"base64": "([^"]+)"', out)]
        held = secret.decode() in out or secret.hex() in out.replace(" ", "") or any(secret in blob for blob in blobs)
        checks.that(not held, f"the passphrase shows {option}")


def options():
    full = "ContentInfo.content.SignedData.encapContentInfo"
    only = cmcctl("inspect", "--only", full, str(RESPONSE))
    checks.that(only.returncode == 0 and "PKIResponse" in only.stdout and "certificates" not in only.stdout, "--only, text")
    found = json.loads(cmcctl("inspect", "--json", "--only", full, str(RESPONSE)).stdout)
    checks.equal(found["message"]["type"], "EncapsulatedContentInfo", "--only, JSON")
    checks.equal(cmcctl("inspect", "--only", "No.such", str(RESPONSE)).returncode, 2, "--only without such an element")
    signed = "ContentInfo.content.SignedData.certificates[0]"
    half = cmcctl("inspect", "--json", "--only", signed, str(REQUEST), str(RESPONSE))
    checks.equal(half.returncode, 2, "--only without such an element in one of two files")
    checks.equal([entry is None for entry in json.loads(half.stdout)], [True, False], "its entry in the array is null")
    trees = cmcctl("inspect", "--tree", str(RESPONSE), str(CUT)).stdout
    checks.equal(cmcctl("inspect", "--json", "--tree", str(RESPONSE), str(CUT)).stdout, trees, "a tree is no JSON")
    nested = VECTORS / "bouncycastle/nested-ra-batch.der"
    checks.that(len(cmcctl("inspect", "--depth", "1", str(nested)).stdout) < len(cmcctl("inspect", str(nested)).stdout), "--depth")
    checks.equal(cmcctl("inspect", str(REQUEST)).returncode, 0, "oddities do no harm")
    checks.equal(cmcctl("inspect", "--strict", str(REQUEST)).returncode, 3, "--strict")
    shown = cmcctl("inspect", str(REQUEST)).stdout
    checks.that(re.search(r"error +@264 +ContentInfo\.content\.\S+\.reqSequence\[0\]", shown) is not None, "offset and path of an oddity")
    checks.contains(shown, "CMC-5272-3.2.2-02", "rule of an oddity")
    checks.equal(cmcctl("inspect", "--limit", "depth=40", str(RESPONSE)).returncode, 0, "a limit that suffices")
    low = cmcctl("inspect", "--limit", "depth=9", str(RESPONSE))
    checks.that(low.returncode == 3 and "limit depth" in low.stderr, "a limit that does not")
    checks.equal(cmcctl("inspect", "--limit", "nonsense=1", str(RESPONSE)).returncode, 2, "no such limit")
    offsets = [int(line.split()[0]) for line in cmcctl("inspect", "--tree", str(RESPONSE)).stdout.splitlines()]
    checks.that(len(offsets) > 50 and offsets == sorted(offsets), "the tree's offsets ascend")


def exit_codes():
    missing = str(scratch / "missing")
    checks.equal(cmcctl("inspect", missing).returncode, 4, "a missing file")
    checks.equal(cmcctl("inspect", str(scratch)).returncode, 4, "a folder")
    checks.equal(cmcctl("inspect", "--no-such-option").returncode, 2, "an unknown option")
    checks.equal(cmcctl("inspect", str(CUT), str(RESPONSE)).returncode, 3, "the worst of two: 3 before 0")
    checks.equal(cmcctl("inspect", str(CUT), missing, str(RESPONSE)).returncode, 4, "the worst of three: 4 before 3")
    checks.equal(len(json.loads(cmcctl("inspect", "--json", str(RESPONSE), str(REQUEST)).stdout)), 2, "JSON of two files is an array")
    with open("/dev/full", "wb") as full:
        result = subprocess.run([PROGRAM, "inspect", str(RESPONSE)], stdout=full, stderr=subprocess.PIPE, env=clean_environment(), timeout=60)
    checks.equal(result.returncode, 4, "a full disk")


for group in (forms, errors, text_errors, ber_lengths, json_values, listed_content, deep, terminal, secrets, options, exit_codes):
    group()
checks.finish()
