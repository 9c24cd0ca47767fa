#include <cmcctl/crypto/token.hpp>

#include <cmcctl/crypto/key_id.hpp>

namespace cmcctl {
namespace {

Error bad(std::string detail) { return {Errc::no_key, 0, {}, {}, std::move(detail)}; }

std::optional<unsigned> digit(char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto at = digits.find(static_cast<char>(character >= 'A' && character <= 'F' ? character + ('a' - 'A') : character));
  if (at == digits.npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = digit(text[i + 1]);
    const auto low = digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    result += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return result;
}

// Calls take(name, value) for each "name=value" between separators, decoded.
template <class Take>
Result<void> each_attribute(std::string_view text, char separator, Take&& take) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    const std::string_view attribute = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = attribute.find('=');
    if (equals == attribute.npos) return bad("expected NAME=VALUE, found \"" + std::string(attribute) + "\"");
    auto value = percent_decoded(attribute.substr(equals + 1));
    if (!value) return bad("a % that two hexadecimal digits do not follow in \"" + std::string(attribute.substr(0, equals)) + "\"");
    CMC_CHECK(take(attribute.substr(0, equals), *std::move(value)));
  }
  return {};
}

Result<void> take_pin_source(TokenSource& source, const std::string& value) {
  auto pin = PasswordSource::from(value.starts_with("/") ? "file:" + value : value);
  if (!pin) return pin.error();
  source.pin = *std::move(pin);
  return {};
}

Result<void> take_path_attribute(TokenSource& source, std::string_view name, std::string value) {
  if (name == "token") source.token = std::move(value);
  else if (name == "manufacturer") source.manufacturer = std::move(value);
  else if (name == "model") source.model = std::move(value);
  else if (name == "serial") source.serial = std::move(value);
  else if (name == "object") source.object = std::move(value);
  else if (name == "id") source.id.assign(value.begin(), value.end());
  else if (name != "type") return bad("the attribute " + std::string(name) + " of a pkcs11: URI is not supported");
  return {};
}

Result<void> take_query_attribute(TokenSource& source, std::string_view name, std::string value) {
  if (name == "module-path") {
    source.module_path = std::move(value);
  } else if (name == "pin-source") {
    return take_pin_source(source, value);
  } else if (name == "pin-value") {
    return take_pin_source(source, "pass:" + value);
  } else {
    return bad("the attribute " + std::string(name) + " of a pkcs11: URI is not supported");
  }
  return {};
}

Result<void> take_nss_attribute(TokenSource& source, std::string_view name, std::string value) {
  if (name == "nickname") {
    source.object = std::move(value);
  } else if (name == "token") {
    source.token = std::move(value);
  } else if (name == "id") {
    auto id = parse_key_id(value);
    if (!id) return bad("id is not hexadecimal: \"" + value + "\"");
    source.id = *std::move(id);
  } else if (name == "pin-source") {
    return take_pin_source(source, value);
  } else {
    return bad("after nss:DIR? there may be nickname, token, id and pin-source, not \"" + std::string(name) + "\"");
  }
  return {};
}

// Everything but a pin-value.
std::string without_pin(std::string_view source) {
  const auto pin = source.find("pin-value=");
  if (pin == source.npos) return std::string(source);
  const auto end = std::min(source.find('&', pin), source.size());
  return std::string(source.substr(0, pin)) + "pin-value=..." + std::string(source.substr(end));
}

}  // namespace

bool names_token(std::string_view source) { return source.starts_with("nss:") || source.starts_with("pkcs11:"); }

Result<TokenSource> parse_token_source(std::string_view text) {
  TokenSource source;
  source.text = without_pin(text);
  source.nss = text.starts_with("nss:");
  if (!names_token(text)) return bad("a token is named nss:DIR or pkcs11:token=NAME");
  text.remove_prefix(text.find(':') + 1);
  const auto query = std::min(text.find('?'), text.size());
  const std::string_view path = text.substr(0, query);
  const std::string_view rest = text.substr(std::min(query + 1, text.size()));
  if (source.nss) {
    source.directory = path.starts_with("sql:") ? path.substr(4) : path;
    if (source.directory.empty()) return bad("nss: without a directory");
    CMC_CHECK(each_attribute(rest, '&', [&](auto name, auto value) {
      return take_nss_attribute(source, name, std::move(value));
    }));
    return source;
  }
  CMC_CHECK(each_attribute(path, ';', [&](auto name, auto value) {
    return take_path_attribute(source, name, std::move(value));
  }));
  CMC_CHECK(each_attribute(rest, '&', [&](auto name, auto value) {
    return take_query_attribute(source, name, std::move(value));
  }));
  return source;
}

}  // namespace cmcctl
