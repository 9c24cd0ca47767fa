#!/usr/bin/env python3
"""Checks what fuzz/oss-fuzz/build.sh has put into a folder, and runs each target on its seeds as OSS-Fuzz does: from a
copy in another place, in a working folder that cannot be written to, without environment. The last line is
"N passed, N failed".

usage: check_fuzz_targets.py FOLDER
"""

import configparser
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

FUZZ = Path(__file__).resolve().parent.parent / "fuzz"
ENDINGS = ("", ".dict", ".options", "_seed_corpus.zip")
READ_ONLY = "/proc"  # for root, too
SYSTEM_LIBRARIES = re.compile(
    r"linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+|c\+\+|c\+\+abi|unwind)[.-]")

FAULTS = (ValueError, OSError, subprocess.SubprocessError, configparser.Error, zipfile.BadZipFile, zlib.error)


def require(condition, complaint):
    if not condition:
        raise ValueError(complaint)


def read_options(path):
    """The options for libFuzzer, with the dictionary's whole path."""
    parser = configparser.ConfigParser()
    parser.read(path)
    require(parser.sections() == ["libfuzzer"], f"{path.name} wants the one section [libfuzzer]")
    options = dict(parser["libfuzzer"])
    require(options.get("dict") == path.with_suffix(".dict").name, f"{path.name} does not name its dictionary")
    options["dict"] = path.with_suffix(".dict")
    return [f"-{name}={value}" for name, value in options.items()]


def unpack_seeds(path, folder, regressions):
    """Unpacks the seeds and says how many there are."""
    with zipfile.ZipFile(path) as seeds:
        require(seeds.testzip() is None, f"{path.name} is damaged")
        names = seeds.namelist()
        require(len(names) == len(set(names)), f"{path.name} has two seeds of one name")
        seeds.extractall(folder)
    for regression in regressions.iterdir() if regressions.is_dir() else []:
        seed = folder / regression.name
        require(seed.is_file() and seed.read_bytes() == regression.read_bytes(), f"{path.name} lacks {regression.name}")
    return len(names)


def check_libraries(binary):
    listing = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        library = Path(line.split()[0]).name
        require(SYSTEM_LIBRARIES.match(library), f"{binary.name} needs {library}, which is not there")


def run(binary, options, seeds, count):
    result = subprocess.run([binary, "-runs=0", *options, seeds], cwd=READ_ONLY, env={}, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    require(result.returncode == 0, f"{binary.name} ends with {result.returncode}:\n{result.stdout[-4000:]}")
    require(f"seed corpus: files: {count} " in result.stdout, f"{binary.name} did not read all of its {count} seeds")


def check_target(target, folder, scratch):
    require(re.fullmatch(r"[A-Za-z0-9_-]+", target), f"{target}: only letters, digits, _ and - are allowed in a name")
    binary, _, options, corpus = (folder / (target + ending) for ending in ENDINGS)
    seeds = scratch / target
    count = unpack_seeds(corpus, seeds, FUZZ / "regressions" / target.removesuffix("_fuzzer"))
    check_libraries(binary)
    run(binary, read_options(options), seeds, count)
    return count


def check_names(found, targets):
    wanted = {target + ending for target in targets for ending in ENDINGS}
    require(found == wanted, f"missing: {sorted(wanted - found)}, not known: {sorted(found - wanted)}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    targets = sorted(source.stem for source in FUZZ.glob("*_fuzzer.cpp"))
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "out"
        shutil.copytree(sys.argv[1], folder)
        try:
            check_names({path.name for path in folder.iterdir()}, targets)
        except ValueError as error:
            print(error)
            failed += 1
        for target in targets:
            try:
                print(f"{target}: {check_target(target, folder, Path(scratch))} seeds", flush=True)
                passed += 1
            except FAULTS as error:
                print(f"{target}: {error}", flush=True)
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
