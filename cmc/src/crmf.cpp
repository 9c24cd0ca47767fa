#include <cmcctl/cmc/crmf.hpp>

#include <string>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/kept.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/random.hpp>

#include "from_text.hpp"
#include "possession_statement.hpp"
#include "static_ecdh.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t mac_salt_octets = 16;
constexpr std::uint8_t public_key_tag = 0xA6;  // of CertTemplate: [6] IMPLICIT
constexpr std::uint8_t poposk_input_tag = 0xA0;

Octets spki_of(const PopMethod& pop) {
  return std::visit(
      [](const auto& how) -> Octets {
        if constexpr (requires { how.spki; }) {
          return how.spki;
        } else if constexpr (requires { how.how.key; }) {
          return how.how.key->public_key().spki();
        } else {
          return how.key->public_key().spki();
        }
      },
      pop);
}

Time time_of(std::int64_t seconds, Kept& kept) {
  const Octets element = kept.octets(der_time(seconds));
  return Time{tlv::first(element).content, element[0] == tlv::utc_time ? Time::Form::utc : Time::Form::generalized};
}

Result<std::vector<AttributeTypeAndValue>> values_of(const std::vector<RequestValue>& values, Kept& kept) {
  std::vector<AttributeTypeAndValue> list;
  for (const RequestValue& value : values) {
    if (!oid_content(value.oid)) return not_from_text(escape(value.oid) + " is no OBJECT IDENTIFIER");
    AttributeTypeAndValue& made = list.emplace_back();
    made.type = kept.oid(value.oid);
    made.value = Any{value.value};
  }
  return list;
}

Result<CertTemplate> cert_template(const CertRequestOptions& options, Kept& kept, Decoder& decoder) {
  CertTemplate made;
  if (options.with_version) made.version = kept.integer(2);
  if (options.issuer) made.issuer = Raw<Name>{*options.issuer};
  if (options.subject) made.subject = Raw<Name>{*options.subject};
  if (options.not_before || options.not_after) {
    OptionalValidity& validity = made.validity.emplace();
    if (options.not_before) validity.not_before = time_of(*options.not_before, kept);
    if (options.not_after) validity.not_after = time_of(*options.not_after, kept);
  }
  if (!options.extensions.empty()) {
    CMC_TRY(Bytes extensions, encode_extensions(options.extensions));
    CMC_TRY(made.extensions, decoder.decode<Extensions>(kept.octets(std::move(extensions))));
  }
  return made;
}

Result<Bytes> cert_request(const CertRequestOptions& options, Octets spki) {
  Kept kept;
  Decoder decoder;
  CertRequest request;
  request.cert_req_id = kept.integer(options.cert_req_id);
  CMC_TRY(request.cert_template, cert_template(options, kept, decoder));
  Bytes tagged(spki.begin(), spki.end());
  tagged[0] = public_key_tag;
  request.cert_template.public_key = Raw<SubjectPublicKeyInfo>{kept.octets(std::move(tagged))};
  CMC_TRY(const auto controls, values_of(options.controls, kept));
  if (!controls.empty() || options.empty_controls) {
    request.controls = List<AttributeTypeAndValue>(std::span<const AttributeTypeAndValue>(controls));
  }
  return encode(request);
}

// Makes the ProofOfPossession of one CertRequest; what it looks at lives as long as this.
class Prover {
 public:
  Prover(const CertRequestOptions& options, Octets cert_request) : options_(options), cert_request_(cert_request) {}

  Result<std::optional<ProofOfPossession>> operator()(const PopSignature& how) {
    POPOSigningKey proof;
    Octets message = cert_request_;
    if (!std::holds_alternative<std::monostate>(how.auth_info)) {
      CMC_TRY(Bytes input, signing_key_input(how));
      message = kept_.octets(input);
      input[0] = poposk_input_tag;
      proof.poposk_input = Raw<POPOSigningKeyInput>{kept_.octets(std::move(input))};
    } else if (!options_.subject) {
      return Error{
          Errc::not_encodable,
          0,
          "CertReqMsg.popo",
          {},
          "without a subject in the template the signature is over poposkInput, which names the sender or has a "
          "publicKeyMAC (RFC 4211 section 4.1)"};
    }
    return signed_with(*how.key, how.scheme, message, proof);
  }

  Result<std::optional<ProofOfPossession>> operator()(const StatementOfPossession& how) {
    return signed_with(*how.signer, how.scheme, cert_request_, {});
  }

  Result<std::optional<ProofOfPossession>> operator()(const PopSubsequent& how) {
    return private_key(how.use, POPOPrivKey{how.message});
  }

  Result<std::optional<ProofOfPossession>> operator()(const PopPrivateKey& how) {
    CMC_TRY(const SecretOctets pkcs8, pkcs8_of(*how.key));
    if (how.to.wrap != ArchiveWrap::enveloped) {
      CMC_TRY(Bytes value, make_encrypted_value(pkcs8, how.to));
      return private_key(how.use, POPOPrivKey{POPOPrivKey::ThisMessage{BitString{kept_.octets(std::move(value)), 0}}});
    }
    if (how.to.identifier.empty()) {
      return Error{Errc::not_encodable,
                   0,
                   "EncKeyWithID.identifier",
                   {},
                   "a private key that proves possession needs an identifier (RFC 4211 section 4.2.1)"};
    }
    CMC_TRY(Bytes enveloped, make_enveloped_key(pkcs8, how.to));
    CMC_TRY(const auto value, decoder_.decode<EnvelopedData>(kept_.octets(std::move(enveloped))));
    return private_key(how.use, POPOPrivKey{value});
  }

  Result<std::optional<ProofOfPossession>> operator()(const PopAgreeMac& how) {
    if (!options_.subject) {
      return Error{Errc::not_encodable,
                   0,
                   "CertReqMsg.popo",
                   {},
                   "agreeMAC is over a CertRequest with subject and public key (RFC 4211 section 4.2)"};
    }
    CMC_TRY(StaticEcdhProof proof, prove_static_ecdh(how.how, cert_request_));
    PKMACValue mac;
    mac.alg_id = kept_.algorithm(OwnedAlgorithm(proof.algorithm, OwnedAlgorithm::Parameters::absent));
    mac.value = BitString{kept_.octets(std::move(proof.value)), 0};
    return private_key(PopKeyUse::agreement, POPOPrivKey{mac});
  }

  Result<std::optional<ProofOfPossession>> operator()(const PopRaVerified&) {
    return std::optional(ProofOfPossession{ProofOfPossession::RaVerified{}, {}});
  }

  Result<std::optional<ProofOfPossession>> operator()(const PopNone&) { return std::optional<ProofOfPossession>(); }

 private:
  Result<std::optional<ProofOfPossession>> signed_with(PrivateKey& key, const SignatureScheme& scheme, Octets message,
                                                       POPOSigningKey proof) {
    CMC_TRY(Bytes signature, key.sign(scheme, message));
    proof.algorithm_identifier = kept_.algorithm(algorithm_of(scheme));
    proof.signature = BitString{kept_.octets(std::move(signature)), 0};
    return std::optional(ProofOfPossession{proof, {}});
  }

  static Result<std::optional<ProofOfPossession>> private_key(PopKeyUse use, POPOPrivKey value) {
    if (use == PopKeyUse::agreement)
      return std::optional(ProofOfPossession{ProofOfPossession::KeyAgreement{value}, {}});
    return std::optional(ProofOfPossession{ProofOfPossession::KeyEncipherment{value}, {}});
  }

  Result<Bytes> signing_key_input(const PopSignature& how) {
    POPOSigningKeyInput input;
    const Octets spki = how.key->public_key().spki();
    input.public_key = Raw<SubjectPublicKeyInfo>{spki};
    if (const auto* sender = std::get_if<PopSignature::Sender>(&how.auth_info)) {
      CMC_TRY(input.auth_info.choice, decoder_.decode<GeneralName>(Octets(sender->name)));
    } else {
      CMC_TRY(input.auth_info.choice, public_key_mac(std::get<PopSignature::PublicKeyMac>(how.auth_info), spki));
    }
    return encode(input);
  }

  Result<PKMACValue> public_key_mac(const PopSignature::PublicKeyMac& how, Octets spki) {
    PKMACValue mac;
    const SecretOctets salt = random_octets(mac_salt_octets);
    mac.alg_id = kept_.algorithm(password_based_mac_algorithm(how.hash, salt, how.iterations));
    CMC_TRY(const SecretOctets value, compute_mac(decoder_, mac.alg_id, how.secret, spki));
    mac.value = BitString{kept_.octets({value.begin(), value.end()}), 0};
    return mac;
  }

  const CertRequestOptions& options_;
  Octets cert_request_;
  Kept kept_;
  Decoder decoder_;
};

}  // namespace

Result<Bytes> make_cert_template(const CertRequestOptions& options) {
  Kept kept;
  Decoder decoder;
  CMC_TRY(const CertTemplate made, cert_template(options, kept, decoder));
  return encode(made);
}

Result<Bytes> make_cert_req_msg(const CertRequestOptions& options, const PopMethod& pop) {
  CertRequestOptions wanted = options;
  if (const auto* how = std::get_if<StatementOfPossession>(&pop)) {
    CMC_TRY(Bytes statement, possession_statement(*how));
    wanted.controls.push_back({std::string(statement_of_possession), std::move(statement)});
  }
  CMC_TRY(const Bytes request, cert_request(wanted, spki_of(pop)));
  Prover prover(wanted, request);
  Kept kept;
  CertReqMsg message;
  message.cert_req = Raw<CertRequest>{request};
  CMC_TRY(message.popo, std::visit(prover, pop));
  CMC_TRY(const auto reg_info, values_of(wanted.reg_info, kept));
  if (!reg_info.empty()) {
    message.reg_info = List<AttributeTypeAndValue>(std::span<const AttributeTypeAndValue>(reg_info));
  }
  return encode(message);
}

Result<Bytes> make_cert_req_messages(std::span<const Bytes> messages) {
  if (messages.empty()) return not_from_text("CertReqMessages holds one request at least (RFC 4211 section 3)");
  Bytes content;
  for (const Bytes& message : messages) content.insert(content.end(), message.begin(), message.end());
  return der_element(tlv::sequence, content);
}

}  // namespace cmcctl
