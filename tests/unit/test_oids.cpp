#include <cmcctl/crypto/oids.hpp>

#include <string>
#include <vector>

#include <cmcctl/codec/names.hpp>

#include "catch.hpp"

namespace cmcctl::test {
namespace {

TEST_CASE("an identifier is its own dotted text and no other one's", "[oids]") {
  std::vector<std::vector<std::uint8_t>> contents;
  for (const OidEntry& entry : oid_entries()) contents.push_back(*oid_content(entry.dotted));
  std::size_t matches = 0;
  for (const auto& content : contents) {
    for (const OidEntry& entry : oid_entries()) matches += oids::is(Oid{Octets(content)}, entry.dotted) ? 1 : 0;
  }
  CHECK(matches == contents.size());
  for (std::size_t i = 0; i < contents.size(); ++i) CHECK(oids::is(Oid{Octets(contents[i])}, oid_entries()[i].dotted));
}

TEST_CASE("identifiers that are nearly the same are others", "[oids]") {
  const auto is = [](const std::string& content_of, std::string_view dotted) {
    const auto content = *oid_content(content_of);
    return oids::is(Oid{Octets(content)}, dotted);
  };
  CHECK(is("2.5", "2.5"));
  CHECK(is("2.999", "2.999"));
  CHECK(is("1.39.4294967296.9223372036854775807", "1.39.4294967296.9223372036854775807"));
  CHECK_FALSE(is("2.5", "2.6"));
  CHECK_FALSE(is("2.5", "2.5.29"));
  CHECK_FALSE(is("2.5.29.15.15", "2.5.29.15"));
  CHECK_FALSE(is("2.5.29.15", "2.5.29.15.15"));
  CHECK_FALSE(is("2.5.29.15", "2.5.29.143"));  // the same last octet
  CHECK_FALSE(is("2.5.29.143", "2.5.29.15"));
  CHECK_FALSE(is("1.2.840.15", "1.2.841.15"));
}

TEST_CASE("contents that are no identifier are none of them", "[oids]") {
  using Bytes = std::vector<std::uint8_t>;
  CHECK_FALSE(oids::is(Oid{}, "2.5.29.15"));
  const Bytes cut{0x55, 0x1D, 0x8F};
  CHECK_FALSE(oids::is(Oid{Octets(cut)}, "2.5.29.15"));
  Bytes too_large(12, 0x80);  // an arc of 84 bits whose lower ones are those of 29
  too_large[0] = 0x55;
  too_large[1] = 0x81;
  too_large.back() = 0x1D;
  CHECK_FALSE(oids::is(Oid{Octets(too_large)}, "2.5.29"));
}

}  // namespace
}  // namespace cmcctl::test
