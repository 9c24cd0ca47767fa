#include <cmcctl/codec/der_element.hpp>

#include <cassert>
#include <cstdio>
#include <ctime>

#include <cmcctl/codec/values.hpp>

namespace cmcctl {

std::vector<std::uint8_t> der_element(std::uint8_t tag, Octets content) {
  std::vector<std::uint8_t> der{tag};
  std::size_t size = content.size();
  if (size < 0x80) {
    der.push_back(static_cast<std::uint8_t>(size));
  } else {
    std::vector<std::uint8_t> octets;
    for (; size != 0; size >>= 8) octets.insert(octets.begin(), static_cast<std::uint8_t>(size));
    der.push_back(static_cast<std::uint8_t>(0x80 | octets.size()));
    der.insert(der.end(), octets.begin(), octets.end());
  }
  der.insert(der.end(), content.begin(), content.end());
  return der;
}

std::vector<std::uint8_t> der_octet_string(Octets content) { return der_element(0x04, content); }

std::vector<std::uint8_t> der_oid(std::string_view dotted) {
  const auto content = oid_content(dotted);
  assert(content);
  return der_element(0x06, *content);
}

std::vector<std::uint8_t> der_time(std::int64_t seconds_since_1970) {
  const std::time_t time = seconds_since_1970;
  std::tm utc{};
  gmtime_r(&time, &utc);
  const int year = utc.tm_year + 1900;
  const bool short_year = year >= 1950 && year < 2050;
  char text[32];
  const int length = std::snprintf(text, sizeof text, short_year ? "%02d%02d%02d%02d%02d%02dZ" : "%04d%02d%02d%02d%02d%02dZ",
                                   short_year ? year % 100 : year, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec);
  return der_element(short_year ? 0x17 : 0x18, Octets(std::string_view(text, static_cast<std::size_t>(length))));
}

}  // namespace cmcctl
