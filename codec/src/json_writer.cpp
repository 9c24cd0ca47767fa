#include "json_writer.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace cmcctl {

void JsonWriter::indent() {
  out_ << '\n';
  for (std::size_t i = 0; i < levels_.size(); ++i) out_ << ' ';
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
  write(json(text).dump(-1, ' ', true, json::error_handler_t::replace));
}

void JsonWriter::value(std::int64_t number) { write(std::to_string(number)); }

}  // namespace cmcctl
