#pragma once

#include <string>
#include <string_view>

namespace cmcctl {

/// "Not Found": the name of RFC 9110 section 15, or that of its class.
std::string_view http_reason(int status);

/// "HTTP 404 Not Found"
std::string http_status_text(int status);

}  // namespace cmcctl
