#pragma once

#include <string>
#include <string_view>

#include <cmcctl/codec/result.hpp>

namespace cmcctl {

/// What a client needs of an http or https URL (RFC 3986).
struct Url {
  bool tls = false;
  std::string host;  ///< without the brackets of an IPv6 address
  std::string port;
  std::string target;  ///< path and query, "/" at least

  /// host:port as the Host field has it: without the port that the scheme implies.
  std::string authority() const;
};

/// `value_out_of_range` for other schemes, user names in it, fragments, and characters that no URL has.
Result<Url> parse_url(std::string_view text);

}  // namespace cmcctl
