#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>
#include <cmcctl/crypto/authenticated.hpp>
#include <cmcctl/crypto/envelope.hpp>

#include "cms_shared.hpp"
#include "cms_verbs.hpp"
#include "opening_keys.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view id_data = "1.2.840.113549.1.7.1";
constexpr std::string_view enveloped_data = "1.2.840.113549.1.7.3";
constexpr std::string_view auth_enveloped_data = "1.2.840.113549.1.9.16.1.23";
constexpr std::string_view authenticated_data = "1.2.840.113549.1.9.16.1.2";

struct Options {
  std::string file = "-";
  ReadOptions reading;
  OpeningOptions opening;
  OutputOptions output;
  bool raw = false;
};

/// The kind of a message that can be opened; empty for another.
std::string_view kind_of(std::string_view type) {
  if (type == enveloped_data) return "EnvelopedData";
  if (type == auth_enveloped_data) return "AuthEnvelopedData";
  return type == authenticated_data ? "AuthenticatedData" : "";
}

Result<OpenedContent> open_layer(Decoder& decoder, const std::string& type, const Any& content,
                                 const RecipientKeys& keys, const Limits& limits) {
  if (type == enveloped_data) {
    CMC_TRY(const auto value, decoder.decode<EnvelopedData>(content));
    return open_enveloped(decoder, value, keys, limits);
  }
  if (type == auth_enveloped_data) {
    CMC_TRY(const auto value, decoder.decode<AuthEnvelopedData>(content));
    return open_enveloped(decoder, value, keys, limits);
  }
  CMC_TRY(const auto value, decoder.decode<AuthenticatedData>(content));
  return open_authenticated(decoder, value, keys, limits);
}

/// The content as a message of its own; nothing where it cannot be one.
std::optional<SecretOctets> as_message(const std::string& type, const SecretOctets& content) {
  Decoder decoder;
  if (type == id_data || !decoder.scan(content)) return std::nullopt;
  const auto oid = *oid_content(type);
  ContentInfo info;
  info.content_type.content = oid;
  info.content = Any{content};
  Encoder encoder;
  const auto der = encoder.encode(info);
  if (!der) return std::nullopt;
  return secret_copy(*der);
}

class Open {
 public:
  Open(const Options& options, const Globals& globals, bool all)
      : options_(options),
        globals_(globals),
        report_(globals.io, all ? "cms unwrap" : "cms decrypt"),
        limits_(limits_of(options.reading)),
        all_(all) {}

  ExitCode run() {
    if (!globals_.json && !may_write(report_.io(), report_.command(), options_.output)) return ExitCode::usage;
    ExitCode code = ExitCode::ok;
    if (!keys_.read(options_.opening, report_, options_.reading, code)) return code;
    const Input input = read_input(options_.file, report_.io(), options_.reading);
    if (!input.problem.empty()) return report_.fail(ExitCode::io, escape(options_.file) + ": " + input.problem);
    if (input.error) return report_.refuse(options_.file, *input.error);
    if (input.blocks.size() != 1) {
      return report_.fail(ExitCode::undecodable, escape(options_.file) + " holds " +
                                                     std::to_string(input.blocks.size()) +
                                                     " messages; split it with cmcctl convert --split");
    }
    code = open(secret_copy(input.blocks[0].bytes));
    if (globals_.json) write_json();
    return code;
  }

 private:
  ExitCode open(SecretOctets message) {
    for (std::size_t layer = 0;; ++layer) {
      Decoder decoder(limits_);
      const auto info = decoder.decode<ContentInfo>(Octets(message));
      if (!info) return report_.refuse(options_.file, info.error());
      const std::string type = to_string(info->content_type);
      if (kind_of(type).empty() || !info->content) return layer == 0 ? nothing_to_open(type) : write(message);
      if (layer == limits_.layers) {
        return report_.refuse(
            options_.file,
            {Errc::limit_exceeded, 0, {}, {}, "more than " + std::to_string(layer) + " layers (limit layers)"});
      }
      const auto opened = open_layer(decoder, type, *info->content, keys_.view(), limits_);
      if (!opened) return report_.refuse(options_.file, opened.error());
      note(kind_of(type), *opened);
      if (worst(opened->checks) == Verdict::fail) return ExitCode::no;
      const std::string content_type = to_string(opened->content_type);
      auto next = as_message(content_type, opened->content);
      if (!all_ || !next || kind_of(content_type).empty()) {
        return write(next && !options_.raw ? *next : opened->content);
      }
      message = *std::move(next);
    }
  }

  ExitCode nothing_to_open(const std::string& type) const {
    const OidEntry* const name = find_oid(type);
    return report_.fail(ExitCode::no,
                        escape(options_.file) + " holds " + (name ? std::string(name->name) : type) +
                            ", which nothing has to be opened for; cmcctl convert --extract econtent takes "
                            "out what is signed");
  }

  void note(std::string_view kind, const OpenedContent& opened) {
    Json& layer = layers_.emplace_back(Json{{"kind", kind},
                                            {"contentType", to_string(opened.content_type)},
                                            {"verdict", to_string(worst(opened.checks))},
                                            {"checks", Json::array()}});
    for (const Check& check : opened.checks) {
      Json& entry = layer["checks"].emplace_back(
          Json{{"name", check.name}, {"verdict", to_string(check.verdict)}, {"text", check.text}});
      if (!check.rule.empty()) entry["rule"] = check.rule;
      if (!check.hint.empty()) entry["hint"] = check.hint;
      const bool worth_saying = check.verdict != Verdict::pass || globals_.verbose;
      if (globals_.json || globals_.quiet || !worth_saying) continue;
      report_.io().err << "cmcctl " << report_.command() << ": " << kind << ": " << check.name << ": "
                       << to_string(check.verdict) << ": " << escape(check.text) << '\n';
      if (!check.hint.empty()) report_.io().err << "  try: " << check.hint << '\n';
    }
  }

  ExitCode write(const SecretOctets& content) {
    if (globals_.json && options_.output.file.empty()) return ExitCode::ok;
    return write_message(report_.io(), report_.command(), options_.output, content);
  }

  void write_json() {
    const Json json{
        {"schema", 1}, {"tool", "cmcctl " + std::string(version)}, {"file", options_.file}, {"layers", layers_}};
    report_.io().out << json.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  }

  const Options& options_;
  const Globals& globals_;
  CmsReport report_;
  Limits limits_;
  bool all_;
  OpeningKeys keys_;
  Json layers_ = Json::array();
};

void add_open(Command command, Globals& globals, bool all) {
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "A message in any form that inspect reads; - is stdin").type_name("");
  add_opening_options(command, options->opening);
  command
      .add_option("--cert", options->opening.certificates,
                  "The certificate of the key; without it the key is tried on every recipient of its kind")
      .type_name("FILE");
  command.add_flag("--raw", options->raw, "Write the content bare, not as a CMS message of its type");
  add_json_option(command, globals);
  add_output_options(command, options->output);
  add_read_options(command, options->reading);
  set_action(command, globals, [options, &globals, all] { return Open(*options, globals, all).run(); });
}

constexpr std::string_view exit_codes =
    "With --json the checks of each layer are written, and the content goes to -o only.\n"
    "Exit codes: 0 opened, 1 a MAC or digest is wrong, or an algorithm cannot be used, 3 the input does\n"
    "not decode, 4 a file cannot be read or written, 7 no key fits or decryption failed, 2 wrong call.\n";

}  // namespace

void register_cms_decrypt(Command cms, Globals& globals) {
  const Command command = cms.add_subcommand("decrypt", "Open one layer of encryption or authentication");
  add_open(command, globals, false);
  command.footer("Whatever is wrong with what depends on a key, the error is the same: decryption failed.\n" +
                 std::string(exit_codes) +
                 "Examples:\n"
                 "  cmcctl cms decrypt --key key.pem --cert cert.pem -o signed.der response.p7m\n"
                 "  cmcctl cms decrypt --password file:secret --raw data.p7m > data.txt\n"
                 "  cmcctl cms decrypt --json --kek 6b31=file:kek.hex request.p7m");
}

void register_cms_unwrap(Command cms, Globals& globals) {
  const Command command = cms.add_subcommand("unwrap", "Open all layers of encryption and authentication");
  add_open(command, globals, true);
  command.footer("What is left is SignedData for cmcctl verify, or the content itself.\n" + std::string(exit_codes) +
                 "Examples:\n"
                 "  cmcctl cms unwrap --key key.pem --password prompt -o signed.der response.p7m\n"
                 "  cmcctl cms unwrap --key key.pem response.p7m | cmcctl verify --trust ca.pem");
}

}  // namespace cmcctl::cli
