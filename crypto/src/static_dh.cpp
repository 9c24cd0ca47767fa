#include <cmcctl/crypto/static_dh.hpp>

#include <array>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

struct Row {
  std::string_view oid;
  StaticDhScheme stands_for;
};
constexpr std::array rows{
    Row{"1.3.6.1.5.5.7.6.3", {Hash::sha1, false}},    Row{"1.3.6.1.5.5.7.6.15", {Hash::sha224, false}},
    Row{"1.3.6.1.5.5.7.6.16", {Hash::sha256, false}}, Row{"1.3.6.1.5.5.7.6.17", {Hash::sha384, false}},
    Row{"1.3.6.1.5.5.7.6.18", {Hash::sha512, false}}, Row{"1.3.6.1.5.5.7.6.25", {Hash::sha224, true}},
    Row{"1.3.6.1.5.5.7.6.26", {Hash::sha256, true}},  Row{"1.3.6.1.5.5.7.6.27", {Hash::sha384, true}},
    Row{"1.3.6.1.5.5.7.6.28", {Hash::sha512, true}},
};

void append(SecretOctets& to, Octets more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

std::optional<StaticDhScheme> static_dh_of(const Oid& algorithm) {
  for (const Row& row : rows) {
    if (oids::is(algorithm, row.oid)) return row.stands_for;
  }
  return std::nullopt;
}

Result<std::string> static_dh_algorithm(const PublicKey& key, Hash hash) {
  for (const Row& row : rows) {
    const bool weak = row.stands_for.hash == Hash::sha1;
    if (!weak && row.stands_for.hash == hash && row.stands_for.fits(key.kind())) return std::string(row.oid);
  }
  return Error{Errc::bad_algorithm,
               0,
               {},
               {},
               "no static DH proof of possession is made with " + std::string(to_string(hash)) + " and " + key.text() +
                   "; there are those of EC and DH keys with SHA-224 to SHA-512 (RFC 6955)"};
}

Result<SecretOctets> static_dh_mac(Hash hash, PrivateKey& own, const PublicKey& peer, const X509Certificate& recipient,
                                   Octets message) {
  if (!own.public_key().is_of_group(peer)) {
    return Error{Errc::bad_algorithm,
                 0,
                 {},
                 {},
                 "static DH wants two keys on one curve or of one group: " + own.public_key().text() + " and " +
                     peer.text() + " (RFC 6955)"};
  }
  CMC_TRY(const SecretOctets shared, own.agree(peer.subject_public_key()));
  SecretOctets text;
  append(text, recipient.subject());
  append(text, shared);
  append(text, recipient.issuer());
  return hmac(hash, secret_taken(digest(hash, text)), message);
}

}  // namespace cmcctl
