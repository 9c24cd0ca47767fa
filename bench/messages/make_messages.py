#!/usr/bin/env python3
"""Makes request.der and response.der next to this script: python3 make_messages.py

Needs the program openssl. Keys are new every time and are thrown away, so the bytes differ from run to run while the
structure and, but for a few bytes, the sizes stay. Everything larger is made of request.der by the benchmarks.
"""

import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CMC = "1.3.6.1.5.5.7.7."
PKI_DATA = "1.3.6.1.5.5.7.12.2"
PKI_RESPONSE = "1.3.6.1.5.5.7.12.3"
TRANSACTION = 0x0123456789ABCDEF0123456789
SERIAL = 0x4D3C2B1A09F8E7D6C5B4A392817060504F3E2D00  # 20 octets, as CAs use them

CSR_CONFIG = """
[req]
distinguished_name = name
req_extensions = extensions
prompt = no
[name]
C = US
O = Example Corporation
OU = Engineering
CN = host17.eng.example.com
[extensions]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:host17.eng.example.com, DNS:host17.example.com, IP:10.1.2.3
"""

CERTIFICATE_CONFIG = """
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer
crlDistributionPoints = URI:http://crl.example.com/root.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example.com/, caIssuers;URI:http://pki.example.com/root.cer
certificatePolicies = 2.16.840.1.101.2.1.11.36
[ra]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth, serverAuth, 1.3.6.1.5.5.7.3.28
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer
subjectAltName = DNS:ra1.example.com, DNS:ra2.example.com, email:ra@example.com
crlDistributionPoints = URI:http://crl.example.com/issuing.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example.com/, caIssuers;URI:http://pki.example.com/issuing.cer
certificatePolicies = 2.16.840.1.101.2.1.11.36
"""


# --- DER ---------------------------------------------------------------------------------------------------------

def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def octets(content):
    return tlv(0x04, content)


def utf8(text):
    return tlv(0x0C, text.encode())


def integer(number):
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted):
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = b""
    for arc in [first * 40 + second, *rest]:
        group = [arc & 0x7F]
        while arc := arc >> 7:
            group.insert(0, 0x80 | (arc & 0x7F))
        content += bytes(group)
    return tlv(0x06, content)


# --- CMC ---------------------------------------------------------------------------------------------------------

def control(body_part_id, number, value):
    return sequence(integer(body_part_id), oid(CMC + str(number)), set_of(value))


def pki_data(certification_request):
    sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
    hmac_sha256 = sequence(oid("1.2.840.113549.2.9"), b"\x05\x00")
    server_auth = sequence(oid("2.5.29.37"), octets(sequence(oid("1.3.6.1.5.5.7.3.1"))))
    controls = [
        control(1, 2, utf8("ra1.example.com-identity")),                           # identification
        control(2, 34, sequence(sha256, hmac_sha256, octets(bytes(range(32))))),   # identityProofV2
        control(3, 5, integer(TRANSACTION)),                                       # transactionId
        control(4, 6, octets(bytes(range(0x40, 0x50)))),                           # senderNonce
        control(5, 18, octets(b"requester=ops@example.com;profile=server-tls")),   # regInfo
        control(6, 8, sequence(integer(0), sequence(integer(100)), sequence(server_auth))),  # addExtensions
    ]
    request = tlv(0xA0, integer(100), certification_request)
    return sequence(sequence(*controls), sequence(request), sequence(), sequence())


def pki_response():
    granted = sequence(integer(0), sequence(integer(100), sequence(integer(1), integer(100))), utf8("request granted"))
    refused = sequence(integer(2), sequence(integer(101)), utf8("bad request"), integer(2))
    controls = [
        control(11, 25, granted),                          # statusInfoV2
        control(12, 25, refused),
        control(13, 5, integer(TRANSACTION)),              # transactionId
        control(14, 7, octets(bytes(range(0x40, 0x50)))),  # recipientNonce
        control(15, 6, octets(bytes(range(0x60, 0x70)))),  # senderNonce
    ]
    return sequence(sequence(*controls), sequence(), sequence())


# --- openssl -----------------------------------------------------------------------------------------------------

class Workshop:
    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "csr.cnf").write_text(CSR_CONFIG)
        (self.folder / "certificate.cnf").write_text(CERTIFICATE_CONFIG)

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def make_key(self, name):
        self.openssl("genrsa", "-out", f"{name}.key", "2048")

    def make_certificate(self, name, subject, issuer, serial):
        self.make_key(name)
        self.openssl("req", "-new", "-key", f"{name}.key", "-subj", subject, "-out", f"{name}.csr")
        sign = ["-signkey", f"{name}.key"] if issuer == name else ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"]
        self.openssl("x509", "-req", "-in", f"{name}.csr", *sign, "-set_serial", hex(serial), "-days", "3650",
                     "-extfile", "certificate.cnf", "-extensions", name, "-out", f"{name}.pem")

    def make_certification_request(self):
        self.make_key("host")
        self.openssl("req", "-new", "-key", "host.key", "-config", "csr.cnf", "-outform", "DER", "-out", "host.csr")
        return (self.folder / "host.csr").read_bytes()

    def sign(self, content, content_type, signer, others, output):
        (self.folder / "content").write_bytes(content)
        (self.folder / "others.pem").write_text("".join((self.folder / f"{name}.pem").read_text() for name in others))
        self.openssl("cms", "-sign", "-nodetach", "-binary", "-nosmimecap", "-md", "sha256",
                     "-econtent_type", content_type, "-in", "content", "-signer", f"{signer}.pem",
                     "-inkey", f"{signer}.key", "-certfile", "others.pem", "-outform", "DER", "-out", str(output))


def main():
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(folder)
        shop.make_certificate("root", "/C=US/O=Example Corporation/CN=Example Root CA 1", "root", SERIAL + 1)
        shop.make_certificate("issuing", "/C=US/O=Example Corporation/CN=Example Issuing CA 3", "root", SERIAL + 2)
        shop.make_certificate("ra", "/C=US/O=Example Corporation/OU=PKI/CN=ra1.example.com", "issuing", SERIAL + 3)
        request = pki_data(shop.make_certification_request())
        shop.sign(request, PKI_DATA, "ra", ["issuing"], HERE / "request.der")
        shop.sign(pki_response(), PKI_RESPONSE, "issuing", ["ra", "root"], HERE / "response.der")


if __name__ == "__main__":
    main()
