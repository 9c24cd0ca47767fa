#include <algorithm>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/message.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// A PKCS #10 with one attribute of a type that nobody knows.
Bytes request_with(const Bytes& attribute_value) {
  const Bytes attribute = der_element(0x30, joined({hex("0602 2a03"), der_element(0x31, attribute_value)}));
  const Bytes key = hex("3009 3004 0602 2a03 0301 00");
  const Bytes info = der_element(0x30, joined({hex("020100 3000"), key, der_element(0xA0, attribute)}));
  return der_element(0x30, joined({info, hex("3004 0602 2a03 0302 0000")}));
}

std::size_t unsorted_in(const Bytes& message) {
  Decoder decoder;
  const auto opened = open_message(decoder, Octets(message));
  REQUIRE(opened);
  return static_cast<std::size_t>(std::ranges::count_if(opened->oddities, [](const Oddity& oddity) {
    return oddity.rule == "CMC-X690-11-01" && oddity.text == "the elements of SET are not in DER order";
  }));
}

}  // namespace

TEST_CASE("a SET in a value that no table knows has to be in order, too") {
  CHECK(unsorted_in(request_with(hex("3106 020101 020102"))) == 0);
  CHECK(unsorted_in(request_with(hex("3106 020102 020101"))) == 1);
  CHECK(unsorted_in(request_with(hex("3008 3106 020102 020101"))) == 1);
  CHECK(unsorted_in(request_with(hex("3105 020102 0500"))) == 0);  // elements of different types: order by tag is theirs
  CHECK(unsorted_in(request_with(hex("3006 020102 020101"))) == 0);
}

TEST_CASE("what decoding noted is not noted again") {
  CHECK(unsorted_in(request_with(hex("020102 020101"))) == 1);
}

}  // namespace cmcctl::test
