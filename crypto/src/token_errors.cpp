#include "token_errors.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cmcctl {
namespace {

struct CkrRow {
  CK_RV rv;
  std::string_view name;
  std::string_view sentence;
};

constexpr CK_RV nss_certificate_database = 0xCE534351;

constexpr std::array rows{
    CkrRow{CKR_HOST_MEMORY, "CKR_HOST_MEMORY", ""},
    CkrRow{CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID", ""},
    CkrRow{CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", ""},
    CkrRow{CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", ""},
    CkrRow{CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD", "the directory or the parameters are wrong"},
    CkrRow{CKR_ATTRIBUTE_READ_ONLY, "CKR_ATTRIBUTE_READ_ONLY", ""},
    CkrRow{CKR_ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE", "the token does not give it away"},
    CkrRow{CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID", ""},
    CkrRow{CKR_ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID", ""},
    CkrRow{CKR_DATA_INVALID, "CKR_DATA_INVALID", ""},
    CkrRow{CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE", ""},
    CkrRow{CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", ""},
    CkrRow{CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", "the token is full"},
    CkrRow{CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", "put the token back"},
    CkrRow{CKR_ENCRYPTED_DATA_INVALID, "CKR_ENCRYPTED_DATA_INVALID", ""},
    CkrRow{CKR_ENCRYPTED_DATA_LEN_RANGE, "CKR_ENCRYPTED_DATA_LEN_RANGE", ""},
    CkrRow{CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED", ""},
    CkrRow{CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED", "the token cannot do this"},
    CkrRow{CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID", ""},
    CkrRow{CKR_KEY_SIZE_RANGE, "CKR_KEY_SIZE_RANGE", "the token has no keys of this size"},
    CkrRow{CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT", ""},
    CkrRow{CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED", "the key may not be used for this"},
    CkrRow{CKR_KEY_UNEXTRACTABLE, "CKR_KEY_UNEXTRACTABLE", ""},
    CkrRow{CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID", "the token cannot do this"},
    CkrRow{CKR_MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID", "the token cannot do this"},
    CkrRow{CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID", ""},
    CkrRow{CKR_OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE", ""},
    CkrRow{CKR_OPERATION_NOT_INITIALIZED, "CKR_OPERATION_NOT_INITIALIZED", ""},
    CkrRow{CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", "the PIN is wrong"},
    CkrRow{CKR_PIN_INVALID, "CKR_PIN_INVALID", "the PIN is wrong"},
    CkrRow{CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", "the PIN is too short or too long"},
    CkrRow{CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", "the PIN has to be changed"},
    CkrRow{CKR_PIN_LOCKED, "CKR_PIN_LOCKED", "the PIN is locked; the security officer can set another"},
    CkrRow{CKR_SESSION_COUNT, "CKR_SESSION_COUNT", "the token has too many sessions open"},
    CkrRow{CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID", ""},
    CkrRow{CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY", "the token cannot be written to"},
    CkrRow{CKR_SIGNATURE_LEN_RANGE, "CKR_SIGNATURE_LEN_RANGE", ""},
    CkrRow{CKR_TEMPLATE_INCOMPLETE, "CKR_TEMPLATE_INCOMPLETE", ""},
    CkrRow{CKR_TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT", ""},
    CkrRow{CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", "no token is in the slot"},
    CkrRow{CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED", ""},
    CkrRow{CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED", "the token cannot be written to"},
    CkrRow{CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", "the token wants its PIN first"},
    CkrRow{CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED", "the token has no PIN yet"},
    CkrRow{CKR_USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID", ""},
    CkrRow{CKR_WRAPPED_KEY_INVALID, "CKR_WRAPPED_KEY_INVALID", ""},
    CkrRow{CKR_WRAPPED_KEY_LEN_RANGE, "CKR_WRAPPED_KEY_LEN_RANGE", ""},
    CkrRow{CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED", ""},
    CkrRow{CKR_CRYPTOKI_ALREADY_INITIALIZED, "CKR_CRYPTOKI_ALREADY_INITIALIZED", ""},
    CkrRow{nss_certificate_database, "CKR_NSS_CERTDB_FAILED",
           "the NSS database cannot be opened: a wrong directory, or one of the old dbm form"},
};

}  // namespace

std::string ckr_name(CK_RV rv) {
  const auto row = std::ranges::find(rows, rv, &CkrRow::rv);
  if (row != rows.end()) return std::string(row->name);
  char text[32];
  std::snprintf(text, sizeof text, "CKR 0x%lX", rv);
  return text;
}

Error token_error(std::string_view what, CK_RV rv) {
  std::string detail = std::string(what) + ": " + ckr_name(rv);
  const auto row = std::ranges::find(rows, rv, &CkrRow::rv);
  if (row != rows.end() && !row->sentence.empty()) detail += ", " + std::string(row->sentence);
  return {Errc::token_failed, 0, {}, {}, std::move(detail)};
}

}  // namespace cmcctl
