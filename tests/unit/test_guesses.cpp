#include <string>

#include "catch.hpp"
#include "guesses.hpp"

namespace cmcctl::test {
namespace {

constexpr std::int64_t now = 1'780'272'000;

void guess(Guesses& guesses, const std::string& user, int times, std::int64_t time) {
  for (int i = 0; i < times; ++i) guesses.add(user, time);
}

}  // namespace

TEST_CASE("a wrong secret is forgotten each minute") {
  Guesses guesses;
  guess(guesses, "me", 9, now);
  CHECK_FALSE(guesses.are_too_many("me", now));
  guess(guesses, "me", 3, now);
  CHECK(guesses.are_too_many("me", now + 179));
  CHECK_FALSE(guesses.are_too_many("me", now + 180));
  CHECK_FALSE(guesses.are_too_many("you", now));
  CHECK(guesses.are_too_many("me", now - 3'600));  // a clock that was put back
}

TEST_CASE("wrong secrets of so many users are counted, and those of the oldest forgotten") {
  Guesses guesses;
  guess(guesses, "first", 10, now);
  for (int i = 1; i < 1'000; ++i) guess(guesses, std::to_string(i), 1, now + 1);
  CHECK(guesses.are_too_many("first", now + 1));
  guess(guesses, "one more", 10, now + 1);
  CHECK_FALSE(guesses.are_too_many("first", now + 1));
  CHECK(guesses.are_too_many("one more", now + 1));
}

}  // namespace cmcctl::test
