#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace cmcctl::cli {

/// A change to a message in its JSON form, as --set, --delete and --insert ask for it.
struct JsonEdit {
  enum class Kind : std::uint8_t { set, remove, insert } kind = Kind::set;
  std::string path;                ///< as errors and `inspect` name it; may begin at any step that is there only once
  nlohmann::ordered_json value{};  ///< nothing for remove
};

/// Makes the change. Returns what is wrong with it, or nothing.
std::string apply_edit(nlohmann::ordered_json& message, const JsonEdit& edit);

}  // namespace cmcctl::cli
