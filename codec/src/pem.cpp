#include <cmcctl/codec/pem.hpp>

#include <cmcctl/codec/text.hpp>

namespace cmcctl {

std::string pem_text(std::string_view label, Octets der) {
  constexpr std::size_t line = 64;
  const std::string name(label);
  const std::string digits = base64(der);
  std::string text = "-----BEGIN " + name + "-----\n";
  for (std::size_t at = 0; at < digits.size(); at += line) text.append(digits, at, line).append("\n");
  return text + "-----END " + name + "-----\n";
}

}  // namespace cmcctl
