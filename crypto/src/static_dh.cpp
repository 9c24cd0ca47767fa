#include <cmcctl/crypto/static_dh.hpp>

#include <array>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/mac.hpp>

namespace cmcctl {
namespace {

struct Row {
  std::string_view oid;
  Hash hash;
};
constexpr std::array rows{
    Row{"1.3.6.1.5.5.7.6.25", Hash::sha224},
    Row{"1.3.6.1.5.5.7.6.26", Hash::sha256},
    Row{"1.3.6.1.5.5.7.6.27", Hash::sha384},
    Row{"1.3.6.1.5.5.7.6.28", Hash::sha512},
};

void append(SecretOctets& to, Octets more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

std::optional<Hash> static_ecdh_hash(const Oid& algorithm) {
  const std::string dotted = to_string(algorithm);
  for (const Row& row : rows) {
    if (row.oid == dotted) return row.hash;
  }
  return std::nullopt;
}

Result<std::string> static_ecdh_algorithm(Hash hash) {
  for (const Row& row : rows) {
    if (row.hash == hash) return std::string(row.oid);
  }
  return Error{
      Errc::bad_algorithm, 0, {}, {}, "static ECDH proof of possession has no form with SHA-1 (RFC 6955 section 6)"};
}

Result<SecretOctets> static_ecdh_mac(Hash hash, PrivateKey& own, const PublicKey& peer,
                                     const X509Certificate& recipient, Octets message) {
  if (!is_ec(own.public_key().kind()) || own.public_key().kind() != peer.kind()) {
    return Error{
        Errc::bad_algorithm,
        0,
        {},
        {},
        "static ECDH wants two keys on one curve: " + own.public_key().text() + " and " + peer.text() +
            " (RFC 6955 section 6)"};
  }
  CMC_TRY(const SecretOctets shared, own.agree(peer.subject_public_key()));
  SecretOctets text;
  append(text, recipient.subject());
  append(text, shared);
  append(text, recipient.issuer());
  return hmac(hash, secret_taken(digest(hash, text)), message);
}

}  // namespace cmcctl
