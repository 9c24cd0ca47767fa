#include "json_writer.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

namespace cmcctl {

void JsonWriter::indent() {
  static constexpr std::string_view blanks = "                                                                ";
  out_ << '\n';
  std::size_t left = levels_.size();
  for (; left > blanks.size(); left -= blanks.size()) out_ << blanks;
  out_ << blanks.substr(0, left);
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  if (!levels_.back().empty) out_ << ',';
  levels_.back().empty = false;
  indent();
}

void JsonWriter::open(char bracket) {
  separate();
  out_ << bracket;
  levels_.emplace_back();
}

void JsonWriter::close(char bracket) {
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) indent();
  out_ << bracket;
  if (levels_.empty()) out_ << '\n';
}

void JsonWriter::write(std::string_view raw) {
  separate();
  out_ << raw;
}

void JsonWriter::key(std::string_view name) {
  value(name);
  out_ << ": ";
  after_key_ = true;
}

void JsonWriter::value(std::string_view text) {
  using nlohmann::json;
  // Names, hexadecimal and base64 need no escapes, and they are nearly everything.
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  if (plain) {
    separate();
    out_ << '"' << text << '"';
    return;
  }
  write(json(text).dump(-1, ' ', true, json::error_handler_t::replace));
}

void JsonWriter::value(std::int64_t number) { write(std::to_string(number)); }

}  // namespace cmcctl
