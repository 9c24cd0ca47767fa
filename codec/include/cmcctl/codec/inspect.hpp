#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// What is said about the input around a message.
struct InspectInput {
  std::string file = "-";  ///< as the user named it
  std::string form;        ///< "PEM"; "DER" becomes "BER" where the message is
  std::string label;       ///< PEM label or media type; may be empty
};

struct InspectOptions {
  std::string only;             ///< show just the element with this path
  std::size_t depth = 64;       ///< levels of nested messages (text) or of elements (tree) to show
  bool color = false;
  bool verified_after = false;  ///< verdicts on signatures and proofs follow the text
};

/// The version of the JSON that inspect_json writes; docs/inspect-json.md describes it.
constexpr int inspect_schema = 1;

/// A tree that a person reads in one look, then the oddities and errors.
void inspect_text(std::ostream& out, Decoder& decoder, const Message& message, const InspectInput& input,
                  const InspectOptions& options);

/// The message as JSON with the RFCs' field names.
void inspect_json(std::ostream& out, Decoder& decoder, const Message& message, const InspectInput& input,
                  const InspectOptions& options);

/// The JSON of an input that does not decode at all.
void inspect_json(std::ostream& out, const Error& error, const InspectInput& input);

/// Every TLV with offset, length, field name and value, one a line. Takes bytes that are no known message too, and
/// shows broken ones as far as they go. The error, if any, is the scan's.
Result<void> inspect_tree(std::ostream& out, Decoder& decoder, Octets bytes, const InspectOptions& options);

/// Whether the message has an element with this path.
bool has_path(Decoder& decoder, const Message& message, const std::string& path);

}  // namespace cmcctl
