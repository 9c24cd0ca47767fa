#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

namespace cmcctl {

/// How a message is wrapped in a file. BER is not told from DER here: the decoder does that.
enum class Form : std::uint8_t { der, pem, base64, hex, mime, http };

/// "DER", "PEM", "base64", "hex", "MIME", "HTTP"
std::string_view to_string(Form form);

/// One message out of a file, unwrapped.
struct InputBlock {
  Form form = Form::der;
  std::string label{};  ///< PEM label, also of PEM in a MIME or HTTP body; else the media type of that body,
                        ///< with its smime-type: "application/pkcs7-mime; smime-type=CMC-Response"
  std::vector<std::uint8_t> bytes{};  ///< the encoding itself
  std::size_t line = 0;               ///< line of the file in which the block starts; 0 for DER
};

/// Finds out how the bytes of a file are wrapped and takes the messages out: DER and BER as they are, PEM with any
/// labels and any number of blocks, bare base64 (the URL-safe alphabet and missing padding too), hexadecimal and what
/// xxd and hexdump -C print, a MIME entity, an HTTP request or response whose body is any of these. A byte order mark
/// and UTF-16, as Windows tools write it, are taken off. `forced` leaves out the guess.
///
/// At least one block comes back; keys and certificates come back like messages, their labels tell. An Error's offset
/// counts in the file as given, its detail names the line. Limits::message_octets holds for each unwrapped message,
/// four times as much for a file that is text. Takes linear time.
Result<std::vector<InputBlock>> read_blocks(Octets file, const Limits& limits, std::optional<Form> forced = {});

}  // namespace cmcctl
