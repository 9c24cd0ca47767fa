#include <cmcctl/codec/values.hpp>

#include <string>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    FUZZ_CHECK(c >= '0' && c <= '9');
    value = value * 10 + (c - '0');
  }
  return value;
}

int days_of(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// What is said to be a date is one, by a calendar that is written here once more.
void check_date(const std::string& iso) {
  FUZZ_CHECK(iso.size() >= 17 && iso[4] == '-' && iso[7] == '-' && iso[10] == 'T' && iso[13] == ':');
  const int year = number(iso.substr(0, 4));
  const int month = number(iso.substr(5, 2));
  const int day = number(iso.substr(8, 2));
  FUZZ_CHECK(month >= 1 && month <= 12);
  FUZZ_CHECK(day >= 1 && day <= days_of(year, month));
  FUZZ_CHECK(number(iso.substr(11, 2)) <= 24);
  FUZZ_CHECK(number(iso.substr(14, 2)) <= 59);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  for (const Time::Form form : {Time::Form::utc, Time::Form::generalized}) {
    if (const auto iso = to_iso8601(Time{input, form})) check_date(*iso);
  }
  return 0;
}
