#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_id.hpp>
#include <cmcctl/crypto/key_source.hpp>

#include "keys_commands.hpp"

namespace cmcctl::cli {
namespace {

Json certificate_json(Octets der) {
  Json json{{"kind", "certificate"}, {"der", base64(der)}};
  const auto certificate = X509Certificate::from_der(der);
  if (!certificate) return json;
  json["subject"] = certificate->subject_text();
  json["issuer"] = name_text(certificate->issuer());
  json["serial"] = "0x" + hex(certificate->tbs().serial_number.content);
  json["notAfter"] = time_text(certificate->tbs().validity.not_after);
  if (certificate->public_key()) json["key"] = key_json(*certificate->public_key());
  return json;
}

Json object_json(const TokenObject& object) {
  Json json = object.kind == ObjectKind::certificate ? certificate_json(object.certificate) : Json::object();
  json["kind"] = to_string(object.kind);
  json["label"] = object.label;
  json["id"] = hex(object.id);
  json["idDogtag"] = dogtag_key_id(object.id);
  if (object.key && object.kind != ObjectKind::certificate) json["key"] = key_json(*object.key);
  return json;
}

Json token_json(const TokenInfo& info) {
  return {{"label", info.label},   {"manufacturer", info.manufacturer}, {"model", info.model},        {"serial", info.serial},
          {"module", info.module}, {"needsPin", info.needs_pin},        {"readOnly", info.read_only}, {"pinState", info.pin_state}};
}

// "private key  agent  RSA 2048" and its ids below.
void print_object(std::ostream& out, const Json& object) {
  out << "  " << object.value("kind", "");
  const std::string label = object.value("label", "");
  if (!label.empty()) out << "  \"" << escape(label) << '"';
  const Json key = object.value("key", Json::object());
  if (!key.empty()) out << "  " << key.value("algorithm", "");
  const std::string subject = object.value("subject", "");
  if (!subject.empty()) out << "  " << escape(subject) << ", until " << escape(object.value("notAfter", ""));
  out << '\n';
  const std::string id = object.value("id", key.value("nssId", ""));
  const std::string dogtag = object.value("idDogtag", key.value("dogtagId", ""));
  if (!id.empty()) out << "    id " << id << (dogtag == id ? "" : "  Dogtag " + dogtag) << '\n';
}

void print_token(std::ostream& out, const Json& token) {
  out << escape(token.value("label", "")) << "  (" << escape(token.value("model", "")) << ", "
      << escape(token.value("manufacturer", "")) << ", serial " << escape(token.value("serial", "")) << ")\n";
  const std::string state = token.value("pinState", "");
  if (!state.empty()) out << "  " << state << '\n';
  for (const Json& object : token.value("objects", Json::array())) print_object(out, object);
}

class List {
 public:
  List(const KeysOptions& options, Globals& globals) : options_(options), globals_(globals), io_(globals.io) {}

  ExitCode run() {
    auto password = password_of(options_.password, io_, "keys list");
    if (!password) return password.error();
    password_ = *password ? &**password : nullptr;
    answer_ = {{"schema", 1}};
    const Result<void> listed = names_token(options_.source) ? list_store() : list_file();
    if (!listed) return report_key_error(io_, "keys list", listed.error());
    if (globals_.json) {
      print_answer(globals_, answer_);
    } else {
      for (const Json& token : answer_.value("tokens", Json::array())) print_token(io_.out, token);
      for (const Json& object : answer_.value("objects", Json::array())) print_object(io_.out, object);
    }
    return ExitCode::ok;
  }

 private:
  // Of several tokens only what they are; of one its objects, too.
  Result<void> list_store() {
    CMC_TRY(const TokenSource source, parse_token_source(options_.source));
    CMC_TRY(const auto tokens, list_tokens(source));
    answer_["store"] = source.text;
    answer_["tokens"] = Json::array();
    for (const TokenInfo& info : tokens) answer_["tokens"].push_back(token_json(info));
    if (tokens.size() > 1) return {};
    CMC_TRY(Token token, Token::open(source, password_));
    if (password_ != nullptr || source.pin || !token.info().needs_pin) {
      CMC_CHECK(token.log_in());
    } else {
      io_.err << "cmcctl keys list: the token " << escape(token.info().label)
              << " shows private keys only with its PIN; give it with --password\n";
    }
    CMC_TRY(const auto objects, token.objects());
    Json& shown = answer_["tokens"][0]["objects"] = Json::array();
    for (const TokenObject& object : objects) shown.push_back(object_json(object));
    return {};
  }

  Result<void> list_file() {
    auto credentials = load_credentials(options_.source, std::nullopt, password_);
    if (!credentials && credentials.error().code != Errc::no_key) return credentials.error();
    Json objects = Json::array();
    if (credentials) {
      if (!credentials->warning.empty()) io_.err << "cmcctl keys list: warning: " << escape(credentials->warning) << '\n';
      objects.push_back({{"kind", "private key"}, {"key", key_json(credentials->key->public_key())}});
    } else {
      CMC_TRY(credentials, certificates_only(credentials.error()));
    }
    for (const auto& der : credentials->certificates) objects.push_back(certificate_json(der));
    answer_["store"] = options_.source;
    answer_["objects"] = std::move(objects);
    return {};
  }

  Result<Credentials> certificates_only(const Error& no_key) {
    auto certificates = load_certificates(options_.source, password_);
    if (!certificates) return no_key;
    return Credentials{nullptr, *std::move(certificates), {}};
  }

  const KeysOptions& options_;
  Globals& globals_;
  Io& io_;
  const PasswordSource* password_ = nullptr;
  Json answer_;
};

}  // namespace

void register_keys_list(Command keys, Globals& globals) {
  const Command command = keys.add_subcommand("list", "Show what a file, an NSS database or a token holds");
  const auto options = std::make_shared<KeysOptions>();
  add_source(command, *options, "STORE", "A file, nss:DIR, pkcs11:token=NAME, or pkcs11: for all tokens");
  add_json_option(command, globals);
  command.footer(
      "Exit codes: 0 shown, 7 token, key or password, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl keys list nss:/etc/pki/nssdb --password file:pin\n"
      "  cmcctl keys list 'pkcs11:?module-path=/usr/lib/softhsm/libsofthsm2.so'\n"
      "  cmcctl keys list --json agent.p12 --password prompt");
  set_action(command, globals, [options, &globals] { return List(*options, globals).run(); });
}

}  // namespace cmcctl::cli
