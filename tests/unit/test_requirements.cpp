#include "catch.hpp"

#include <set>
#include <string>

#include <cmcctl/codec/requirements.hpp>

using cmcctl::find_requirement;
using cmcctl::requirements;

TEST_CASE("the catalogue is embedded with all its columns") {
  REQUIRE(requirements().size() >= 485);
  const auto* rule = find_requirement("CMC-5272-6.6-04");
  REQUIRE(rule != nullptr);
  CHECK(rule->group == "18. Transaction identifier and nonces");
  CHECK(rule->reference == "RFC 5272 §6.6");
  CHECK(rule->current_reference == "10002 §6.6");
  CHECK(rule->edition == "B");
  CHECK(rule->level == "MUST");
  CHECK(rule->who == "any");
  CHECK(rule->message == "rsp");
  CHECK(rule->check == "P");
  CHECK(rule->statement.find("recipientNonce") != std::string_view::npos);
  CHECK(rule->violation == "recipientNonce differs or is absent");
}

TEST_CASE("no two rules share an id, and each is found by it") {
  std::set<std::string_view> ids;
  for (const auto& rule : requirements()) {
    INFO(rule.id);
    CHECK(ids.insert(rule.id).second);
    CHECK(find_requirement(rule.id) == &rule);
  }
}

TEST_CASE("rows use the words that the catalogue defines") {
  const std::set<std::string_view> editions{"B", "O", "N", "P"};
  const std::set<std::string_view> levels{"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "DEF"};
  const std::set<std::string_view> messages{"req", "rsp", "any", "xport"};
  const std::set<std::string_view> checks{"S", "K", "P", "X", "T", "L"};
  for (const auto& rule : requirements()) {
    INFO(rule.id);
    CHECK(rule.id.starts_with("CMC-"));
    CHECK(editions.contains(rule.edition));
    CHECK(levels.contains(rule.level));
    CHECK(messages.contains(rule.message));
    CHECK(checks.contains(rule.check));
    CHECK_FALSE(rule.who.empty());
    CHECK_FALSE(rule.reference.empty());
    CHECK_FALSE(rule.statement.empty());
  }
}

TEST_CASE("quotes, semicolons and brackets of the catalogue survive") {
  bool semicolon = false;
  bool bracket = false;
  bool quote = false;
  for (const auto& rule : requirements()) {
    const std::string text = std::string(rule.statement) + std::string(rule.violation);
    semicolon = semicolon || text.find(';') != std::string::npos;
    bracket = bracket || text.find('[') != std::string::npos;
    quote = quote || text.find('"') != std::string::npos;
    CHECK(text.find('\t') == std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
  }
  CHECK(semicolon);
  CHECK(bracket);
  CHECK(quote);
}

TEST_CASE("unknown ids are not found") {
  for (const auto* id : {"", "CMC-5272-6.6", "cmc-5272-6.6-04", "id"}) CHECK(find_requirement(id) == nullptr);
}
