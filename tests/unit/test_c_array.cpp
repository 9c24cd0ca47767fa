#include "catch.hpp"

#include <sstream>
#include <string>
#include <string_view>

#include <cmcctl/codec/c_array.hpp>

#include "hex.hpp"

using namespace cmcctl;
using namespace cmcctl::test;

namespace {

std::string written(const Bytes& bytes, std::string_view name) {
  std::ostringstream out;
  write_c_array(out, Octets(bytes), name);
  return out.str();
}

}  // namespace

TEST_CASE("a C array has 12 octets a line") {
  CHECK(written(hex("00"), "message") == "static const unsigned char message[] = {\n    0x00\n};\n");
  CHECK(written(hex("000102030405060708090a0bff"), "message") ==
        "static const unsigned char message[] = {\n"
        "    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,\n"
        "    0xff\n"
        "};\n");
}

TEST_CASE("a C array of nothing is still C") {
  CHECK(written({}, "message") == "static const unsigned char message[1] = {0x00}; /* no octets */\n");
}

TEST_CASE("any name becomes one that C allows") {
  const auto head = [](std::string_view name) { return written(hex("00"), name).substr(0, 35); };
  CHECK(head("a-b.der") == "static const unsigned char a_b_der[");
  CHECK(head("7x{ \n};") == "static const unsigned char _7x_____");
  CHECK(head("") == "static const unsigned char _[] = {\n");
}
