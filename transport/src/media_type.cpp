#include <cmcctl/transport/media_type.hpp>

#include <algorithm>
#include <array>

namespace cmcctl {
namespace {

struct Row {
  Carried carried;
  std::string_view type;
  std::string_view smime_type;  // empty: the type says it all
  std::string_view whole;
  std::string_view extension;
};

constexpr std::array rows{
    Row{Carried::simple_request, "application/pkcs10", "", "application/pkcs10; name=request.p10", ".p10"},
    Row{Carried::full_request, "application/pkcs7-mime", "cmc-request",
        "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m", ".crq"},
    Row{Carried::simple_response, "application/pkcs7-mime", "certs-only",
        "application/pkcs7-mime; smime-type=certs-only; name=response.p7c", ".p7c"},
    Row{Carried::full_response, "application/pkcs7-mime", "cmc-response",
        "application/pkcs7-mime; smime-type=CMC-Response; name=response.p7m", ".crp"},
};

const Row& row_of(Carried carried) { return rows[static_cast<std::size_t>(carried)]; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes off what comes before the next ';' outside quotes.
std::string_view next_part(std::string_view& rest) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ';'); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == '\\' && quoted) ++end;
  }
  end = std::min(end, rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
}

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

std::string_view media_type(Carried carried) { return row_of(carried).whole; }

std::string_view file_extension(Carried carried) { return row_of(carried).extension; }

std::optional<Carried> carried_by(std::string_view content_type) {
  const std::string_view type = next_part(content_type);
  std::string_view smime_type;
  while (!content_type.empty()) {
    const std::string_view parameter = next_part(content_type);
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !same_word(trimmed(parameter.substr(0, equals)), "smime-type")) continue;
    if (!smime_type.empty()) return std::nullopt;  // said twice
    smime_type = unquoted(trimmed(parameter.substr(equals + 1)));
  }
  for (const Row& row : rows) {
    if (same_word(type, row.type) && (row.smime_type.empty() || same_word(smime_type, row.smime_type))) {
      return row.carried;
    }
  }
  return std::nullopt;
}

}  // namespace cmcctl
