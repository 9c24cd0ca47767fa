#include <cmcctl/codec/values.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace cmcctl {
namespace {

constexpr std::size_t longest_decimal = 64;  // octets

std::string hex_number(const Integer& value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "0x";
  for (const std::uint8_t octet : value.content) {
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

void append_number(std::string& text, std::uint64_t number) {
  std::array<char, 20> digits;
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

// Magnitude of a two's complement number, most significant octet first.
std::vector<std::uint8_t> magnitude(const Integer& value) {
  std::vector<std::uint8_t> octets(value.content.begin(), value.content.end());
  if (!value.negative()) return octets;
  for (std::uint8_t& octet : octets) octet = static_cast<std::uint8_t>(~octet);
  for (std::size_t i = octets.size(); i-- != 0 && ++octets[i] == 0;) {
  }
  return octets;
}

std::string decimal(const Integer& value) {
  std::vector<std::uint8_t> number = magnitude(value);
  std::string reversed;
  while (std::ranges::any_of(number, [](std::uint8_t octet) { return octet != 0; })) {
    unsigned remainder = 0;
    for (std::uint8_t& octet : number) {
      const unsigned current = remainder << 8 | octet;
      octet = static_cast<std::uint8_t>(current / 10);
      remainder = current % 10;
    }
    reversed += static_cast<char>('0' + remainder);
  }
  if (reversed.empty()) reversed = "0";
  if (value.negative()) reversed += '-';
  std::ranges::reverse(reversed);
  return reversed;
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_date(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return date.ok();
}

int two_digits(std::string_view text, std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); }

bool is_hours_minutes(std::string_view digits) { return two_digits(digits, 0) <= 23 && two_digits(digits, 2) <= 59; }

}  // namespace

std::string to_string(const Integer& value) {
  if (const auto small = value.to_int64()) return std::to_string(*small);
  return value.content.size() > longest_decimal ? hex_number(value) : decimal(value);
}

std::vector<std::uint8_t> integer_content(std::int64_t value) {
  std::vector<std::uint8_t> octets;
  const auto bits = static_cast<std::uint64_t>(value);
  for (int shift = 56; shift >= 0; shift -= 8) octets.push_back(static_cast<std::uint8_t>(bits >> shift));
  while (octets.size() > 1 && ((octets[0] == 0x00 && (octets[1] & 0x80) == 0) ||
                               (octets[0] == 0xFF && (octets[1] & 0x80) != 0))) {
    octets.erase(octets.begin());
  }
  return octets;
}

Result<BodyPartID> BodyPartID::from(const Integer& number) {
  const auto value = number.to_int64();
  if (!value || *value < 0 || *value > 0xFFFF'FFFF) {
    return Error{Errc::value_out_of_range, 0, {}, "CMC-5272-3.2.2-01",
                 "BodyPartID " + to_string(number) + " is not in 0..4294967295"};
  }
  return BodyPartID(static_cast<std::uint32_t>(*value));
}

std::string to_string(const Oid& oid) {
  std::string text;
  text.reserve(4 * oid.content.size());  // enough for nearly all
  std::uint64_t arc = 0;
  bool too_large = false;
  bool first = true;
  for (const std::uint8_t octet : oid.content) {
    too_large = too_large || arc >> 57 != 0;
    arc = arc << 7 | (octet & 0x7F);
    if ((octet & 0x80) != 0) continue;
    if (too_large) {
      text += text.empty() ? "?" : ".?";
      first = false;
    } else if (first) {
      const std::uint64_t top = std::min<std::uint64_t>(arc / 40, 2);
      append_number(text, top);
      append_number(text += '.', arc - 40 * top);
      first = false;
    } else {
      append_number(text += '.', arc);
    }
    arc = 0;
    too_large = false;
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> oid_content(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const char* p = dotted.data();
  const char* const end = p + dotted.size();
  while (true) {
    std::uint64_t arc = 0;
    const auto [rest, error] = std::from_chars(p, end, arc);
    const bool leading_zero = rest - p > 1 && *p == '0';
    if (error != std::errc{} || arc > INT64_MAX || leading_zero) return std::nullopt;
    arcs.push_back(arc);
    if (rest == end) break;
    if (*rest != '.') return std::nullopt;
    p = rest + 1;
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39) || arcs[1] > INT64_MAX - 80) return std::nullopt;
  arcs[1] += 40 * arcs[0];
  std::vector<std::uint8_t> content;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    std::array<std::uint8_t, 10> octets{};
    std::size_t used = 0;
    std::uint64_t arc = arcs[i];
    do {
      octets[used] = static_cast<std::uint8_t>((arc & 0x7F) | (used == 0 ? 0 : 0x80));
      ++used;
      arc >>= 7;
    } while (arc != 0);
    while (used-- != 0) content.push_back(octets[used]);
  }
  return content;
}

bool BitString::bit(std::size_t index) const {
  return index / 8 < bytes.size() && (bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

bool is_valid_utf8(Octets bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t lead = bytes[i++];
    if (lead < 0x80) continue;
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size() - i < more) return false;
    const std::uint8_t second = bytes[i];
    // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second octet.
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    for (std::size_t k = 0; k < more; ++k, ++i) {
      if ((bytes[i] & 0xC0) != 0x80) return false;
    }
  }
  return true;
}

std::optional<std::string> to_iso8601(const Time& time) {
  std::string_view text = time.text.chars();
  const std::size_t year_digits = time.form == Time::Form::utc ? 2 : 4;
  const std::size_t minutes_end = year_digits + 8;
  if (text.size() < minutes_end || text.size() > 40 || !all_digits(text.substr(0, minutes_end))) {
    return std::nullopt;
  }
  std::string year(text.substr(0, year_digits));
  if (year_digits == 2) year.insert(0, year < "50" ? "20" : "19");
  text.remove_prefix(year_digits);
  if (!is_date(std::stoi(year), two_digits(text, 0), two_digits(text, 2)) || !is_hours_minutes(text.substr(4))) {
    return std::nullopt;
  }
  std::string iso;
  iso.reserve(32);
  iso.append(year).append(1, '-').append(text, 0, 2).append(1, '-').append(text, 2, 2).append(1, 'T');
  iso.append(text, 4, 2).append(1, ':').append(text, 6, 2);
  text.remove_prefix(8);
  if (text.size() >= 2 && all_digits(text.substr(0, 2))) {
    if (two_digits(text, 0) > 60) return std::nullopt;
    iso.append(1, ':').append(text, 0, 2);
    text.remove_prefix(2);
  }
  const bool may_have_fraction = time.form == Time::Form::generalized;
  if (may_have_fraction && text.size() > 1 && (text[0] == '.' || text[0] == ',')) {
    const std::size_t digits = text.find_first_not_of("0123456789", 1);
    const std::string_view fraction = text.substr(1, digits == std::string_view::npos ? digits : digits - 1);
    if (fraction.empty()) return std::nullopt;
    iso += "." + std::string(fraction);
    text.remove_prefix(1 + fraction.size());
  }
  if (text == "Z") return iso.append(text);
  const bool offset = text.size() == 5 && (text[0] == '+' || text[0] == '-') && all_digits(text.substr(1));
  if (offset && is_hours_minutes(text.substr(1))) {
    return iso + std::string(text.substr(0, 3)) + ":" + std::string(text.substr(3));
  }
  if (text.empty() && time.form == Time::Form::generalized) return iso;  // local time: no zone known
  return std::nullopt;
}

}  // namespace cmcctl
