#include "url.hpp"

#include <algorithm>

#include <cmcctl/codec/text.hpp>

namespace cmcctl {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_host(std::string_view host, std::string_view besides) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [&](char c) {
    return is_letter_or_digit(c) || besides.find(c) != std::string_view::npos;
  });
}

bool is_port(std::string_view port) {
  if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  const int number = std::stoi(std::string(port));
  return number > 0 && number < 65'536;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::ranges::equal(text.substr(0, word.size()), word, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

}  // namespace

std::string Url::authority() const {
  const bool address = host.find(':') != std::string::npos;
  const std::string name = address ? "[" + host + "]" : host;
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

Result<Url> parse_url(std::string_view text) {
  const auto refused = [&](std::string_view why) {
    return Error{Errc::value_out_of_range, 0, {}, {}, "the URL " + escape(text, 200) + " " + std::string(why)};
  };
  const bool clean = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '\\'; });
  if (!clean) return refused("has characters that no URL has; write them as %20 and so on");
  Url url;
  url.tls = starts_with_word(text, "https://");
  if (!url.tls && !starts_with_word(text, "http://")) return refused("begins with neither http:// nor https://");
  std::string_view rest = text.substr(url.tls ? 8 : 7);
  if (rest.find('#') != std::string_view::npos) return refused("has a fragment");
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, end);
  const std::string_view target = rest.substr(end);
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  if (authority.find('@') != std::string_view::npos) return refused("has a user name in it");

  std::string_view besides = "-._";
  if (authority.starts_with('[')) {
    const std::size_t closing = authority.find(']');
    if (closing == std::string_view::npos) return refused("has no ] after its address");
    url.host = authority.substr(1, closing - 1);
    authority.remove_prefix(closing + 1);
    besides = ":.%";
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, colon);
    authority.remove_prefix(colon);
  }
  if (!is_host(url.host, besides)) return refused("has no host");
  url.port = url.tls ? "443" : "80";
  if (authority.empty()) return url;
  if (!authority.starts_with(':') || !is_port(authority.substr(1))) return refused("has no sound port");
  url.port = authority.substr(1);
  return url;
}

}  // namespace cmcctl
