#include "key_rows.hpp"

#include <algorithm>
#include <array>

#include "botan.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view ec = "1.2.840.10045.2.1";
constexpr std::string_view x25519_name = botan_3 ? "X25519" : "Curve25519";

constexpr std::array rows{
    KeyRow{KeyKind::rsa, "1.2.840.113549.1.1.1", "", "RSA", "rsa", "RSA", "", 0},
    KeyRow{KeyKind::ec_p256, ec, "1.2.840.10045.3.1.7", "EC P-256", "ec:P-256", "ECDSA", "secp256r1", 256},
    KeyRow{KeyKind::ec_p384, ec, "1.3.132.0.34", "EC P-384", "ec:P-384", "ECDSA", "secp384r1", 384},
    KeyRow{KeyKind::ec_p521, ec, "1.3.132.0.35", "EC P-521", "ec:P-521", "ECDSA", "secp521r1", 521},
    KeyRow{KeyKind::ed25519, "1.3.101.112", "", "Ed25519", "ed25519", "Ed25519", "", 0},
    KeyRow{KeyKind::x25519, "1.3.101.110", "", "X25519", "x25519", x25519_name, "", 0},
    KeyRow{KeyKind::dh, "1.2.840.10046.2.1", "", "DH", "dh:2048", "DH", "ffdhe/ietf/2048", 0},
    KeyRow{KeyKind::dh, "1.2.840.10046.2.1", "", "DH", "dh:3072", "DH", "ffdhe/ietf/3072", 0},
    KeyRow{KeyKind::dh, "1.2.840.10046.2.1", "", "DH", "dh:4096", "DH", "ffdhe/ietf/4096", 0},
    KeyRow{KeyKind::ml_dsa_44, "2.16.840.1.101.3.4.3.17", "", "ML-DSA-44", "ml-dsa-44", "ML-DSA", "ML-DSA-4x4", 0},
    KeyRow{KeyKind::ml_dsa_65, "2.16.840.1.101.3.4.3.18", "", "ML-DSA-65", "ml-dsa-65", "ML-DSA", "ML-DSA-6x5", 0},
    KeyRow{KeyKind::ml_dsa_87, "2.16.840.1.101.3.4.3.19", "", "ML-DSA-87", "ml-dsa-87", "ML-DSA", "ML-DSA-8x7", 0},
    KeyRow{KeyKind::ml_kem_512, "2.16.840.1.101.3.4.4.1", "", "ML-KEM-512", "ml-kem-512", "ML-KEM", "ML-KEM-512", 0},
    KeyRow{KeyKind::ml_kem_768, "2.16.840.1.101.3.4.4.2", "", "ML-KEM-768", "ml-kem-768", "ML-KEM", "ML-KEM-768", 0},
    KeyRow{KeyKind::ml_kem_1024, "2.16.840.1.101.3.4.4.3", "", "ML-KEM-1024", "ml-kem-1024", "ML-KEM", "ML-KEM-1024",
           0},
};

}  // namespace

std::span<const KeyRow> key_rows() { return rows; }

const KeyRow& row_of(KeyKind kind) { return *std::ranges::find(rows, kind, &KeyRow::kind); }

bool is_ec(KeyKind kind) {
  return kind == KeyKind::ec_p256 || kind == KeyKind::ec_p384 || kind == KeyKind::ec_p521;
}

}  // namespace cmcctl
