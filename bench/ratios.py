#!/usr/bin/env python3
"""ratios.py CODEC_JSON BOUNCYCASTLE_TXT: the results of a run of the benchmarks as two Markdown tables."""

import json
import sys
from pathlib import Path

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
MESSAGES = ("request", "response", "batch")
OPERATIONS = ("scan", "decode", "decode_requests", "decode_all", "encode", "inspect_text",
              "inspect_json")


def read_codec(path):
    """The fastest repetition of each benchmark, in nanoseconds, and its counters."""
    best, counters = {}, {}
    for row in json.loads(Path(path).read_text())["benchmarks"]:
        if row["run_type"] != "iteration" or row.get("error_occurred"):
            continue
        name = row["run_name"].split("/repeats")[0]
        time = row["cpu_time"] * NANOSECONDS[row["time_unit"]]
        best[name] = min(best.get(name, time), time)
        counters[name] = {key: row[key] for key in ("mallocs", "arena") if key in row}
    return best, counters


def read_bouncycastle(path):
    lines = (line.split() for line in Path(path).read_text().splitlines())
    return {name: float(nanoseconds) for name, nanoseconds in lines}


def duration(nanoseconds):
    if nanoseconds is None:
        return ""
    if nanoseconds < 1e5:
        return f"{nanoseconds / 1e3:.2f} µs"
    return f"{nanoseconds / 1e6:.3g} ms"


def ratio(peer, ours):
    return "" if peer is None or ours is None else f"{peer / ours:.1f}x ({duration(peer)})"


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def main():
    codec, counters = read_codec(sys.argv[1])
    bouncycastle = read_bouncycastle(sys.argv[2])

    row("operation", "cmcctl", "Botan BER_Decoder", "OpenSSL d2i", "Bouncy Castle, warm")
    row("---", "---:", "---:", "---:", "---:")
    for message in MESSAGES:
        for operation in ("decode", "decode_all"):
            name = f"{operation}/{message}"
            ours = codec.get(name)
            shallow = operation == "decode"  # what the peers in C and C++ do
            row(name, duration(ours),
                ratio(codec.get(f"botan/{message}") if shallow else None, ours),
                ratio(codec.get(f"openssl/{message}") if shallow else None, ours),
                ratio(bouncycastle.get(name), ours))
    print()
    row("operation", "time", "allocations", "arena octets per octet")
    row("---", "---:", "---:", "---:")
    for message in (*MESSAGES, "batch_100MB"):
        for operation in OPERATIONS:
            name = f"{operation}/{message}"
            if name in codec:
                arena = counters[name].get("arena")
                row(name, duration(codec[name]), f"{counters[name]['mallocs']:.0f}",
                    "" if arena is None else f"{arena:.2f}")


if __name__ == "__main__":
    main()
