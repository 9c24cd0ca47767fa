#include "json_text.hpp"

#include <array>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace cmcctl::test {
namespace {

std::string written(bool indent, void (*write)(JsonText&)) {
  std::ostringstream out;
  JsonText json(out, indent);
  write(json);
  json.finish();
  return out.str();
}

// nlohmann-json reads it and writes the same.
void check_same(void (*write)(JsonText&)) {
  for (const bool indent : {true, false}) {
    const std::string text = written(indent, write);
    CHECK((nlohmann::ordered_json::parse(text).dump(indent ? 1 : -1, ' ', true) + '\n' == text));
  }
}

TEST_CASE("all kinds of values", "[json]") {
  check_same([](JsonText& json) {
    json.begin_object();
    json.key("empty");
    json.begin_array();
    json.end_array();
    json.key("list");
    json.begin_array();
    json.null();
    json.raw("true");
    json.number(-9'007'199'254'740'992);
    json.text("plain");
    json.string("\"quoted\" \\ gr\xC3\xBC\xC3\x9F \n");
    json.begin_object();
    json.end_object();
    json.end_array();
    json.end_object();
  });
}

TEST_CASE("values that are larger than the buffer", "[json]") {
  check_same([](JsonText& json) {
    const std::vector<std::uint8_t> octets(100'000, 0xA5);
    json.begin_array();
    json.hex(Octets(octets));
    json.text(std::string(200'000, 'x'));
    for (int i = 0; i < 100'000; ++i) json.number(i);
    json.end_array();
  });
}

// Pieces of different sizes are written in different ways.
TEST_CASE("pieces of every size", "[json]") {
  std::vector<std::uint8_t> octets;
  std::string digits;
  for (std::size_t size = 0; size < 70; ++size) {
    CAPTURE(size);
    std::ostringstream out;
    JsonText json(out, false);
    json.begin_array();
    json.hex(Octets(octets));
    json.text(digits);
    json.end_array();
    json.finish();
    CHECK(out.str() == "[\"" + digits + "\",\"" + digits + "\"]\n");
    octets.push_back(static_cast<std::uint8_t>(size * 73 + 9));
    std::array<char, 3> pair;
    std::snprintf(pair.data(), pair.size(), "%02x", octets.back());
    digits += pair.data();
  }
}

TEST_CASE("more levels than blanks are written at once", "[json]") {
  check_same([](JsonText& json) {
    for (int i = 0; i < 300; ++i) {
      json.begin_object();
      json.key("inside");
    }
    json.null();
    for (int i = 0; i < 300; ++i) json.end_object();
  });
}

}  // namespace
}  // namespace cmcctl::test
