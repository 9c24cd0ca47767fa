#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/pkcs10.hpp>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <cmcctl/codec/tlv.hpp>

#include "fuzz_check.hpp"
#include "node.hpp"
#include "openssl_differences.hpp"
#include "wire.hpp"

using namespace cmcctl;
using namespace cmcctl::differences;

namespace {

// What OpenSSL allocates.
template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;

// --- Ours: read without an oddity, signed parts and names included ------------------------------------------------------

Ours refused(const Error& error) { return {false, error, {}, {}}; }

/// What is seen on the way through the parts.
struct Look {
  Decoder decoder{};
  Notes notes{};

  template <class T>
  void note(const T&) {}
  void note(const Name& name) {
    for (const RelativeDistinguishedName& rdn : name.rdn_sequence) notes.empty_rdn = notes.empty_rdn || rdn.attributes.empty();
  }
};

template <class T, class... Raws>
std::optional<Error> first_error(Look& look, const Raw<T>& raw, const Raws&... raws) {
  const std::size_t known_oddities = look.decoder.oddities().size();
  const auto value = look.decoder.decode<T>(raw);
  if (!value) return value.error();
  if (std::is_same_v<T, Name>) look.notes.oddities_in_names += look.decoder.oddities().size() - known_oddities;
  look.note(*value);
  if constexpr (sizeof...(raws) == 0) {
    return std::nullopt;
  } else {
    return first_error(look, raws...);
  }
}

std::optional<Error> inside(Look& look, const Certificate& certificate) {
  const auto tbs = look.decoder.decode<TBSCertificate>(certificate.tbs_certificate);
  if (!tbs) return tbs.error();
  return first_error(look, tbs->issuer, tbs->subject, tbs->subject_public_key_info);
}

/// What the codec keeps as octets, as OpenSSL sees it alone.
bool refuses_one(const Raw<RevokedCertificates>& list) {
  for (tlv::Cursor entries(tlv::first(list.der).content); !entries.at_end();) {
    const Octets entry = entries.next().whole;
    const unsigned char* at = entry.data();
    const Owned<X509_REVOKED, X509_REVOKED_free> read(d2i_X509_REVOKED(nullptr, &at, static_cast<long>(entry.size())));
    if (!read || at != entry.end_ptr()) return true;
  }
  return false;
}

std::optional<Error> inside(Look& look, const CertificateList& crl) {
  const auto tbs = look.decoder.decode<TBSCertList>(crl.tbs_cert_list);
  if (!tbs) return tbs.error();
  if (tbs->revoked_certificates) look.notes.bad_revoked = look.notes.bad_revoked || refuses_one(*tbs->revoked_certificates);
  return first_error(look, tbs->issuer);
}

std::optional<Error> inside(Look& look, const CertificationRequest& request) {
  const auto info = look.decoder.decode<CertificationRequestInfo>(request.certification_request_info);
  if (!info) return info.error();
  return first_error(look, info->subject, info->subject_pk_info);
}

std::optional<Error> inside(Look& look, const SignedData& data);

template <class T>
std::optional<Error> whole(Look& look, const Any& element) {
  const auto value = look.decoder.decode<T>(element);
  return value ? inside(look, *value) : std::optional(value.error());
}

bool is_sequence(const Any& element) { return element.der[0] == 0x30; }

/// Of the certificates and CRLs those of X.509; the other choices have a tag.
template <class T>
std::optional<Error> each(Look& look, const std::optional<List<Any>>& elements) {
  if (!elements) return std::nullopt;
  for (const Any& element : *elements) {
    if (!is_sequence(element)) {
      look.notes.other_choice = true;
      continue;
    }
    if (const auto error = whole<T>(look, element)) return error;
  }
  return std::nullopt;
}

/// The names in it, of issuers: they are decoded on demand only. What an OID stands for is not looked into.
std::optional<Error> names_in(Look& look, const Node& node) {
  if (node.is("Name") || node.is("RDNSequence")) return first_error(look, Raw<Name>{node.element.whole, true});
  if (node.governed != nullptr) return std::nullopt;
  std::optional<Error> error;
  for_each_child(node, look.decoder, [&](const Node& child) {
    if (!error) error = names_in(look, child);
  });
  return error;
}

std::optional<Error> inside(Look& look, const SignedData& data) {
  const auto& content = data.encap_content_info.e_content;
  look.notes.other_content = content && content->der[0] != 0x04;
  for (const SignerInfo& signer : data.signer_infos) {
    if (!signer.signed_attrs) continue;
    if (const auto error = first_error(look, *signer.signed_attrs)) return error;
  }
  if (const auto error = each<Certificate>(look, data.certificates)) return error;
  if (const auto error = each<CertificateList>(look, data.crls)) return error;
  return names_in(look, root_node(data.source.bytes, &type_codec<SignedData>().type()));
}

template <class T>
std::optional<Error> only(Look& look, const Any& content) {
  const auto value = look.decoder.decode<T>(content);
  if (!value) return value.error();
  if constexpr (std::is_same_v<T, AuthEnvelopedData>) {
    look.notes.auth_attributes = value->auth_attrs || value->unauth_attrs;
  }
  if constexpr (requires { value->auth_attrs; }) {
    const auto error = value->auth_attrs ? first_error(look, *value->auth_attrs) : std::nullopt;
    if (error) return error;
  }
  return names_in(look, root_node(content.der, &type_codec<T>().type()));
}

std::optional<Error> inside(Look& look, const ContentInfo& info) {
  if (!info.content) return std::nullopt;
  const std::string type = to_string(info.content_type);
  if (type == "1.2.840.113549.1.7.1") return only<DataReturn>(look, *info.content);  // an OCTET STRING
  if (type == "1.2.840.113549.1.7.2") return whole<SignedData>(look, *info.content);
  if (type == "1.2.840.113549.1.7.3") return only<EnvelopedData>(look, *info.content);
  if (type == "1.2.840.113549.1.7.5") return only<DigestedData>(look, *info.content);
  if (type == "1.2.840.113549.1.7.6") return only<EncryptedData>(look, *info.content);
  if (type == "1.2.840.113549.1.9.16.1.9") look.notes.compressed = true;
  if (type == "1.2.840.113549.1.9.16.1.2") return only<AuthenticatedData>(look, *info.content);
  if (type == "1.2.840.113549.1.9.16.1.23") return only<AuthEnvelopedData>(look, *info.content);
  return std::nullopt;
}

/// Whether there is an EXTERNAL, EMBEDDED PDV or CHARACTER STRING among these DER elements or in them.
bool holds_external(Octets elements) {
  for (tlv::Cursor cursor(elements); !cursor.at_end();) {
    const tlv::Element element = cursor.next();
    if (element.id == 0x28 || element.id == 0x2B || element.id == 0x3D) return true;
    if (tlv::is_constructed(element.id) && holds_external(element.content)) return true;
  }
  return false;
}

template <class T>
Ours ours(Octets input) {
  Look look;
  const auto value = look.decoder.decode<T>(input);
  if (!value) return refused(value.error());
  if (const auto error = inside(look, *value)) return refused(*error);
  look.notes.external = !look.decoder.saw_ber() && holds_external(input);
  Ours verdict{true, {}, {}, look.notes};
  for (const Oddity& oddity : look.decoder.oddities()) verdict.oddities.emplace_back(oddity.rule, oddity.text);
  return verdict;
}

// --- OpenSSL's: read to the end, and the same octets when written again without what it remembers -----------------------

template <class T, class Write>
std::vector<std::uint8_t> written(Write write, T* value) {
  unsigned char* out = nullptr;
  const int size = write(value, &out);
  std::vector<std::uint8_t> bytes;
  if (size > 0) bytes.assign(out, out + size);
  OPENSSL_free(out);
  return bytes;
}

/// A name put together anew, since OpenSSL keeps the octets of one that it has read.
bool comes_back(const X509_NAME* name) {
  const Owned<X509_NAME, X509_NAME_free> copy(X509_NAME_new());
  int last_set = -1;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
    const int set = X509_NAME_ENTRY_set(entry);
    if (X509_NAME_add_entry(copy.get(), entry, -1, set == last_set ? -1 : 0) != 1) return false;
    last_set = set;
  }
  return written(i2d_X509_NAME, name) == written(i2d_X509_NAME, copy.get());
}

Octets first_element(const std::vector<std::uint8_t>& sequence) {
  const unsigned char* at = sequence.data();
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(sequence.size()));
  const unsigned char* const start = at;
  ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(sequence.data() + sequence.size() - at));
  return Octets(start, at + length);
}

/// The header that OpenSSL writes for an element.
std::vector<std::uint8_t> header(bool constructed, long length, int tag, int tag_class) {
  std::vector<std::uint8_t> octets(32);
  unsigned char* end = octets.data();
  ASN1_put_object(&end, constructed ? 1 : 0, static_cast<int>(length), tag, tag_class);
  octets.resize(static_cast<std::size_t>(end - octets.data()));
  return octets;
}

bool primitive_comes_back(Octets element) {
  const unsigned char* at = element.data();
  const Owned<ASN1_TYPE, ASN1_TYPE_free> value(d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(element.size())));
  return value && Octets(written(i2d_ASN1_TYPE, value.get())) == element;
}

bool is_constructed_type(int tag) {
  constexpr int embedded_pdv = 11;
  constexpr int character_string = 29;
  return tag == V_ASN1_SEQUENCE || tag == V_ASN1_SET || tag == V_ASN1_EXTERNAL || tag == embedded_pdv ||
         tag == character_string;
}

/// Each element alone, since OpenSSL takes an ANY as it is.
bool elements_come_back(Octets bytes, int depth) {
  constexpr int deepest = 64;  // Limits::depth
  while (!bytes.empty()) {
    const unsigned char* content = bytes.data();
    long length = 0;
    int tag = 0;
    int tag_class = 0;
    const int form = ASN1_get_object(&content, &length, &tag, &tag_class, static_cast<long>(bytes.size()));
    if ((form & 0x81) != 0 || depth == deepest) return false;  // an error, or the indefinite form
    const bool constructed = form == V_ASN1_CONSTRUCTED;
    if (Octets(header(constructed, length, tag, tag_class)) != Octets(bytes.data(), content)) return false;
    const Octets element(bytes.data(), content + length);
    const bool universal = tag_class == V_ASN1_UNIVERSAL;
    if (universal && constructed != is_constructed_type(tag)) return false;
    if (constructed && !elements_come_back(Octets(content, content + length), depth + 1)) return false;
    if (universal && !constructed && !primitive_comes_back(element)) return false;
    bytes = bytes.from(element.size());
  }
  return true;
}

template <class T, auto Read, auto Write, auto Free, class Again>
Theirs theirs(Octets input, Again comes_back_inside) {
  ERR_clear_error();
  const unsigned char* at = input.data();
  const Owned<T, Free> value(Read(nullptr, &at, static_cast<long>(input.size())));
  if (!value) return {Theirs::refused, ERR_GET_REASON(ERR_peek_error()), ERR_GET_REASON(ERR_peek_last_error())};
  if (at != input.data() + input.size()) return {Theirs::refused, 0, 0};
  const auto whole = written(Write, value.get());
  const bool same = Octets(whole) == input && comes_back_inside(value.get(), whole) && elements_come_back(input, 0);
  const bool no_errors = ERR_peek_error() == 0;  // else a part was refused that OpenSSL had taken unread
  const auto verdict = same ? Theirs::der : no_errors ? Theirs::ber : Theirs::refused;
  return {verdict, ERR_GET_REASON(ERR_peek_error()), ERR_GET_REASON(ERR_peek_last_error())};
}

using Bytes = std::vector<std::uint8_t>;

Theirs their_certificate(Octets input) {
  return theirs<X509, d2i_X509, i2d_X509, X509_free>(input, [](X509* certificate, const Bytes& whole) {
    return Octets(written(i2d_re_X509_tbs, certificate)) == first_element(whole) &&
           comes_back(X509_get_issuer_name(certificate)) && comes_back(X509_get_subject_name(certificate));
  });
}

Theirs their_crl(Octets input) {
  return theirs<X509_CRL, d2i_X509_CRL, i2d_X509_CRL, X509_CRL_free>(input, [](X509_CRL* crl, const Bytes& whole) {
    return Octets(written(i2d_re_X509_CRL_tbs, crl)) == first_element(whole) &&
           comes_back(X509_CRL_get_issuer(crl));
  });
}

Theirs their_request(Octets input) {
  return theirs<X509_REQ, d2i_X509_REQ, i2d_X509_REQ, X509_REQ_free>(input, [](X509_REQ* request, const Bytes& whole) {
    return Octets(written(i2d_re_X509_REQ_tbs, request)) == first_element(whole) &&
           comes_back(X509_REQ_get_subject_name(request));
  });
}

void free_all(STACK_OF(X509)* certificates) { sk_X509_pop_free(certificates, X509_free); }
void free_all_crls(STACK_OF(X509_CRL)* crls) { sk_X509_CRL_pop_free(crls, X509_CRL_free); }

/// The certificates and CRLs in it, since OpenSSL keeps the octets of what is signed.
bool signed_parts_come_back(CMS_ContentInfo* info) {
  ERR_set_mark();
  const Owned<STACK_OF(X509), free_all> certificates(CMS_get1_certs(info));
  const Owned<STACK_OF(X509_CRL), free_all_crls> crls(CMS_get1_crls(info));
  ERR_pop_to_mark();  // other contents have neither
  for (int i = 0; i < sk_X509_num(certificates.get()); ++i) {
    const auto bytes = written(i2d_X509, sk_X509_value(certificates.get(), i));
    if (their_certificate(Octets(bytes)).verdict != Theirs::der) return false;
  }
  for (int i = 0; i < sk_X509_CRL_num(crls.get()); ++i) {
    const auto bytes = written(i2d_X509_CRL, sk_X509_CRL_value(crls.get(), i));
    if (their_crl(Octets(bytes)).verdict != Theirs::der) return false;
  }
  return true;
}

Theirs their_content_info(Octets input) {
  return theirs<CMS_ContentInfo, d2i_CMS_ContentInfo, i2d_CMS_ContentInfo, CMS_ContentInfo_free>(
      input, [](CMS_ContentInfo* info, const Bytes&) { return signed_parts_come_back(info); });
}

// --- Compared ------------------------------------------------------------------------------------------------------------

void compare(Type type, const Ours& our, const Theirs& their) {
  if (our.is_der() == (their.verdict == Theirs::der) || explained(type, our, their) != '\0') return;
  std::fputs(describe(type, our, their).c_str(), stderr);
  std::abort();
}

}  // namespace

/// The same octets as each of four types, read by us and by OpenSSL: both say that they are DER of the type, or neither
/// does, but for the classes of differences.md.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Octets input(data, data + size);
  compare(Type::content_info, ours<ContentInfo>(input), their_content_info(input));
  compare(Type::certificate, ours<Certificate>(input), their_certificate(input));
  compare(Type::crl, ours<CertificateList>(input), their_crl(input));
  compare(Type::request, ours<CertificationRequest>(input), their_request(input));
  return 0;
}
