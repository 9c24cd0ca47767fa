#pragma once

#include <openssl/asn1.h>
#include <openssl/asn1err.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/codec/result.hpp>

/// The classes of differences.md, each as the condition under which it applies.
namespace cmcctl::differences {

enum class Type { content_info, certificate, crl, request };

/// What the parts of the input have that matters here.
struct Notes {
  std::size_t oddities_in_names = 0;
  bool empty_rdn = false;      ///< a name has a SET without elements
  bool other_content = false;  ///< the eContent is no OCTET STRING
  bool compressed = false;     ///< the content is CompressedData
  bool external = false;       ///< an EXTERNAL, EMBEDDED PDV or CHARACTER STRING somewhere
  bool other_choice = false;   ///< among certificates or CRLs stands none of X.509
  bool auth_attributes = false;  ///< the content is AuthEnvelopedData with authAttrs or unauthAttrs
  bool bad_revoked = false;    ///< OpenSSL refuses one of the revokedCertificates alone, too
};

/// What we made of the input.
struct Ours {
  bool accepted = false;
  Error error;
  std::vector<std::pair<std::string, std::string>> oddities;  ///< rule and text
  Notes notes;

  bool is_der() const { return accepted && oddities.empty(); }
};

/// What OpenSSL made of it.
struct Theirs {
  enum Verdict { refused, ber, der };
  Verdict verdict = refused;
  int first_reason = 0;
  int last_reason = 0;
};

inline std::string describe(Type type, const Ours& our, const Theirs& their) {
  static constexpr const char* types[]{"ContentInfo", "Certificate", "CertificateList", "CertificationRequest"};
  static constexpr const char* verdicts[]{"refused", "not DER", "DER"};
  std::string text = std::string(types[static_cast<int>(type)]) + ": we say ";
  if (!our.accepted) text += to_string(our.error);
  else if (our.is_der()) text += "DER";
  for (const auto& [rule, what] : our.oddities) text += "[" + rule + "] " + what + "; ";
  return text + "; OpenSSL says " + verdicts[their.verdict] + " (" + std::to_string(their.first_reason) + ", " +
         std::to_string(their.last_reason) + ")\n";
}

inline bool is_one_of(int reason, std::initializer_list<int> reasons) {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

/// Why OpenSSL refuses what we take. The reasons are the same in OpenSSL 3.0 and 3.5.
inline char explained_refusal(Type type, const Notes& notes, const Theirs& their) {
  const int why = their.first_reason;
  if (notes.other_content && why == ASN1_R_WRONG_TAG) return 'J';
  if (notes.auth_attributes && is_one_of(why, {ASN1_R_WRONG_TAG, ASN1_R_SEQUENCE_LENGTH_MISMATCH})) return 'Q';
  if (notes.bad_revoked) return 'K';
  if (notes.compressed) return 'P';
  if (type == Type::content_info && why == ASN1_R_FIELD_MISSING && their.last_reason == why) return 'B';
  if (is_one_of(why, {ASN1_R_TOO_LARGE, ASN1_R_TOO_SMALL, ASN1_R_ILLEGAL_NEGATIVE_VALUE})) return 'C';
  if (is_one_of(why, {ASN1_R_INVALID_UTF8STRING, ASN1_R_BMPSTRING_IS_WRONG_LENGTH,
                      ASN1_R_UNIVERSALSTRING_IS_WRONG_LENGTH, ASN1_R_INVALID_UNIVERSALSTRING_LENGTH})) {
    return 'D';
  }
  if (is_one_of(why, {ASN1_R_MSTRING_WRONG_TAG, ASN1_R_MSTRING_NOT_UNIVERSAL})) return 'E';
  if (notes.other_choice || is_one_of(why, {ASN1_R_NO_MATCHING_CHOICE_TYPE, ASN1_R_TYPE_NOT_CONSTRUCTED})) return 'F';
  return '\0';
}

/// Why we call BER what OpenSSL writes as it has read it.
inline char explained_oddity(std::string_view text) {
  if (text.find("BOOLEAN") != text.npos) return 'H';
  if (text.find("Time that is") != text.npos) return 'M';
  return text.find("DEFAULT") != text.npos ? 'O' : '\0';
}

/// Why we refuse what OpenSSL says is DER, or call it BER.
inline char explained_strictness(Type type, const Ours& our) {
  if (!our.accepted) {
    if (our.error.code == Errc::limit_exceeded) return 'A';
    return our.error.code == Errc::bad_tag && our.error.detail.starts_with("end-of-contents") ? 'I' : '\0';
  }
  const auto is_left = [](const auto& oddity) { return explained_oddity(oddity.second) == '\0'; };
  const auto left = static_cast<std::size_t>(std::count_if(our.oddities.begin(), our.oddities.end(), is_left));
  if (left == 0) return explained_oddity(our.oddities.front().second);
  return type == Type::content_info && left <= our.notes.oddities_in_names ? 'N' : '\0';
}

/// The letter of the class that explains this difference, or '\0'.
inline char explained(Type type, const Ours& our, const Theirs& their) {
  if (their.verdict == Theirs::der) return explained_strictness(type, our);
  if (!our.is_der()) return '\0';
  if (their.verdict == Theirs::ber) return our.notes.empty_rdn ? 'G' : our.notes.external ? 'L' : '\0';
  return explained_refusal(type, our.notes, their);
}

}  // namespace cmcctl::differences
