#include "issued_by.hpp"

namespace cmcctl {

std::optional<std::string> signature_problem(const SignedStructure& structure, const X509Certificate& issuer,
                                             bool allow_sha1) {
  if (!(structure.outer == structure.inner)) return "its two signature algorithms differ";
  if (structure.signature.unused_bits != 0) return "its signature is not a whole number of octets";
  Decoder& decoder = issuer.decoder();
  const auto scheme = signature_scheme_of(decoder, structure.outer);
  if (!scheme) return scheme.error().detail;
  if (has_hash(scheme->kind) && scheme->hash == Hash::sha1 && !allow_sha1) {
    return to_string(*scheme) + ": SHA-1 proves nothing any more";
  }
  const auto& key = issuer.public_key();
  if (!key) return to_string(key.error());
  const auto good = key->verify(*scheme, structure.signed_octets, structure.signature.bytes);
  if (!good) return good.error().detail;
  if (!*good) return "its signature is not by the key of " + issuer.subject_text();
  return std::nullopt;
}

}  // namespace cmcctl
