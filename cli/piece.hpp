#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/message.hpp>

namespace cmcctl::cli {

/// What `convert` writes: a message, or something that was taken out of one.
struct Piece {
  std::optional<MessageKind> kind;  ///< nullopt for an eContent
  bool in_content_info = false;
  std::vector<std::uint8_t> bytes;  ///< as they came
  std::string comment{};            ///< lines for in front of its PEM block
};

/// The forms that `convert` writes.
enum class OutForm : std::uint8_t { der, pem, base64, hex, p7c, smime };

/// Whether a terminal can show it.
constexpr bool is_text(OutForm form) { return form != OutForm::der && form != OutForm::p7c; }

/// The PEM label of RFC 7468 and X.509 tradition; empty where there is none.
std::string_view pem_label(const Piece& piece);

/// The piece in this form; `label` is the PEM label to write. nullopt for S/MIME of what has no media type.
std::optional<std::string> wrap(const Piece& piece, OutForm form, std::string_view label);

/// The extension of a file with the piece, without the dot: of RFC 10003 for DER.
std::string_view file_extension(const Piece& piece, OutForm form);

/// The label may stand in a PEM file (RFC 7468 section 3).
bool is_pem_label(std::string_view label);

}  // namespace cmcctl::cli
