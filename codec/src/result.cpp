#include <cmcctl/codec/result.hpp>

#include <cmcctl/codec/oddity.hpp>

#include <algorithm>
#include <array>

namespace cmcctl {
namespace {

constexpr std::array errors{
    ErrorInfo{Errc::empty_input, "empty_input", "there is nothing to read",
              "check the file name, and that the program that wrote it did not fail"},
    ErrorInfo{Errc::truncated, "truncated", "the message ends too early",
              "fetch or copy it again; compare its size with the sender's (cmcctl inspect --tree shows how far it goes)"},
    ErrorInfo{Errc::trailing_data, "trailing_data", "bytes follow the message",
              "cut the file after the message, or give the messages one by one"},
    ErrorInfo{Errc::bad_tag, "bad_tag", "an identifier octet is wrong",
              "look at the bytes around the offset with cmcctl inspect --tree"},
    ErrorInfo{Errc::bad_length, "bad_length", "a length is impossible",
              "look at the enclosing element with cmcctl inspect --tree"},
    ErrorInfo{Errc::bad_boolean, "bad_boolean", "a BOOLEAN is malformed", "the sender's encoder is at fault"},
    ErrorInfo{Errc::bad_integer, "bad_integer", "an INTEGER is malformed", "the sender's encoder is at fault"},
    ErrorInfo{Errc::bad_null, "bad_null", "a NULL is malformed", "the sender's encoder is at fault"},
    ErrorInfo{Errc::bad_bit_string, "bad_bit_string", "a BIT STRING is malformed", "the sender's encoder is at fault"},
    ErrorInfo{Errc::bad_oid, "bad_oid", "an OBJECT IDENTIFIER is malformed", "the sender's encoder is at fault"},
    ErrorInfo{Errc::bad_string, "bad_string", "a string is malformed", "the sender's encoder is at fault"},
    ErrorInfo{Errc::bad_indefinite, "bad_indefinite", "an indefinite length is malformed",
              "the sender's encoder is at fault"},
    ErrorInfo{Errc::unexpected_tag, "unexpected_tag", "another type stands here than the standard has",
              "compare with cmcctl inspect --tree; cmcctl explain RULE tells what the standard has"},
    ErrorInfo{Errc::missing_member, "missing_member", "something is missing here",
              "compare with cmcctl inspect --tree; cmcctl explain RULE tells what the standard has"},
    ErrorInfo{Errc::unexpected_member, "unexpected_member", "something stands here that does not belong here",
              "compare with cmcctl inspect --tree; cmcctl explain RULE tells what the standard has"},
    ErrorInfo{Errc::no_alternative, "no_alternative", "none of the possible types stands here",
              "compare with cmcctl inspect --tree; cmcctl explain RULE tells what the standard has"},
    ErrorInfo{Errc::value_out_of_range, "value_out_of_range", "a number is outside its range",
              "cmcctl explain RULE tells what the standard has"},
    ErrorInfo{Errc::wrong_value_count, "wrong_value_count", "not exactly one value stands here",
              "cmcctl explain RULE tells what the standard has"},
    ErrorInfo{Errc::not_a_message, "not_a_message", "this is no message that cmcctl knows",
              "cmcctl inspect --tree shows its elements all the same"},
    ErrorInfo{Errc::limit_exceeded, "limit_exceeded", "a limit is exceeded",
              "if the message is to be trusted, raise the limit: --limit NAME=VALUE"},
    ErrorInfo{Errc::unknown_form, "unknown_form", "this text has none of the forms that messages come in",
              "give DER, PEM, base64, hexadecimal, MIME or HTTP; --in-form names one where guessing goes wrong"},
    ErrorInfo{Errc::bad_pem, "bad_pem", "the PEM text is malformed",
              "look for cut or edited -----BEGIN and -----END lines"},
    ErrorInfo{Errc::bad_base64, "bad_base64", "the base64 text is malformed", "look for cut or edited lines"},
    ErrorInfo{Errc::bad_hex, "bad_hex", "the hexadecimal text is malformed", "look for cut or edited lines"},
    ErrorInfo{Errc::bad_http, "bad_http", "the HTTP message is malformed", "save the body alone and try that"},
    ErrorInfo{Errc::bad_mime, "bad_mime", "the MIME message is malformed", "save the body part alone and try that"},
    ErrorInfo{Errc::bad_json, "bad_json", "the JSON does not describe a message",
              "compare with what cmcctl decode writes for a message of this kind; docs/json.md has the rules"},
    ErrorInfo{Errc::bad_der_text, "bad_der_text", "the DER text is malformed",
              "look at the line and column named; docs/der-text.md has the grammar"},
    ErrorInfo{Errc::not_encodable, "not_encodable", "a value has no encoding", "fill in the member that is named"},
    ErrorInfo{Errc::unsupported_algorithm, "unsupported_algorithm", "this build cannot compute with the algorithm",
              "cmcctl doctor lists the algorithms that this build has"},
    ErrorInfo{Errc::bad_algorithm, "bad_algorithm", "the parameters of an algorithm do not fit it",
              "the sender's software is at fault; cmcctl inspect --json shows the parameters"},
    ErrorInfo{Errc::bad_key, "bad_key", "a key does not decode, or is not sound",
              "make the key again, or convert it with openssl pkey"},
    ErrorInfo{Errc::weak_key, "weak_key", "a key is of a size that is refused",
              "make a new key: RSA of 2048 to 8192 bits, or EC P-256, P-384, P-521"},
    ErrorInfo{Errc::no_key, "no_key", "no key is found",
              "cmcctl keys list STORE shows what is there"},
    ErrorInfo{Errc::wrong_password, "wrong_password", "the password is wrong, or one is needed",
              "give it with --password file:F, env:V, fd:N or prompt"},
    ErrorInfo{Errc::token_failed, "token_failed", "a token refuses",
              "cmcctl doctor shows the tokens that are found"},
    ErrorInfo{Errc::decryption_failed, "decryption_failed", "decryption failed",
              "the same is said whatever the cause: another key, or a message that was changed"},
    ErrorInfo{Errc::connection_failed, "connection_failed", "no connection to the other side",
              "is the server running, and are host and port right?"},
    ErrorInfo{Errc::tls_failed, "tls_failed", "TLS failed",
              "openssl s_client -connect HOST:PORT -showcerts shows what the server has"},
    ErrorInfo{Errc::deadline_passed, "deadline_passed", "the other side took too long",
              "try again, or give it more time with --timeout SECONDS"},
    ErrorInfo{Errc::store_failed, "store_failed", "the store refuses",
              "is it a store of cmcctl, may it be written, and is there room on the disk?"},
};

}  // namespace

const ErrorInfo& error_info(Errc code) {
  const auto found = std::ranges::find(errors, code, &ErrorInfo::code);
  assert(found != errors.end());
  return *found;
}

std::string to_string(const Error& error) {
  std::string text = "byte " + std::to_string(error.offset);
  if (!error.path.empty()) text += ", " + error.path;
  text += ": " + std::string(error_info(error.code).sentence);
  if (!error.detail.empty()) text += ": " + error.detail;
  if (!error.rule.empty()) text += " [" + std::string(error.rule) + "]";
  return text;
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return {};
}

}  // namespace cmcctl
