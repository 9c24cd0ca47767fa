#include "enroll_options.hpp"

#include <charconv>
#include <limits>

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What an option does to an enrolment that was begun.
enum class Role { fixed, free, secret };

/// Calls `visit` with the name, the value and the role of every option that a state file keeps.
template <class Options, class Visit>
void each_option(Options& options, Visit visit) {
  auto& request = options.request;
  visit("to", options.exchange.to, Role::free);
  visit("profile-id", options.exchange.profile_id, Role::fixed);
  visit("key", request.key.key, Role::fixed);
  visit("new-key", request.new_key, Role::fixed);
  visit("key-out", request.key_out, Role::fixed);
  visit("key-password", request.key_password, Role::secret);
  visit("subject", request.subject, Role::fixed);
  visit("renew", request.renew, Role::fixed);
  visit("san", request.names, Role::fixed);
  visit("key-usage", request.key_usage, Role::fixed);
  visit("eku", request.ext_key_usage, Role::fixed);
  visit("basic-constraints", request.basic_constraints, Role::fixed);
  visit("ext", request.extensions, Role::fixed);
  visit("digest", request.digest, Role::fixed);
  visit("pss", request.pss, Role::fixed);
  visit("secret", request.secret, Role::secret);
  visit("identification", request.identification, Role::fixed);
  visit("profile", request.profile, Role::fixed);
  visit("edition", request.edition, Role::fixed);
  visit("in-form", request.reading.in_form, Role::free);
  visit("limit", request.reading.limits, Role::free);
  visit("sign-with", options.signer.keys, Role::fixed);
  visit("cert", options.signer.certificates, Role::fixed);
  visit("password", options.signer.password, Role::secret);
  visit("ski", options.signer.key_identifier, Role::fixed);
  visit("no-time", options.signer.no_time, Role::fixed);
  visit("encrypt-to", options.encryption.recipients, Role::free);
  visit("gcm", options.encryption.gcm, Role::free);
  visit("encryption-key", options.encryption_key, Role::fixed);
  visit("archive-to", options.archive_to, Role::fixed);
  visit("output", options.output, Role::fixed);
  visit("out-chain", options.chain, Role::fixed);
  visit("import", options.import, Role::fixed);
  visit("label", options.label, Role::fixed);
  visit("force", options.force, Role::free);
  visit("trust", options.trust.anchors, Role::free);
  visit("other-cert", options.trust.certificates, Role::free);
  visit("crl", options.trust.crls, Role::free);
  visit("at", options.trust.at, Role::free);
  visit("purpose", options.trust.purpose, Role::free);
  visit("allow-sha1", options.trust.allow_sha1, Role::free);
  visit("client-key", options.exchange.client_key, Role::free);
  visit("client-cert", options.exchange.client_certificate, Role::free);
  visit("client-password", options.exchange.client_password, Role::secret);
  visit("tls-trust", options.exchange.tls_trust, Role::free);
  visit("header", options.exchange.headers, Role::free);
  visit("timeout", options.exchange.timeout, Role::free);
  visit("retry", options.exchange.retries, Role::free);
  visit("proxy", options.exchange.proxy, Role::free);
  visit("insecure", options.exchange.insecure, Role::free);
  visit("save-request", options.exchange.save_request, Role::free);
  visit("save-response", options.exchange.save_response, Role::free);
}

Json json_of_value(const std::optional<std::string>& value) { return value ? Json(*value) : Json(); }
template <class T>
Json json_of_value(const T& value) {
  return Json(value);
}

bool take_value(const Json& json, std::optional<std::string>& value) {
  if (json.is_null()) return true;
  if (!json.is_string()) return false;
  value = json.get<std::string>();
  return true;
}

bool take_value(const Json& json, std::string& value) {
  if (!json.is_string()) return false;
  value = json.get<std::string>();
  return true;
}

bool take_value(const Json& json, bool& value) {
  if (!json.is_boolean()) return false;
  value = json.get<bool>();
  return true;
}

bool take_value(const Json& json, unsigned& value) {
  if (!json.is_number_unsigned()) return false;
  value = json.get<unsigned>();
  return true;
}

bool take_value(const Json& json, std::vector<std::string>& value) {
  if (!json.is_array()) return false;
  for (const Json& element : json) {
    if (!take_value(element, value.emplace_back())) return false;
  }
  return true;
}

void add_result_options(Command command, EnrollOptions& options) {
  const std::string group = "Result";
  command
      .add_option("-o,--output", options.output,
                  "The certificate in PEM; behind the new key, unless that has its own --key-out")
      .type_name("FILE")
      .group(group);
  command.add_option("--out-chain", options.chain, "The certificates above it in PEM, as far as they came")
      .type_name("FILE")
      .group(group);
  command.add_option("--import", options.import, "Put the certificate beside its key: nss:DIR or pkcs11:token=NAME")
      .type_name("TOKEN")
      .group(group);
  command.add_option("--label", options.label, "With --import: its name there; else its subject")
      .type_name("NAME")
      .group(group);
  command.add_flag("--force", options.force, "Overwrite files").group(group);
  command.add_flag("--dry-run", options.dry_run, "Send nothing, write nothing, show the request as inspect does")
      .group(group);
}

}  // namespace

void add_wait_options(Command command, EnrollOptions& options) {
  command
      .add_flag("--wait{" + std::string(endless_wait) + "}", options.wait,
                "While the CA has not decided, ask again: without end, or --wait=600, 10m, 2h at most")
      .check([](const std::string& text) {
        return seconds_of_wait(text) ? "" : text + " is no time; write 600, 10m or 2h";
      });
  command
      .add_option("--state", options.state, "Where to keep what an interrupted run goes on from; else FILE.state of -o")
      .type_name("FILE");
}

void add_shared_secret_options(Command command, EnrollOptions& options) {
  const std::string group = "Identity";
  command
      .add_option("--identification", options.request.identification,
                  "The name that the secret shared with the CA goes by")
      .type_name("TEXT")
      .group(group);
  command.add_option("--secret", options.request.secret, "That secret: file:PATH, env:NAME, fd:NUMBER or prompt")
      .type_name("SOURCE")
      .group(group);
}

void add_enroll_key_options(Command command, EnrollOptions& options) {
  add_new_key_options(command, options.request);
  command
      .add_flag("--encryption-key", options.encryption_key,
                "The key is not to sign: CRMF and EncryptedPOP, as for keys that cannot")
      .group("Key");
  command.add_option("--archive-to", options.archive_to, "Archive the private key: the archive's certificate")
      .type_name("CERT")
      .group("Key");
}

void add_enroll_options(Command command, EnrollOptions& options) {
  add_wait_options(command, options);
  command.add_option("--profile", options.request.profile, "dogtag: what its CA reads; else rfc")
      .one_of({"dogtag", "rfc"})
      .type_name("NAME");
  command.add_option("--edition", options.request.edition, "10002, or 5272 or 2797 for servers that know no later one")
      .one_of({"10002", "5272", "2797"})
      .type_name("RFC");
  add_exchange_options(command, options.exchange);
  add_encryption_options(command, options.encryption);
  add_wanted_options(command, options.request);
  add_result_options(command, options);
  add_trust_options(command, options.trust, "--other-cert");
  add_read_options(command, options.request.reading);
}

Json json_of(const EnrollOptions& options) {
  Json json = Json::object();
  each_option(options, [&](const char* name, const auto& value, Role role) {
    json[name] = json_of_value(value);
    if (role != Role::secret) return;
    if (json[name].template get<std::string>().starts_with(kept_nowhere)) json[name] = kept_nowhere;
  });
  return json;
}

bool take_json(const Json& json, EnrollOptions& options) {
  if (!json.is_object()) return false;
  bool good = true;
  each_option(options, [&](const char* name, auto& value, Role) {
    const auto found = json.find(name);
    good = good && found != json.end() && take_value(*found, value);
  });
  return good;
}

std::string differing_option(const EnrollOptions& begun, const EnrollOptions& now) {
  const Json before = json_of(begun);
  std::string option;
  each_option(now, [&](const char* name, const auto& value, Role role) {
    const bool differs = role == Role::fixed && before[name] != json_of_value(value);
    if (differs && option.empty()) option = std::string("--") + name;
  });
  return option;
}

std::optional<std::int64_t> seconds_of_wait(const std::string& text) {
  if (text == endless_wait) return std::numeric_limits<std::int64_t>::max();
  std::uint32_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (unit.empty() || unit == "s") return number;
  if (unit == "m") return std::int64_t{60} * number;
  return unit == "h" ? std::optional(std::int64_t{3600} * number) : std::nullopt;
}

}  // namespace cmcctl::cli
