#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

/// The messages of tests/vectors, as bytes.
namespace cmcctl::test {

struct Vector {
  std::string file;
  std::string kind;  ///< as in expected.json: "Full PKI Request"
  std::vector<std::uint8_t> bytes;
};

/// The type of its outermost element.
inline std::string_view type_of(const Vector& vector) {
  if (vector.kind == "Simple PKI Request") return "CertificationRequest";
  for (const std::string_view type : {"Certificate", "CertReqMessages", "CertReqMsg", "PKIData", "PKIResponse"}) {
    if (vector.kind == type) return type;
  }
  return "ContentInfo";
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Characters outside the alphabet are left out.
inline std::vector<std::uint8_t> decode_base64(std::string_view text) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) bytes.push_back(static_cast<std::uint8_t>(bits >> (count -= 8)));
  }
  return bytes;
}

/// The body of an HTTP message, the first block of a PEM text, or the text as it is.
inline std::vector<std::uint8_t> message_bytes(std::string_view text) {
  if (text.starts_with("HTTP/") || text.starts_with("POST ")) {
    const std::size_t body = text.find("\r\n\r\n");
    if (body != std::string_view::npos) return message_bytes(text.substr(body + 4));
  }
  const std::size_t begin = text.find("-----BEGIN ");
  const std::size_t end = text.find("-----END ");
  if (begin != std::string_view::npos && end != std::string_view::npos && begin < end) {
    const std::size_t line = text.find('\n', begin);
    if (line < end) return decode_base64(text.substr(line, end - line));
  }
  return {text.begin(), text.end()};
}

/// Every message that expected.json knows, broken ones left out.
inline std::vector<Vector> read_vectors(const std::filesystem::path& folder) {
  std::vector<Vector> vectors;
  const auto expected = nlohmann::json::parse(read_file(folder / "expected.json"));
  for (const auto& entry : expected) {
    const std::string kind = entry.at("kind");
    if (kind == "invalid") continue;
    const std::string file = entry.at("file");
    vectors.push_back({file, kind, message_bytes(read_file(folder / file))});
  }
  return vectors;
}

}  // namespace cmcctl::test
