"""Prints fuzz/signed_contents.hpp: an anchor, and the contents of tests/vectors that somebody below it has signed.

    python3 make_signed_contents.py CMCCTL > ../signed_contents.hpp
"""

import hashlib
import json
import pathlib
import subprocess
import sys

program = sys.argv[1]
folder = pathlib.Path(__file__).resolve().parents[2] / "tests" / "vectors" / "bouncycastle"
anchor = folder / "ca.crt.der"


def run(*arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True)


def contents(file):
    for index in range(100):
        content = run("convert", "--extract", "econtent", "--index", index, file)
        if content.returncode or not content.stdout:
            return
        yield content.stdout


def signers_pass(file):
    verified = run("verify", "--json", "--purpose", "any", "--trust", anchor, "--at", "2026-06-01", file)
    parts = json.loads(verified.stdout or b"{}").get("parts", [])
    signers = [part["verdict"] for part in parts if part["kind"] == "signer"]
    return signers and all(verdict == "pass" for verdict in signers)


digests = {hashlib.sha256(content).hexdigest() for file in sorted(folder.glob("*.der")) if signers_pass(file) for content in contents(file)}
print("#pragma once\n\n#include <string_view>\n\n// Written by corpora/make_signed_contents.py.\nnamespace cmcctl {\n")
print("/// tests/vectors/bouncycastle/ca.crt.der\ninline constexpr std::string_view anchor_hex =")
text = anchor.read_bytes().hex()
lines = [text[at:at + 112] for at in range(0, len(text), 112)]
print("\n".join(f'    "{line}"' for line in lines) + ";\n")
print("/// SHA-256 of what is signed in the messages beside it.\ninline constexpr std::string_view signed_contents[]{")
print("\n".join(f'    "{digest}",' for digest in sorted(digests)))
print("};\n\n}  // namespace cmcctl")
