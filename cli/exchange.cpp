#include "exchange.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/transport/http_status.hpp>

#include "files.hpp"
#include "progress.hpp"
#include "text.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_scheme = "file:";

bool exists(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

bool is_url(std::string_view to) {
  const std::string scheme = to_lower(to.substr(0, to.find(':')));
  return to.find("://") != to.npos && (scheme == "http" || scheme == "https");
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    const auto octet = static_cast<std::uint8_t>(c);
    encoded += unreserved ? std::string(1, c) : "%" + hex({&octet, 1});
  }
  return encoded;
}

// "req.crq" of the second round trip is "req-2.crq".
fs::path numbered(const fs::path& file, unsigned trip) {
  if (trip == 1) return file;
  return file.parent_path() / (file.stem().string() + "-" + std::to_string(trip) + file.extension().string());
}

// EST (RFC 7030 section 4) carries base64 where RFC 10003 has the octets themselves.
bool is_est(std::string_view url) { return url.find("/.well-known/est") != url.npos; }

// Dogtag names no smime-type.
bool may_be_response(const std::string& content_type) {
  if (const auto carried = carried_by(content_type)) {
    return *carried == Carried::full_response || *carried == Carried::simple_response;
  }
  std::string type = to_lower(content_type);
  std::erase_if(type, [](char c) { return c == ' ' || c == '\t'; });
  const bool pkcs7 = type.starts_with("application/pkcs7-mime") || type.starts_with("application/x-pkcs7-mime");
  return pkcs7 && type.find("smime-type=") == type.npos;
}

void add_tls_options(Command command, ExchangeOptions& options) {
  const std::string group = "TLS";
  command
      .add_option("--client-key", options.client_key,
                  "Key of the client's TLS certificate: a file, nss:DIR?nickname=NAME or pkcs11:token=NAME;object=NAME")
      .type_name("KEY")
      .group(group);
  command
      .add_option("--client-cert", options.client_certificate,
                  "That certificate and those above it; else from the key's own file or store")
      .type_name("FILE")
      .group(group);
  command.add_option("--client-password", options.client_password, "Password or PIN of that key")
      .type_name("SOURCE")
      .group(group);
  command
      .add_option("--tls-trust", options.tls_trust,
                  "Anchors for the server's TLS certificate; else those of --trust, else the system's")
      .type_name("FILE")
      .group(group);
  command.add_flag("--insecure", options.insecure, "Do not look at the server's TLS certificate").group(group);
}

void add_network_options(Command command, ExchangeOptions& options) {
  const std::string group = "Network";
  command.add_option("--header", options.headers, "Another HTTP header")
      .type_name("NAME:VALUE")
      .check([](const std::string& text) {
        return text.find(':') == text.npos || text.find(':') == 0 ? "write NAME:VALUE" : "";
      })
      .group(group);
  command
      .add_option("--timeout", options.timeout, "Seconds for one exchange, from the name to the last octet; else 30")
      .type_name("SECONDS")
      .range(1u, 86'400u)
      .group(group);
  command.add_option("--retry", options.retries, "Try again so often while there is no connection")
      .type_name("N")
      .range(0u, 100u)
      .group(group);
  command.add_option("--proxy", options.proxy, "http://HOST:PORT; the environment names none")
      .type_name("URL")
      .group(group);
  command.add_option("--save-request", options.save_request, "Write what is sent to this file, too")
      .type_name("FILE")
      .group(group);
  command.add_option("--save-response", options.save_response, "Write what comes back to this file, too")
      .type_name("FILE")
      .group(group);
  command.add_option("--replay", options.replay, "Send nothing: the answer is in this file")
      .type_name("FILE")
      .group(group);
}

}  // namespace

void add_exchange_options(Command command, ExchangeOptions& options) {
  command.add_option("--to", options.to, "The server: http://..., https://..., or a folder for NAME.crq and NAME.crp")
      .type_name("URL");
  command.add_option("--profile-id", options.profile_id, "The server's name of the certificate profile (profileId=)")
      .type_name("ID");
  add_tls_options(command, options);
  add_network_options(command, options);
}

std::string Exchange::wrong_call() const {
  if (options_.to.empty() && options_.replay.empty()) return "say where to: --to URL, or --to with a folder";
  if (options_.client_key.empty() && !options_.client_certificate.empty()) return "--client-cert wants a --client-key";
  if (!folder_) return {};
  if (!options_.profile_id.empty()) return "--profile-id is for servers; a folder has no profiles";
  return options_.client_key.empty() ? "" : "--client-key is for TLS";
}

ExitCode Exchange::prepare(std::span<const X509Certificate> anchors, bool overwrite) {
  std::error_code ignored;
  where_ = options_.to;
  const bool named = where_.starts_with(file_scheme);
  if (named) where_.erase(0, file_scheme.size());
  folder_ = named || (!where_.empty() && !is_url(where_));
  if (const std::string problem = wrong_call(); !problem.empty()) return maker_.fail(ExitCode::usage, problem);
  if (folder_ && !fs::is_directory(where_, ignored)) {
    return named ? maker_.fail(ExitCode::io, escape(where_) + ": no such folder")
                 : maker_.fail(ExitCode::usage,
                               "--to " + escape(where_) + " is neither http://... nor https://..., and no folder");
  }
  if (!options_.profile_id.empty()) {
    where_ += (where_.find('?') == where_.npos ? "?profileId=" : "&profileId=") + percent_encoded(options_.profile_id);
  }
  for (const std::string& file : {options_.save_request, options_.save_response}) {
    if (overwrite || file.empty() || !fs::is_regular_file(file, ignored)) continue;
    return maker_.fail(ExitCode::io, escape(file) + " exists; name another file, or overwrite it with --force");
  }
  http_.tls.anchors = anchors;
  return load_client();
}

ExitCode Exchange::load_client() {
  if (!options_.client_key.empty()) {
    auto password = password_of(options_.client_password, maker_.io(), maker_.command());
    if (!password) return password.error();
    std::optional<std::string> certificate;
    if (!options_.client_certificate.empty()) certificate = options_.client_certificate;
    auto loaded = load_credentials(options_.client_key, certificate, *password ? &**password : nullptr, limits_);
    if (!loaded) return maker_.refuse(loaded.error());
    client_ = *std::move(loaded);
    if (client_.certificates.empty()) {
      return maker_.fail(ExitCode::key,
                         "no certificate for " + escape(options_.client_key) + "; name it with --client-cert");
    }
    http_.tls.key = client_.key.get();
    http_.tls.certificates = client_.certificates;
  }
  for (const std::string& file : options_.tls_trust) {
    ExitCode code = ExitCode::ok;
    const auto bag = read_bag(file, maker_.command(), maker_.io(), reading_, code);
    if (!bag) return code;
    for (const auto& der : bag->certificates) {
      auto anchor = X509Certificate::from_der(Octets(der), limits_);
      if (!anchor) return maker_.refuse(file, anchor.error());
      own_anchors_.push_back(*std::move(anchor));
    }
  }
  if (!own_anchors_.empty()) http_.tls.anchors = own_anchors_;
  http_.tls.insecure = options_.insecure;
  http_.deadline = std::chrono::seconds(options_.timeout);
  http_.response_octets = limits_.message_octets;
  http_.proxy = options_.proxy;
  http_.retries = options_.retries;
  for (const std::string& header : options_.headers) {
    const std::size_t colon = header.find(':');
    const std::size_t value = header.find_first_not_of(' ', colon + 1);
    http_.headers.emplace_back(header.substr(0, colon), value == header.npos ? "" : header.substr(value));
  }
  if (options_.insecure && where_.starts_with("https:")) {
    maker_.io().err << "cmcctl " << maker_.command()
                    << ": warning: --insecure: whoever answers is taken for the server\n";
  }
  return ExitCode::ok;
}

OrExit<std::vector<std::uint8_t>> Exchange::send(const Outgoing& outgoing) const {
  if (const ExitCode code = save(options_.save_request, outgoing, outgoing.message); code != ExitCode::ok) return code;
  if (!options_.replay.empty()) return replayed(outgoing);
  return folder_ ? through_folder(outgoing) : over_http(outgoing);
}

ExitCode Exchange::save(const std::string& option, const Outgoing& outgoing, Octets bytes) const {
  if (option.empty()) return ExitCode::ok;
  const std::string file = numbered(option, outgoing.trip);
  const std::string problem = write_file(file, bytes);
  return problem.empty() ? ExitCode::ok : maker_.fail(ExitCode::io, escape(file) + ": " + problem);
}

OrExit<std::vector<std::uint8_t>> Exchange::message_in(const Bytes& body, const std::string& source) const {
  auto blocks = read_blocks(Octets(body), limits_);
  if (!blocks) return maker_.refuse(source, blocks.error());
  return std::move(blocks->front().bytes);
}

OrExit<std::vector<std::uint8_t>> Exchange::replayed(const Outgoing& outgoing) const {
  const std::string name = numbered(options_.replay, outgoing.trip);
  const FileBytes file = read_file(name, maker_.io(), limits_.message_octets);
  if (!file.problem.empty()) return maker_.fail(ExitCode::io, escape(name) + ": " + file.problem);
  if (const ExitCode code = save(options_.save_response, outgoing, file.bytes); code != ExitCode::ok) return code;
  return message_in(file.bytes, name);
}

// RFC 10003 section 4: one message a file, binary.
OrExit<std::vector<std::uint8_t>> Exchange::through_folder(const Outgoing& outgoing) const {
  const std::string base = (fs::path(where_) / numbered(outgoing.name, outgoing.trip)).string();
  const std::string asked = base + std::string(file_extension(outgoing.kind));
  if (exists(asked)) {
    const FileBytes there = read_file(asked, maker_.io(), limits_.message_octets);
    if (Octets(there.bytes) != outgoing.message) {
      return maker_.fail(ExitCode::io, escape(asked) + " exists with another request in it");
    }
  } else if (const std::string problem = write_file(asked, outgoing.message); !problem.empty()) {
    return maker_.fail(ExitCode::io, escape(asked) + ": " + problem);
  }
  for (const Carried kind : {Carried::full_response, Carried::simple_response}) {
    const std::string answered = base + std::string(file_extension(kind));
    if (!exists(answered)) continue;
    const FileBytes file = read_file(answered, maker_.io(), limits_.message_octets);
    if (!file.problem.empty()) return maker_.fail(ExitCode::io, escape(answered) + ": " + file.problem);
    if (const ExitCode code = save(options_.save_response, outgoing, file.bytes); code != ExitCode::ok) return code;
    return message_in(file.bytes, answered);
  }
  return maker_.fail(ExitCode::pending, escape(asked) + " waits for its answer, " + escape(base) +
                                            std::string(file_extension(Carried::full_response)) +
                                            "\n  try: the same command again once it is there");
}

OrExit<std::vector<std::uint8_t>> Exchange::over_http(const Outgoing& outgoing) const {
  HttpOptions how = http_;
  const bool est = is_est(where_);
  const std::string text = est ? base64(outgoing.message) : std::string();
  if (est) how.headers.emplace_back("Content-Transfer-Encoding", "base64");
  const Progress progress(maker_.io().err, "waiting for " + where_);
  auto answer =
      http_post(where_, media_type(outgoing.kind), est ? Octets(std::string_view(text)) : outgoing.message, how);
  if (!answer) {
    const ErrorInfo& info = error_info(answer.error().code);
    const std::string& detail = answer.error().detail;
    return maker_.fail(answer.error().code == Errc::value_out_of_range ? ExitCode::usage : ExitCode::io,
                       escape(where_) + ": " + std::string(info.sentence) +
                           (detail.empty() ? "" : ": " + escape(detail)) + "\n  try: " + std::string(info.hint));
  }
  if (const ExitCode code = save(options_.save_response, outgoing, answer->body); code != ExitCode::ok) return code;
  return body_of(*answer);
}

OrExit<std::vector<std::uint8_t>> Exchange::body_of(const HttpAnswer& answer) const {
  const std::string status = http_status_text(answer.status);
  const auto fail = [&](ExitCode code, const std::string& problem, const std::string& hint) {
    return maker_.fail(code, escape(where_) + ": " + status + problem + "\n  try: " + hint);
  };
  const std::string type = answer.content_type.empty() ? "no media type" : escape(answer.content_type);
  if (answer.status / 100 == 3) {
    return fail(ExitCode::io, ": redirections are not followed", "name the address that it leads to with --to");
  }
  if (answer.status == 202) {
    return fail(ExitCode::pending, ": the server has not decided yet", "the same command again later");
  }
  const bool good = answer.status / 100 == 2;
  if (!may_be_response(answer.content_type)) {
    return fail(ExitCode::io, good ? ", but no PKI Response: " + type + " [CMC-5273-4.2-02]" : " (" + type + ")",
                good ? "is this the address of a CMC service?" : "see the server's log; is the address right?");
  }
  if (answer.body.empty()) return fail(ExitCode::io, ", but the answer is empty", "see the server's log");
  if (!good) {
    maker_.io().err << "cmcctl " << maker_.command() << ": " << escape(where_) << ": " << status
                    << ", with a PKI Response\n";
  }
  return message_in(answer.body, where_);
}

}  // namespace cmcctl::cli
