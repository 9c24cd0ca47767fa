#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <cmcctl/server/http_server.hpp>

namespace cmcctl {

inline constexpr std::size_t head_octets = 64u << 10;
inline constexpr std::size_t line_octets = 4u << 10;
inline constexpr std::size_t most_fields = 64;

/// Why a request is refused.
struct HttpRefusal {
  int status = 400;
  std::string_view text;
};

struct HttpHead {
  HttpRequest request;  ///< without its body
  std::size_t content_length = 0;
  bool keep_alive = true;
};

/// Request line and fields, with the empty line at their end (RFC 9112). Stricter than it has to be: lines end with
/// CR LF, nothing is folded, no field may say anything about the body but one Content-Length, and what a CA has no use
/// for (codings, ranges, upgrades, expectations) is refused.
std::variant<HttpHead, HttpRefusal> parse_head(std::string_view head, std::size_t body_octets);

}  // namespace cmcctl
