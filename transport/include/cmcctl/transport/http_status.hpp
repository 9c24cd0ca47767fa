#pragma once

#include <string>

namespace cmcctl {

/// "HTTP 404 Not Found": the code with its name in RFC 9110 section 15, or the name of its class.
std::string http_status_text(int status);

}  // namespace cmcctl
