#include <cmcctl/codec/controls.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "hex.hpp"
#include "../support/any_type.hpp"

namespace cmcctl::test {
namespace {

Oid oid_of(const ControlRow& row) {
  static std::map<std::string_view, std::vector<std::uint8_t>> kept;
  auto& content = kept[row.oid];
  content = oid_content(row.oid).value();
  return Oid{Octets(content)};
}

/// After the modules of RFC 10002: one valid value for each row.
const std::map<std::string_view, const char*>& values() {
  static const std::map<std::string_view, const char*> all{
      {"unsignedData", "30{ 30{020101} 06022a03 0c0178 }"},
      {"addAttributes", "30{ 020100 30{020101} 31{ 30{06022a03 3100} } }"},
      {"statusInfo", "30{ 020102 30{020101} 0c026e6f 020107 }"},
      {"identification", "0c03626f62"},
      {"identityProof", "04140000000000000000000000000000000000000000"},
      {"dataReturn", "0403010203"},
      {"transactionId", "020500ffffffff"},
      {"senderNonce", "0404deadbeef"},
      {"recipientNonce", "0404deadbeef"},
      {"addExtensions", "30{ 020100 30{020101} 30{ 30{0603551d0f 0101ff 0402 0500} } }"},
      {"encryptedPOP", "30{ a2{020101 06022a03 0c0178} 30{06022a03 a0{0403616263}} 30{06022a03} 30{06022a03} 040401020304 }"},
      {"decryptedPOP", "30{ 020101 30{06022a03} 0402abcd }"},
      {"lraPOPWitness", "30{ 020100 30{020101} }"},
      {"getCert", "30{ a4{3000} 020105 }"},
      {"getCRL", "30{ 3000 8603 61 3a62 180f 32303236303732313033353234345a 03020640 }"},
      {"revokeRequest", "30{ 3000 020105 0a0101 180f 32303236303732313033353234345a 0403736563 0c0178 }"},
      {"regInfo", "04036b3d76"},
      {"responseInfo", "04036b3d76"},
      {"queryPending", "0403746f6b"},
      {"popLinkRandom", "040401020304"},
      {"popLinkWitness", "04140000000000000000000000000000000000000000"},
      {"confirmCertAcceptance", "30{ 3000 020105 }"},
      {"statusInfoV2", "30{ 020102 30{ 020101 30{020101 020102} } a1{06022a03 0500} }"},
      {"trustedAnchors", "30{ 020101 30{06022a03} 30{0402abcd} }"},
      {"authData", "02020100"},
      {"batchRequests", "30{ 020101 020102 }"},
      {"batchResponses", "30{ 020101 }"},
      {"publishCert", "30{ 30{06022a03} 30{0402abcd} 30{ 020101 30{ 30{020102 8603613a62} } } }"},
      {"modCertTemplate", "30{ 30{020101} 30{020102} 010100 30{ a5{3000} } }"},
      {"controlProcessed", "30{ 30{ 020101 30{020102} } }"},
      {"popLinkWitnessV2", "30{ 30{06022a03} 30{06022a03 0500} 0402abcd }"},
      {"identityProofV2", "30{ 30{06022a03} 30{06022a03 0500} 0402abcd }"},
      {"raIdentityWitness", "30{ 020101 020102 }"},
      {"changeSubjectName", "30{ 3000 a1{ 820b6578616d706c652e6f7267 } }"},
      {"responseBody", "30{ 020101 }"},
  };
  return all;
}

Bytes value_of(const ControlRow& row) { return asn1(values().at(row.name)); }

/// Decodes as the row's type, and encodes that.
Result<Bytes> rewrite(const ControlRow& row, const Bytes& value) {
  const auto types = whole_types();
  const auto type = std::ranges::find(types, &row.codec().type(), [](const AnyType& one) { return &one.codec().type(); });
  REQUIRE(type != types.end());
  Decoder decoder;
  const auto decoded = type->make();
  if (auto refusal = type->decode(decoder, Any{Octets(value)}, decoded.get())) return *std::move(refusal);
  return type->encode(decoded.get());
}

}  // namespace

TEST_CASE("every control is found by its OBJECT IDENTIFIER and by its name") {
  CHECK(control_rows().size() == 35);
  for (const ControlRow& row : control_rows()) {
    INFO(row.name);
    CHECK(control_row(oid_of(row)) == &row);
    CHECK(control_row(row.name) == &row);
    CHECK_FALSE(row.type.empty());
    CHECK(row.reference.find("section") != std::string_view::npos);
    CHECK(row.codec != nullptr);
  }
}

TEST_CASE("no other name or OBJECT IDENTIFIER is a control") {
  CHECK(control_row("") == nullptr);
  CHECK(control_row("StatusInfoV2") == nullptr);
  for (const auto* dotted : {"1.3.6.1.5.5.7.7.12", "1.3.6.1.5.5.7.7.0", "1.3.6.1.5.5.7.7.38", "1.3.6.1.5.5.7.7",
                             "1.3.6.1.5.5.7.7.25.1", "1.3.6.1.5.5.7.7.4294967297"}) {
    INFO(dotted);
    const auto content = *oid_content(dotted);
    CHECK(control_row(Oid{Octets(content)}) == nullptr);
  }
  CHECK(control_row(Oid{}) == nullptr);
}

TEST_CASE("the rows are sorted by their numbers, and nothing stands twice") {
  std::set<std::string_view> names;
  std::set<std::string_view> oids;
  std::vector<std::vector<std::uint64_t>> numbers;
  for (const ControlRow& row : control_rows()) {
    CHECK(names.insert(row.name).second);
    CHECK(oids.insert(row.oid).second);
    std::vector<std::uint64_t> arcs(1);
    for (const char c : row.oid) {
      if (c == '.') arcs.push_back(0);
      else arcs.back() = arcs.back() * 10 + static_cast<std::uint64_t>(c - '0');
    }
    numbers.push_back(arcs);
  }
  CHECK(std::ranges::is_sorted(numbers));
}

// RFC 10002 section 6: the numbers below id-cmc
TEST_CASE("the numbers are those of RFC 10002") {
  struct Row {
    const char* name;
    int number;
    Place place;
  };
  static constexpr Row rows[]{
      {"statusInfo", 1, Place::both},          {"identification", 2, Place::request},
      {"identityProof", 3, Place::request},    {"dataReturn", 4, Place::both},
      {"transactionId", 5, Place::both},       {"senderNonce", 6, Place::both},
      {"recipientNonce", 7, Place::both},      {"addExtensions", 8, Place::request},
      {"encryptedPOP", 9, Place::response},    {"decryptedPOP", 10, Place::request},
      {"lraPOPWitness", 11, Place::request},   {"getCert", 15, Place::request},
      {"getCRL", 16, Place::request},          {"revokeRequest", 17, Place::request},
      {"regInfo", 18, Place::request},         {"responseInfo", 19, Place::response},
      {"queryPending", 21, Place::request},    {"popLinkRandom", 22, Place::request},
      {"popLinkWitness", 23, Place::attribute},{"confirmCertAcceptance", 24, Place::request},
      {"statusInfoV2", 25, Place::both},       {"trustedAnchors", 26, Place::both},
      {"authData", 27, Place::both},           {"batchRequests", 28, Place::request},
      {"batchResponses", 29, Place::response}, {"publishCert", 30, Place::request},
      {"modCertTemplate", 31, Place::request}, {"controlProcessed", 32, Place::request},
      {"popLinkWitnessV2", 33, Place::attribute}, {"identityProofV2", 34, Place::request},
      {"raIdentityWitness", 35, Place::request},  {"changeSubjectName", 36, Place::attribute},
      {"responseBody", 37, Place::response},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const ControlRow* found = control_row(row.name);
    REQUIRE(found != nullptr);
    CHECK(found->oid == "1.3.6.1.5.5.7.7." + std::to_string(row.number));
    CHECK(found->place == row.place);
  }
  CHECK(control_row("unsignedData")->place == Place::unsigned_attribute);
  CHECK(control_row("addAttributes")->oid == "1.3.6.1.4.1.311.10.10.1");
}

TEST_CASE("every control takes a valid value of its type, and writes it again") {
  CHECK(values().size() == control_rows().size());
  for (const ControlRow& row : control_rows()) {
    INFO(row.name);
    const Bytes value = value_of(row);
    const auto result = rewrite(row, value);
    INFO((result.ok() ? std::string() : to_string(result.error())));
    REQUIRE(result.ok());
    CHECK(to_hex(Octets(*result)) == to_hex(Octets(value)));
  }
}

TEST_CASE("a control with a value of another control's type is refused or read, and never breaks") {
  std::size_t refused = 0;
  for (const ControlRow& row : control_rows()) {
    for (const ControlRow& other : control_rows()) {
      INFO(row.name << " with a value of " << other.name);
      const Bytes value = value_of(other);
      const auto result = rewrite(row, value);
      if (row.codec == other.codec || row.type == other.type) CHECK(result.ok());
      if (!result.ok()) {
        ++refused;
        CHECK(result.error().offset <= value.size());
        CHECK_FALSE(result.error().path.empty());
      }
    }
  }
  CHECK(refused > 1'000);  // of 35 x 35, most
}

TEST_CASE("a control has exactly one value") {
  const Bytes none = asn1("30{ 020101 06{2b06010505070706} 3100 }");
  const Bytes two = asn1("30{ 020101 06{2b06010505070706} 31{04020102 04020103} }");
  for (const Bytes* bytes : {&none, &two}) {
    Decoder decoder;
    const auto control = decoder.decode<TaggedAttribute>(Octets(*bytes));
    REQUIRE(control.ok());
    const auto nonce = decode_control<SenderNonce>(decoder, *control);
    REQUIRE_FALSE(nonce.ok());
    CHECK(nonce.error().code == Errc::wrong_value_count);
    CHECK(nonce.error().rule == "CMC-5272-3.2.1.1-02");
  }
  const Bytes one = asn1("30{ 020101 06{2b06010505070706} 31{04020102} }");
  Decoder decoder;
  const auto control = decoder.decode<TaggedAttribute>(Octets(one));
  REQUIRE(control.ok());
  const auto nonce = decode_control<SenderNonce>(decoder, *control);
  REQUIRE(nonce.ok());
  CHECK(to_hex(nonce->value) == "0102");
}

}  // namespace cmcctl::test
