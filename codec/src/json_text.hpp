#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <ostream>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// JSON text, piece by piece and fast: what is written most are names, numbers and hexadecimal, which need no
/// escapes. The caller sees to it that the pieces make JSON.
class JsonText {
 public:
  JsonText(std::ostream& out, bool indent)
      : out_(out), indent_(indent), buffer_(std::make_unique_for_overwrite<char[]>(usual_size)), to_(buffer_.get()),
        end_(to_ + usual_size) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  /// A member's name; needs no escapes.
  void key(std::string_view name) {
    char* to = separate(name.size() + 4);
    to = quoted(to, name);
    *to++ = ':';
    if (indent_) *to++ = ' ';
    to_ = to;
    after_key_ = true;
  }

  void null() { raw("null"); }
  void number(std::int64_t number);
  /// `true`, `false`: anything that is complete JSON.
  void raw(std::string_view json) {
    char* const to = separate(json.size());
    to_ = copied(to, json);
  }
  /// A string that needs no escapes.
  void text(std::string_view plain) {
    char* const to = separate(plain.size() + 2);
    to_ = quoted(to, plain);
  }
  /// Any UTF-8.
  void string(std::string_view utf8);
  /// Whether it needs no escapes.
  static bool is_plain(std::string_view characters);
  void hex(Octets octets) {
    begin_text({});
    hex_part(octets);
    end_text();
  }

  void begin_text(std::string_view plain) {
    char* to = separate(plain.size() + 1);
    *to++ = '"';
    to_ = copied(to, plain);
  }
  void part(std::string_view plain) { to_ = copied(room(plain.size()), plain); }
  void hex_part(Octets octets);
  void end_text() {
    char* const to = room(1);
    *to = '"';
    to_ = to + 1;
  }

  /// Ends the document.
  void finish();

 private:
  static constexpr std::size_t usual_size = 64u << 10;

  // What follows writes through a local pointer and moves to_ once: a store to a char could be one to a member.

  void open(char bracket) {
    char* const to = separate(1);
    *to = bracket;
    to_ = to + 1;
    ++level_;
    empty_ = true;
  }
  void close(char bracket) {
    --level_;
    char* to = room(around() + 1);
    if (!empty_) to = new_line(to);
    *to = bracket;
    to_ = to + 1;
    empty_ = false;
  }
  /// Puts the next value apart from the one before; behind that there is room for so many characters.
  char* separate(std::size_t characters) {
    char* to = room(around() + characters);
    if (after_key_) {
      after_key_ = false;
      return to;
    }
    if (level_ == 0) return to;
    if (!empty_) *to++ = ',';
    empty_ = false;
    return new_line(to);
  }
  char* new_line(char* to) const {
    if (!indent_) return to;
    *to++ = '\n';
    for (std::size_t i = 0; i < level_; i += step) std::memset(to + i, ' ', step);
    return to + level_;
  }
  static char* quoted(char* to, std::string_view plain) {
    *to++ = '"';
    to = copied(to, plain);
    *to++ = '"';
    return to;
  }
  // Most are names: for so few characters a call takes longer than the copy.
  static char* copied(char* to, std::string_view text) {
    if (text.size() < 4) {
      for (std::size_t i = 0; i < text.size(); ++i) to[i] = text[i];
    } else if (text.size() <= 8) {
      copy_ends<4>(to, text);
    } else if (text.size() <= 16) {
      copy_ends<8>(to, text);
    } else if (text.size() <= 32) {
      copy_ends<16>(to, text);
    } else {
      std::memcpy(to, text.data(), text.size());
    }
    return to + text.size();
  }
  // The first and the last so many characters, which may overlap.
  template <std::size_t count>
  static void copy_ends(char* to, std::string_view text) {
    std::memcpy(to, text.data(), count);
    std::memcpy(to + text.size() - count, text.end() - count, count);
  }

  static constexpr std::size_t step = 32;  // so many blanks at once; the next piece overwrites those too many
  std::size_t around() const { return level_ + step + 2; }

  /// Room for so many characters.
  char* room(std::size_t characters) {
    if (static_cast<std::size_t>(end_ - to_) < characters) make_room(characters);
    return to_;
  }
  void make_room(std::size_t characters);
  void flush();

  std::ostream& out_;
  const bool indent_;
  std::unique_ptr<char[]> buffer_;
  char* to_;
  char* end_;
  std::size_t level_ = 0;
  bool empty_ = true;
  bool after_key_ = false;
};

}  // namespace cmcctl
