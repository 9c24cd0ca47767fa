#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/text.hpp>

#include "command.hpp"
#include "files.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::vector<std::string> files{"-"};
  std::string in_form = "auto";
  bool tree = false;
  bool strict = false;
  std::string only;
  std::size_t depth = 64;
  std::vector<std::string> limits;
};

const std::map<std::string, std::size_t Limits::*> limit_names{
    {"message_octets", &Limits::message_octets},
    {"depth", &Limits::depth},
    {"nodes", &Limits::nodes},
    {"layers", &Limits::layers},
    {"nested_messages", &Limits::nested_messages},
    {"body_parts", &Limits::body_parts},
    {"signers", &Limits::signers},
    {"recipients", &Limits::recipients},
    {"certificates", &Limits::certificates},
    {"crls", &Limits::crls},
    {"oid_octets", &Limits::oid_octets},
    {"text", &Limits::text},
    {"arena_base", &Limits::arena_base},
    {"arena_factor", &Limits::arena_factor},
};

const std::map<std::string, Form> form_names{
    {"der", Form::der}, {"ber", Form::der},   {"pem", Form::pem},   {"base64", Form::base64},
    {"hex", Form::hex}, {"mime", Form::mime}, {"http", Form::http},
};

/// Sets NAME=VALUE; the complaint, if it is none of ours.
std::string set_limit(Limits& limits, const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto name = limit_names.find(text.substr(0, equals));
  if (name == limit_names.end()) {
    std::string names;
    for (const auto& [known, member] : limit_names) names += (names.empty() ? "" : ", ") + known;
    return "no limit is called so; there are " + names;
  }
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  if (equals == std::string::npos) return "wants NAME=VALUE";
  const auto [rest, error] = std::from_chars(text.data() + equals + 1, end, value);
  if (error != std::errc{} || rest != end) return "the value is no number";
  limits.*name->second = value;
  return {};
}

class Inspect {
 public:
  Inspect(const Options& options, const Globals& globals) : options_(options), globals_(globals), io_(globals.io) {
    for (const std::string& limit : options.limits) (void)set_limit(limits_, limit);
    view_ = InspectOptions{options.only, options.depth, io_.color};
  }

  ExitCode run() {
    ExitCode code = ExitCode::ok;
    if (globals_.json && options_.files.size() > 1) io_.out << "[\n";
    for (std::size_t i = 0; i < options_.files.size(); ++i) {
      if (i != 0) separate();
      code = worst(code, file(options_.files[i]));
    }
    if (globals_.json && options_.files.size() > 1) io_.out << "]\n";
    return code;
  }

 private:
  void separate() { io_.out << (globals_.json ? ",\n" : "\n"); }

  ExitCode file(const std::string& name) {
    const FileBytes read = read_file(name, io_, 4 * limits_.message_octets);  // base64 and hex take up to three times
    if (!read.problem.empty()) {
      io_.err << "cmcctl inspect: " << escape(name) << ": " << read.problem << '\n';
      if (globals_.json) io_.out << "null\n";
      return ExitCode::io;
    }
    InspectInput input{name, {}, {}};
    if (read.too_large) {
      return refuse(Error{Errc::limit_exceeded, 0, {}, {}, "limit message_octets: the file is far larger"}, input);
    }
    const auto forced = form_names.find(options_.in_form);
    const auto blocks = read_blocks(Octets(read.bytes), limits_,
                                    forced == form_names.end() ? std::nullopt : std::optional(forced->second));
    if (!blocks) return refuse(blocks.error(), input);
    ExitCode code = ExitCode::ok;
    if (globals_.json && blocks->size() > 1) io_.out << "[\n";
    for (std::size_t i = 0; i < blocks->size(); ++i) {
      if (i != 0) separate();
      const InputBlock& block = (*blocks)[i];
      input.form = to_string(block.form);
      input.label = block.label;
      if (globals_.verbose && !globals_.quiet) {
        io_.err << escape(name) << ": " << input.form << (block.label.empty() ? "" : " " + escape(block.label)) << " of "
                << block.bytes.size() << " bytes\n";
      }
      code = worst(code, options_.tree ? tree(block, input) : message(block, input));
    }
    if (globals_.json && blocks->size() > 1) io_.out << "]\n";
    return code;
  }

  ExitCode message(const InputBlock& block, const InspectInput& input) {
    Decoder decoder(limits_);
    const auto message = open_message(decoder, Octets(block.bytes));
    if (!message) return refuse(message.error(), input);
    if (!options_.only.empty() && !has_path(decoder, *message, options_.only)) {
      io_.err << "cmcctl inspect: " << escape(input.file) << ": there is no element " << escape(options_.only)
              << "; --json and --tree show the paths\n";
      return ExitCode::usage;
    }
    if (globals_.json) {
      inspect_json(io_.out, decoder, *message, input, view_);
    } else if (!options_.only.empty()) {
      (void)inspect_tree(io_.out, decoder, Octets(block.bytes), view_);
    } else {
      inspect_text(io_.out, decoder, *message, input, view_);
    }
    for (const Error& error : message->errors) report(error, input);
    if (!message->errors.empty()) return ExitCode::undecodable;
    return options_.strict && !message->oddities.empty() ? ExitCode::undecodable : ExitCode::ok;
  }

  ExitCode tree(const InputBlock& block, const InspectInput& input) {
    Decoder decoder(limits_);
    const auto outcome = inspect_tree(io_.out, decoder, Octets(block.bytes), view_);
    if (outcome) return ExitCode::ok;
    report(outcome.error(), input);
    return ExitCode::undecodable;
  }

  ExitCode refuse(const Error& error, const InspectInput& input) {
    if (globals_.json) inspect_json(io_.out, error, input);
    report(error, input);
    return ExitCode::undecodable;
  }

  /// file: byte 22, path: what; the rule; what to try next.
  void report(const Error& error, const InspectInput& input) {
    const bool decoded = !input.form.empty() && input.form != "DER";
    io_.out.flush();
    io_.err << "cmcctl inspect: " << escape(input.file) << ": " << (decoded ? "(counted in the decoded bytes) " : "")
            << escape(to_string(error)) << '\n'
            << "  try: " << error_info(error.code).hint << '\n';
  }

  const Options& options_;
  const Globals& globals_;
  Io& io_;
  Limits limits_;
  InspectOptions view_;
};

}  // namespace

void register_inspect(CLI::App& app, Globals& globals) {
  CLI::App& command = *app.add_subcommand("inspect", "Show what a message is and what is in it");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->files, "Messages in any form: DER, BER, PEM, base64, hex, HTTP, MIME; - is stdin")
      ->type_name("");
  add_json_option(command, globals);
  command.add_flag("--tree", options->tree, "Show every element with offset, length and field name");
  command.add_option("--only", options->only, "Show just the element with this path, as --json and oddities name it")
      ->type_name("PATH");
  command.add_option("--depth", options->depth, "Show so many levels: of nested messages, or of elements with --tree")
      ->type_name("N")
      ->check(CLI::Range(1, 512));
  command.add_flag("--strict", options->strict, "Take oddities for errors: exit 3");
  command.add_option("--in-form", options->in_form, "What the input is, where guessing goes wrong")
      ->check(CLI::IsMember({"auto", "der", "ber", "pem", "base64", "hex", "mime", "http"}))
      ->type_name("FORM");
  command.add_option("--limit", options->limits, "Raise or lower a limit; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        Limits limits;
        return set_limit(limits, text);
      });
  command.footer(
      "Exit codes: 0 shown, 3 (part of) the input does not decode, 4 a file cannot be read, 2 wrong call.\n"
      "Example: cmcctl inspect response.p7c; curl ... | cmcctl inspect --json - | jq .oddities");
  set_action(command, globals, [options, &globals] { return Inspect(*options, globals).run(); });
}

}  // namespace cmcctl::cli
