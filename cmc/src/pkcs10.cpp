#include <cmcctl/cmc/pkcs10.hpp>

#include <map>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/pkcs10.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/kept.hpp>

#include "from_text.hpp"
#include "possession_statement.hpp"
#include "static_ecdh.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view extension_request = "1.2.840.113549.1.9.14";
constexpr std::string_view no_signature = "1.3.6.1.5.5.7.6.2";

struct Proven {
  OwnedAlgorithm algorithm;
  Bytes value;
};

Octets spki_of(const Pkcs10Proof& proof) {
  return std::visit(
      [](const auto& how) -> Octets {
        if constexpr (requires { how.spki; }) {
          return how.spki;
        } else {
          return how.key->public_key().spki();
        }
      },
      proof);
}

Result<Proven> prove(const OwnSignature& how, Octets info) {
  CMC_TRY(Bytes signature, how.key->sign(how.scheme, info));
  return Proven{algorithm_of(how.scheme), std::move(signature)};
}

Result<Proven> prove(const NoSignature&, Octets info) {
  return Proven{OwnedAlgorithm(no_signature, OwnedAlgorithm::Parameters::null), digest(Hash::sha1, info)};
}

Result<Proven> prove(const StatementOfPossession& how, Octets info) {
  CMC_TRY(Bytes signature, how.signer->sign(how.scheme, info));
  return Proven{algorithm_of(how.scheme), std::move(signature)};
}

Result<Proven> prove(const StaticEcdh& how, Octets info) {
  CMC_TRY(StaticEcdhProof proof, prove_static_ecdh(how, info));
  return Proven{OwnedAlgorithm(proof.algorithm, OwnedAlgorithm::Parameters::absent), std::move(proof.value)};
}

// The values of one type make one attribute.
using Values = std::map<std::string, std::vector<Any>>;

Result<Values> values_of(const Pkcs10Options& options, const Pkcs10Proof& proof, Kept& kept) {
  Values values;
  if (!options.extensions.empty()) {
    CMC_TRY(Bytes extensions, encode_extensions(options.extensions));
    values[std::string(extension_request)].push_back(Any{kept.octets(std::move(extensions))});
  }
  if (const auto* how = std::get_if<StatementOfPossession>(&proof)) {
    CMC_TRY(Bytes statement, possession_statement(*how));
    values[std::string(statement_of_possession)].push_back(Any{kept.octets(std::move(statement))});
  }
  for (const RequestValue& attribute : options.attributes) {
    if (!oid_content(attribute.oid)) return not_from_text(escape(attribute.oid) + " is no OBJECT IDENTIFIER");
    auto& same = values[attribute.oid];
    if (!same.empty() && attribute.oid == extension_request) {
      return not_from_text("extensionRequest is there twice; its value is one list (RFC 2985 section 5.4.2)");
    }
    same.push_back(Any{attribute.value});
  }
  return values;
}

Result<Bytes> request_info(const Pkcs10Options& options, const Pkcs10Proof& proof) {
  Kept kept;
  CMC_TRY(const Values values, values_of(options, proof, kept));
  std::vector<Attribute> attributes;
  for (const auto& [type, same] : values) {
    Attribute& attribute = attributes.emplace_back();
    attribute.type = kept.oid(type);
    attribute.values = List<Any>(std::span<const Any>(same));
  }
  CertificationRequestInfo info;
  info.version = kept.integer(0);
  info.subject = Raw<Name>{options.subject};
  info.subject_pk_info = Raw<SubjectPublicKeyInfo>{spki_of(proof)};
  info.attributes = List<Attribute>(std::span<const Attribute>(attributes));
  return encode(info);
}

}  // namespace

Result<Bytes> make_pkcs10(const Pkcs10Options& options, const Pkcs10Proof& proof) {
  CMC_TRY(const Bytes info, request_info(options, proof));
  CMC_TRY(const Proven proven, std::visit([&](const auto& how) { return prove(how, info); }, proof));
  CertificationRequest request;
  request.certification_request_info = Raw<CertificationRequestInfo>{info};
  request.signature_algorithm = proven.algorithm.view();
  request.signature.bytes = proven.value;
  return encode(request);
}

Result<RequestValue> request_value_from_text(std::string_view text) {
  const std::size_t sign = text.find('=');
  const std::string oid = oid_from_text(without_blanks(text.substr(0, sign)), "");
  if (sign == std::string_view::npos || oid.empty()) {
    return not_from_text(escape(text) + ": a value is written OID=hexadecimal");
  }
  CMC_TRY(Bytes value, element_from_hex(without_blanks(text.substr(sign + 1)), oid));
  return RequestValue{oid, std::move(value)};
}

}  // namespace cmcctl
