#!/usr/bin/env python3
"""Reads every #include of the layers and reports each one that goes against their order.

    asn1 -> generated -> codec -> crypto -> cmc -> check -> transport -> server -> cli

A layer includes itself and what stands left of it (transport: neither cmc nor check), of other layers only the public
headers, <cmcctl/LAYER/...>. Some libraries belong to some layers only: LIBRARIES below.

usage: check_layers.py [ROOT]    exit code 0: all well; 1: arrows found, one line each
"""

import re
import sys
from pathlib import Path

SKELETONS = Path("/usr/share/asn1c")

USES = {  # layer: the layers it may include, besides itself
    "codec": {"generated"},
    "crypto": {"codec"},
    "cmc": {"codec", "crypto"},
    "check": {"codec", "crypto", "cmc"},
    "transport": {"codec", "crypto"},
    "server": {"codec", "crypto", "cmc", "check", "transport"},
    "cli": {"codec", "crypto", "cmc", "check", "transport", "server"},
}

LIBRARIES = [  # what the include begins with, the layers that may have it
    ("botan/", {"crypto"}),
    ("p11-kit/", {"crypto"}),
    ("httplib.h", {"transport", "server"}),
    ("openssl/", {"transport", "server"}),
    ("sys/socket.h", {"transport", "server"}),
    ("sqlite3.h", {"server"}),
    ("CLI/", {"cli"}),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)
ASN1_TYPE = re.compile(r"^\s*([A-Z][A-Za-z0-9-]*)\s*::=", re.MULTILINE)
SOURCES = {".cpp", ".hpp", ".c", ".h", ".in"}


def generated_headers(root):
    """The names of asn1c's headers: one for each ASN.1 type, and the skeletons."""
    names = {header.name for header in SKELETONS.glob("*.h")}
    for module in (root / "asn1").rglob("*.asn1"):
        text = module.read_text(encoding="utf-8", errors="replace")
        names.update(name + ".h" for name in ASN1_TYPE.findall(text))
    return names


def is_public(path, root):
    return path.relative_to(root).parts[1:2] == ("include",)


class Checker:
    def __init__(self, root):
        self.root = root.resolve()
        self.generated = generated_headers(self.root)

    def layer_of(self, name, source):
        """(layer, public) of what an include names, or None when it is of no layer."""
        parts = name.split("/")
        if parts[0] == "cmcctl" and len(parts) > 2:
            return parts[1], True
        own = source.relative_to(self.root).parts[0]
        for base in (source.parent, self.root / own / "src", self.root / own):
            found = (base / name).resolve()
            if found.is_file() and found.is_relative_to(self.root):
                return found.relative_to(self.root).parts[0], is_public(found, self.root)
        if (self.root / name).is_file() or parts[0] in USES:
            return parts[0], False
        if parts[0] == "generated" or parts[-1] in self.generated:
            return "generated", False
        return None

    def problem(self, source, name):
        """Why `source` may not include `name`, or None."""
        own = source.relative_to(self.root).parts[0]
        for prefix, layers in LIBRARIES:
            if name.startswith(prefix) and own not in layers:
                return f"<{prefix}> belongs to {' and '.join(sorted(layers))}"
        target = self.layer_of(name, source)
        if target is None:
            return None
        layer, public = target
        if layer == own:
            if is_public(source, self.root) and not public:
                return "a public header includes a private one"
            return None
        if layer not in USES[own]:
            return f"{own} may not include {layer}"
        if layer == "generated":
            return "a public header includes generated code" if is_public(source, self.root) else None
        return None if public else f"private header of {layer}"

    def problems(self):
        for layer in USES:
            for source in sorted((self.root / layer).rglob("*")):
                if source.suffix not in SOURCES or not source.is_file():
                    continue
                text = source.read_text(encoding="utf-8", errors="replace")
                for match in INCLUDE.finditer(text):
                    name = match[1] or match[2]
                    why = self.problem(source, name)
                    if why:
                        line = text.count("\n", 0, match.start()) + 1
                        yield f"{source.relative_to(self.root)}:{line}: {name}: {why}"


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    problems = list(Checker(root).problems())
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
