#pragma once

#include "token_session.hpp"

namespace cmcctl {

/// The private key object as a key like others.
Result<std::unique_ptr<PrivateKey>> make_token_key(const std::shared_ptr<Token::State>& token, CK_OBJECT_HANDLE handle);

}  // namespace cmcctl
