#pragma once

#include <memory>
#include <optional>

#include <cmcctl/codec/extensions.hpp>

namespace cmcctl {

/// A certificate revocation list with its signed part decoded. Copies share it; not thread-safe.
class X509Crl {
 public:
  /// RFC 5280 section 5.1.
  static Result<X509Crl> from_der(Octets der, const Limits& limits = {});

  Octets signed_octets() const;  ///< TBSCertList as it came
  const CertificateList& list() const;
  const TBSCertList& tbs() const;
  Octets issuer() const { return tbs().issuer.der; }
  const Extension* extension(std::string_view dotted) const;
  /// The entry of a serial number; nullopt when the list has none, an Error when it has one that does not decode.
  Result<std::optional<RevokedCertificate>> find(const Integer& serial_number) const;
  Decoder& decoder() const;

 private:
  struct State;
  explicit X509Crl(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace cmcctl
