"""cmcctl explain, and what holds for every command: usage errors, closed pipes, full disks."""

import json
import os
import signal
import subprocess
import tempfile

from _run import PROGRAM, Checks, clean_environment, cmcctl

LISTS = ["controls", "status", "failinfo", "skdfailinfo", "crlreason", "oids", "exit-codes", "rules"]

checks = Checks()


def explain(*words):
    result = cmcctl("explain", *words)
    checks.equal(result.returncode, 0, f"exit code of explain {words}")
    checks.equal(result.stderr, "", f"stderr of explain {words}")
    return result.stdout


def topics(*words):
    answers = json.loads(explain(*words, "--json"))["answers"]
    return [(t["topic"], t.get("number"), t["name"]) for answer in answers for t in answer["topics"]]


def controls():
    text = explain("statusInfoV2")
    for part in ["id-cmc 25", "1.3.6.1.5.5.7.7.25", "CMCStatusInfoV2", "RFC 10002 section 6.1.1", "stands in",
                 "how often", "CMC-5272-6.1.1-03"]:
        checks.contains(text, part, "explain statusInfoV2")
    for words in [["STATUSINFOV2"], ["id-cmc-statusInfoV2"], ["id-cmc", "25"], ["id-cmc 25"], ["control", "25"],
                  ["1.3.6.1.5.5.7.7.25"], ["control", "statusInfoV2"]]:
        checks.equal(explain(*words), text, f"explain {words}")
    every = [(number, name) for kind, number, name in topics("controls")]
    expected = [*range(1, 12), *range(15, 20), *range(21, 38)]
    checks.equal([number for number, _ in every], expected, "numbers of the controls")
    for number, name in every:
        checks.equal(topics(name)[0][:2], ("id-cmc", number), f"explain {name}")


def numbers():
    checks.equal(topics("failInfo", "7"), [("CMCFailInfo", 7, "badIdentity")], "failInfo 7")
    checks.equal(topics("status 3"), [("CMCStatus", 3, "pending")], "status 3")
    checks.equal(topics("exit", "3"), [("exit code", 3, "undecodable")], "exit 3")
    checks.equal(topics("reason", "1"), [("CRLReason", 1, "keyCompromise")], "reason 1")
    kinds = [kind for kind, _, _ in topics("7")]
    checks.equal(kinds, ["id-cmc", "CMCStatus", "CMCFailInfo", "SKDFailInfo", "exit code"], "meanings of 7")
    checks.equal(topics("25"), [("id-cmc", 25, "statusInfoV2")], "25")
    checks.equal([kind for kind, _, _ in topics("poprequired")], ["CMCStatus", "CMCFailInfo"], "popRequired")
    checks.equal(topics("badIdentity", "status", "0"),
                 [("CMCFailInfo", 7, "badIdentity"), ("CMCStatus", 0, "success")], "two questions")


def oids():
    checks.contains(explain("2.16.840.1.101.3.4.2.1"), "SHA-256", "OID of SHA-256")
    checks.contains(explain("hmacWithSHA256"), "1.2.840.113549.2.9", "alias of HMAC-SHA-256")
    checks.contains(explain("id-cmc"), "1.3.6.1.5.5.7.7", "arc id-cmc")
    result = cmcctl("explain", "1.3.6.1.5.5.7.7.99.7")
    checks.equal(result.returncode, 1, "exit code of an unknown OID")
    checks.contains(result.stderr, "below glaRR (1.3.6.1.5.5.7.7.99)", "place of an unknown OID")


def rules():
    text = explain("cmc-5272-6.6-04")
    for part in ["CMC-5272-6.6-04", "MUST", "recipientNonce", "violation", "RFC 5272 section 6.6",
                 "RFC 10002 section 6.6"]:
        checks.contains(text, part, "explain CMC-5272-6.6-04")
    checks.equal(explain("5272-6.6-04"), text, "rule id without CMC")
    checks.equal(explain("rule", "CMC-5272-6.6-04"), text, "rule id with the word rule")
    several = [name for _, _, name in topics("CMC-5272-6.6")]
    checks.that(len(several) >= 9 and all(n.startswith("CMC-5272-6.6-") for n in several), f"CMC-5272-6.6: {several}")
    several = [name for _, _, name in topics("CMC-5272-6.1")]
    checks.that(not any(n.startswith("CMC-5272-6.1") and n[12].isdigit() for n in several), f"CMC-5272-6.1: {several}")
    checks.that(len(topics("rules")) >= 485, "number of rules")


def lists_are_narrow():
    for name in LISTS:
        for line in explain(name).splitlines():
            checks.that(len(line) <= 100, f"explain {name}: {len(line)} columns: {line}")


def unknown_words():
    result = cmcctl("explain", "badIdentiy")
    checks.equal((result.returncode, result.stdout), (1, ""), "an unknown word")
    checks.contains(result.stderr, "did you mean 'badIdentity'?", "nearest name")
    result = cmcctl("explain", "badIdentiy", "badAlg", "--json")
    checks.equal(result.returncode, 1, "one known and one unknown word")
    answers = json.loads(result.stdout)["answers"]
    checks.equal(answers[0]["nearest"], ["badIdentity"], "nearest name in JSON")
    checks.equal(answers[1]["topics"][0]["name"], "badAlg", "the known word is answered all the same")
    result = cmcctl("explain", "\x1b[31mred")
    checks.that("\x1b" not in result.stderr, "control characters do not reach the terminal")
    checks.equal(cmcctl("explain", "failInfo", "99").returncode, 1, "a number without a name")
    checks.equal(cmcctl("explain", "x" * 100000).returncode, 1, "a very long word")


def usage():
    result = cmcctl()
    checks.equal((result.returncode, result.stdout), (2, ""), "no command")
    checks.contains(result.stderr, "explain", "no command lists them")
    result = cmcctl("explian", "25")
    checks.equal(result.returncode, 2, "unknown command")
    checks.contains(result.stderr, "unknown command 'explian'; did you mean 'explain'?", "unknown command")
    result = cmcctl("explain", "--jsn", "25")
    checks.equal(result.returncode, 2, "unknown option")
    checks.contains(result.stderr, "unknown option '--jsn'; did you mean '--json'?", "unknown option")
    checks.equal(cmcctl("explain").returncode, 2, "missing word")
    checks.equal(cmcctl("--color", "pink", "doctor").returncode, 2, "bad value")
    for arguments in [["--help"], ["explain", "--help"], ["--version"]]:
        result = cmcctl(*arguments)
        checks.equal((result.returncode, result.stderr), (0, ""), f"{arguments}")
        checks.that(result.stdout != "", f"{arguments} prints something")


def defaults():
    result = cmcctl("explain", "25", environment=clean_environment(CMCCTL_JSON="1"))
    checks.that(result.stdout.startswith("{"), "CMCCTL_JSON stands for --json")
    result = cmcctl("doctor", environment=clean_environment(CMCCTL_COLOR="pink"))
    checks.equal(result.returncode, 2, "bad value in a variable")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cmcctl.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write('color = "always"\n')
        result = cmcctl("--config", path, "doctor", "--json")
        checks.equal(json.loads(result.stdout)["terminal"]["colorMode"], "always", "option from --config")
        result = cmcctl("--config", path + ".missing", "doctor")
        checks.equal(result.returncode, 4, "missing --config file")


def output_that_fails():
    with open("/dev/full", "w", encoding="utf-8") as full:
        for arguments in [["explain", "25"], ["explain", "rules"], ["--help"]]:
            result = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
            checks.equal(result.returncode, 4, f"{arguments} to a full disk")
            checks.contains(result.stderr, "No space left on device", f"{arguments} to a full disk")
    for restore in [signal.SIG_DFL, signal.SIG_IGN]:
        reader, writer = os.pipe()
        os.close(reader)
        result = subprocess.run([PROGRAM, "explain", "rules"], stdout=writer, stderr=subprocess.PIPE, text=True,
                                timeout=60, preexec_fn=lambda: signal.signal(signal.SIGPIPE, restore))
        os.close(writer)
        checks.equal((result.returncode, result.stderr), (0, ""), "a closed pipe")


controls()
numbers()
oids()
rules()
lists_are_narrow()
unknown_words()
usage()
defaults()
output_that_fails()
checks.finish()
