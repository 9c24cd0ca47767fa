#include "http_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cmcctl {
namespace {

constexpr std::string_view crlf = "\r\n";

bool is_token(std::string_view text) {
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet == '\t' || (octet >= ' ' && octet != 0x7F);
  });
}

bool is_target(std::string_view text) {
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Fields that say how a body is to be read, or want something of the connection.
struct Unwanted {
  std::string_view name;
  HttpRefusal refusal;
};
constexpr std::array unwanted{
    Unwanted{"transfer-encoding", {501, "no Transfer-Encoding is taken: send a Content-Length"}},
    Unwanted{"content-encoding", {415, "no Content-Encoding is taken"}},
    Unwanted{"content-range", {400, "no Content-Range is taken"}},
    Unwanted{"range", {400, "no Range is given"}},
    Unwanted{"expect", {417, "no Expect is met: send the body at once"}},
    Unwanted{"upgrade", {400, "no Upgrade is made"}},
    Unwanted{"trailer", {400, "no Trailer is taken"}},
};

class Parser {
 public:
  Parser(std::string_view head, std::size_t body_octets) : rest_(head), body_octets_(body_octets) {}

  std::variant<HttpHead, HttpRefusal> parse() {
    take_request_line();
    while (!refusal_ && !rest_.starts_with(crlf)) take_field();
    if (!refusal_) look_over();
    if (refusal_) return *refusal_;
    return std::move(head_);
  }

 private:
  void refuse(int status, std::string_view text) {
    if (!refusal_) refusal_ = HttpRefusal{status, text};
  }

  std::string_view line() {
    const std::size_t end = rest_.find(crlf);
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + crlf.size());
    return text;
  }

  void take_request_line() {
    const std::string_view text = line();
    const std::size_t first = text.find(' ');
    const std::size_t last = text.rfind(' ');
    if (text.size() > line_octets) return refuse(414, "the request line is too long");
    if (first == std::string_view::npos || first == last) return refuse(400, "this is no request line of HTTP/1.x");
    const std::string_view method = text.substr(0, first);
    const std::string_view target = text.substr(first + 1, last - first - 1);
    const std::string_view protocol = text.substr(last + 1);
    if (!is_token(method) || !is_target(target)) return refuse(400, "this is no request line of HTTP/1.x");
    if (protocol != "HTTP/1.1" && protocol != "HTTP/1.0") return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken");
    if (method == "HEAD") return refuse(405, "there are GET and POST");
    is_old_ = protocol == "HTTP/1.0";
    const std::size_t query = std::min(target.find('?'), target.size());
    head_.request.method = method;
    head_.request.path = target.substr(0, query);
    head_.request.query = target.substr(std::min(query + 1, target.size()));
  }

  void take_field() {
    const std::string_view text = line();
    const std::size_t colon = text.find(':');
    if (text.size() > line_octets) return refuse(431, "a header field is too long");
    if (head_.request.fields.size() == most_fields) return refuse(431, "there are too many header fields");
    if (colon == std::string_view::npos || !is_token(text.substr(0, colon)))
      return refuse(400, "this is no header field");
    const std::string_view value = trimmed(text.substr(colon + 1));
    if (!is_value(value)) return refuse(400, "a header field has control characters");
    head_.request.fields.push_back({lower(text.substr(0, colon)), std::string(value)});
  }

  std::size_t count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(head_.request.fields, [&](const HttpField& field) { return field.name == name; }));
  }

  void look_over() {
    const bool has_length = count("content-length") != 0;
    if (has_length) take_length();
    for (const Unwanted& row : unwanted) {
      if (count(row.name) != 0) refuse(row.refusal.status, row.refusal.text);
    }
    if (count("host") > 1 || (count("host") == 0 && !is_old_)) refuse(400, "there has to be one Host field");
    const std::string connection = lower(head_.request.field("connection"));
    head_.keep_alive = !is_old_ && connection.find("close") == std::string::npos;
    if (head_.request.method == "POST" && !has_length) refuse(411, "a Content-Length is needed");
    if (head_.request.method != "POST" && head_.content_length != 0) refuse(400, "only POST has a body");
  }

  void take_length() {
    const std::string_view digits = head_.request.field("content-length");
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), head_.content_length);
    const bool all_digits = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (count("content-length") != 1 || digits.empty() || !all_digits)
      return refuse(400, "the Content-Length is no number");
    if (error != std::errc{} || head_.content_length > body_octets_) refuse(413, "the body is too large");
  }

  std::string_view rest_;
  std::size_t body_octets_;
  HttpHead head_;
  std::optional<HttpRefusal> refusal_;
  bool is_old_ = false;
};

}  // namespace

std::string_view HttpRequest::field(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &HttpField::name);
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::string_view HttpRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
  }
  return {};
}

HttpReply text_reply(int status, std::string_view text) {
  HttpReply reply;
  reply.status = status;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body.assign(text.begin(), text.end());
  reply.body.push_back('\n');
  return reply;
}

std::variant<HttpHead, HttpRefusal> parse_head(std::string_view head, std::size_t body_octets) {
  return Parser(head, body_octets).parse();
}

}  // namespace cmcctl
