#include <string>
#include <vector>

#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/text.hpp>

#include "command.hpp"
#include "reading.hpp"
#include "trust.hpp"
#include "verify_report.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::vector<std::string> files{"-"};
  ReadOptions reading;
  bool tree = false;
  bool strict = false;
  std::string only;
  std::size_t depth = 64;
  TrustOptions trust;
};

class Inspect {
 public:
  Inspect(const Options& options, const Globals& globals)
      : options_(options),
        globals_(globals),
        io_(globals.io),
        json_(globals.json && !options.tree),
        limits_(limits_of(options.reading)),
        view_{options.only, options.depth, io_.color, wants_verdict()} {}

  ExitCode run() {
    ExitCode code = ExitCode::ok;
    if (!options_.trust.anchors.empty() && (json_ || options_.tree || !options_.only.empty())) {
      io_.err << "cmcctl inspect: --trust is for the text form alone; cmcctl verify --json has the verdicts for programs\n";
      return ExitCode::usage;
    }
    if (wants_verdict()) {
      const auto files = read_trust_files(options_.trust, "inspect", io_, options_.reading, code);
      if (!files) return code;
      auto trust = parse_trust(*files, limits_);
      if (!trust) {
        report_error(io_, "inspect", "--trust, --cert or --crl", {}, trust.error());
        return ExitCode::undecodable;
      }
      trust_ = *std::move(trust);
    }
    if (json_ && options_.files.size() > 1) io_.out << "[\n";
    for (std::size_t i = 0; i < options_.files.size(); ++i) {
      if (i != 0) separate();
      code = worst(code, file(options_.files[i]));
    }
    if (json_ && options_.files.size() > 1) io_.out << "]\n";
    return code;
  }

 private:
  bool wants_verdict() const { return !options_.trust.anchors.empty(); }
  void separate() { io_.out << (json_ ? ",\n" : "\n"); }

  ExitCode file(const std::string& name) {
    const Input read = read_input(name, io_, options_.reading);
    if (!read.problem.empty()) {
      io_.err << "cmcctl inspect: " << escape(name) << ": " << read.problem << '\n';
      if (json_) io_.out << "null\n";
      return ExitCode::io;
    }
    InspectInput input{name, {}, {}};
    if (read.error) return refuse(*read.error, input);
    const auto& blocks = read.blocks;
    ExitCode code = ExitCode::ok;
    if (json_ && blocks.size() > 1) io_.out << "[\n";
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (i != 0) separate();
      const InputBlock& block = blocks[i];
      input.form = to_string(block.form);
      input.label = block.label;
      if (globals_.verbose && !globals_.quiet) {
        io_.err << escape(name) << ": " << input.form << (block.label.empty() ? "" : " " + escape(block.label))
                << " of " << block.bytes.size() << " bytes\n";
      }
      code = worst(code, options_.tree ? tree(block, input) : message(block, input));
    }
    if (json_ && blocks.size() > 1) io_.out << "]\n";
    return code;
  }

  ExitCode message(const InputBlock& block, const InspectInput& input) {
    Decoder decoder(limits_);
    const auto message = open_message(decoder, Octets(block.bytes));
    if (!message) return refuse(message.error(), input);
    if (!options_.only.empty() && !has_path(decoder, *message, options_.only)) {
      io_.err << "cmcctl inspect: " << escape(input.file) << ": there is no element " << escape(options_.only)
              << "; --json and --tree show the paths\n";
      if (json_) io_.out << "null\n";
      return ExitCode::usage;
    }
    if (json_) {
      inspect_json(io_.out, decoder, *message, input, view_);
    } else if (!options_.only.empty()) {
      (void)inspect_tree(io_.out, decoder, Octets(block.bytes), view_);
    } else {
      inspect_text(io_.out, decoder, *message, input, view_);
      if (wants_verdict()) {
        io_.out << "\nVerification: ";
        write_report(io_.out, verify_message(decoder, *message, verify_options(options_.trust, trust_)), view_.color);
      }
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
    if (json_) inspect_json(io_.out, error, input);
    report(error, input);
    return ExitCode::undecodable;
  }

  void report(const Error& error, const InspectInput& input) {
    report_error(io_, "inspect", input.file, input.form, error);
  }

  const Options& options_;
  const Globals& globals_;
  Io& io_;
  const bool json_;  // CMCCTL_JSON may be set where a tree is asked for
  Limits limits_;
  InspectOptions view_;
  Trust trust_;
};

}  // namespace

void register_inspect(Command app, Globals& globals) {
  const Command command = app.add_subcommand("inspect", "Show what a message is and what is in it");
  const auto options = std::make_shared<Options>();
  command
      .add_option("FILE", options->files, "Messages in any form: DER, BER, PEM, base64, hex, HTTP, MIME; - is stdin")
      .type_name("");
  add_json_option(command, globals);
  command.add_flag("--tree", options->tree,
                   "Show every element with offset, length and field name, as text in any case");
  command.add_option("--only", options->only, "Show just the element with this path, as --json and oddities name it")
      .type_name("PATH");
  command.add_option("--depth", options->depth, "Show so many levels: of nested messages, or of elements with --tree")
      .type_name("N")
      .range(1, 512);
  command.add_flag("--strict", options->strict, "Take oddities for errors: exit 3");
  add_trust_options(command, options->trust);
  add_read_options(command, options->reading);
  command.footer(
      "Exit codes: 0 shown, 3 (part of) the input does not decode, 4 a file cannot be read, 2 wrong call.\n"
      "Example: cmcctl inspect response.p7c; curl ... | cmcctl inspect --json - | jq .oddities");
  set_action(command, globals, [options, &globals] { return Inspect(*options, globals).run(); });
}

}  // namespace cmcctl::cli
