#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace cmcctl {

/// Writes JSON piece by piece, so that a large message needs no tree of it in memory. Strings go through
/// nlohmann-json: everything but printable ASCII is escaped, invalid UTF-8 replaced.
class JsonWriter {
 public:
  explicit JsonWriter(std::ostream& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool truth) { write(truth ? "true" : "false"); }
  void value(std::int64_t number);
  void value(std::size_t number) { value(static_cast<std::int64_t>(number)); }
  void value(int number) { value(static_cast<std::int64_t>(number)); }
  void pair(std::size_t first, std::size_t second) {
    write("[" + std::to_string(first) + ", " + std::to_string(second) + "]");
  }
  void null() { write("null"); }

  template <class T>
  void member(std::string_view name, const T& what) {
    key(name);
    value(what);
  }

 private:
  struct Level {
    bool empty = true;
  };

  void separate();
  void indent();
  void open(char bracket);
  void close(char bracket);
  void write(std::string_view raw);

  std::ostream& out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace cmcctl
