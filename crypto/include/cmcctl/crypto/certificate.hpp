#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>

#include <cmcctl/codec/extensions.hpp>
#include <cmcctl/crypto/public_key.hpp>

namespace cmcctl {

/// A certificate with its signed part decoded and its bytes kept. Copies share it. Not thread-safe: the key is loaded
/// when it is first asked for.
class X509Certificate {
 public:
  /// RFC 5280 section 4.1. Errors are those of decoding.
  static Result<X509Certificate> from_der(Octets der, const Limits& limits = {});

  Octets der() const;            ///< as it came
  Octets signed_octets() const;  ///< TBSCertificate as it came: what the signature covers
  const Certificate& certificate() const;
  const TBSCertificate& tbs() const;

  Octets issuer() const { return tbs().issuer.der; }    ///< DER of the Name
  Octets subject() const { return tbs().subject.der; }
  bool is_self_issued() const { return issuer() == subject(); }
  std::int64_t not_before() const;  ///< seconds since 1970
  std::int64_t not_after() const;
  const std::string& subject_text() const;  ///< "CN=a,O=b", or its serial number when there is no name; not escaped

  const Result<PublicKey>& public_key() const;

  /// The extension of this type, or null.
  const Extension* extension(std::string_view dotted) const;
  /// The value of an extension; nullopt when it is not there or does not decode.
  template <class T>
  std::optional<T> extension_value(std::string_view dotted) const {
    const Extension* const found = extension(dotted);
    if (found == nullptr) return std::nullopt;
    std::shared_ptr<const void>& kept = kept_value(*found, typeid(T));
    if (kept == nullptr) {
      const auto value = decoder().decode<T>(found->extn_value);
      kept = std::make_shared<const std::optional<T>>(value ? std::optional<T>(*value) : std::nullopt);
    }
    return *static_cast<const std::optional<T>*>(kept.get());
  }
  Octets subject_key_identifier() const;  ///< empty without the extension
  bool is_ca() const;                     ///< basicConstraints with cA
  bool has_purpose(std::string_view dotted) const;  ///< an extendedKeyUsage that names it; not anyExtendedKeyUsage

  /// For what is left raw. Its values live as long as the certificate.
  Decoder& decoder() const;

  friend bool operator==(const X509Certificate& a, const X509Certificate& b) { return a.der() == b.der(); }

 private:
  struct State;
  explicit X509Certificate(std::shared_ptr<State> state);
  /// Decoded once: what a decoder decodes takes room as long as the certificate lives.
  std::shared_ptr<const void>& kept_value(const Extension& extension, const std::type_info& type) const;
  std::shared_ptr<State> state_;
};

/// Seconds since 1970; nullopt for what RFC 5280 section 4.1.2.5 does not allow (fractions, other zones than Z).
std::optional<std::int64_t> seconds_of(const Time& time);

}  // namespace cmcctl
