#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <cmcctl/cmc/pkcs10.hpp>

namespace cmcctl {

/// Attribute of PKCS #10 and control of CRMF.
inline constexpr std::string_view statement_of_possession = "1.3.6.1.4.1.22112.2.1";

/// The DER of a PrivateKeyPossessionStatement; `bad_algorithm` when the certificate has another key than the signer.
Result<std::vector<std::uint8_t>> possession_statement(const StatementOfPossession& how);

}  // namespace cmcctl
