// asn1c's own decoder and encoder as an independent judge: they read the same tables, with code that is not ours. Only
// octets that the scan calls DER are fed to them. asn1c has no idea of the Raw types; the program gives their
// descriptors a decoder that takes any one element and an encoder that writes it.
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

extern "C" {
#include <OCTET_STRING.h>
#include <asn_application.h>

extern asn_TYPE_descriptor_t* asn_pdu_collection[];
}

#include <cmcctl/codec/cms.hpp>

#include "../support/reencode_files.hpp"
#include "../support/reencode_walk.hpp"
#include "catch.hpp"
#include "hex.hpp"
#include "scan.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

asn_dec_rval_t decode_raw(asn_codec_ctx_t*, asn_TYPE_descriptor_t*, void** out, const void* bytes, std::size_t size, int) {
  const tlv::Element element = tlv::first(Octets(static_cast<const std::uint8_t*>(bytes), size));
  if (*out == nullptr) *out = std::calloc(1, sizeof(OCTET_STRING_t));  // else a mandatory member, inside its parent
  auto* string = static_cast<OCTET_STRING_t*>(*out);
  string->buf = static_cast<std::uint8_t*>(std::malloc(element.whole.size() + 1));
  std::memcpy(string->buf, element.whole.data(), element.whole.size());
  string->buf[element.whole.size()] = 0;
  string->size = static_cast<int>(element.whole.size());
  return {RC_OK, element.whole.size()};
}

asn_enc_rval_t encode_raw(asn_TYPE_descriptor_t*, void* value, int, ber_tlv_tag_t, asn_app_consume_bytes_f* write, void* key) {
  const auto* string = static_cast<const OCTET_STRING_t*>(value);
  asn_enc_rval_t result{};
  result.encoded = string->size;
  if (write != nullptr && write(string->buf, static_cast<std::size_t>(string->size), key) < 0) result.encoded = -1;
  return result;
}

int append(const void* bytes, std::size_t size, void* key) {
  const auto* octets = static_cast<const std::uint8_t*>(bytes);
  static_cast<Bytes*>(key)->insert(static_cast<Bytes*>(key)->end(), octets, octets + size);
  return 0;
}

void prepare() {
  static const bool once = [] {
    schema::find("PKIData");  // reads all tables, after which asn1c leaves the descriptors as they are
    for (asn_TYPE_descriptor_t** pdu = asn_pdu_collection; *pdu != nullptr; ++pdu) {
      if (!std::string_view((*pdu)->name).starts_with("Raw")) continue;
      (*pdu)->ber_decoder = decode_raw;
      (*pdu)->der_encoder = encode_raw;
    }
    return true;
  }();
  static_cast<void>(once);
}

/// What asn1c makes of the octets: "refused", or the DER of what it read.
std::string asn1c(asn_TYPE_descriptor_s& type, Octets bytes) {
  prepare();
  asn_codec_ctx_t context{};
  context.max_stack_size = 64u << 20;  // frames are larger with sanitizers
  void* value = nullptr;
  const asn_dec_rval_t decoded = ber_decode(&context, &type, &value, bytes.data(), bytes.size());
  std::string result = "refused";
  if (decoded.code == RC_OK && decoded.consumed == bytes.size()) {
    Bytes encoded;
    result = der_encode(&type, value, append, &encoded).encoded < 0 ? "not encoded" : to_hex(Octets(encoded));
  }
  if (value != nullptr) type.free_struct(&type, value, 0);
  return result;
}

/// Has asn1c read every value that we read.
struct Compare : WalkVisitor {
  void decoded(const AnyType& type, const void* value, Octets der) override {
    if (der.empty() || (der[0] & 0xE0) == 0xA0) return;  // under an IMPLICIT tag it is no value of its own
    if (scan_der(der, Limits{}).outcome != Scan::Outcome::der) return;
    ++count;
    const std::string theirs = asn1c(type.descriptor(), der);
    const auto ours = type.encode(value);
    INFO(file << ": " << type.name);
    if (theirs == "refused" || !ours || theirs != to_hex(Octets(*ours))) different.insert(std::string(type.name) + " in " + file);
  }

  std::string file;
  std::size_t count = 0;
  std::set<std::string> different;
};

void mutate(const AnyType& type, const Bytes& original, std::set<std::string>& unexplained, std::size_t& count) {
  Bytes bytes = original;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int change : {0x01, 0x20, 0x80, 0x08}) {
      bytes[i] = static_cast<std::uint8_t>(original[i] ^ change);
      if (scan_der(Octets(bytes), Limits{}).outcome == Scan::Outcome::der) {
        ++count;
        Decoder decoder;
        const auto refusal = type.decode(decoder, Any{Octets(bytes)}, type.make().get());
        const Errc code = refusal ? refusal->code : Errc{};
        const bool ours = !refusal;
        const bool theirs = asn1c(type.descriptor(), Octets(bytes)) != "refused";
        // Ours is the stricter one: ranges, contents under IMPLICIT tags, one element in an EXPLICIT tag.
        const bool stricter = !ours && (code == Errc::value_out_of_range || code == Errc::bad_integer ||
                                        code == Errc::bad_bit_string || code == Errc::bad_oid || code == Errc::bad_tag ||
                                        code == Errc::bad_null || code == Errc::missing_member ||
                                        code == Errc::unexpected_member);
        if (ours != theirs && !stricter) {
          unexplained.insert(std::string(type.name) + ": octet " + std::to_string(i) + " ^ " + std::to_string(change) +
                             (ours ? ", only we take it" : ", only asn1c takes it"));
        }
      }
      bytes[i] = original[i];
    }
  }
}

Bytes vector_bytes(const std::string& file) {
  for (const Vector& vector : read_vectors(vectors_dir())) {
    if (vector.file == file) return vector.bytes;
  }
  FAIL("no vector " << file);
  return {};
}

/// The content of a SignedData message.
Bytes econtent(const std::string& file) {
  const Bytes bytes = vector_bytes(file);
  Decoder decoder;
  const auto outer = decoder.decode<ContentInfo>(Octets(bytes));
  REQUIRE(outer.ok());
  const auto data = decoder.decode<SignedData>(*outer->content);
  REQUIRE(data.ok());
  const auto content = content_octets(data->encap_content_info);
  REQUIRE(content.has_value());
  return Bytes(content->begin(), content->end());
}

}  // namespace

TEST_CASE("asn1c reads and writes every value of the vectors as we do") {
  Compare compare;
  for (const Vector& vector : read_vectors(vectors_dir())) {
    compare.file = vector.file;
    Decoder decoder;
    const Octets bytes(vector.bytes);
    decoder.reset(bytes);
    walk(decoder, compare, any_type(type_of(vector)), bytes);
  }
  CHECK(compare.count > 2'000);
  // What we put right when writing, asn1c writes as it came.
  std::set<std::string> types;
  for (const std::string& one : compare.different) types.insert(one.substr(0, one.find(' ')));
  INFO(compare.different.size());
  CHECK(types == std::set<std::string>{"CMCCertId", "CMCStatusInfoV2", "ChangeSubjectName", "GetCert"});
}

TEST_CASE("asn1c reads and writes a made-up value of every type as we do") {
  std::set<std::string> different;
  for (const AnyType& type : any_types()) {
    for (std::size_t variant = 0; variant < sample_variants; ++variant) {
      const auto der = type.sample(variant);
      REQUIRE(der.ok());
      if (asn1c(type.descriptor(), Octets(*der)) != to_hex(Octets(*der))) different.insert(std::string(type.name));
    }
  }
  CHECK(different == std::set<std::string>{});
}

TEST_CASE("asn1c and we take and refuse the same changed messages") {
  std::set<std::string> unexplained;
  std::size_t count = 0;
  mutate(any_type("PKIData"), econtent("bouncycastle/pkidata-mixed-tcr-crm-orm.der"), unexplained, count);
  mutate(any_type("PKIData"), econtent("bouncycastle/ctl-revoke-min.der"), unexplained, count);
  mutate(any_type("PKIResponse"), econtent("bouncycastle/resp-v2-all-status.der"), unexplained, count);
  mutate(any_type("ContentInfo"), vector_bytes("bouncycastle/certsonly-0.der"), unexplained, count);
  mutate(any_type("CertificationRequest"), vector_bytes("bouncycastle/p10-ed25519.der"), unexplained, count);
  mutate(any_type("CertReqMessages"), vector_bytes("bouncycastle/crmf-certreqmessages.der"), unexplained, count);
  CHECK(count > 5'000);
  CHECK(unexplained == std::set<std::string>{});
}

}  // namespace cmcctl::test
