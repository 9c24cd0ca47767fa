#pragma once

#include <string>

namespace cmcctl {

/// The first entry of OpenSSL's error queue in words, which is emptied: "tlsv1 alert unknown ca".
std::string tls_reason();

}  // namespace cmcctl
