#include <cmcctl/codec/c_array.hpp>

#include <ostream>
#include <string>

#include <cmcctl/codec/text.hpp>

namespace cmcctl {
namespace {

constexpr std::size_t line_octets = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string c_name(std::string_view name) {
  std::string result;
  if (name.empty() || is_digit(name[0])) result += '_';
  for (const char c : name) result += is_letter(c) || is_digit(c) ? c : '_';
  return result;
}

}  // namespace

void write_c_array(std::ostream& out, Octets bytes, std::string_view name) {
  out << "static const unsigned char " << c_name(name);
  if (bytes.empty()) {
    out << "[1] = {0x00}; /* no octets */\n";
    return;
  }
  out << "[] = {";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out << (i % line_octets == 0 ? "\n    " : " ") << "0x" << hex(bytes.sub(i, 1));
    if (i + 1 != bytes.size()) out << ',';
  }
  out << "\n};\n";
}

}  // namespace cmcctl
