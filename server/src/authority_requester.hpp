#pragma once

#include <map>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/crypto/verify.hpp>

#include "authority_context.hpp"

namespace cmcctl::authority {

/// What somebody may do, the more the later.
enum class Right : std::uint8_t {
  nobody,
  user,    ///< knows the secret of a user
  holder,  ///< has signed with the key of a certificate of this CA
  ra,      ///< likewise, and the certificate has id-kp-cmcRA
};

/// Who stands behind a PKIData, as far as that was verified.
struct Requester {
  Right right = Right::nobody;
  std::string identity{};                        ///< of a user, or of whom the certificate was issued to
  std::optional<X509Certificate> certificate{};  ///< of holder and RA
  bool confirmed = true;                         ///< the certificate needs no confirmCertAcceptance any more
  bool signed_at_all = false;                    ///< a signature or MAC holds, whoever made it
  bool no_signature = false;                     ///< id-alg-noSignature (RFC 10002 appendix C.1)

  /// The same for every message of the same one: what a pendToken is tied to.
  Bytes tie() const;
};

/// What can be known of a certificate of a signer or of a TLS client whose path is valid.
Ruling<Requester> requester_of(Context& context, const X509Certificate& certificate);

/// Everything that a request proves, verified once.
class Proofs {
 public:
  Proofs(Context& context, Decoder& decoder, const Message& message);

  /// Who has sent the PKIData in this layer. A Refusal is a proof that fails: then nothing in it counts.
  Ruling<Requester> requester(const Layer& layer);

  /// Whether somebody who knew all of the layer's content has signed it or made its MAC.
  bool is_authentic(const Layer& layer) const;

  /// Counts against the user whom a PKIData names that something in it is not made with the secret.
  void note_wrong_secret(const PKIData& data);

  /// The check of this name of the part at `path`; null when there is none.
  const Check* check(const std::string& path, std::string_view name) const;

 private:
  void verify(const Message& message);
  void learn(const Layer& layer);
  void add_revocation(std::vector<VerifiedPart>& parts);
  SecretOctets mac_password();
  std::optional<Octets> secret_of(std::optional<Octets> identification);
  Objection check_signer(const Layer& layer, const SignerInfo& signer, const VerifiedPart& part, Requester& who);
  Objection check_identity(const Layer& layer, const PKIData& data, Requester& who);
  Objection check_time(const SignerInfo& signer);
  const VerifiedPart* part_at(const std::string& path, std::string_view kind) const;

  Context& context_;
  Decoder& decoder_;
  std::map<std::string, std::optional<User>, std::less<>> users_;
  std::vector<X509Certificate> known_signers_;
  std::vector<std::string> macs_;  // whose each AuthenticatedData is said to be
  VerifyReport report_;
  std::multimap<std::string, std::size_t, std::less<>> by_path_;
};

/// The value of the control Identification in a PKIData, as text; nullopt without one.
std::optional<std::string> identification_of(Decoder& decoder, const PKIData& data);

}  // namespace cmcctl::authority
