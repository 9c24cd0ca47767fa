"""Keys and certificates of recipients, made with OpenSSL in a folder."""

import os
import subprocess


def openssl(folder, *arguments):
    """Runs openssl there; whether it succeeded."""
    return subprocess.run(["openssl", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def make_recipients(folder):
    """NAME.pem (key), NAME.crt, NAME.p8.der and NAME.crt.der for rsa and ec; files secret and kek; the content."""
    keys = {"rsa": ["-algorithm", "rsa"], "ec": ["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}
    for name, algorithm in keys.items():
        assert openssl(folder, "genpkey", *algorithm, "-out", name + ".pem")
        os.chmod(os.path.join(folder, name + ".pem"), 0o600)
        assert openssl(folder, "req", "-x509", "-new", "-key", name + ".pem", "-subj", "/CN=" + name, "-days", "2",
                       "-out", name + ".crt")
        assert openssl(folder, "x509", "-in", name + ".crt", "-outform", "DER", "-out", name + ".crt.der")
        assert openssl(folder, "pkcs8", "-topk8", "-nocrypt", "-in", name + ".pem", "-outform", "DER", "-out", name + ".p8.der")
    for name, text in {"secret": PASSWORD, "kek": KEK}.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text + "\n")
    with open(os.path.join(folder, "content"), "wb") as file:
        file.write(CONTENT)


PASSWORD = "correct horse battery staple"
KEK = "000102030405060708090a0b0c0d0e0f"
KEK_ID = "6b31"
CONTENT = bytes(range(256)) * 3 + b"\r\nlast line"
