#pragma once

#include <string>
#include <string_view>

#include <p11-kit/pkcs11.h>

#include <cmcctl/codec/result.hpp>

namespace cmcctl {

/// "CKR_PIN_INCORRECT", or "CKR 0xCE534351" for what has no name.
std::string ckr_name(CK_RV rv);

/// `token_failed`: what was tried, the name of the error, and a sentence where it helps.
Error token_error(std::string_view what, CK_RV rv);

}  // namespace cmcctl
