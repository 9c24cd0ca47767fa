"""cmcctl diff: exit codes, ignoring, JSON, wrappers, secrets, terminal safety, time."""

import base64
import json
import pathlib
import re
import shutil
import tempfile
import time

from _run import Checks, cmcctl

checks = Checks()
VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
BC = VECTORS / "bouncycastle"
POP_FAIL = VECTORS / "dogtag/ca/err-pop-fail/resp.bin"
BAD_SIGNATURE = VECTORS / "dogtag/ca/err-bad-signature/resp.bin"
REQUEST = BC / "pkidata-tcr-rsa.der"
EMPTY = "3000"
scratch = pathlib.Path(tempfile.mkdtemp(prefix="cmcctl-diff-"))


def diff(a, b, *options):
    return cmcctl("diff", *options, str(a), str(b))


def write(name, data):
    path = scratch / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def tlv(tag, content):
    size = len(content)
    octets = (size.bit_length() + 7) // 8
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | octets]) + size.to_bytes(octets, "big")) + content


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def control(body_part, arc, value):
    return tlv(0x30, integer(body_part) + tlv(6, bytes.fromhex("2b060105050707") + bytes([arc])) + tlv(0x31, value))


def pki_data(controls):
    return tlv(0x30, tlv(0x30, b"".join(controls)) + bytes.fromhex(EMPTY * 3))


def same():
    compared = 0
    for message in sorted([*BC.glob("*.der"), *(VECTORS / "dogtag").rglob("resp.bin"), *(VECTORS / "collected").glob("*.der")]):
        if cmcctl("inspect", str(message)).returncode != 0:
            continue
        result = diff(message, message)
        checks.equal((result.returncode, result.stdout), (0, "no difference\n"), f"{message} and itself")
        compared += 1
    checks.that(compared > 80, f"only {compared} vectors were compared")


def wrappers():
    der = POP_FAIL.read_bytes()
    pem = write("a.pem", "-----BEGIN CMS-----\n" + base64.encodebytes(der).decode() + "-----END CMS-----\n")
    result = diff(POP_FAIL, pem)
    checks.equal((result.returncode, result.stdout), (0, "note: A is wrapped as DER, B as PEM\nno difference\n"), "PEM and DER")
    ber = b"\x30\x80" + der[4:] + b"\0\0"
    result = diff(POP_FAIL, write("ber", ber))
    checks.equal(result.returncode, 0, "BER and DER")
    checks.contains(result.stdout, "note: A is DER, B is BER", "BER and DER")
    checks.equal(diff(POP_FAIL, pem, "-q").stdout, "", "-q")


def differences():
    result = diff(POP_FAIL, BAD_SIGNATURE)
    checks.equal(result.returncode, 1, "two responses")
    status = "ContentInfo.content.SignedData.encapContentInfo.eContent.PKIResponse.controlSequence[0].attrValues[0].CMCStatusInfoV2"
    checks.contains(result.stdout, status + ".otherInfo.failInfo: A has 9 (popFailed), B has 2 (badRequest)\n", "values in words")
    lines = result.stdout.splitlines()
    checks.that(lines[-1] == f"{len(lines) - 1} differences", "one line each, then the count")
    less = diff(POP_FAIL, BAD_SIGNATURE, "--ignore", "nonce,time,signature").stdout
    checks.that("signerInfos" not in less and "failInfo" in less, "--ignore signature")
    checks.that(re.search(r"^2 differences, \d+ ignored$", less, re.M) is not None, "what was ignored is counted")
    none = diff(POP_FAIL, BAD_SIGNATURE, "--ignore", f"signature,{status}")
    checks.equal(none.returncode, 0, "--ignore PATH")
    only = diff(POP_FAIL, BAD_SIGNATURE, "--only", status + ".otherInfo")
    checks.equal((only.returncode, len(only.stdout.splitlines())), (1, 2), "--only")
    checks.equal(diff(POP_FAIL, BAD_SIGNATURE, "--only", "No.such").returncode, 2, "--only without such an element")
    for what in ("nonces", "time,mac"):
        checks.equal(diff(POP_FAIL, POP_FAIL, "--ignore", what).returncode, 2, f"--ignore {what}")
    checks.that("\x1b" not in result.stdout, "no colour in a pipe")
    checks.contains(diff(POP_FAIL, BAD_SIGNATURE, "--color", "always").stdout, "\x1b[31m", "colour when asked for")


def every_vector_differs_from_the_next():
    """No path is invented: what diff names, inspect shows."""
    responses = sorted(BC.glob("resp-*.der"))
    for a, b in zip(responses, responses[1:]):
        found = json.loads(diff(a, b, "--json").stdout)
        checks.that(found["same"] is False and found["differences"], f"{a.name} and {b.name}")
        for entry in found["differences"]:
            owner = b if entry["kind"] == "only_in_b" else a
            shown = cmcctl("inspect", "--json", "--only", entry["path"], str(owner))
            checks.equal(shown.returncode, 0, f"{entry['path']} in {owner.name}")


def json_output():
    found = json.loads(diff(POP_FAIL, BAD_SIGNATURE, "--json").stdout)
    checks.equal(list(found), ["schema", "tool", "a", "b", "differences", "notes", "ignored", "same"], "members")
    checks.equal(found["a"], {"file": str(POP_FAIL), "form": "DER", "kind": "Full PKI Response", "size": 1542}, "a")
    checks.equal({entry["kind"] for entry in found["differences"]}, {"changed"}, "kinds")
    empty = json.loads(diff(POP_FAIL, POP_FAIL, "--json").stdout)
    checks.equal((empty["same"], empty["differences"]), (True, []), "no difference")
    one_more = json.loads(diff(write("none", pki_data([])), write("one", pki_data([control(1, 6, tlv(4, b"x"))])), "--json").stdout)
    checks.equal(one_more["differences"], [{"path": "PKIData.controlSequence[0]", "kind": "only_in_b", "b": "senderNonce: 1 octet  78"}],
                 "only in B")


def ignored_values():
    """Two requests for the same thing, made anew: nonces, times and signatures differ."""
    nonce = [pki_data([control(1, 6, tlv(4, n)), control(2, 2, tlv(0x0C, b"me"))]) for n in (b"12345678", b"abcdefgh")]
    a, b = write("nonce-a", nonce[0]), write("nonce-b", nonce[1])
    checks.equal(diff(a, b).returncode, 1, "two nonces")
    checks.equal(diff(a, b, "--ignore", "nonce").returncode, 0, "--ignore nonce")
    checks.equal(diff(a, b, "--ignore", "time,signature").returncode, 1, "--ignore of something else")
    pend = [pki_data([control(1, 1, tlv(0x30, integer(3) + tlv(0x30, integer(1)) + tlv(0x30, tlv(4, b"t") + tlv(0x18, at))))])
            for at in (b"20260101000000Z", b"20270101000000Z")]
    a, b = write("time-a", pend[0]), write("time-b", pend[1])
    checks.contains(diff(a, b).stdout, "A has 2026-01-01T00:00:00Z, B has 2027-01-01T00:00:00Z", "pendTime")
    checks.equal(diff(a, b, "--ignore", "time").returncode, 0, "--ignore time")


def secrets():
    revocation = (VECTORS / "dogtag/tools/cmcrevoke-sharedsecret/CMCRevoke.out").read_bytes()
    other = revocation.replace(b"testing", b"gnitset")
    checks.that(other != revocation, "there is a passphrase")
    a, b = write("revoke-a", revocation), write("revoke-b", other)
    none = write("no-revocation", pki_data([]))
    for x, y in ((a, b), (a, none), (none, b)):
        for option in ([], ["--json"]):
            result = diff(x, y, *option)
            text = result.stdout + result.stderr
            checks.equal(result.returncode, 1, "two passphrases")
            for secret in (b"testing", b"gnitset"):
                held = secret.decode() in text or secret.hex() in text.replace(" ", "")
                checks.that(not held, f"the passphrase shows: {text}")
    checks.contains(diff(a, b).stdout, "passphrase: A has (a secret, not shown)", "a changed passphrase is said")


def terminal():
    nasty = [b"\x1b[31m\x07\xe2\x80\xae\xc2\x9b\xff\x00\r\n", b"\x1b]0;x\x07"]
    files = [write(f"nasty\x1b{i}", pki_data([control(1, 2, tlv(0x0C, text))])) for i, text in enumerate(nasty)]
    for option in ([], ["--json"], ["--color", "never"], ["--only", "\x1b[2J"]):
        result = diff(*files, *option)
        bad = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.stdout + result.stderr)
        checks.that(bad is None, f"nasty text {option}: {bad}")
    checks.contains(diff(*files).stdout, r"\u{1B}", "what was escaped can be seen")


def exit_codes():
    cut = VECTORS / "collected/cepces-truncated-pkiresponse.der"
    checks.equal(diff(POP_FAIL, scratch / "missing").returncode, 4, "a missing file")
    checks.equal(diff(write("text", "hello, world"), POP_FAIL).returncode, 3, "no message")
    checks.equal(diff(cut, POP_FAIL).returncode, 3, "a message that decodes in part")
    checks.equal(diff(cut, scratch / "missing").returncode, 4, "4 before 3")
    checks.equal(diff("-", "-").returncode, 2, "standard input twice")
    checks.equal(cmcctl("diff", str(POP_FAIL)).returncode, 2, "one file")
    pem = "-----BEGIN CMS-----\n" + base64.encodebytes(POP_FAIL.read_bytes()).decode() + "-----END CMS-----\n"
    two = diff(write("two.pem", pem * 2), POP_FAIL)
    checks.that(two.returncode == 2 and "convert --split" in two.stderr, "two messages in a file")


def large():
    """Twice as much takes about twice the time, whatever the lists look like."""
    limits = ["--limit", "message_octets=200000000", "--limit", "nodes=10000000", "--limit", "body_parts=1000000"]
    seconds = []
    for count in (20000, 40000):
        made = [control(i % 7, 4, tlv(4, i.to_bytes(4, "big"))) for i in range(count)]
        a = write("large-a", pki_data(made))
        b = write("large-b", pki_data([control(1, 6, tlv(4, b"new"))] + made[: count // 2] + made[count // 2 + 1:]))
        c = write("large-c", pki_data(made[::-1]))
        start = time.monotonic()
        checks.equal(len(diff(a, b, *limits).stdout.splitlines()), 3, f"one more and one less among {count}")
        checks.contains(diff(a, c, *limits).stdout, "the same in another order", f"{count} turned around")
        seconds.append(time.monotonic() - start)
    checks.that(seconds[1] < 3.5 * seconds[0] + 1, f"20000 and 40000 controls took {seconds} seconds")


for group in (same, wrappers, differences, every_vector_differs_from_the_next, json_output, ignored_values, secrets, terminal,
              exit_codes, large):
    group()
shutil.rmtree(scratch)
checks.finish()
