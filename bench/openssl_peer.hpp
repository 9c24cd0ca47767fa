#pragma once

#include <cmcctl/codec/octets.hpp>

namespace cmcctl::bench {

/// Decodes and frees the message with OpenSSL's d2i_CMS_ContentInfo, which decodes the certificates too but knows
/// nothing of what is in eContent. False when OpenSSL refuses it.
bool openssl_decode(Octets message);

const char* openssl_version();

}  // namespace cmcctl::bench
