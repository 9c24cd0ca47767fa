"""cmcctl mutate: the same seed gives the same files, every form of input, what is refused, and that mutants are what their kind says."""

import base64
import json
import os
import pathlib
import pty
import shutil
import subprocess
import tempfile

from _run import PROGRAM, Checks, clean_environment, cmcctl

checks = Checks()
VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
REQUEST = VECTORS / "bouncycastle/pkidata-mixed-tcr-crm-orm.der"
BER = VECTORS / "bouncycastle/resp-full-certs-crl-ber.der"
DER = REQUEST.read_bytes()
scratch = pathlib.Path(tempfile.mkdtemp(prefix="cmcctl-mutate-"))


def write(name, data):
    path = scratch / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def mutants(*options, source=REQUEST, folder="out"):
    """The bytes of all files, by name, and what was printed."""
    target = scratch / folder
    shutil.rmtree(target, ignore_errors=True)
    result = cmcctl("mutate", str(source), *options, "-o", f"{target}/")
    checks.equal((result.returncode, result.stderr), (0, ""), f"{source.name} {options}")
    return {file.name: file.read_bytes() for file in sorted(target.iterdir())}, result.stdout


def piped(*options, stdin=b""):
    return subprocess.run([PROGRAM, "mutate", *options], input=stdin, capture_output=True, env=clean_environment(), timeout=60)


def determinism():
    first, lines = mutants("--seed", "7", "--count", "20")
    again, lines_again = mutants("--seed", "7", "--count", "20")
    checks.equal((first, lines), (again, lines_again), "the same seed twice")
    fewer, _ = mutants("--seed", "7", "--count", "5")
    checks.equal(fewer, dict(list(first.items())[:5]), "a smaller count gives the first ones")
    other, _ = mutants("--seed", "8", "--count", "20")
    checks.that(set(first.values()) != set(other.values()), "another seed gives other mutants")
    names = [f"{REQUEST.stem}-7-{number:04}.der" for number in range(1, 21)]
    checks.equal(list(first), names, "names of the files")
    checks.equal([line.split("  ")[0].rsplit("/")[-1] for line in lines.splitlines()], names, "a line for each file")
    checks.that(DER not in first.values(), "each differs from the message")
    checks.that(len(set(first.values())) >= 18, "hardly any is the same as another")


def output():
    result = piped(str(REQUEST), "--seed", "3")
    target = scratch / "one.der"
    target.write_bytes(b"old")
    to_file = cmcctl("mutate", str(REQUEST), "--seed", "3", "-o", str(target))
    checks.equal((result.returncode, result.stderr, result.stdout), (0, b"", target.read_bytes()), "stdout and a file")
    checks.contains(to_file.stdout, "byte ", "the line for a file says where")
    checks.equal([path.name for path in scratch.glob("one*")], ["one.der"], "no temporary file is left")
    link = scratch / "link.der"
    link.symlink_to(target)
    cmcctl("mutate", str(REQUEST), "--seed", "4", "-o", str(link))
    checks.that(link.is_symlink() and target.read_bytes() == piped(str(REQUEST), "--seed", "4").stdout, "a link stays one")
    verbose = piped("-v", str(REQUEST), "--seed", "3")
    checks.equal(verbose.stdout, result.stdout, "with -v: stdout")
    checks.equal(verbose.stderr.decode(), to_file.stdout.split("  ", 1)[1], "with -v the line goes to stderr")
    _, lines = mutants("--count", "5", "--json", "--kind", "tlv")
    for line in lines.splitlines():
        entry = json.loads(line)
        checks.equal(list(entry), ["file", "kind", "operation", "description", "octets"], "members of the JSON")
        checks.equal((entry["kind"], entry["octets"]), ("tlv", os.path.getsize(entry["file"])), "kind and size")


def forms():
    wanted = piped(str(REQUEST)).stdout
    pem = "-----BEGIN CMC-----\n" + base64.encodebytes(DER).decode() + "-----END CMC-----\n"
    for name, data in {"PEM": pem, "base64": base64.b64encode(DER), "hex": DER.hex(), "DER": DER,
                       "HTTP": b"HTTP/1.1 200 OK\r\nContent-Type: application/pkcs7-mime\r\n\r\n" + DER}.items():
        result = piped(write("form", data))
        checks.equal((result.returncode, result.stdout), (0, wanted), name)
        checks.equal(piped(stdin=data if isinstance(data, bytes) else data.encode()).stdout, wanted, f"{name} on stdin")
    two = piped(write("two.pem", pem + pem))
    checks.equal((two.returncode, two.stdout), (0, wanted), "the first of two PEM blocks")
    checks.contains(two.stderr.decode(), "holds 2 messages", "two PEM blocks")
    garbage, lines = mutants("--count", "10", source=pathlib.Path(write("garbage.der", b"\x30\x84\xff\xff")))
    checks.that(b"\x30\x84\xff\xff" not in garbage.values() and lines.count("  octets  ") == 10, "what is no message")


def on_terminal(*options):
    leader, follower = pty.openpty()
    result = subprocess.run([PROGRAM, "mutate", *options], stdout=follower, stderr=subprocess.PIPE, env=clean_environment(), timeout=60)
    os.close(follower)
    os.close(leader)
    return result


def errors():
    request = str(REQUEST)
    cases = [  # arguments, exit code, what stderr has to hold
        ([request, "--count", "2"], 2, "add -o DIR"),
        ([request, "--json"], 2, "add -o FILE"),
        ([request, "--kind", "nonsense"], 2, "--kind"),
        ([request, "--count", "0"], 2, "--count"),
        ([request, "--seed", "-1"], 2, "--seed"),
        ([str(scratch / "none")], 4, "No such file"),
        ([write("bad.pem", "-----BEGIN X-----\nMI*B\n-----END X-----\n")], 3, "try:"),
        ([write("empty", b"")], 3, "nothing to read"),
        ([request, "-o", str(scratch / "no/such/file.der")], 4, "No such file"),
        ([request, "-o", "/dev/full"], 4, "No space left"),
        ([request, "--count", "2", "-o", request + "/x"], 4, "cannot be written"),
    ]
    for arguments, code, part in cases:
        result = piped(*arguments)
        checks.equal(result.returncode, code, f"{arguments}: exit code")
        checks.contains(result.stderr.decode(), part, f"{arguments}")
        checks.that(not result.stdout, f"{arguments}: nothing on stdout")
    terminal = on_terminal(request)
    checks.equal(terminal.returncode, 2, "binary to a terminal")
    checks.contains(terminal.stderr.decode(), "add -o FILE", "binary to a terminal")
    checks.contains(cmcctl("mutate", "--help").stdout, "Example: cmcctl mutate", "help")


def kinds():
    """tlv and control leave the encoding sound, as OpenSSL sees it; der mostly does not."""
    sources = [REQUEST, BER, *(VECTORS / "bouncycastle" / f"{name}.der" for name in ("nested-ra-batch", "resp-v2-all-status", "p10-rsa-plain"))]
    sound = {"tlv": 0, "control": 0}
    count = 40
    for source in sources:
        for kind in sound:
            files, _ = mutants("--kind", kind, "--count", str(count), source=source, folder=kind)
            for data in files.values():
                parsed = subprocess.run(["openssl", "asn1parse", "-inform", "DER", "-noout"], input=data, capture_output=True, timeout=60)
                sound[kind] += parsed.returncode == 0
    for kind, good in sound.items():
        checks.that(good >= 0.95 * count * len(sources), f"{kind}: openssl reads {good} of {count * len(sources)}")
    files, lines = mutants("--kind", "der", "--count", "100")
    decoded = [cmcctl("inspect", str(scratch / "out" / name)) for name in list(files)[:30]]
    odd = sum(result.returncode == 3 or "oddit" in result.stdout for result in decoded)
    checks.that(odd >= 24, f"der: inspect complains about {odd} of 30")
    checks.contains(lines, "PKIData", "lines name paths")


determinism()
output()
forms()
errors()
kinds()
shutil.rmtree(scratch)
checks.finish()
