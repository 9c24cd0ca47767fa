#pragma once

#include <cmcctl/cmc/body_parts.hpp>
#include <cmcctl/cmc/proofs.hpp>
#include <cmcctl/codec/crmf.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// Which identity proofs go into a message. Servers of RFC 5272 may know the first only.
enum class IdentityProofs : std::uint8_t { v1, v2, both };

/// Builds the content of a Full PKI Request, RFC 10002 section 3.2.1:
///
///   PKIData ::= SEQUENCE {
///       controlSequence   SEQUENCE SIZE(0..MAX) OF TaggedAttribute,
///       reqSequence       SEQUENCE SIZE(0..MAX) OF TaggedRequest,
///       cmsSequence       SEQUENCE SIZE(0..MAX) OF TaggedContentInfo,
///       otherMsgSequence  SEQUENCE SIZE(0..MAX) OF OtherMsg }
///
///     PkiDataBuilder data;
///     CMC_CHECK(data.request(pkcs10));
///     CMC_CHECK(data.sender_nonce(random_octets(16)));
///     CMC_TRY(const auto der, data.der());
class PkiDataBuilder : public BodyParts {
 public:
  PkiDataBuilder() : BodyParts(Place::request) {}

  /// A PKCS #10 (section 3.2.1.2.1) or a CertReqMsg (section 3.2.1.2.2), found out by looking. The certReqId of a
  /// CertReqMsg is its identifier: signed, so it is kept, and `value_out_of_range` when it is 0 or taken: `reserve` it
  /// before other parts are added.
  Result<BodyPartID> request(Octets der, std::optional<BodyPartID> id = {});
  /// Section 3.2.1.2.3: a request of a kind that is defined elsewhere; `type` is dotted.
  Result<BodyPartID> other_request(std::string_view type, Octets value, std::optional<BodyPartID> id = {});

  /// Section 6.2.3.
  Result<BodyPartID> identification(std::string_view name);
  /// Sections 6.2.1 and 6.2.2. The proofs are over the final reqSequence and with the Identification control of the
  /// message, so they are computed by `der`; `secret` is UTF-8.
  Result<void> identity_proof(Octets secret, IdentityProofs which = IdentityProofs::v2, Hash hash = Hash::sha256,
                              Hash mac = Hash::sha256);
  /// Section 6.3.1.3; add_pop_link (pop_link.hpp) puts the witnesses into requests.
  Result<BodyPartID> pop_link_random(Octets random) { return control_of("popLinkRandom", PopLinkRandom{random}); }

  /// Section 6.12.
  Result<BodyPartID> reg_info(Octets info) { return control_of("regInfo", RegInfo{info}); }
  /// Section 6.9.
  Result<BodyPartID> get_cert(const GetCert& which) { return control_of("getCert", which); }
  /// Section 6.10.
  Result<BodyPartID> get_crl(const GetCRL& which) { return control_of("getCRL", which); }
  /// Section 6.11.
  Result<BodyPartID> revoke_request(const RevokeRequest& which) { return control_of("revokeRequest", which); }
  /// Section 6.13.
  Result<BodyPartID> query_pending(Octets token) { return control_of("queryPending", QueryPending{token}); }
  /// Section 6.14.
  Result<BodyPartID> confirm_cert_acceptance(const IssuerAndSerialNumber& certificate) {
    return control_of("confirmCertAcceptance", CMCCertId{certificate});
  }
  /// Section 6.18.
  Result<BodyPartID> publish_cert(const CMCPublicationInfo& info) { return control_of("publishCert", info); }
  /// Section 6.7.
  Result<BodyPartID> decrypted_pop(const DecryptedPOP& answer) { return control_of("decryptedPOP", answer); }

  // What an RA adds.
  /// Section 6.8.
  Result<BodyPartID> lra_pop_witness(const LraPopWitness& witness) { return control_of("lraPOPWitness", witness); }
  /// Section 6.5.2.
  Result<BodyPartID> add_extensions(const AddExtensions& change) { return control_of("addExtensions", change); }
  /// Section 6.5.1.
  Result<BodyPartID> mod_cert_template(const ModCertTemplate& change) { return control_of("modCertTemplate", change); }
  /// Section 6.17.
  Result<BodyPartID> batch_requests(std::span<const BodyPartID> parts) {
    return control_of("batchRequests", BatchRequests{parts});
  }
  /// Section 6.19.
  Result<BodyPartID> control_processed(const ControlsProcessed& controls) {
    return control_of("controlProcessed", controls);
  }
  /// Section 6.20.
  Result<BodyPartID> ra_identity_witness(std::span<const BodyPartID> path) {
    return control_of("raIdentityWitness", RaIdentityWitness{path});
  }

  /// The PKIData in DER, as far as what was put into it is DER.
  Result<std::vector<std::uint8_t>> der() const;

 private:
  struct Pkcs10 {
    BodyPartID id;
    std::vector<std::uint8_t> der;
  };
  struct Crmf {
    std::vector<std::uint8_t> der;
  };
  struct Proof {
    std::size_t control;  // in controls_, still without its value
    bool v2;
  };

  Result<BodyPartID> crmf(Octets der, std::optional<BodyPartID> id);
  Result<std::vector<std::uint8_t>> encoded(std::span<const Control> controls) const;
  Result<void> fill_in_proofs(std::vector<Control>& controls) const;

  std::vector<std::variant<Pkcs10, Crmf, Other>> requests_;
  std::vector<Proof> proofs_;
  SecretOctets secret_;
  Hash proof_hash_ = Hash::sha256;
  Hash proof_mac_ = Hash::sha256;
};

}  // namespace cmcctl
