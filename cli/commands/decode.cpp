#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <cmcctl/codec/c_array.hpp>
#include <cmcctl/codec/der_text.hpp>
#include <cmcctl/codec/json.hpp>
#include <cmcctl/codec/text.hpp>

#include "command.hpp"
#include "files.hpp"
#include "reading.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::string file = "-";
  ReadOptions reading;
  std::string to = "json";
  std::string type;
  std::string output;
  std::optional<std::size_t> index;
  bool compact = false;
};

class Decode {
 public:
  Decode(const Options& options, Io& io) : options_(options), io_(io), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    const Input input = read_input(options_.file, io_, options_.reading);
    if (!input.problem.empty()) return fail(ExitCode::io, escape(options_.file) + ": " + input.problem);
    if (input.error) return refuse({}, *input.error);
    const std::size_t index = options_.index.value_or(0);
    if (input.blocks.size() > 1 && !options_.index) {
      return fail(ExitCode::usage, escape(options_.file) + " holds " + std::to_string(input.blocks.size()) +
                                       " messages; choose one with --index, counted from 0");
    }
    if (index >= input.blocks.size()) {
      return fail(ExitCode::no, "there is no number " + std::to_string(index) + "; --index counts from 0, and there " +
                                    (input.blocks.size() == 1 ? "is 1" : "are " + std::to_string(input.blocks.size())));
    }
    const InputBlock& block = input.blocks[index];
    return options_.output.empty() ? write(io_.out, block) : write_to_file(block);
  }

 private:
  ExitCode fail(ExitCode code, const std::string& problem) {
    io_.err << "cmcctl decode: " << problem << '\n';
    return code;
  }

  ExitCode refuse(std::string_view form, const Error& error) {
    report_error(io_, "decode", options_.file, form, error);
    return ExitCode::undecodable;
  }

  ExitCode write(std::ostream& out, const InputBlock& block) {
    const Octets bytes(block.bytes);
    if (options_.to == "c-array") {
      write_c_array(out, bytes,
                    options_.file == "-" ? "message" : std::filesystem::path(options_.file).stem().string());
      return ExitCode::ok;
    }
    if (options_.to == "der-text") {
      write_der_text(out, bytes, limits_);
      return ExitCode::ok;
    }
    const auto written = write_json(out, bytes, limits_, {options_.type, !options_.compact});
    return written ? ExitCode::ok : refuse(to_string(block.form), written.error());
  }

  ExitCode write_to_file(const InputBlock& block) {
    std::ostringstream text;
    const ExitCode code = write(text, block);
    if (code != ExitCode::ok) return code;
    const std::string problem = write_file(options_.output, Octets(text.view()));
    return problem.empty() ? code : fail(ExitCode::io, escape(options_.output) + ": " + problem);
  }

  const Options& options_;
  Io& io_;
  Limits limits_;
};

}  // namespace

void register_decode(Command app, Globals& globals) {
  const Command command =
      app.add_subcommand("decode", "Write a message as JSON or DER text, to be edited and encoded again");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "A message in any form that inspect reads; - is stdin").type_name("");
  command
      .add_option("--to", options->to, "json (docs/json.md), der-text (docs/der-text.md; takes any bytes) or c-array")
      .one_of({"json", "der-text", "c-array"})
      .type_name("FORM");
  command.add_option("--type", options->type, "The ASN.1 type of the input, where it is no message: CertTemplate, ...")
      .type_name("TYPE");
  command.add_flag("--compact", options->compact, "JSON without indentation");
  command.add_option("--index", options->index, "Of a file with several messages this one, counted from 0")
      .type_name("N");
  command.add_option("-o,--output", options->output, "Write to this file").type_name("FILE");
  add_read_options(command, options->reading);
  command.footer(
      "cmcctl encode makes the same bytes of it again, or others, when it has been edited.\n"
      "Exit codes: 0 written, 3 the input does not decode, 4 a file fails, 1 there is no such --index, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl decode request.crq > request.json\n"
      "  cmcctl decode response.pem | jq '.. | .CMCStatusInfoV2? // empty'\n"
      "  cmcctl decode --type AlgorithmIdentifier algorithm.der\n"
      "  cmcctl decode --to der-text broken.der");
  set_action(command, globals, [options, &globals] { return Decode(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
