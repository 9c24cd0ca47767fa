#include <cmcctl/codec/values.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text of a time, read from left to right.
struct Text {
  std::string_view rest;

  bool digits(std::size_t count) const {
    if (rest.size() < count) return false;
    for (const char c : rest.substr(0, count)) {
      if (!is_digit(c)) return false;
    }
    return true;
  }
  std::optional<int> number(std::size_t count) {
    if (!digits(count)) return std::nullopt;
    int value = 0;
    for (const char c : take(count)) value = value * 10 + (c - '0');
    return value;
  }
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
};

std::string padded(int value, std::size_t width) {
  std::string text = std::to_string(value);
  text.insert(0, width - text.size(), '0');
  return text;
}

int days_of(int year, int month) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr int days[]{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::optional<std::string> date(Text& text, Time::Form form) {
  auto year = text.number(form == Time::Form::utc ? 2 : 4);
  const auto month = text.number(2);
  const auto day = text.number(2);
  if (!year || !month || !day) return std::nullopt;
  if (form == Time::Form::utc) *year += *year < 50 ? 2000 : 1900;
  if (*month < 1 || *month > 12 || *day < 1 || *day > days_of(*year, *month)) return std::nullopt;
  return padded(*year, 4) + "-" + padded(*month, 2) + "-" + padded(*day, 2);
}

/// Hours and minutes, of the day or of the distance from UTC.
std::optional<std::string> hours_minutes(Text& text) {
  const auto hour = text.number(2);
  const auto minute = text.number(2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return padded(*hour, 2) + ":" + padded(*minute, 2);
}

std::optional<std::string> seconds(Text& text, Time::Form form) {
  std::string out;
  if (text.digits(2)) {
    const int second = *text.number(2);
    if (second > 60) return std::nullopt;  // 60: a leap second
    out += ":" + padded(second, 2);
  }
  if (form == Time::Form::generalized && (text.rest.starts_with('.') || text.rest.starts_with(','))) {
    text.take(1);
    if (!text.digits(1)) return std::nullopt;
    out += '.';
    while (text.digits(1)) out += text.take(1);
  }
  return out;
}

std::optional<std::string> zone(Text& text, Time::Form form) {
  if (text.rest.empty()) return form == Time::Form::generalized ? std::optional<std::string>("") : std::nullopt;
  const std::string sign(text.take(1));
  if (sign == "Z") return sign;
  if (sign != "+" && sign != "-") return std::nullopt;
  const auto distance = hours_minutes(text);
  return distance ? std::optional(sign + *distance) : std::nullopt;
}

/// X.680 clauses 46 and 47, with a calendar of its own.
std::optional<std::string> expected(const Time& time) {
  Text text{time.text.chars()};
  std::string out;
  const auto day = date(text, time.form);
  const auto clock = day ? hours_minutes(text) : std::nullopt;
  const auto fine = clock ? seconds(text, time.form) : std::nullopt;
  const auto where = fine ? zone(text, time.form) : std::nullopt;
  if (!where || !text.rest.empty()) return std::nullopt;
  return *day + "T" + *clock + *fine + *where;
}

}  // namespace

/// The contents of a UTCTime and of a GeneralizedTime: a date, or none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t longest = 40;  // what is longer counts as no date
  const Octets input(data, data + size);
  for (const Time::Form form : {Time::Form::utc, Time::Form::generalized}) {
    const Time time{input, form};
    FUZZ_CHECK(to_iso8601(time) == (size <= longest ? expected(time) : std::nullopt));
  }
  return 0;
}
