#include "piece.hpp"

#include <algorithm>

#include <cmcctl/codec/pem.hpp>
#include <cmcctl/codec/text.hpp>

namespace cmcctl::cli {
namespace {

struct Row {
  MessageKind kind;
  bool content_info;  // these words are for it inside a ContentInfo only
  std::string_view label;
  std::string_view media_type;
  std::string_view smime_type;
  std::string_view mail_extension;
  std::string_view file_extension;
};

constexpr std::string_view pkcs7_mime = "application/pkcs7-mime";

// RFC 10003 sections 4 and 5; RFC 8551 section 3.2.2 for what is no CMC message.
constexpr Row rows[]{
    {MessageKind::full_pki_request, true, "CMS", pkcs7_mime, "CMC-Request", "p7m", "crq"},
    {MessageKind::full_pki_response, true, "CMS", pkcs7_mime, "CMC-Response", "p7m", "crp"},
    {MessageKind::simple_pki_request, false, "CERTIFICATE REQUEST", "application/pkcs10", "", "p10", "p10"},
    {MessageKind::simple_pki_response, true, "CMS", pkcs7_mime, "certs-only", "p7c", "p7c"},
    {MessageKind::signed_data, true, "CMS", pkcs7_mime, "signed-data", "p7m", "p7m"},
    {MessageKind::enveloped_data, true, "CMS", pkcs7_mime, "enveloped-data", "p7m", "p7m"},
    {MessageKind::auth_enveloped_data, true, "CMS", pkcs7_mime, "authEnveloped-data", "p7m", "p7m"},
    {MessageKind::authenticated_data, true, "CMS", "", "", "", "p7m"},
    {MessageKind::encrypted_data, true, "CMS", "", "", "", "p7m"},
    {MessageKind::digested_data, true, "CMS", "", "", "", "p7m"},
    {MessageKind::other_content, true, "CMS", "", "", "", "p7m"},
    {MessageKind::certificate, false, "CERTIFICATE", "", "", "", "cer"},
    {MessageKind::crl, false, "X509 CRL", "", "", "", "crl"},
};

const Row* row_of(const Piece& piece) {
  const auto row = std::ranges::find_if(rows, [&](const Row& candidate) {
    return candidate.kind == piece.kind && (piece.in_content_info || !candidate.content_info);
  });
  return row == std::end(rows) ? nullptr : row;
}

std::string lines(std::string_view text, std::size_t width, std::string_view end) {
  std::string result;
  result.reserve(text.size() + text.size() / width * end.size() + end.size());
  for (std::size_t at = 0; at < text.size(); at += width) result.append(text.substr(at, width)).append(end);
  return result;
}

std::optional<std::string> smime(const Piece& piece) {
  const Row* row = row_of(piece);
  if (row == nullptr || row->media_type.empty()) return std::nullopt;
  const std::string name = "smime." + std::string(row->mail_extension);
  std::string type(row->media_type);
  if (!row->smime_type.empty()) type += "; smime-type=" + std::string(row->smime_type);
  return "MIME-Version: 1.0\r\nContent-Type: " + type + "; name=" + name +
         "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline; filename=" + name + "\r\n\r\n" +
         lines(base64(Octets(piece.bytes)), 76, "\r\n");
}

}  // namespace

std::string_view pem_label(const Piece& piece) {
  const Row* row = row_of(piece);
  return row == nullptr ? std::string_view() : row->label;
}

std::optional<std::string> wrap(const Piece& piece, OutForm form, std::string_view label) {
  const Octets bytes(piece.bytes);
  switch (form) {
    case OutForm::der:
    case OutForm::p7c:
      return std::string(bytes.chars());
    case OutForm::pem:
      return piece.comment + pem_text(label, bytes);
    case OutForm::base64:
      return lines(base64(bytes), 64, "\n");
    case OutForm::hex:
      return lines(hex(bytes), 64, "\n");
    case OutForm::smime:
      return smime(piece);
  }
  return std::nullopt;
}

std::string_view file_extension(const Piece& piece, OutForm form) {
  const Row* row = row_of(piece);
  switch (form) {
    case OutForm::pem:
      return "pem";
    case OutForm::base64:
      return "b64";
    case OutForm::hex:
      return "hex";
    case OutForm::smime:
      return "eml";
    case OutForm::p7c:
      return "p7c";
    case OutForm::der:
      break;
  }
  return row == nullptr ? "der" : row->file_extension;
}

bool is_pem_label(std::string_view label) {
  const auto is_label_char = [](char c) { return c > ' ' && c < 0x7f && c != '-'; };
  bool separated = true;
  for (const char c : label) {
    const bool separator = c == ' ' || c == '-';
    if (!separator && !is_label_char(c)) return false;
    if (separator && separated) return false;
    separated = separator;
  }
  return !separated;
}

}  // namespace cmcctl::cli
