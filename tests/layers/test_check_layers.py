#!/usr/bin/env python3
"""scripts/check_layers.py finds a planted arrow, and nothing in a tree that is in order."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parents[2] / "scripts" / "check_layers.py"

IN_ORDER = {
    "asn1/CMC.asn1": "PKIData ::= SEQUENCE { }\n",
    "codec/include/cmcctl/codec/values.hpp": "#include <vector>\n#include <cmcctl/codec/octets.hpp>\n",
    "codec/include/cmcctl/codec/octets.hpp": "#include <span>\n",
    "codec/src/scan.hpp": "#include <cmcctl/codec/octets.hpp>\n",
    "codec/src/decode.cpp": '#include "scan.hpp"\n#include <PKIData.h>\n#include <nlohmann/json.hpp>\n',
    "crypto/src/digest.cpp": "#include <botan/hash.h>\n#include <cmcctl/codec/values.hpp>\n",
    "cmc/src/request.cpp": "#include <cmcctl/crypto/digest.hpp>\n",
    "transport/src/http.cpp": "#include <httplib.h>\n#include <cmcctl/codec/octets.hpp>\n",
    "cli/main.cpp": '#include <CLI/CLI.hpp>\n#include "commands/inspect.hpp"\n#include <cmcctl/cmc/request.hpp>\n',
    "cli/commands/inspect.hpp": "#include <cmcctl/codec/values.hpp>\n",
}

PLANTED = [  # file, include, the reason that must be given
    ("codec/src/decode.cpp", "<cmcctl/crypto/digest.hpp>", "codec may not include crypto"),
    ("codec/src/decode.cpp", "<botan/hash.h>", "belongs to crypto"),
    ("codec/include/cmcctl/codec/values.hpp", "<PKIData.h>", "public header includes generated code"),
    ("codec/include/cmcctl/codec/values.hpp", '"../../../src/scan.hpp"', "public header includes a private one"),
    ("crypto/src/digest.cpp", "<PKIData.h>", "crypto may not include generated"),
    ("crypto/src/digest.cpp", '"../../codec/src/scan.hpp"', "private header of codec"),
    ("cmc/src/request.cpp", "<sys/socket.h>", "belongs to server and transport"),
    ("cmc/src/request.cpp", "<cmcctl/check/rules.hpp>", "cmc may not include check"),
    ("transport/src/http.cpp", "<cmcctl/cmc/request.hpp>", "transport may not include cmc"),
    ("cmc/src/request.cpp", '"cli/commands/inspect.hpp"', "cmc may not include cli"),
]


def check(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True)


class CheckLayers(unittest.TestCase):
    def test_a_tree_in_order_passes(self):
        result = check(IN_ORDER)
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_each_planted_arrow_is_found(self):
        for name, include, reason in PLANTED:
            with self.subTest(file=name, include=include):
                result = check({**IN_ORDER, name: IN_ORDER[name] + f"  #  include {include}\n"})
                line = IN_ORDER[name].count("\n") + 1
                self.assertEqual(result.returncode, 1)
                self.assertEqual(len(result.stdout.splitlines()), 1, result.stdout)
                self.assertTrue(result.stdout.startswith(f"{name}:{line}: "), result.stdout)
                self.assertIn(reason, result.stdout)


if __name__ == "__main__":
    unittest.main()
