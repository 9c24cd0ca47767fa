#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/diff.hpp>
#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "reading.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The version of the JSON that --json writes.
constexpr int diff_schema = 1;

struct Options {
  std::string a;
  std::string b;
  ReadOptions reading;
  std::vector<std::string> ignore;
  std::string only;
};

/// Adds one thing to ignore; the complaint, if it is none.
std::string ignore(DiffOptions& options, const std::string& what) {
  if (what == "nonce") {
    options.ignore_nonces = true;
  } else if (what == "time") {
    options.ignore_times = true;
  } else if (what == "signature") {
    options.ignore_signatures = true;
  } else if (what.find_first_of(".[") != std::string::npos) {
    options.ignored_paths.push_back(what);
  } else {
    return escape(what) +
           " is none of nonce, time, signature, nor a path such as ContentInfo.content.SignedData.signerInfos";
  }
  return {};
}

/// One of the two messages.
struct Side {
  std::string file;
  InputBlock block;
  std::unique_ptr<Decoder> decoder;
  std::optional<Message> message;
};

std::string_view to_string(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::changed:
      return "changed";
    case Difference::Kind::only_in_a:
      return "only_in_a";
    case Difference::Kind::only_in_b:
      return "only_in_b";
  }
  return {};
}

Json described(const Side& side) {
  return {{"file", side.file},
          {"form", cmcctl::to_string(side.block.form)},
          {"kind", cmcctl::to_string(side.message->layer.kind)},
          {"size", side.block.bytes.size()}};
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

class Diff {
 public:
  Diff(const Options& options, const Globals& globals)
      : options_(options), globals_(globals), io_(globals.io), limits_(limits_of(options.reading)) {
    for (const std::string& what : options.ignore) (void)ignore(view_, what);
    view_.only = options.only;
  }

  ExitCode run() {
    if (options_.a == "-" && options_.b == "-")
      return fail(ExitCode::usage, "only one of the two can be standard input");
    const ExitCode code = worst(open(a_, options_.a), open(b_, options_.b));
    if (!a_.message || !b_.message) return code;
    if (!view_.only.empty() && !has(a_) && !has(b_)) {
      return fail(ExitCode::usage,
                  "neither has an element " + escape(view_.only) + "; cmcctl inspect --json and --tree show the paths");
    }
    const DiffSummary summary = globals_.json ? json() : text();
    return worst(code, summary.differences == 0 ? ExitCode::ok : ExitCode::no);
  }

 private:
  ExitCode fail(ExitCode code, const std::string& problem) {
    io_.err << "cmcctl diff: " << problem << '\n';
    return code;
  }

  bool has(const Side& side) { return has_path(*side.decoder, *side.message, view_.only); }

  ExitCode open(Side& side, const std::string& name) {
    side.file = name;
    Input input = read_input(name, io_, options_.reading);
    if (!input.problem.empty()) return fail(ExitCode::io, escape(name) + ": " + input.problem);
    if (input.error) return refuse(side, {}, *input.error);
    if (input.blocks.size() != 1) {
      return fail(ExitCode::usage,
                  escape(name) + ": holds " + std::to_string(input.blocks.size()) +
                      " messages, and diff compares one with one; cmcctl convert --split -o DIR parts them");
    }
    side.block = std::move(input.blocks.front());
    side.decoder = std::make_unique<Decoder>(limits_);
    auto message = open_message(*side.decoder, Octets(side.block.bytes));
    const std::string_view form = cmcctl::to_string(side.block.form);
    if (!message) return refuse(side, form, message.error());
    side.message = *std::move(message);
    for (const Error& error : side.message->errors) report_error(io_, "diff", name, form, error);
    return side.message->errors.empty() ? ExitCode::ok : ExitCode::undecodable;
  }

  ExitCode refuse(const Side& side, std::string_view form, const Error& error) {
    report_error(io_, "diff", side.file, form, error);
    return ExitCode::undecodable;
  }

  DiffSummary compare(const std::function<void(const Difference&)>& use) {
    DiffSummary summary = diff_messages(*a_.decoder, *a_.message, *b_.decoder, *b_.message, view_, use);
    if (a_.block.form != b_.block.form) {
      summary.notes.insert(summary.notes.begin(), "A is wrapped as " + std::string(cmcctl::to_string(a_.block.form)) +
                                                      ", B as " + std::string(cmcctl::to_string(b_.block.form)));
    }
    return summary;
  }

  DiffSummary text() {
    const std::string a_color = io_.color ? "\x1b[31m" : "";
    const std::string b_color = io_.color ? "\x1b[32m" : "";
    const std::string plain = io_.color ? "\x1b[0m" : "";
    const DiffSummary summary = compare([&](const Difference& difference) {
      io_.out << difference.path << ": ";
      switch (difference.kind) {
        case Difference::Kind::only_in_a:
          io_.out << "only in A: " << a_color << difference.a << plain;
          break;
        case Difference::Kind::only_in_b:
          io_.out << "only in B: " << b_color << difference.b << plain;
          break;
        case Difference::Kind::changed:
          io_.out << "A has " << a_color << difference.a << plain << ", B has " << b_color << difference.b << plain;
      }
      io_.out << '\n';
    });
    if (globals_.quiet) return summary;
    for (const std::string& note : summary.notes) io_.out << "note: " << note << '\n';
    io_.out << (summary.differences == 0 ? "no" : std::to_string(summary.differences))
            << (summary.differences > 1 ? " differences" : " difference");
    if (summary.ignored != 0) io_.out << ", " << summary.ignored << " ignored";
    io_.out << '\n';
    return summary;
  }

  DiffSummary json() {
    io_.out << "{\n  \"schema\": " << diff_schema << ",\n  \"tool\": " << dumped("cmcctl " + std::string(version))
            << ",\n  \"a\": " << dumped(described(a_)) << ",\n  \"b\": " << dumped(described(b_))
            << ",\n  \"differences\": [";
    bool first = true;
    const DiffSummary summary = compare([&](const Difference& difference) {
      Json entry{{"path", difference.path}, {"kind", to_string(difference.kind)}};
      if (difference.kind != Difference::Kind::only_in_b) entry["a"] = difference.a;
      if (difference.kind != Difference::Kind::only_in_a) entry["b"] = difference.b;
      io_.out << (first ? "\n    " : ",\n    ") << dumped(entry);
      first = false;
    });
    io_.out << (first ? "" : "\n  ") << "],\n  \"notes\": " << dumped(summary.notes)
            << ",\n  \"ignored\": " << summary.ignored
            << ",\n  \"same\": " << (summary.differences == 0 ? "true" : "false") << "\n}\n";
    return summary;
  }

  const Options& options_;
  const Globals& globals_;
  Io& io_;
  Limits limits_;
  DiffOptions view_;
  Side a_;
  Side b_;
};

}  // namespace

void register_diff(Command app, Globals& globals) {
  const Command command = app.add_subcommand("diff", "Say where two messages differ, element by element");
  const auto options = std::make_shared<Options>();
  command.add_option("A", options->a, "A message in any form that inspect reads; - is stdin")
      .required()
      .type_name("");
  command.add_option("B", options->b, "The message to compare it with").required().type_name("");
  add_json_option(command, globals);
  command
      .add_option("--ignore", options->ignore,
                  "What may differ, separated by commas: nonce (the controls senderNonce and recipientNonce), time, "
                  "signature (digests and MACs, too), or paths with all below them")
      .delimiter(',')
      .type_name("WHAT")
      .check([](const std::string& what) {
        DiffOptions unused;
        return ignore(unused, what);
      });
  command.add_option("--only", options->only, "Compare just the elements with this path").type_name("PATH");
  add_read_options(command, options->reading);
  command.footer(
      "A and B may be wrapped and encoded differently: the values are compared, and notes say so.\n"
      "Exit codes: 0 no difference, 1 they differ, 3 (part of) one does not decode, 4 a file cannot be read, 2 wrong "
      "call.\n"
      "Examples:\n"
      "  cmcctl diff before.crq after.crq\n"
      "  cmcctl diff --ignore nonce,time,signature first.crp second.crp\n"
      "  cmcctl diff --only ContentInfo.content.SignedData.signerInfos a.crq b.crq");
  set_action(command, globals, [options, &globals] { return Diff(*options, globals).run(); });
}

}  // namespace cmcctl::cli
