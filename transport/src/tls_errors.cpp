#include "tls_errors.hpp"

#include <openssl/err.h>

namespace cmcctl {

std::string tls_reason() {
  const unsigned long first = ERR_peek_error();
  ERR_clear_error();
  if (first == 0) return "OpenSSL gives no reason";
  if (const char* reason = ERR_reason_error_string(first)) return reason;
  char text[256];
  ERR_error_string_n(first, text, sizeof text);
  return text;
}

}  // namespace cmcctl
