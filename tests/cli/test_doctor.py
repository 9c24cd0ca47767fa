"""cmcctl doctor: versions, terminal, locale, variables; no secrets."""

import json
import os
import re

from _run import Checks, clean_environment, cmcctl

checks = Checks()


def report(**variables):
    result = cmcctl("doctor", "--json", environment=clean_environment(**variables))
    checks.equal((result.returncode, result.stderr), (0, ""), "doctor --json")
    return json.loads(result.stdout)


def contents():
    found = report()
    checks.equal(found["schema"], 1, "schema")
    checks.that(re.fullmatch(r"\d+\.\d+\.\d+", found["version"]), f"version {found['version']}")
    checks.equal(cmcctl("--version").stdout, f"cmcctl {found['version']}\n", "--version")
    checks.that(re.match(r"(g\+\+|clang) \d+", found["compiler"]), f"compiler {found['compiler']}")
    checks.that({"CLI11", "nlohmann-json"} <= set(found["libraries"]), "libraries")
    checks.equal(found["variables"], {}, "no variables")
    checks.equal(found["terminal"]["stdout"], False, "a pipe is no terminal")


def color():
    checks.equal(report()["terminal"]["color"], False, "no colour in a pipe")
    checks.equal(report(CMCCTL_COLOR="always")["terminal"]["color"], True, "colour when asked for")


def locale():
    checks.equal(report(LC_ALL="C")["locale"]["LC_CTYPE"], "C", "locale C")
    checks.equal(report(LC_ALL="xx_YY.none")["locale"]["LC_CTYPE"], "not installed", "unknown locale")


def variables():
    secrets = {"CMCCTL_SECRET": "hunter2", "CMCCTL_KEY_PASSWORD": "hunter2", "CMCCTL_TOKEN_PIN": "hunter2"}
    found = report(CMCCTL_VERBOSE="1", **secrets)["variables"]
    checks.equal(found["CMCCTL_VERBOSE"], "1", "a plain variable")
    for name in secrets:
        checks.equal(found[name], "(set, not shown)", name)
    text = cmcctl("doctor", environment=clean_environment(**secrets)).stdout
    checks.that("hunter2" not in text, "no secret in the text")
    checks.contains(text, "CMCCTL_SECRET", "names of secrets are shown")


def strange_values():
    environment = {os.fsencode(k): os.fsencode(v) for k, v in clean_environment().items()}
    environment[b"CMCCTL_ODD"] = b"\x1b[31m\xff"
    checks.that("\x1b" not in cmcctl("doctor", environment={**environment, b"LC_ALL": b"C"}, errors="replace").stdout,
                "control characters do not reach the terminal")
    found = json.loads(cmcctl("doctor", "--json", environment=environment).stdout)
    checks.contains(found["variables"]["CMCCTL_ODD"], "[31m", "bytes that are no UTF-8 still give JSON")


contents()
color()
locale()
variables()
strange_values()
checks.finish()
