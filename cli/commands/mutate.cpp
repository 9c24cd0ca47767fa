#include <cmcctl/codec/mutate.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <cmcctl/codec/text.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "files.hpp"
#include "reading.hpp"

namespace cmcctl::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file = "-";
  std::string kind = "all";
  std::uint64_t seed = 0;
  std::size_t count = 1;
  std::string output;
  ReadOptions reading;
};

const std::map<std::string, MutationKind> kinds{{"tlv", MutationKind::tlv},
                                                {"der", MutationKind::der},
                                                {"control", MutationKind::control},
                                                {"all", MutationKind::all}};

/// "request" of "dir/request.der", made fit for a file name.
std::string stem(const std::string& file) {
  const std::string name = file == "-" ? "stdin" : fs::path(file).stem().string();
  return name.empty() ? "message" : name;
}

std::string numbered(std::size_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return digits;
}

class Mutate {
 public:
  Mutate(const Options& options, const Globals& globals) : options_(options), globals_(globals), io_(globals.io) {}

  ExitCode run() {
    if (const auto problem = wrong_call(); !problem.empty()) {
      io_.err << "cmcctl mutate: " << problem << '\n';
      return ExitCode::usage;
    }
    const ExitCode read = read_message();
    if (read != ExitCode::ok) return read;
    if (into_folder()) {
      std::error_code error;
      fs::create_directories(options_.output, error);
      if (error) return cannot_write(options_.output, error.message());
    }
    for (std::size_t i = 1; i <= options_.count; ++i) {
      const ExitCode written = one(i);
      if (written != ExitCode::ok) return written;
    }
    return ExitCode::ok;
  }

 private:
  bool to_stdout() const { return options_.output.empty() || options_.output == "-"; }

  bool into_folder() const {
    if (to_stdout()) return false;
    std::error_code error;
    return options_.count > 1 || options_.output.ends_with('/') || fs::is_directory(options_.output, error);
  }

  std::string wrong_call() const {
    if (!to_stdout()) return {};
    if (options_.count > 1) return "more than one message does not go to standard output; add -o DIR";
    if (globals_.json) return "standard output has the message, so there is no place for --json; add -o FILE";
    if (io_.out_is_terminal) return "a message is binary and does not go to a terminal; add -o FILE, or pipe it: | xxd";
    return {};
  }

  ExitCode read_message() {
    Input input = read_input(options_.file, io_, options_.reading);
    if (!input.problem.empty()) {
      io_.err << "cmcctl mutate: " << escape(options_.file) << ": " << input.problem << '\n';
      return ExitCode::io;
    }
    if (input.error) {
      report_error(io_, "mutate", options_.file, {}, *input.error);
      return ExitCode::undecodable;
    }
    if (input.blocks.size() > 1 && !globals_.quiet) {
      io_.err << "cmcctl mutate: " << escape(options_.file) << " holds " << input.blocks.size()
              << " messages; this is about the first\n";
    }
    message_ = std::move(input.blocks.front().bytes);
    return ExitCode::ok;
  }

  ExitCode cannot_write(const std::string& name, const std::string& problem) {
    io_.err << "cmcctl mutate: " << escape(name) << ": cannot be written: " << problem << '\n';
    return ExitCode::io;
  }

  /// The seed of each message is made of --seed and its number: a larger --count leaves the first ones as they are.
  ExitCode one(std::size_t number) {
    constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;
    constexpr std::size_t growth = 1u << 20;
    const std::uint64_t seed = options_.seed ^ (number * golden_ratio);
    const Mutation mutation = mutate(Octets(message_), kinds.at(options_.kind), seed, message_.size() + growth);
    if (to_stdout()) {
      io_.out << Octets(mutation.bytes).chars();
      if (globals_.verbose && !globals_.quiet) io_.err << line(mutation) << '\n';
      return ExitCode::ok;
    }
    const std::string name = file_name(number);
    if (const auto problem = write_file(name, Octets(mutation.bytes)); !problem.empty()) {
      return cannot_write(name, problem);
    }
    if (globals_.json) {
      print_json(name, mutation);
    } else {
      io_.out << escape(name) << "  " << line(mutation) << '\n';
    }
    return ExitCode::ok;
  }

  std::string file_name(std::size_t number) const {
    if (!into_folder()) return options_.output;
    return (fs::path(options_.output) /
            (stem(options_.file) + '-' + std::to_string(options_.seed) + '-' + numbered(number) + ".der"))
        .string();
  }

  static std::string line(const Mutation& mutation) {
    return std::string(to_string(mutation.kind)) + "  " + escape(mutation.description);
  }

  void print_json(const std::string& name, const Mutation& mutation) {
    using Json = nlohmann::ordered_json;
    const Json json{{"file", name},
                    {"kind", to_string(mutation.kind)},
                    {"operation", mutation.operation},
                    {"description", escape(mutation.description)},
                    {"octets", mutation.bytes.size()}};
    io_.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }

  const Options& options_;
  const Globals& globals_;
  Io& io_;
  std::vector<std::uint8_t> message_;
};

}  // namespace

void register_mutate(Command app, Globals& globals) {
  const Command command = app.add_subcommand("mutate", "Write malformed variants of a message, to try out parsers");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "A message in any form that inspect reads; - is stdin").type_name("");
  command
      .add_option("--kind", options->kind,
                  "tlv: other elements in sound encoding; der: unsound encoding; control: controls, body part ids, "
                  "statuses, nested messages; all: each in turn by chance")
      .one_of({"tlv", "der", "control", "all"})
      .type_name("KIND");
  command.add_option("--seed", options->seed, "The same seed gives the same messages (0)")
      .type_name("N")
      .check([](const std::string& text) {
        const bool is_number = text.find_first_not_of("0123456789") == std::string::npos;
        return is_number ? std::string() : "must be a number from 0 on";
      });
  command.add_option("--count", options->count, "So many messages (1)")
      .type_name("N")
      .range(1, 1'000'000);
  command
      .add_option(
          "-o,--output", options->output,
          "Folder for files NAME-SEED-0001.der; a file or, left out, standard output where there is one message")
      .type_name("DIR|FILE");
  add_json_option(command, globals);
  add_read_options(command, options->reading);
  command.footer(
      "Each line names a file, the kind of change, and what was done where. With --json each line is an object. "
      "Lengths are\n"
      "made right again, signatures are not. What is no message is changed octet by octet (kind octets).\n"
      "Exit codes: 0 written, 3 the input does not unwrap, 4 a file cannot be read or written, 2 wrong call.\n"
      "Example: cmcctl mutate request.pem --kind tlv --seed 7 --count 1000 -o mutants\n"
      "         cmcctl mutate request.der | my-parser");
  set_action(command, globals, [options, &globals] { return Mutate(*options, globals).run(); });
}

}  // namespace cmcctl::cli
