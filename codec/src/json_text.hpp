#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// JSON text, piece by piece and fast: what is written most are names, numbers and hexadecimal, which need no
/// escapes. The caller sees to it that the pieces make JSON.
class JsonText {
 public:
  JsonText(std::ostream& out, bool indent) : out_(out), indent_(indent) { buffer_.reserve(2 * flush_at); }

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  /// A member's name; needs no escapes.
  void key(std::string_view name) {
    text(name);
    buffer_ += indent_ ? ": " : ":";
    after_key_ = true;
  }

  void null() { raw("null"); }
  void number(std::int64_t number);
  /// `true`, `false`: anything that is complete JSON.
  void raw(std::string_view json) {
    separate();
    buffer_ += json;
  }
  /// A string that needs no escapes.
  void text(std::string_view plain) {
    begin_text(plain);
    end_text();
  }
  /// Any UTF-8.
  void string(std::string_view utf8);
  void hex(Octets octets) {
    begin_text({});
    hex_part(octets);
    end_text();
  }

  void begin_text(std::string_view plain) {
    separate();
    buffer_ += '"';
    buffer_ += plain;
  }
  void part(std::string_view plain) { buffer_ += plain; }
  void hex_part(Octets octets);
  void end_text() { buffer_ += '"'; }

  /// Ends the document.
  void finish();

 private:
  static constexpr std::size_t flush_at = 64u << 10;

  void open(char bracket) {
    separate();
    buffer_ += bracket;
    ++level_;
    empty_ = true;
  }
  void close(char bracket) {
    --level_;
    if (!empty_) new_line();
    buffer_ += bracket;
    empty_ = false;
  }
  void separate() {
    if (after_key_) {
      after_key_ = false;
      return;
    }
    if (level_ == 0) return;
    if (!empty_) buffer_ += ',';
    empty_ = false;
    new_line();
    if (buffer_.size() >= flush_at) flush();
  }
  void new_line() {
    if (!indent_) return;
    buffer_ += '\n';
    buffer_.append(level_, ' ');
  }
  void flush();

  std::ostream& out_;
  const bool indent_;
  std::string buffer_;
  std::size_t level_ = 0;
  bool empty_ = true;
  bool after_key_ = false;
};

}  // namespace cmcctl
