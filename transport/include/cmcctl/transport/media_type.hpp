#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cmcctl {

/// The kinds of messages that RFC 10003 section 5, table 2 has media types and section 4, table 1 file names for.
enum class Carried { simple_request, full_request, simple_response, full_response };

/// "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m"
std::string_view media_type(Carried carried);

/// ".p10", ".crq", ".p7c", ".crp"
std::string_view file_extension(Carried carried);

/// What a Content-Type says; types and values compare without regard to case, other parameters do not count. nullopt
/// for other types, and for application/pkcs7-mime without an smime-type that belongs to CMC.
std::optional<Carried> carried_by(std::string_view content_type);

}  // namespace cmcctl
