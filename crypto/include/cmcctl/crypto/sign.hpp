#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/crypto/private_key.hpp>

namespace cmcctl {

/// Who signs, and how the SignerInfo names them (RFC 5652 section 5.3).
struct Signer {
  PrivateKey* key = nullptr;  ///< null: id-alg-noSignature (RFC 10002 appendix C.1), which names `key_identifier`
  SignatureScheme scheme{};
  Octets certificate{};       ///< DER; its issuer and serial number are the sid unless `key_identifier` is there
  Octets key_identifier{};    ///< the sid: subjectKeyIdentifier
};

struct SignedDataOptions {
  std::span<const std::vector<std::uint8_t>> certificates{};
  std::span<const std::vector<std::uint8_t>> crls{};
  std::optional<std::int64_t> signing_time{};  ///< seconds since 1970; absent: no such attribute
  bool detached = false;                       ///< without eContent
  /// RFC 5754 section 2 wants SHA-2 identifiers without parameters. Dogtag verifies RSA PKCS #1 v1.5 against the
  /// digestAlgorithm as it stands there, which fits only with NULL.
  bool null_digest_parameters = false;
};

/// A ContentInfo with SignedData in DER (RFC 5652 section 5): versions, digestAlgorithms and signed attributes as the
/// RFC has them. `content_type` is dotted. No signers makes the certs-only message when `content` is empty.
Result<std::vector<std::uint8_t>> make_signed_data(std::string_view content_type, Octets content,
                                                   std::span<const Signer> signers,
                                                   const SignedDataOptions& options = {});

}  // namespace cmcctl
