#include <unistd.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdlib>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/Version.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/requirements.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "text.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown";
#endif
}

Json libraries() {
  return {{"CLI11", CLI11_VERSION},
          {"nlohmann-json", std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
                                std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
                                std::to_string(NLOHMANN_JSON_VERSION_PATCH)}};
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

Json terminal(const Globals& globals) {
  return {{"stdin", is_terminal(0)},
          {"stdout", globals.io.out_is_terminal},
          {"stderr", is_terminal(2)},
          {"color", globals.io.color},
          {"colorMode", globals.color},
          {"TERM", environment("TERM")},
          {"NO_COLOR", environment("NO_COLOR")}};
}

/// The locale that the environment asks for, as programs would get it. We ourselves stay in "C".
Json locale() {
  const char* known = std::setlocale(LC_CTYPE, "");
  const std::string ctype = known != nullptr ? known : "not installed";
  std::setlocale(LC_CTYPE, "C");
  return {{"LC_CTYPE", ctype}, {"LANG", environment("LANG")}, {"LC_ALL", environment("LC_ALL")}};
}

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 4> words{"SECRET", "PASSWORD", "PASSPHRASE", "PIN"};
  return std::ranges::any_of(words, [&](std::string_view word) { return name.find(word) != name.npos; });
}

Json variables() {
  std::vector<std::pair<std::string, std::string>> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("CMCCTL_")) continue;
    const auto equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const std::string_view value = text.substr(std::min(equals + 1, text.size()));
    found.emplace_back(name, is_secret(name) ? "(set, not shown)" : value);
  }
  std::ranges::sort(found);
  Json json = Json::object();
  for (const auto& [name, value] : found) json[name] = value;
  return json;
}

Json report(const Globals& globals) {
  return {{"schema", 1},
          {"version", version},
          {"compiler", compiler()},
          {"libraries", libraries()},
          {"tables", {{"oids", oid_entries().size()}, {"rules", requirements().size()}}},
          {"terminal", terminal(globals)},
          {"locale", locale()},
          {"variables", variables()}};
}

std::string shown(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return text.empty() ? "-" : escape(text);
}

void print_text(const Json& report, std::ostream& out) {
  constexpr std::size_t value_column = 22;
  for (const auto& [name, value] : report.items()) {
    if (name == "schema") continue;
    if (!value.is_object()) {
      out << wrapped(name, value_column, shown(value));
      continue;
    }
    out << name << (value.empty() ? ": none\n" : "\n");
    for (const auto& [key, member] : value.items()) out << wrapped("  " + escape(key), value_column, shown(member));
  }
}

ExitCode run_doctor(const Globals& globals) {
  const Json json = report(globals);
  if (globals.json) {
    globals.io.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    print_text(json, globals.io.out);
  }
  return ExitCode::ok;
}

}  // namespace

void register_doctor(Command app, Globals& globals) {
  const Command command = app.add_subcommand("doctor", "Show versions, terminal, locale and variables, for bug reports");
  add_json_option(command, globals);
  set_action(command, globals, [&globals] { return run_doctor(globals); });
}

}  // namespace cmcctl::cli
