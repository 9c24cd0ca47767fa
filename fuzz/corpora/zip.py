#!/usr/bin/env python3
"""Packs folders of inputs into one zip, which is the same for the same inputs.

usage: zip.py ZIP FOLDER...    folders that do not exist are passed over
"""

import sys
import zipfile
from pathlib import Path


def main():
    target, folders = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            for path in sorted(folder.iterdir()) if folder.is_dir() else []:
                archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
