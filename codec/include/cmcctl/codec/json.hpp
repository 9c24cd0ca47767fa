#pragma once

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

/// Messages as JSON that is made to be edited, and back. docs/json.md describes it.
namespace cmcctl {

struct JsonOptions {
  std::string_view type;  ///< name of the ASN.1 type in the RFCs' modules; empty: found out
  bool indent = true;     ///< one member a line
};

/// Writes one complete element as JSON from which `read_json` makes the same octets again: DER or BER, with everything
/// unknown or odd in it. Fails on what `Decoder::scan` refuses, before anything is written, and on an unknown type.
Result<void> write_json(std::ostream& out, Octets element, const Limits& limits = {}, const JsonOptions& options = {});

/// What `read_json` made.
struct JsonMessage {
  std::vector<std::uint8_t> bytes;
  std::vector<std::string> remarks;  ///< parts that were edited after they had been signed, with their paths
};

/// Makes the octets that the JSON describes: DER, except where it asks for something else. What is left out and can
/// only be one thing is filled in (versions, empty lists, bodyPartIDs, the identifier of a typed value). Errors have
/// the code `bad_json`; their offset counts in the text, path and detail (which begins with "line 3, column 7: ") tell
/// the rest.
Result<JsonMessage> read_json(std::istream& text, const Limits& limits = {});

}  // namespace cmcctl
