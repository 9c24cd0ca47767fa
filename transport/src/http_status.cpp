#include <cmcctl/transport/http_status.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace cmcctl {
namespace {

using Row = std::pair<int, std::string_view>;

constexpr std::array<Row, 38> names{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

std::string_view class_of(int status) {
  switch (status / 100) {
    case 1:
      return "(informational)";
    case 2:
      return "(successful)";
    case 3:
      return "(a redirection)";
    case 4:
      return "(the client's fault)";
    case 5:
      return "(the server's fault)";
    default:
      return "(no such class of status codes)";
  }
}

}  // namespace

std::string_view http_reason(int status) {
  const auto found = std::ranges::find(names, status, &Row::first);
  return found == names.end() ? class_of(status) : found->second;
}

std::string http_status_text(int status) {
  return "HTTP " + std::to_string(status) + " " + std::string(http_reason(status));
}

}  // namespace cmcctl
