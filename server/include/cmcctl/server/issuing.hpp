#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/server/profile.hpp>
#include <cmcctl/server/store.hpp>

namespace cmcctl {

/// A key with its certificate.
struct CaKey {
  std::unique_ptr<PrivateKey> key;
  X509Certificate certificate;
};

struct CaOptions {
  std::string key = "ec:P-256";  ///< of a new CA, as for `generate_private_key`
  std::string name;              ///< its CN; "TEST ONLY" is put in front where it is not there
  std::int64_t validity_seconds = 10 * 365 * 86'400LL;
};

/// The CA's keys, and what is signed with them. Everything that it issues is in the store before it is given out.
class Issuer {
 public:
  /// The keys that the store holds; new ones, "CN=TEST ONLY ...", when it holds none.
  static Result<Issuer> open(Store& store, const CaOptions& options, std::int64_t now);
  /// A key and certificate of the user's own; that in the store must be the same, or none.
  static Result<Issuer> open_with(Store& store, CaKey signing, std::int64_t now);

  CaKey& signing() { return signing_; }
  /// RSA, certified by the CA (keyEncipherment): for messages that are encrypted to it, shared tokens and archived
  /// keys.
  CaKey& exchange() { return exchange_; }
  const X509Certificate& certificate() const { return signing_.certificate; }

  struct Request {
    const Profile& profile;
    Octets subject;     ///< DER of the Name
    Octets public_key;  ///< SubjectPublicKeyInfo, DER
    const Wish& wish;
    std::string identity;  ///< of the user; may be empty
    bool confirmed = true;
  };
  Result<StoredCertificate> issue(const Request& request, std::int64_t now);

  Result<void> revoke(Octets serial_number, const Revocation& revocation);
  Result<void> unhold(Octets serial_number);

  /// The newest CRL; a new one when something changed since or it is about to expire.
  Result<StoredCrl> crl(std::int64_t now);

 private:
  Issuer(Store& store, CaKey signing, CaKey exchange);
  Result<void> set_revocation(Octets serial_number, const std::optional<Revocation>& revocation);
  Result<StoredCrl> newest_crl(std::int64_t now);
  Store* store_;
  CaKey signing_;
  CaKey exchange_;
  std::vector<std::uint8_t> key_identifier_;  // of what is issued: its AuthorityKeyIdentifier
};

}  // namespace cmcctl
