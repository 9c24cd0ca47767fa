#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/result.hpp>

namespace cmcctl::cli {

/// A control as --control NAME=VALUE has it.
struct ControlOption {
  std::string type;                 ///< name or dotted OID
  std::vector<std::uint8_t> value;  ///< DER
};

/// VALUE is JSON as `decode` shows it, "hex:" and the DER, or text where the control's value is one string or number.
/// Errors are `not_encodable`.
Result<ControlOption> parse_control(std::string_view text);

}  // namespace cmcctl::cli
