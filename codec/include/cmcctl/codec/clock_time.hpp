#pragma once

#include <cstdint>
#include <string>

/// Seconds since 1970 as text, in UTC; empty for what is beyond all calendars.
namespace cmcctl {

/// "20261121035244Z": the contents of a GeneralizedTime (RFC 5280 section 4.1.2.5.2).
std::string generalized_time_text(std::int64_t seconds_since_1970);

/// "2026-11-21T03:52:44Z": RFC 3339.
std::string iso8601(std::int64_t seconds_since_1970);

}  // namespace cmcctl
